// str: find, index, count, startswith, replace, partition.
#include "builtins/str.gen.h"
#include "runtime/str_units.h"

namespace dx {

namespace {

struct Bounds {
  i64 start, end;
};
// Clipped to 0 .. length; start may lie behind end.
Result<Bounds> bounds(Thread& t, const Str& s, Value start, Value end) {
  Bounds b{0, s.length};
  if (start || end) TRY(clipBounds(t, start, end, s.length, &b.start, &b.end));
  return b;
}

Result<i64> found(Thread& t, Result<i64> at) {
  if (at && *at < 0) return t.raise(kValueError, "substring not found");
  return at;
}

bool matchesAt(const Str& s, const Str& part, i64 at) {
  if (part.kind() > s.kind()) return false;
  if (part.kind() == s.kind())
    return memcmp(s.data() + at * s.kind(), part.data(), size_t(part.length) * s.kind()) == 0;
  return withUnits(&s, [&](auto u) {
    return withUnits(&part, [&](auto v) {
      for (i64 i = 0; i < v.n; i++)
        if (u32(u[at + i]) != u32(v[i])) return false;
      return true;
    });
  });
}

bool tailMatches(const Str& s, const Str& part, Bounds b, bool atEnd) {
  if (b.end - b.start < part.length) return false;
  return matchesAt(s, part, atEnd ? b.end - part.length : b.start);
}

Result<bool> anyTail(Thread& t, Str& s, Value what, Value start, Value end, const char* name,
                     bool atEnd) {
  Bounds b = TRY(bounds(t, s, start, end));
  if (isTuple(what)) {
    for (Value part : valuesOf(what.as<Tuple>())) {
      if (!isStr(part))
        return t.raise(kTypeError, "tuple for {} must only contain str, not {}", name,
                       typeOf(part));
      if (tailMatches(s, *part.as<Str>(), b, atEnd)) return true;
    }
    return false;
  }
  if (!isStr(what))
    return t.raise(kTypeError, "{} first arg must be str or a tuple of str, not {}", name,
                   typeOf(what));
  return tailMatches(s, *what.as<Str>(), b, atEnd);
}

}  // namespace

Result<i64> str_find(Thread& t, Str& self, Str& sub, Value start, Value end) {
  Bounds b = TRY(bounds(t, self, start, end));
  return findStr(&self, &sub, b.start, b.end);
}
Result<i64> str_rfind(Thread& t, Str& self, Str& sub, Value start, Value end) {
  Bounds b = TRY(bounds(t, self, start, end));
  return rfindStr(&self, &sub, b.start, b.end);
}
Result<i64> str_index(Thread& t, Str& self, Str& sub, Value start, Value end) {
  return found(t, str_find(t, self, sub, start, end));
}
Result<i64> str_rindex(Thread& t, Str& self, Str& sub, Value start, Value end) {
  return found(t, str_rfind(t, self, sub, start, end));
}
Result<i64> str_count(Thread& t, Str& self, Str& sub, Value start, Value end) {
  Bounds b = TRY(bounds(t, self, start, end));
  return countStr(&self, &sub, b.start, b.end, INT64_MAX);
}
Result<bool> str_startswith(Thread& t, Str& self, Value prefix, Value start, Value end) {
  return anyTail(t, self, prefix, start, end, "startswith", false);
}
Result<bool> str_endswith(Thread& t, Str& self, Value suffix, Value start, Value end) {
  return anyTail(t, self, suffix, start, end, "endswith", true);
}
Result<Ref<>> str_removeprefix(Thread&, Str& self, Str& prefix) {
  if (!tailMatches(self, prefix, {0, self.length}, false)) return sameStr(self);
  return Ref<>(substring(&self, prefix.length, self.length));
}
Result<Ref<>> str_removesuffix(Thread&, Str& self, Str& suffix) {
  if (suffix.length == 0 || !tailMatches(self, suffix, {0, self.length}, true))
    return sameStr(self);
  return Ref<>(substring(&self, 0, self.length - suffix.length));
}

// ---- partition ----

static Result<Str*> separator(Thread& t, Value sep) {
  if (!isStr(sep)) return t.raise(kTypeError, "must be str, not {}", typeOf(sep));
  if (sep.as<Str>()->length == 0) return t.raise(kValueError, "empty separator");
  return sep.as<Str>();
}
static Ref<> threeParts(Str& self, Str* sep, i64 at) {
  Ref<Str> head = substring(&self, 0, at), tail = substring(&self, at + sep->length, self.length);
  return tupleOf(Value(head), Value(sep), Value(tail));
}

Result<Ref<>> str_partition(Thread& t, Str& self, Value sep) {
  Str* s = TRY(separator(t, sep));
  i64 at = findStr(&self, s, 0, self.length);
  if (at >= 0) return threeParts(self, s, at);
  Ref<> whole = sameStr(self);
  return Ref<>(tupleOf(whole.get(), Value(emptyStr()), Value(emptyStr())));
}
Result<Ref<>> str_rpartition(Thread& t, Str& self, Value sep) {
  Str* s = TRY(separator(t, sep));
  i64 at = rfindStr(&self, s, 0, self.length);
  if (at >= 0) return threeParts(self, s, at);
  Ref<> whole = sameStr(self);
  return Ref<>(tupleOf(Value(emptyStr()), Value(emptyStr()), whole.get()));
}

// ---- replace ----

static Ref<Str> replaceChars(Str& self, u32 from, u32 to, i64 limit) {
  u32 bound = maxChar(&self);
  auto boundOfChar = [](u32 c) { return boundOf(&c, 1); };
  if (limit >= self.length && self.length > 1 && boundOfChar(to) <= bound &&
      (boundOfChar(from) < bound || boundOfChar(to) == bound)) {
    Ref<Str> r = newStr(self.length, bound);
    withUnits(&self, [&](auto u) {
      using U = std::remove_cvref_t<decltype(*u.p)>;
      simd::replaceUnit(u.p, size_t(u.n), from, to, r->units<U>());
    });
    return r;
  }
  // The largest character may disappear, so the result's kind is found afterwards.
  StrBuilder out;
  i64 at = 0;
  for (; limit > 0; limit--) {
    i64 hit = findChar(&self, from, at, self.length);
    if (hit < 0) break;
    out.add(&self, at, hit);
    out.add(to);
    at = hit + 1;
  }
  out.add(&self, at, self.length);
  return out.finish();
}

// New text in front of the first `hits` characters (and, if one is left over, at the end).
static Ref<Str> interleave(Str& self, Str& piece, i64 hits) {
  StrBuilder out;
  for (i64 i = 0; i < self.length && hits > 0; i++, hits--) {
    out.add(&piece);
    out.add(self.at(i));
    if (hits == 1) {
      out.add(&self, i + 1, self.length);
      return out.finish();
    }
  }
  out.add(&piece);
  return out.finish();
}

// ASCII in ASCII: the places first, then the result of known length. Null: it is too long.
static Ref<Str> replaceAscii(Str& self, Str& old, Str& fresh, i64 limit) {
  size_t n = size_t(self.length), m = size_t(old.length);
  FoundPlaces places(self.data(), n, old.data(), m, limit);
  i64 hits = places.count(), growth = fresh.length - old.length;
  if (hits == 0) return exactStr(&self);
  if (growth > 0 && hits > (kMaxStrBytes - self.length) / growth) return {};
  Ref<Str> r = newStr(self.length + hits * growth, 0x7F);
  if (!r || r->length == 0) return r;
  u8 one, *to = r->length == 1 ? &one : r->data();
  putInPlaces(self.data(), n, places, m, fresh.data(), size_t(fresh.length), to, size_t(r->length));
  if (r->length == 1) return makeChar(one);
  return r;
}

Result<Ref<>> str_replace(Thread& t, Str& self, Str& old, Str& fresh, i64 count) {
  i64 limit = count < 0 ? INT64_MAX : count;
  if (limit == 0 || (old.length > self.length) || (old.length && equalStr(&old, &fresh)))
    return sameStr(self);
  bool chars = old.length == 1 && fresh.length == 1 && limit >= self.length;
  if (!chars && self.isAscii() && old.isAscii() && fresh.isAscii() && old.length) {
    if (Ref<Str> r = replaceAscii(self, old, fresh, limit)) return Ref<>(std::move(r));
  }
  if (old.length == 1 && fresh.length == 1) {
    if (findChar(&self, old.at(0), 0, self.length) < 0) return sameStr(self);
    return Ref<>(replaceChars(self, old.at(0), fresh.at(0), limit));
  }
  i64 hits = countStr(&self, &old, 0, self.length, limit);
  if (hits == 0) return sameStr(self);
  i64 growth = fresh.length - old.length;
  if (growth > 0 && hits > (kMaxStrBytes - self.length) / growth)
    return t.raise(kOverflowError, "replace string is too long");
  if (old.length == 0) {
    if (fresh.length == 0) return sameStr(self);
    return Ref<>(interleave(self, fresh, hits));
  }
  StrBuilder out;
  i64 at = 0;
  for (; hits > 0; hits--) {
    i64 hit = findStr(&self, &old, at, self.length);
    out.add(&self, at, hit);
    out.add(&fresh);
    at = hit + old.length;
  }
  out.add(&self, at, self.length);
  return Ref<>(out.finish());
}

}  // namespace dx
