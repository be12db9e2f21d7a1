"""Fast implementation of the datetime module."""
include("modules/datetime_objects.h")


@layout("DeltaObject", type="deltaType", module="datetime", name="timedelta", flags="basetype", prefix="pyDelta", fields="")
class timedelta(object):
    """Difference between two datetime values.

    timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)

    All arguments are optional and default to 0.
    Arguments may be integers or floats, and may be positive or negative."""
    def __new__(cls, days=MISSING, seconds=MISSING, microseconds=MISSING, milliseconds=MISSING, minutes=MISSING, hours=MISSING, weeks=MISSING): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __bool__(self): ...
    def __add__(self, other): ...
    def __radd__(self, other): ...
    def __sub__(self, other): ...
    def __rsub__(self, other): ...
    def __mul__(self, other): ...
    def __rmul__(self, other): ...
    def __mod__(self, other): ...
    def __rmod__(self, other): ...
    def __divmod__(self, other): ...
    def __rdivmod__(self, other): ...
    def __floordiv__(self, other): ...
    def __rfloordiv__(self, other): ...
    def __truediv__(self, other): ...
    def __rtruediv__(self, other): ...
    def __neg__(self): ...
    def __pos__(self): ...
    def __abs__(self): ...
    def total_seconds(self, /):
        """Total seconds in the duration."""
    def __reduce__(self, /):
        """__reduce__() -> (cls, state)"""
    days = member("days", kind="i32", doc="Number of days.")
    seconds = member("seconds", kind="i32", doc="Number of seconds (>= 0 and less than 1 day).")
    microseconds = member("microseconds", kind="i32", doc="Number of microseconds (>= 0 and less than 1 second).")


@layout("DateObject", type="dateType", module="datetime", name="date", flags="basetype", prefix="pyDate", fields="", signature=False)
class date(object):
    """date(year, month, day) --> date object"""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __add__(self, other): ...
    def __radd__(self, other): ...
    def __sub__(self, other): ...
    def __rsub__(self, other): ...
    @classmethod
    def fromtimestamp(cls, timestamp, /):
        """Create a date from a POSIX timestamp.

        The timestamp is a number, e.g. created via time.time(), that is interpreted
        as local time."""
    @classmethod
    def fromordinal(cls, ordinal: i32, /):
        """int -> date corresponding to a proleptic Gregorian ordinal."""
    @classmethod
    def fromisoformat(cls, object, /):
        """str -> Construct a date from a string in ISO 8601 format."""
    @classmethod
    def fromisocalendar(cls, year, week, day):
        """int, int, int -> Construct a date from the ISO year, week number and weekday.

        This is the inverse of the function date.isocalendar()"""
    @classmethod
    def strptime(cls, date_string, format, /):
        """string, format -> new date parsed from a string (like time.strptime())."""
    @classmethod
    def today(cls, /):
        """Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."""
    def ctime(self, /):
        """Return ctime() style string."""
    def strftime(self, format: str):
        """format -> strftime() style string."""
    def __format__(self, format: str, /):
        """Formats self with strftime."""
    def timetuple(self, /):
        """Return time tuple, compatible with time.localtime()."""
    def isocalendar(self, /):
        """Return a named tuple containing ISO year, week number, and weekday."""
    def isoformat(self, /):
        """Return string in ISO 8601 format, YYYY-MM-DD."""
    def isoweekday(self, /):
        """Return the day of the week represented by the date.

        Monday == 1 ... Sunday == 7"""
    def toordinal(self, /):
        """Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."""
    def weekday(self, /):
        """Return the day of the week represented by the date.

        Monday == 0 ... Sunday == 6"""
    def replace(self, /, year=unchanged, month=unchanged, day=unchanged):
        """Return date with new specified fields."""
    def __replace__(self, *args: raw):
        """__replace__($self, /, **changes)
        --

        The same as replace()."""
    def __reduce__(self, /):
        """__reduce__() -> (cls, state)"""
    @property
    def year(self): ...
    @property
    def month(self): ...
    @property
    def day(self): ...


@layout("Tuple", type="isoCalendarDateType", module="datetime", name="IsoCalendarDate", flags="gc tuple", prefix="isoCalendar", base="PyTuple_Type", itemsize=8, lifetime="inherit", export=False)
class IsoCalendarDate(object):
    """The result of date.isocalendar() or datetime.isocalendar()

    This object may be accessed either as a tuple of
      ((year, week, weekday)
    or via the object attributes as named in the above tuple."""
    def __new__(cls, year: i32, week: i32, weekday: i32): ...
    def __repr__(self): ...
    def __reduce__(self, /): ...
    @property
    def year(self): ...
    @property
    def week(self): ...
    @property
    def weekday(self): ...


@layout("Object", type="tzinfoType", module="datetime", name="tzinfo", flags="basetype", prefix="pyTzinfo", fields="", signature=False)
class tzinfo(object):
    """Abstract base class for time zone info objects.

    (All methods are abstract.)"""
    def __new__(cls, *args: raw): ...
    def tzname(self, object, /):
        """datetime -> string name of time zone."""
    def utcoffset(self, object, /):
        """datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"""
    def dst(self, object, /):
        """datetime -> DST offset as timedelta positive east of UTC."""
    def fromutc(self, object, /):
        """datetime in UTC -> datetime in local time."""
    def __reduce__(self, /):
        """-> (cls, state)"""


