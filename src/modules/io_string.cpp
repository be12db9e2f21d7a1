// StringIO: a text stream in memory.
//
// Text that is only appended collects in a StrBuilder. The first operation that needs more turns it
// into an array of code points.
#include <algorithm>

#include "modules/io_string.gen.h"
#include "runtime/str_units.h"

namespace dx {

namespace {

constexpr i64 kMaxUnits = INT64_MAX / 16;

Result<void> requireUsable(Thread& t, const StringIo& s) {
  if (!s.ok) return t.raise(kValueError, "I/O operation on uninitialized object");
  if (s.closed) return closedFile(t, "I/O operation on closed file");
  return {};
}

Result<void> growUnits(Thread& t, StringIo& s, i64 size) {
  if (size <= s.capacity) return {};
  if (size > kMaxUnits) return t.raise(kOverflowError, "new buffer size too large");
  i64 wanted = std::max<i64>(size + size / 8, 64);
  void* p = reallocateOrNull(s.units, size_t(wanted) * 4);
  if (!p) return t.raiseMemory();
  s.units = static_cast<u32*>(p);
  s.capacity = wanted;
  return {};
}

Result<void> useUnits(Thread& t, StringIo& s) {
  if (!s.builder) return {};
  StrBuilder* b = s.builder;
  TRY(growUnits(t, s, b->length()));
  for (i64 i = 0; i < b->length(); i++) s.units[i] = b->at(i);
  s.size = b->length();
  s.builder = nullptr;
  delete b;
  return {};
}

Ref<Str> textOf(const StringIo& s, i64 start, i64 end) {
  if (end <= start) return retainObject(emptyStr());
  return makeStrFromUnits(s.units + start, end - start);
}

Result<void> append(Thread& t, StringIo& s, Str* text) {
  i64 n = text->length;
  if (n == 0) return {};
  if (s.position > kMaxUnits - n) return t.raise(kOverflowError, "new position too large");
  if (s.builder && s.position == s.size) {
    s.builder->add(text);
    s.position = s.size = s.builder->length();
    return {};
  }
  TRY(useUnits(t, s));
  TRY(growUnits(t, s, s.position + n));
  if (s.position > s.size)  // the gap reads as NUL characters
    memset(s.units + s.size, 0, size_t(s.position - s.size) * 4);
  copyRange(s.units, 4, s.position, text, 0, n);
  s.position += n;
  s.size = std::max(s.size, s.position);
  return {};
}

Result<void> writeText(Thread& t, StringIo& s, Value v) {
  Ref<Str> text = retainObject(v.as<Str>());
  if (s.newlineLayer) text = TRY(decodeNewlines(t, s.newlines, std::move(text), true));
  if (s.writeNewline) text = replaceLf(text, s.writeNewline);
  return append(t, s, text);
}

void dropText(StringIo& s) {
  delete std::exchange(s.builder, nullptr);
  if (s.units) release(std::exchange(s.units, nullptr));
  s.size = s.capacity = s.position = 0;
}

Result<Ref<Str>> nextLine(Thread& t, StringIo& s, i64 limit) {
  TRY(useUnits(t, s));
  if (limit == 0 || s.position >= s.size) return retainObject(emptyStr());
  std::string ending = s.readNewline && !s.readUniversal ? toUtf8(s.readNewline.as<Str>()) : "\n";
  LineEnding how{s.readTranslate, s.readUniversal, ending.c_str()};
  i64 rest = s.size - s.position, safe;
  if (limit > 0) rest = std::min(rest, limit);
  i64 n = findLineEnding(s.units + s.position, rest, how, &safe);
  if (n < 0) n = rest;
  Ref<Str> line = textOf(s, s.position, s.position + n);
  s.position += n;
  return line;
}

}  // namespace

// ---- life ----

Result<Ref<>> stringio___new__(Thread&, Type& cls, const Args&) {
  auto* s = static_cast<StringIo*>(newInstance(&cls));
  if (!gcIsTracked(s)) gcTrack(s);
  return Ref<>::steal(Value(s));
}

static Result<void> initialize(Thread& t, StringIo& self, Value initial, Value newline) {
  if (newline && !isNone(newline) && !isStr(newline))
    return t.raise(kTypeError, "newline must be str or None, not {}", typeOf(newline));
  if (initial && !isNone(initial) && !isStr(initial))
    return t.raise(kTypeError, "initial_value must be str or None, not {}", typeOf(initial));
  const char* ending = "\n";
  if (newline)
    ending = TRY(newlineArgument(t, isNone(newline) ? nullptr : newline.as<Str>(), true));
  self.ok = false;
  dropText(self);
  clearField(self.readNewline);
  if (ending) setField(self.readNewline, makeAscii(ending));
  self.readUniversal = !ending || !*ending;
  self.readTranslate = !ending;
  self.writeNewline = ending && *ending == '\r' ? ending : nullptr;
  self.newlineLayer = self.readUniversal;
  self.newlines = {false, self.readTranslate, 0};
  self.builder = new StrBuilder;
  if (initial && !isNone(initial)) TRY(writeText(t, self, initial));
  self.position = 0;
  // A stream that starts with text is mostly read, or written over.
  if (self.size > 0) TRY(useUnits(t, self));
  self.closed = false;
  self.ok = true;
  return {};
}

Result<void> stringio___init__(Thread& t, StringIo& self, Value initial_value, Value newline) {
  return initialize(t, self, initial_value, newline);
}

void stringio_dealloc(Object* o) {
  gcUntrack(o);
  auto* s = static_cast<StringIo*>(o);
  s->ok = false;
  dropText(*s);
  stringio_clear(o);
  freeObject(o);
}
void stringio_traverse(Object* o, Visitor& v) {
  v(static_cast<StringIo*>(o)->dict);
  v(static_cast<StringIo*>(o)->readNewline);
}
void stringio_clear(Object* o) {
  clearField(static_cast<StringIo*>(o)->dict);
  clearField(static_cast<StringIo*>(o)->readNewline);
}

Result<void> stringio_close(Thread&, StringIo& self) {
  self.closed = true;
  dropText(self);
  return {};
}

// ---- reading ----

Result<Ref<>> stringio_getvalue(Thread& t, StringIo& self) {
  TRY(requireUsable(t, self));
  if (!self.builder) return Ref<>(textOf(self, 0, self.size));
  // The builder gives its text away; it goes on with a copy.
  Ref<Str> text = self.builder->finish();
  delete self.builder;
  self.builder = new StrBuilder;
  self.builder->add(text);
  return Ref<>(std::move(text));
}

Result<Ref<>> stringio_read(Thread& t, StringIo& self, Value size) {
  i64 n = TRY(sizeOrNone(t, size));
  TRY(requireUsable(t, self));
  i64 rest = self.size - self.position;
  if (n < 0 || n > rest) n = std::max<i64>(rest, 0);
  if (self.builder && n > 0 && n == self.size) {  // all of it
    self.position = self.size;
    return stringio_getvalue(t, self);
  }
  if (n == 0) return Ref<>(retainObject(emptyStr()));
  TRY(useUnits(t, self));
  Ref<Str> text = textOf(self, self.position, self.position + n);
  self.position += n;
  return Ref<>(std::move(text));
}

Result<Ref<>> stringio_readline(Thread& t, StringIo& self, Value size) {
  i64 limit = TRY(sizeOrNone(t, size));
  TRY(requireUsable(t, self));
  return Ref<>(TRY(nextLine(t, self, limit)));
}

Result<Ref<>> stringio___next__(Thread& t, StringIo& self) {
  TRY(requireUsable(t, self));
  Ref<> line;
  if (self.type == &stringIoType) {
    line = Ref<>(TRY(nextLine(t, self, -1)));
  } else {
    line = TRY(callMethod(t, &self, DX_NAME("readline"), {}));
    if (!isStr(line))
      return t.raise(kOSError, "readline() should have returned a str object, not '{}'",
                     typeOf(line));
  }
  if (line.as<Str>()->length == 0) return Ref<>();
  return line;
}

// ---- positions ----

Result<i64> stringio_tell(Thread& t, StringIo& self) {
  TRY(requireUsable(t, self));
  return self.position;
}

Result<i64> stringio_truncate(Thread& t, StringIo& self, Value pos) {
  TRY(requireUsable(t, self));
  i64 size = isNone(pos) ? self.position : TRY(sizeOrNone(t, pos));
  if (size < 0) return t.raise(kValueError, "Negative size value {}", size);
  TRY(requireUsable(t, self));
  if (size < self.size) {
    TRY(useUnits(t, self));
    self.size = size;
  }
  return size;
}

Result<i64> stringio_seek(Thread& t, StringIo& self, i64 pos, i32 whence) {
  TRY(requireUsable(t, self));
  if (whence != 0 && whence != 1 && whence != 2)
    return t.raise(kValueError, "Invalid whence ({}, should be 0, 1 or 2)", whence);
  if (pos < 0 && whence == 0) return t.raise(kValueError, "Negative seek position {}", pos);
  if (whence != 0 && pos != 0) return t.raise(kOSError, "Can't do nonzero cur-relative seeks");
  if (whence == 1) pos = self.position;
  if (whence == 2) pos = self.size;
  return self.position = pos;
}

Result<i64> stringio_write(Thread& t, StringIo& self, Value s) {
  if (!isStr(s)) return t.raise(kTypeError, "string argument expected, got '{}'", typeOf(s));
  TRY(requireUsable(t, self));
  i64 n = s.as<Str>()->length;
  if (n > 0) TRY(writeText(t, self, s));
  return n;
}

// ---- properties ----

Result<bool> stringio_seekable(Thread& t, StringIo& self) {
  TRY(requireUsable(t, self));
  return true;
}
Result<bool> stringio_readable(Thread& t, StringIo& self) { return stringio_seekable(t, self); }
Result<bool> stringio_writable(Thread& t, StringIo& self) { return stringio_seekable(t, self); }
Result<bool> stringio_get_closed(Thread& t, StringIo& self) {
  if (!self.ok) return t.raise(kValueError, "I/O operation on uninitialized object");
  return self.closed;
}
Result<bool> stringio_get_line_buffering(Thread& t, StringIo& self) {
  TRY(requireUsable(t, self));
  return false;
}
Result<Ref<>> stringio_get_newlines(Thread& t, StringIo& self) {
  TRY(requireUsable(t, self));
  return self.newlineLayer ? newlinesSeen(self.newlines.seen) : noneRef();
}

// ---- pickling ----

Result<Ref<>> stringio___getstate__(Thread& t, StringIo& self) {
  Ref<> text = TRY(stringio_getvalue(t, self));
  Ref<> newline = self.readNewline ? retain(self.readNewline) : noneRef();
  Ref<> dict = noneRef();
  if (self.dict) dict = Ref<>(dictCopy(self.dict.as<Dict>()));
  return Ref<>(tupleOf(text.get(), newline.get(), makeInt(self.position).get(), dict.get()));
}

Result<void> stringio___setstate__(Thread& t, StringIo& self, Value state) {
  if (self.ok && self.closed) return closedFile(t, "I/O operation on closed file");
  if (!isTuple(state) || state.as<Tuple>()->size < 4)
    return t.raise(kTypeError, "{}.__setstate__ argument should be 4-tuple, got {}", self.type,
                   typeOf(state));
  Tuple* s = state.as<Tuple>();
  Value text = s->items[0], newline = s->items[1], position = s->items[2], dict = s->items[3];
  // The text is as it was stored: nothing is translated again.
  TRY(initialize(t, self, Value(), newline));
  if (!isStr(text) && !isNone(text))
    return t.raise(kTypeError, "initial_value must be str or None, not {}", typeOf(text));
  if (isStr(text)) TRY(append(t, self, text.as<Str>()));
  if (!isInt(position))
    return t.raise(kTypeError, "third item of state must be an integer, got {}", typeOf(position));
  i64 at = TRY(argIndex(t, position));
  if (at < 0) return t.raise(kValueError, "position value cannot be negative");
  self.position = at;
  if (isNone(dict)) return {};
  if (!isDict(dict))
    return t.raise(kTypeError, "fourth item of state should be a dict, got a {}", typeOf(dict));
  Dict* own = TRY(instanceDict(t, &self));
  return dictMerge(t, own, dict);
}

}  // namespace dx
