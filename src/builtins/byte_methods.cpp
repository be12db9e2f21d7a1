// Searching, tests, case and padding of bytes and bytearray. Splitting and joining: byte_split.cpp.
#include "builtins/byte_methods.h"

#include "builtins/bytes.gen.h"
#include "simd/kernels.h"

namespace dx {

// ---- making and arguments ----

Result<Ref<>> byteStringLike(Thread& t, Value receiver, std::string_view content) {
  char* data;
  Ref<> r = newByteString(!isBytes(receiver), i64(content.size()), &data);
  if (!r) return t.raiseMemory();
  if (!content.empty()) memcpy(data, content.data(), content.size());
  return r;
}

Result<u8> byteValue(Thread& t, Value v, const char* message) {
  i64 i;
  if (v.isSmallInt()) {
    i = v.smallInt();
  } else {
    i = TRY(indexI64(t, v, nullptr));
  }
  if (i < 0 || i > 255) return t.raise(kValueError, "{}", message);
  return u8(i);
}

Result<void> ByteNeedle::set(Thread& t, Value v, const char* typeMessage) {
  if (typeOf(v) == &PyBytes_Type) {
    bytes_ = v.as<Bytes>();
    return {};
  }
  if (hasBuffer(v)) return Buffer::get(t, v, &buffer_);
  if (!hasIndex(v)) return t.raise(kTypeError, typeMessage, typeOf(v));
  byte_ = char(TRY(byteValue(t, v, "byte must be in range(0, 256)")));
  single_ = true;
  return {};
}

// ---- searching ----

static const u8* unitsOf(std::string_view s) { return reinterpret_cast<const u8*>(s.data()); }

i64 findBytes(std::string_view text, std::string_view needle, i64 start, i64 end) {
  i64 n = end - start;
  if (n < i64(needle.size())) return -1;
  if (needle.empty()) return start;
  const u8* p = unitsOf(text) + start;
  if (needle.size() == 1) {
    auto* hit = static_cast<const u8*>(memchr(p, needle[0], size_t(n)));
    return hit ? start + (hit - p) : -1;
  }
  i64 at = i64(simd::search(p, size_t(n), unitsOf(needle), needle.size()));
  return at < n ? start + at : -1;
}

i64 rfindBytes(std::string_view text, std::string_view needle, i64 start, i64 end) {
  i64 n = end - start;
  if (n < i64(needle.size())) return -1;
  if (needle.empty()) return end;
  const u8* p = unitsOf(text) + start;
  if (needle.size() == 1) {
    auto* hit = static_cast<const u8*>(memrchr(p, needle[0], size_t(n)));
    return hit ? start + (hit - p) : -1;
  }
  i64 at = i64(simd::rsearch(p, size_t(n), unitsOf(needle), needle.size()));
  return at < n ? start + at : -1;
}

namespace {

constexpr const char* kNeedleText = "argument should be integer or bytes-like object, not '{}'";

Result<i64> bound(Thread& t, Value v, i64 absent) {
  if (v.isEmpty() || isNone(v)) return absent;
  if (!hasIndex(v))
    return t.raise(kTypeError,
                   "slice indices must be integers or None or have an __index__ method");
  return indexI64(t, v, nullptr);
}

// Negative positions count from the end; start may lie past the end, where nothing is found.
void adjust(i64 length, i64* start, i64* end) {
  if (*end > length)
    *end = length;
  else if (*end < 0 && (*end += length) < 0)
    *end = 0;
  if (*start < 0 && (*start += length) < 0) *start = 0;
}

struct Search {
  ByteNeedle needle;
  i64 start, end;
  std::string_view text;