@layout("ZoneObject", type="zoneType", module="datetime", name="timezone", flags="", prefix="pyZone", base="tzinfoType", fields="offset name", signature=False)
class timezone(object):
    """Fixed offset from UTC implementation of tzinfo."""
    def __new__(cls, offset, name=MISSING): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def tzname(self, object, /):
        """If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'."""
    def utcoffset(self, object, /):
        """Return fixed offset."""
    def dst(self, object, /):
        """Return None."""
    def fromutc(self, object, /):
        """datetime in UTC -> datetime in local time."""
    def __getinitargs__(self, /):
        """pickle support"""


@layout("TimeObject", type="timeType", module="datetime", name="time", flags="basetype", prefix="pyTime", fields="tzinfo", signature=False)
class time(object):
    """time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object

    All arguments are optional. tzinfo may be None, or an instance of
    a tzinfo subclass. The remaining arguments may be ints."""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    @classmethod
    def strptime(cls, date_string, format, /):
        """string, format -> new time parsed from a string (like time.strptime())."""
    @classmethod
    def fromisoformat(cls, object, /):
        """string -> time from a string in ISO 8601 format"""
    def isoformat(self, timespec: str = 'auto'):
        """Return the time formatted according to ISO.

        The full format is 'HH:MM:SS.mmmmmm+zz:zz'. By default, the fractional
        part is omitted if self.microsecond == 0."""
    def strftime(self, format: str):
        """format -> strftime() style string."""
    def __format__(self, format: str, /):
        """Formats self with strftime."""
    def utcoffset(self, /):
        """Return self.tzinfo.utcoffset(self)."""
    def tzname(self, /):
        """Return self.tzinfo.tzname(self)."""
    def dst(self, /):
        """Return self.tzinfo.dst(self)."""
    def replace(self, /, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged):
        """Return time with new specified fields."""
    def __replace__(self, *args: raw):
        """__replace__($self, /, **changes)
        --

        The same as replace()."""
    def __reduce_ex__(self, protocol: i32, /):
        """__reduce_ex__(proto) -> (cls, state)"""
    def __reduce__(self, /):
        """__reduce__() -> (cls, state)"""
    @property
    def hour(self): ...
    @property
    def minute(self): ...
    @property
    def second(self): ...
    @property
    def microsecond(self): ...
    @property
    def tzinfo(self): ...
    @property
    def fold(self): ...


@layout("DateTimeObject", type="dateTimeType", module="datetime", name="datetime", flags="basetype", prefix="pyDateTime", base="dateType", fields="tzinfo", signature=False)
class datetime(object):
    """datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])

    The year, month and day arguments are required. tzinfo may be None, or an
    instance of a tzinfo subclass. The remaining arguments may be ints."""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __add__(self, other): ...
    def __radd__(self, other): ...
    def __sub__(self, other): ...
    def __rsub__(self, other): ...
    @classmethod
    def now(cls, /, tz=None):
        """Returns new datetime object representing current time local to tz.

          tz
            Timezone object.

        If no tz is specified, uses local timezone."""
    @classmethod
    def utcnow(cls, /):
        """Return a new datetime representing UTC day and time."""
    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        """timestamp[, tz] -> tz's local time from POSIX timestamp."""
    @classmethod
    def utcfromtimestamp(cls, timestamp, /):
        """Construct a naive UTC datetime from a POSIX timestamp."""
    @classmethod
    def strptime(cls, date_string, format, /):
        """string, format -> new datetime parsed from a string (like time.strptime())."""
    @classmethod
    def combine(cls, date, time, tzinfo=MISSING):
        """date, time -> datetime with same date and time fields"""
    @classmethod
    def fromisoformat(cls, object, /):
        """string -> datetime from a string in most ISO 8601 formats"""
    def date(self, /):
        """Return date object with same year, month and day."""
    def time(self, /):
        """Return time object with same time but with tzinfo=None."""
    def timetz(self, /):
        """Return time object with same time and tzinfo."""
    def ctime(self, /):
        """Return ctime() style string."""
    def timetuple(self, /):
        """Return time tuple, compatible with time.localtime()."""
    def timestamp(self, /):
        """Return POSIX timestamp as float."""
    def utctimetuple(self, /):
        """Return UTC time tuple, compatible with time.localtime()."""
    def isoformat(self, sep=MISSING, timespec: str = 'auto'):
        """[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].

        sep is used to separate the year from the time, and defaults to 'T'."""
    def utcoffset(self, /):
        """Return self.tzinfo.utcoffset(self)."""
    def tzname(self, /):
        """Return self.tzinfo.tzname(self)."""
    def dst(self, /):
        """Return self.tzinfo.dst(self)."""
    def replace(self, /, year=unchanged, month=unchanged, day=unchanged, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged):
        """Return datetime with new specified fields."""
    def __replace__(self, *args: raw):
        """__replace__($self, /, **changes)
        --

        The same as replace()."""
    def astimezone(self, tz=None):
        """tz -> convert to local time in new timezone tz"""
    def __reduce_ex__(self, protocol: i32, /):
        """__reduce_ex__(proto) -> (cls, state)"""
    def __reduce__(self, /):
        """__reduce__() -> (cls, state)"""
    @property
    def hour(self): ...
    @property
    def minute(self): ...
    @property
    def second(self): ...
    @property
    def microsecond(self): ...
    @property
    def tzinfo(self): ...
    @property
    def fold(self): ...


def __exec__(module): ...
