# datetime natively: the same as the Python version on random input, limits, hooks, pickles, local time.
import copy
import datetime as native
import importlib
import os
import pickle
import random
import sys
import time

import _pydatetime as plain


def outcome(f):
    try:
        return repr(f()).replace("_pydatetime", "datetime")
    except Exception as e:
        return type(e)


rng = random.Random(9)
for _ in range(4000):
    y, m, d = rng.choice([1, 4, 1900, 2000, 2024, 9999, rng.randrange(1, 10000)]), rng.randrange(1, 13), rng.randrange(1, 32)
    h, mi, s, us = rng.randrange(24), rng.randrange(60), rng.randrange(60), rng.choice([0, 1, 999999, rng.randrange(10**6)])
    number = rng.choice([rng.randrange(-10**9, 10**9), rng.randrange(-1000, 1000) / 8, 0, 1, 2**40])
    offset = rng.randrange(-86399, 86400)

    def both(f):
        a, b = outcome(lambda: f(native)), outcome(lambda: f(plain))
        assert a == b, (a, b, (y, m, d, h, mi, s, us, number, offset))

    def aware(k):
        return k.datetime(y, m, d, h, mi, s, us, k.timezone(k.timedelta(seconds=offset)))

    both(lambda k: k.date(y, m, d))
    both(lambda k: (k.date(y, m, d).isocalendar()[:], k.date(y, m, d).ctime(), k.date(y, m, d).toordinal(), k.date(y, m, d).timetuple()))
    both(lambda k: k.date(y, m, d) + k.timedelta(number))
    both(lambda k: k.date(y, m, d) - k.date(2000, 1, 1))
    both(lambda k: k.datetime(y, m, d, h, mi, s, us) - k.timedelta(hours=number))
    both(lambda k: aware(k).isoformat("x", rng.choice(["auto"])))
    both(lambda k: aware(k).astimezone(k.timezone(k.timedelta(minutes=offset // 100))))
    both(lambda k: (aware(k) - k.datetime(1970, 1, 1, tzinfo=k.timezone.utc)).total_seconds())
    both(lambda k: aware(k).utctimetuple())
    both(lambda k: aware(k).strftime("%Y|%G|%C|%F|%f|%z|%:z|%Z|%%|%j"))
    both(lambda k: k.timedelta(number, seconds=number / 2, microseconds=us))
    both(lambda k: (k.timedelta(number) * 3, k.timedelta(number) / 7, k.timedelta(number) * 0.1, k.timedelta(number) / 0.3))
    both(lambda k: divmod(k.timedelta(number), k.timedelta(hours=h, seconds=1)))
    both(lambda k: (str(k.timedelta(number)), -k.timedelta(number), abs(k.timedelta(number))))
    both(lambda k: k.datetime.fromisoformat(aware(k).isoformat()))
    both(lambda k: k.date.fromisocalendar(y, m * 5 - 4, d % 8))
    text = aware(native).isoformat() if d < 29 else "2024-02-29T10:20:30.123456+05:30"
    cut = rng.randrange(len(text))
    text = text[:cut] + rng.choice(["", "W", "-", ":", "1", "Z", "T", "é", "\0"]) + text[cut + rng.randrange(2):]
    for kind, part in ((native.datetime, text), (native.time, text[11:]), (native.date, text[:10])):
        try:
            kind.fromisoformat(part)
        except ValueError:
            pass
    a = native.datetime(y, m, min(d, 28), h, mi, s, us, native.timezone(native.timedelta(seconds=offset)))
    b = a.astimezone(native.UTC) if 2 < y < 9999 else a
    assert a == b and hash(a) == hash(b) and not a < b and a <= b
    for protocol in range(6):
        assert pickle.loads(pickle.dumps(a, protocol)) == a
    assert copy.deepcopy(a.timetz()) == a.timetz() and hash(a.timetz()) == hash(copy.copy(a.timetz()))

d = native
assert repr(d.datetime.max) == "datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)" and d.timedelta.max.days == 999999999
assert repr(d.timezone.utc) == "datetime.timezone.utc"
assert d.timezone(d.timedelta(0)) is d.UTC and str(d.timezone(d.timedelta(0, 1, 5))) == "UTC+00:00:01.000005"


def error(kind, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        return str(e)
    raise AssertionError("no error")


assert error(ValueError, d.date, 2020, 2, 30) == "day 30 must be in range 1..29 for month 2 in year 2020"
assert error(ValueError, d.datetime, 2020, 1, 1, 24) == "hour must be in 0..23, not 24"
assert error(OverflowError, lambda: d.date.max + d.timedelta(1)) == "date value out of range"
assert error(OverflowError, d.timedelta, 10**9) == "days=1000000000; must have magnitude <= 999999999"
assert error(ValueError, d.datetime.fromisoformat, "2020-13") == "Invalid isoformat string: '2020-13'"
assert error(TypeError, lambda: d.datetime(2020, 1, 1) < d.datetime(2020, 1, 1, tzinfo=d.UTC)) == \
    "can't compare offset-naive and offset-aware datetimes"
assert error(TypeError, d.time, tzinfo=5) == "tzinfo argument must be None or of a tzinfo subclass, not type 'int'"
assert error(NotImplementedError, d.tzinfo().utcoffset, None) == "a tzinfo subclass must implement utcoffset()"


class Odd(d.tzinfo):
    answer = None

    def utcoffset(self, dt):
        return self.answer

    tzname = dst = utcoffset


odd = d.datetime(2020, 1, 1, tzinfo=Odd())
assert odd.utcoffset() is None and odd == odd and odd != d.datetime(2020, 1, 1, tzinfo=d.UTC)
Odd.answer = 5
assert error(TypeError, odd.utcoffset) == "tzinfo.utcoffset() must return None or timedelta, not 'int'"
Odd.answer = d.timedelta(1)
assert error(ValueError, odd.utcoffset).startswith("offset must be a timedelta strictly between")


class Sub(d.datetime):
    def __new__(cls, *args, **kw):
        self = super().__new__(cls, *args, **kw)
        self.extra = 1
        return self


s = Sub(2020, 1, 1)
for other in (s + d.timedelta(1), s.replace(year=2021), Sub.fromtimestamp(0), Sub.now(d.UTC), Sub.combine(s, d.time(1)), copy.copy(s)):
    assert type(other) is Sub and other.extra == 1

os.environ["TZ"] = "EST5EDT,M3.2.0,M11.1.0"
time.tzset()
assert d.datetime(2020, 7, 1).astimezone().utcoffset() == d.timedelta(hours=-4)
assert d.datetime(2020, 11, 1, 1, 30, fold=1).timestamp() - d.datetime(2020, 11, 1, 1, 30).timestamp() == 3600
assert d.datetime.fromtimestamp(d.datetime(2020, 11, 1, 1, 30, fold=1).timestamp()).fold == 1
assert d.datetime(2020, 3, 8, 2, 30).astimezone(d.UTC) == d.datetime(2020, 3, 8, 7, 30, tzinfo=d.UTC)
for stamp in (0, 1.5, -1.25, 1e9 + 0.0000005, 1.9999999):
    assert outcome(lambda: native.datetime.fromtimestamp(stamp)) == outcome(lambda: plain.datetime.fromtimestamp(stamp))