  Result<void> set(Thread& t, Value self, Value sub, Value from, Value to) {
    start = TRY(bound(t, from, 0));
    end = TRY(bound(t, to, INT64_MAX));
    TRY(needle.set(t, sub, kNeedleText));
    text = bytesOf(self);
    adjust(i64(text.size()), &start, &end);
    return {};
  }
};

}  // namespace

Result<Ref<>> byteString_find(Thread& t, Value self, Value sub, Value start, Value end) {
  Search s;
  TRY(s.set(t, self, sub, start, end));
  return makeInt(findBytes(s.text, s.needle.view(), s.start, s.end));
}

Result<Ref<>> byteString_rfind(Thread& t, Value self, Value sub, Value start, Value end) {
  Search s;
  TRY(s.set(t, self, sub, start, end));
  return makeInt(rfindBytes(s.text, s.needle.view(), s.start, s.end));
}

Result<Ref<>> byteString_index(Thread& t, Value self, Value sub, Value start, Value end) {
  Search s;
  TRY(s.set(t, self, sub, start, end));
  i64 at = findBytes(s.text, s.needle.view(), s.start, s.end);
  if (at < 0) return t.raise(kValueError, "subsection not found");
  return makeInt(at);
}

Result<Ref<>> byteString_rindex(Thread& t, Value self, Value sub, Value start, Value end) {
  Search s;
  TRY(s.set(t, self, sub, start, end));
  i64 at = rfindBytes(s.text, s.needle.view(), s.start, s.end);
  if (at < 0) return t.raise(kValueError, "subsection not found");
  return makeInt(at);
}

Result<Ref<>> byteString_count(Thread& t, Value self, Value sub, Value start, Value end) {
  Search s;
  TRY(s.set(t, self, sub, start, end));
  std::string_view needle = s.needle.view();
  if (s.end < s.start) return makeInt(0);
  if (needle.empty()) return makeInt(s.end - s.start + 1);
  if (needle.size() == 1)
    return makeInt(
        i64(simd::countUnit(unitsOf(s.text) + s.start, size_t(s.end - s.start), u8(needle[0]))));
  i64 n = 0;
  for (i64 at = s.start; (at = findBytes(s.text, needle, at, s.end)) >= 0; at += i64(needle.size()))
    n++;
  return makeInt(n);
}

Result<bool> byteString___contains__(Thread& t, Value self, Value item) {
  if (!hasBuffer(item) && !hasIndex(item))
    return t.raise(kTypeError, "a bytes-like object is required, not '{}'", typeOf(item));
  ByteNeedle needle;
  TRY(needle.set(t, item, kNeedleText));
  std::string_view text = bytesOf(self);
  return findBytes(text, needle.view(), 0, i64(text.size())) >= 0;
}

namespace {

Result<bool> matchesAt(Thread& t, Value self, Value affix, i64 start, i64 end, bool atEnd) {
  Buffer buffer;
  TRY(Buffer::get(t, affix, &buffer));
  std::string_view text = bytesOf(self);
  adjust(i64(text.size()), &start, &end);
  std::string_view part = buffer.bytes();
  if (end - start < i64(part.size())) return false;
  i64 at = atEnd ? end - i64(part.size()) : start;
  return memcmp(text.data() + at, part.data(), part.size()) == 0;
}

Result<Ref<>> affixTest(Thread& t, Value self, Value affix, Value startArg, Value endArg,
                        bool atEnd) {
  i64 start = TRY(bound(t, startArg, 0));
  i64 end = TRY(bound(t, endArg, INT64_MAX));
  if (isTuple(affix)) {
    for (i64 i = 0; i < affix.as<Tuple>()->size; i++) {
      if (TRY(matchesAt(t, self, affix.as<Tuple>()->items[i], start, end, atEnd)))
        return boolRef(true);
    }
    return boolRef(false);
  }
  if (!hasBuffer(affix)) {
    return t.raise(kTypeError, "{} first arg must be bytes or a tuple of bytes, not {}",
                   atEnd ? "endswith" : "startswith", typeOf(affix));
  }
  return boolRef(TRY(matchesAt(t, self, affix, start, end, atEnd)));
}

}  // namespace

Result<Ref<>> byteString_startswith(Thread& t, Value self, Value prefix, Value start, Value end) {
  return affixTest(t, self, prefix, start, end, false);
}
Result<Ref<>> byteString_endswith(Thread& t, Value self, Value suffix, Value start, Value end) {
  return affixTest(t, self, suffix, start, end, true);
}

// ---- tests and case: ASCII only, whatever the locale ----

namespace {

bool isLower(u8 c) { return u8(c - 'a') < 26; }
bool isUpper(u8 c) { return u8(c - 'A') < 26; }
bool isAlpha(u8 c) { return u8((c | 32) - 'a') < 26; }
bool isDigit(u8 c) { return u8(c - '0') < 10; }
bool isSpace(u8 c) { return c == ' ' || u8(c - 9) < 5; }

constexpr auto kUpper = simd::ByteSet().addRange('A', 'Z'),
               kLower = simd::ByteSet().addRange('a', 'z'),
               kNoAlpha = simd::ByteSet(kUpper).addRange('a', 'z').complement(),
               kNoDigit = simd::ByteSet().addRange('0', '9').complement(),
               kNoAlnum = simd::ByteSet(kUpper).addRange('a', 'z').addRange('0', '9').complement(),
               kSpace = simd::ByteSet(" ").addRange(9, 13), kNoSpace = kSpace.complement();

size_t findIn(std::string_view s, const simd::ByteSet& set) {
  return simd::findIn(unitsOf(s), s.size(), set);
}
bool allBut(Value self, const simd::ByteSet& others) {
  std::string_view s = bytesOf(self);
  return !s.empty() && findIn(s, others) == s.size();
}
bool onlyCase(Value self, const simd::ByteSet& own, const simd::ByteSet& other) {
  std::string_view s = bytesOf(self);
  return findIn(s, other) == s.size() && findIn(s, own) < s.size();
}

using Kernel = void (*)(const u8* from, size_t n, u8* to);
Result<Ref<>> mapped(Thread& t, Value self, Kernel kernel) {
  std::string_view s = bytesOf(self);
  char* data;
  Ref<> r = newByteString(!isBytes(self), i64(s.size()), &data);
  if (!r) return t.raiseMemory();
  kernel(unitsOf(s), s.size(), reinterpret_cast<u8*>(data));
  return r;
}

}  // namespace

Result<bool> byteString_isalnum(Thread&, Value self) { return allBut(self, kNoAlnum); }
Result<bool> byteString_isalpha(Thread&, Value self) { return allBut(self, kNoAlpha); }
Result<bool> byteString_isdigit(Thread&, Value self) { return allBut(self, kNoDigit); }
Result<bool> byteString_isspace(Thread&, Value self) { return allBut(self, kNoSpace); }
Result<bool> byteString_isascii(Thread&, Value self) {
  std::string_view s = bytesOf(self);
  return simd::findFrom(unitsOf(s), s.size(), 0x80) == s.size();
}
Result<bool> byteString_islower(Thread&, Value self) { return onlyCase(self, kLower, kUpper); }
Result<bool> byteString_isupper(Thread&, Value self) { return onlyCase(self, kUpper, kLower); }

Result<bool> byteString_istitle(Thread&, Value self) {
  bool any = false, inWord = false;
  for (char c : bytesOf(self)) {
    if (isUpper(u8(c)) ? inWord : isLower(u8(c)) && !inWord) return false;
    inWord = isAlpha(u8(c));
    any |= inWord;
  }
  return any;
}

Result<Ref<>> byteString_lower(Thread& t, Value self) { return mapped(t, self, simd::lower); }
Result<Ref<>> byteString_upper(Thread& t, Value self) { return mapped(t, self, simd::upper); }
Result<Ref<>> byteString_swapcase(Thread& t, Value self) { return mapped(t, self, simd::swapCase); }
Result<Ref<>> byteString_title(Thread& t, Value self) { return mapped(t, self, simd::title); }
Result<Ref<>> byteString_capitalize(Thread& t, Value self) {
  return mapped(t, self, [](const u8* from, size_t n, u8* to) {
    simd::lower(from, n, to);
    if (n) simd::upper(from, 1, to);
  });
}

// ---- padding and stripping ----

namespace {

Result<Ref<>> padded(Thread& t, Value self, i64 left, i64 right, char fill) {
  std::string_view s = bytesOf(self);
  if (left <= 0 && right <= 0 && isBytes(self) && typeOf(self) == &PyBytes_Type)
    return retain(self);
  if (left < 0) left = 0;
  if (right < 0) right = 0;
  if (left > INT64_MAX - right - i64(s.size())) return t.raiseMemory();
  char* data;
  Ref<> r = newByteString(!isBytes(self), left + i64(s.size()) + right, &data);
  if (!r) return t.raiseMemory();
  memset(data, fill, size_t(left));
  memcpy(data + left, s.data(), s.size());
  memset(data + left + s.size(), fill, size_t(right));
  return r;
}

Result<u8> fillByte(Thread& t, Value v, const char* name) {
  if (v.isEmpty()) return u8(' ');
  if (!isBytes(v) && !isByteArray(v))
    return t.raise(kTypeError, "{}() argument 2 must be a byte string of length 1, not {}", name,
                   typeOf(v));
  std::string_view s = bytesOf(v);
  if (s.size() != 1) {
    return t.raise(
        kTypeError,
        "{}(): argument 2 must be a byte string of length 1, not a {} object of length {}", name,
        isBytes(v) ? "bytes" : "bytearray", u64(s.size()));
  }
  return u8(s[0]);
}

}  // namespace

Result<Ref<>> byteString_ljust(Thread& t, Value self, i64 width, Value fillchar) {
  char fill = char(TRY(fillByte(t, fillchar, "ljust")));
  return padded(t, self, 0, width - i64(bytesOf(self).size()), fill);
}
Result<Ref<>> byteString_rjust(Thread& t, Value self, i64 width, Value fillchar) {
  char fill = char(TRY(fillByte(t, fillchar, "rjust")));
  return padded(t, self, width - i64(bytesOf(self).size()), 0, fill);
}
Result<Ref<>> byteString_center(Thread& t, Value self, i64 width, Value fillchar) {
  char fill = char(TRY(fillByte(t, fillchar, "center")));
  i64 pad = width - i64(bytesOf(self).size());
  if (pad <= 0) return padded(t, self, 0, 0, fill);
  i64 left = pad / 2 + (pad & width & 1);
  return padded(t, self, left, pad - left, fill);
}

Result<Ref<>> byteString_zfill(Thread& t, Value self, i64 width) {
  i64 pad = width - i64(bytesOf(self).size());
  Ref<> r = TRY(padded(t, self, pad, 0, '0'));
  if (pad > 0) {
    char* data = const_cast<char*>(bytesOf(r).data());
    if (i64(bytesOf(r).size()) > pad && (data[pad] == '+' || data[pad] == '-')) {
      data[0] = data[pad];
      data[pad] = '0';
    }
  }
  return r;
}

static constexpr size_t kInLine = 16;

static Result<Ref<>> stripped(Thread& t, Value self, Value chars, bool left, bool right) {
  simd::ByteSet kept = kNoSpace;
  if (!chars.isEmpty() && !isNone(chars)) {
    Buffer set;
    TRY(Buffer::get(t, chars, &set));
    simd::ByteSet drop;
    for (char c : set.bytes()) drop.add(u8(c));
    kept = drop.complement();
  }
  std::string_view s = bytesOf(self);
  size_t from = 0, to = s.size();
  // Mostly there is little to strip.
  if (left) {
    while (from < to && from < kInLine && !kept.has(u8(s[from]))) from++;
    if (from == kInLine) from += simd::findIn(unitsOf(s) + from, to - from, kept);
  }
  if (right) {
    size_t far = to - std::min(to - from, kInLine);
    while (to > far && !kept.has(u8(s[to - 1]))) to--;
    if (to == far && to > from) {
      size_t last = simd::rfindIn(unitsOf(s) + from, to - from, kept);
      to = last == to - from ? from : from + last + 1;
    }
  }
  if (from == 0 && to == s.size() && typeOf(self) == &PyBytes_Type) return retain(self);
  return byteStringLike(t, self, s.substr(from, to - from));
}

Result<Ref<>> byteString_strip(Thread& t, Value self, Value bytes) {
  return stripped(t, self, bytes, true, true);
}
Result<Ref<>> byteString_lstrip(Thread& t, Value self, Value bytes) {
  return stripped(t, self, bytes, true, false);
}
Result<Ref<>> byteString_rstrip(Thread& t, Value self, Value bytes) {
  return stripped(t, self, bytes, false, true);
}

Result<Ref<>> byteString_removeprefix(Thread& t, Value self, Value prefix) {
  Buffer part;
  TRY(Buffer::get(t, prefix, &part));
  std::string_view s = bytesOf(self);
  if (part.size() > 0 && s.starts_with(part.bytes()))
    return byteStringLike(t, self, s.substr(size_t(part.size())));
  if (typeOf(self) == &PyBytes_Type) return retain(self);
  return byteStringLike(t, self, s);
}

Result<Ref<>> byteString_removesuffix(Thread& t, Value self, Value suffix) {
  Buffer part;
  TRY(Buffer::get(t, suffix, &part));
  std::string_view s = bytesOf(self);
  if (part.size() > 0 && s.ends_with(part.bytes()))
    return byteStringLike(t, self, s.substr(0, s.size() - size_t(part.size())));
  if (typeOf(self) == &PyBytes_Type) return retain(self);
  return byteStringLike(t, self, s);
}

Result<Ref<>> byteString_expandtabs(Thread& t, Value self, i64 tabsize) {
  std::string_view s = bytesOf(self);
  std::string out;
  i64 column = 0;
  for (char c : s) {
    if (c != '\t') {
      out.push_back(c);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    } else if (tabsize > 0) {
      i64 n = tabsize - column % tabsize;
      if (n > INT64_MAX / 4 || i64(out.size()) > INT64_MAX / 4)
        return t.raise(kOverflowError, "result too long");
      if (n > (i64(1) << 40)) return t.raiseMemory();
      out.append(size_t(n), ' ');
      column += n;
    }
  }
  return byteStringLike(t, self, out);
}

// ---- translation ----

Result<Ref<>> byteString_translate(Thread& t, Value self, Value table, Value delete_) {
  Buffer map, del;
  if (!isNone(table)) {
    TRY(Buffer::get(t, table, &map));
    if (map.size() != 256)
      return t.raise(kValueError, "translation table must be 256 characters long");
  }
  bool drop[256] = {};
  if (delete_) {
    TRY(Buffer::get(t, delete_, &del));
    for (char c : del.bytes()) drop[u8(c)] = true;
  }
  std::string_view s = bytesOf(self);
  char* data;
  if (map.data() && del.size() == 0) {
    Ref<> r = newByteString(!isBytes(self), i64(s.size()), &data);
    if (!r) return t.raiseMemory();
    simd::translate(unitsOf(s), s.size(), map.data(), reinterpret_cast<u8*>(data));
    if (typeOf(self) == &PyBytes_Type && bytesOf(r) == s) return retain(self);
    return r;
  }
  std::string out;
  out.reserve(s.size());
  for (char c : s)
    if (!drop[u8(c)]) out.push_back(map.data() ? char(map.data()[u8(c)]) : c);
  if (typeOf(self) == &PyBytes_Type && out == s) return retain(self);
  return byteStringLike(t, self, out);
}

Result<Ref<>> byteString_maketrans(Thread& t, Value frm, Value to) {
  Buffer from, into;
  TRY(Buffer::get(t, frm, &from));
  TRY(Buffer::get(t, to, &into));
  if (from.size() != into.size())
    return t.raise(kValueError, "maketrans arguments must have same length");
  Ref<Bytes> table = newBytes(256);
  for (int c = 0; c < 256; c++) table->data[c] = char(c);
  for (i64 i = 0; i < from.size(); i++) table->data[from.data()[i]] = char(into.data()[i]);
  return table;
}

// ---- hexadecimal ----

Result<Ref<>> bytesToHex(Thread& t, std::string_view bytes, Value sepOrEmpty, i32 bytesPerSep) {
  static const char kHex[] = "0123456789abcdef";
  char separator = 0;
  i64 group = 0;
  if (sepOrEmpty) {
    i64 n = TRY(length(t, sepOrEmpty));
    if (n != 1) return t.raise(kValueError, "sep must be length 1.");
    u32 c;
    if (isStr(sepOrEmpty))
      c = sepOrEmpty.as<Str>()->at(0);
    else if (isBytes(sepOrEmpty))
      c = u8(sepOrEmpty.as<Bytes>()->data[0]);
    else
      return t.raise(kTypeError, "sep must be str or bytes.");
    if (c > 127) return t.raise(kValueError, "sep must be ASCII.");
    separator = char(c);
    group = bytesPerSep < 0 ? -i64(bytesPerSep) : bytesPerSep;
  }
  i64 n = i64(bytes.size());
  i64 separators = group > 0 && n > 0 ? (n - 1) / group : 0;
  if (n > (INT64_MAX - separators) / 2) return t.raiseMemory();
  Ref<Str> out = newStr(2 * n + separators, 127);
  if (!out) return t.raiseMemory();
  u8* p = out->data();
  if (!separators) {
    simd::hexEncode(unitsOf(bytes), size_t(n), p);
    return out;
  }
  for (i64 i = 0; i < n; i++) {
    if (separators && i > 0 && (bytesPerSep > 0 ? (n - i) % group == 0 : i % group == 0))
      *p++ = u8(separator);
    *p++ = u8(kHex[u8(bytes[size_t(i)]) >> 4]);
    *p++ = u8(kHex[u8(bytes[size_t(i)]) & 15]);
  }
  return out;
}

Result<Ref<>> byteString_hex(Thread& t, Value self, Value sep, i32 bytes_per_sep) {
  return bytesToHex(t, bytesOf(self), sep, bytes_per_sep);
}

Result<Ref<>> byteString_fromhex(Thread& t, Type& cls, Value string) {
  std::string digits;
  Buffer buffer;
  std::string_view text;
  if (isStr(string)) {
    Str* s = string.as<Str>();
    if (s->isAscii()) {
      text = s->ascii();
    } else {
      for (i64 i = 0; i < s->length; i++) digits.push_back(s->at(i) < 128 ? char(s->at(i)) : '?');
      text = digits;
    }
  } else if (hasBuffer(string)) {
    TRY(Buffer::get(t, string, &buffer));
    text = buffer.bytes();
  } else {
    return t.raise(kTypeError, "fromhex() argument must be str or bytes-like, not {}",
                   typeOf(string));
  }
  auto digit = [](u8 c) -> int {
    return isDigit(c) ? c - '0' : u8((c | 32) - 'a') < 6 ? (c | 32) - 'a' + 10 : -1;
  };
  std::string out;
  out.resize(text.size() / 2);
  size_t plain = simd::hexDecode(unitsOf(text), text.size() / 2, reinterpret_cast<u8*>(out.data()));
  out.resize(plain);
  for (size_t i = 2 * plain; i < text.size();) {
    if (isSpace(u8(text[i]))) {
      i++;
      continue;
    }
    int high = digit(u8(text[i]));
    int low = high >= 0 && i + 1 < text.size() ? digit(u8(text[i + 1])) : -1;
    if (high >= 0 && i + 1 >= text.size())
      return t.raise(kValueError,
                     "fromhex() arg must contain an even number of hexadecimal digits");
    if (low < 0) {
      return t.raise(kValueError, "non-hexadecimal number found in fromhex() arg at position {}",
                     u64(high < 0 ? i : i + 1));
    }
    out.push_back(char(high << 4 | low));
    i += 2;
  }
  bool array = isSubtype(&cls, &PyByteArray_Type);
  char* data;
  Ref<> r = newByteString(array, i64(out.size()), &data);
  if (!r) return t.raiseMemory();
  if (!out.empty()) memcpy(data, out.data(), out.size());
  if (&cls == &PyBytes_Type || &cls == &PyByteArray_Type) return r;
  return callWith(t, &cls, r);
}

}  // namespace dx
