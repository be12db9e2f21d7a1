// Sequence operations, splitting, joining, replacing, text and comparison of bytes and bytearray.
#include "builtins/byte_methods.h"
#include "builtins/bytes.gen.h"
#include "builtins/str_parts.h"
#include "runtime/codecs.h"
#include "runtime/module.h"
#include "runtime/small_text.h"

namespace dx {

namespace {

bool isSpace(u8 c) { return c == ' ' || u8(c - 9) < 5; }
constexpr auto kSpace = simd::ByteSet(" ").addRange(9, 13), kLineBreak = simd::ByteSet("\n\r");
// Of a repr: the bytes that are written otherwise, whatever the quotes are.
constexpr auto kEscaped = simd::ByteSet("\\'\"").addRange(0, 31).addRange(127, 255);

const u8* unitsOf(std::string_view s) { return reinterpret_cast<const u8*>(s.data()); }

// The pieces of a text, found before any object is made (a bytearray may change meanwhile).
struct Piece {
  size_t from, to;
};

Result<Ref<>> piecesAsList(Thread& t, Value self, std::string_view text,
                           const std::vector<Piece>& pieces) {
  Ref<List> out = newList(i64(pieces.size()));
  for (Piece p : pieces) {
    Ref<> item = TRY(byteStringLike(t, self, text.substr(p.from, p.to - p.from)));
    listAppend(out, std::move(item));
  }
  return out;
}

}  // namespace

// ---- sequence operations ----

Result<i64> byteString___len__(Thread&, Value self) { return i64(bytesOf(self).size()); }

Result<Ref<>> byteString___add__(Thread& t, Value self, Value other) {
  Buffer right;
  if (!hasBuffer(other)) {
    return t.raise(kTypeError, "can't concat {} to {}", typeOf(other),
                   isBytes(self) ? "bytes" : "bytearray");
  }
  TRY(Buffer::get(t, other, &right));
  std::string_view left = bytesOf(self);
  if (typeOf(self) == &PyBytes_Type && right.size() == 0) return retain(self);
  if (left.empty() && typeOf(self) == &PyBytes_Type && typeOf(other) == &PyBytes_Type)
    return retain(other);
  if (right.size() > INT64_MAX - i64(left.size())) return t.raiseMemory();
  char* data;
  Ref<> r = newByteString(!isBytes(self), i64(left.size()) + right.size(), &data);
  if (!r) return t.raiseMemory();
  if (!left.empty()) memcpy(data, left.data(), left.size());
  if (right.size()) memcpy(data + left.size(), right.data(), size_t(right.size()));
  return r;
}

Result<Ref<>> byteString___mul__(Thread& t, Value self, i64 count) {
  if (count < 0) count = 0;
  std::string_view s = bytesOf(self);
  if (count == 1 && typeOf(self) == &PyBytes_Type) return retain(self);
  if (count > 0 && i64(s.size()) > INT64_MAX / count) {
    if (isBytes(self)) return t.raise(kOverflowError, "repeated bytes are too long");
    return t.raiseMemory();
  }
  char* data;
  Ref<> r = newByteString(!isBytes(self), i64(s.size()) * count, &data);
  if (!r) return t.raiseMemory();
  if (s.size() == 1) {
    memset(data, s[0], size_t(count));
  } else {
    for (i64 i = 0; i < count && !s.empty(); i++)
      memcpy(data + size_t(i) * s.size(), s.data(), s.size());
  }
  return r;
}

Result<Ref<>> byteString___richcompare__(Thread& t, Value self, Value other, CompareOp op) {
  if (!hasBuffer(other)) {
    if (theInterpreter.config.bytesWarning && (op == CompareOp::Eq || op == CompareOp::Ne)) {
      if (isStr(other))
        TRY(warn(t, kBytesWarning, "Comparison between {} and string",
                 isBytes(self) ? "bytes" : "bytearray"));
      else if (isBytes(self) && isInt(other))
        TRY(warn(t, kBytesWarning, "Comparison between bytes and int"));
    }
    return notImplementedRef();
  }
  // bytes compares itself with bytes only; a bytearray with everything that has a buffer.
  if (isBytes(self) && !isBytes(other)) return notImplementedRef();
  Buffer right;
  Result<void> got = Buffer::get(t, other, &right);
  if (!got) {
    t.clearException();
    return notImplementedRef();
  }
  std::string_view a = bytesOf(self), b = right.bytes();
  if (op == CompareOp::Eq) return boolRef(a == b);
  if (op == CompareOp::Ne) return boolRef(a != b);
  int c = a.compare(b);
  switch (op) {
    case CompareOp::Lt:
      return boolRef(c < 0);
    case CompareOp::Le:
      return boolRef(c <= 0);
    case CompareOp::Gt:
      return boolRef(c > 0);
    default:
      return boolRef(c >= 0);
  }
}

// ---- text ----

void bytesRepr(std::string_view bytes, std::string* out) {
  static const char kHex[] = "0123456789abcdef";
  char quote =
      bytes.find('\'') != std::string_view::npos && bytes.find('"') == std::string_view::npos
          ? '"'
          : '\'';
  out->push_back('b');
  out->push_back(quote);
  while (!bytes.empty()) {
    size_t plain = simd::findIn(unitsOf(bytes), bytes.size(), kEscaped);
    out->append(bytes, 0, plain);
    if (plain == bytes.size()) break;
    char c = bytes[plain];
    bytes.remove_prefix(plain + 1);
    if (c == quote || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\t')
      out->append("\\t");
    else if (c == '\n')
      out->append("\\n");
    else if (c == '\r')
      out->append("\\r");
    else if (u8(c) < ' ' || u8(c) >= 0x7f) {
      out->append("\\x");
      out->push_back(kHex[u8(c) >> 4]);
      out->push_back(kHex[u8(c) & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back(quote);
}

Result<Ref<>> byteString___repr__(Thread& t, Value self) {
  std::string out;
  if (isBytes(self)) {
    bytesRepr(bytesOf(self), &out);
    return makeAscii(out);
  }
  // A bytearray escapes single quotes also between double ones.
  std::string inner;
  bytesRepr(bytesOf(self), &inner);
  out.append(typeName(typeOf(self)));
  out.push_back('(');
  if (inner[1] == '"') {
    for (char c : inner) {
      if (c == '\'') out.push_back('\\');
      out.push_back(c);
    }
  } else {
    out.append(inner);
  }
  out.push_back(')');
  return makeStr(out);
}

Result<Ref<>> byteString___str__(Thread& t, Value self) {
  if (theInterpreter.config.bytesWarning)
    TRY(warn(t, kBytesWarning, "str() on a {} instance", isBytes(self) ? "bytes" : "bytearray"));
  return byteString___repr__(t, self);
}

Result<Ref<>> byteString_decode(Thread& t, Value self, Value encoding, Value errors) {
  if (!errors && isBytes(self) && (!encoding || isStr(encoding)))
    if (Ref<Str> s = decodeSound(bytesOf(self), encoding ? encoding.as<Str>() : nullptr))
      return Ref<>(std::move(s));
  if (encoding && !isStr(encoding))
    return t.raise(kTypeError, "decode() argument 'encoding' must be str, not {}",
                   typeOf(encoding));
  if (errors && !isStr(errors))
    return t.raise(kTypeError, "decode() argument 'errors' must be str, not {}", typeOf(errors));
  const char* codec = encoding ? TRY(codecName(t, *encoding.as<Str>())) : nullptr;
  const char* handler = errors ? TRY(codecName(t, *errors.as<Str>())) : nullptr;
  if (isBytes(self)) return Ref<>(TRY(decode(t, bytesOf(self), codec, handler, true, nullptr)));
  Buffer pinned;
  TRY(Buffer::get(t, self, &pinned));
  return Ref<>(TRY(decode(t, pinned.bytes(), codec, handler, true, nullptr)));
}

// ---- splitting ----

// All words of an exact bytes, which cannot change meanwhile.
static Result<Ref<>> wordsOf(Thread& t, Value self) {
  std::string_view s = bytesOf(self);
  auto always = [](u8) { return true; };
  Ref<List> list = newList(i64(simd::countRuns<512>(unitsOf(s), s.size(), kSpace, always)));
  bool whole = true;
  simd::eachRun<512>(unitsOf(s), s.size(), kSpace, always, [&](size_t from, size_t to) {
    size_t n = to - from;
    Ref<> piece;
    if (n == s.size())
      piece = retain(self);
    else if (n <= size_t(kSmallText))
      piece = Ref<>::steal(Value(newSmallBytes(i64(n))));
    else
      piece = newBytes(i64(n));
    if (!piece) {
      whole = false;
      return;
    }
    if (n != s.size()) simd::copy(piece.as<Bytes>()->data, s.data() + from, n);
    list->items[list->size++] = piece.release();
  });
  if (!whole) return t.raiseMemory();
  return list;
}

static Result<Ref<>> splitWhitespace(Thread& t, Value self, i64 limit, bool fromRight) {
  std::string_view s = bytesOf(self);
  if (limit == INT64_MAX && typeOf(self) == &PyBytes_Type) return wordsOf(t, self);
  std::vector<Piece> pieces;
  if (limit == INT64_MAX && s.size() >= 64) {
    simd::eachRun<512>(
        unitsOf(s), s.size(), kSpace, [](u8) { return true; },
        [&](size_t from, size_t to) { pieces.push_back({from, to}); });
  } else if (!fromRight) {
    for (size_t i = 0;;) {
      while (i < s.size() && isSpace(u8(s[i]))) i++;
      if (i == s.size()) break;
      if (i64(pieces.size()) >= limit) {
        size_t end = s.size();
        while (end > i && isSpace(u8(s[end - 1]))) end--;
        pieces.push_back({i, end});
        break;
      }
      size_t from = i;
      while (i < s.size() && !isSpace(u8(s[i]))) i++;
      pieces.push_back({from, i});
    }
  } else {
    for (size_t i = s.size();;) {
      while (i > 0 && isSpace(u8(s[i - 1]))) i--;
      if (i == 0) break;
      if (i64(pieces.size()) >= limit) {
        size_t start = 0;
        while (start < i && isSpace(u8(s[start]))) start++;
        pieces.push_back({start, i});
        break;
      }
      size_t to = i;
      while (i > 0 && !isSpace(u8(s[i - 1]))) i--;
      pieces.push_back({i, to});
    }
    std::vector<Piece> turned(pieces.rbegin(), pieces.rend());
    pieces.swap(turned);
  }
  return piecesAsList(t, self, s, pieces);
}

Result<Ref<>> byteString_split(Thread& t, Value self, Value sep, i64 maxsplit) {
  i64 limit = maxsplit < 0 ? INT64_MAX : maxsplit;
  if (isNone(sep)) return splitWhitespace(t, self, limit, false);
  Buffer separator;
  TRY(Buffer::get(t, sep, &separator));
  if (separator.size() == 0) return t.raise(kValueError, "empty separator");
  std::string_view s = bytesOf(self), needle = separator.bytes();
  std::vector<Piece> pieces;
  size_t from = 0;
  while (i64(pieces.size()) < limit) {
    i64 at = findBytes(s, needle, i64(from), i64(s.size()));
    if (at < 0) break;
    pieces.push_back({from, size_t(at)});
    from = size_t(at) + needle.size();
  }
  pieces.push_back({from, s.size()});
  return piecesAsList(t, self, s, pieces);
}

Result<Ref<>> byteString_rsplit(Thread& t, Value self, Value sep, i64 maxsplit) {
  i64 limit = maxsplit < 0 ? INT64_MAX : maxsplit;
  if (isNone(sep)) return splitWhitespace(t, self, limit, true);
  Buffer separator;
  TRY(Buffer::get(t, sep, &separator));
  if (separator.size() == 0) return t.raise(kValueError, "empty separator");
  std::string_view s = bytesOf(self), needle = separator.bytes();
  std::vector<Piece> pieces;
  size_t to = s.size();
  while (i64(pieces.size()) < limit) {
    i64 at = rfindBytes(s, needle, 0, i64(to));
    if (at < 0) break;
    pieces.push_back({size_t(at) + needle.size(), to});
    to = size_t(at);
  }
  pieces.push_back({0, to});
  std::vector<Piece> turned(pieces.rbegin(), pieces.rend());
  return piecesAsList(t, self, s, turned);
}

Result<Ref<>> byteString_splitlines(Thread& t, Value self, bool keepends) {
  std::string_view s = bytesOf(self);
  std::vector<Piece> pieces;
  for (size_t i = 0; i < s.size();) {
    size_t from = i;
    i += simd::findIn(unitsOf(s) + i, s.size() - i, kLineBreak);
    size_t end = i;
    if (i < s.size()) i += s[i] == '\r' && i + 1 < s.size() && s[i + 1] == '\n' ? 2 : 1;
    pieces.push_back({from, keepends ? i : end});
  }
  return piecesAsList(t, self, s, pieces);
}

static Result<Ref<>> partitioned(Thread& t, Value self, Value sep, bool last) {
  Buffer separator;
  TRY(Buffer::get(t, sep, &separator));
  if (separator.size() == 0) return t.raise(kValueError, "empty separator");
  std::string_view s = bytesOf(self), needle = separator.bytes();
  i64 at = last ? rfindBytes(s, needle, 0, i64(s.size())) : findBytes(s, needle, 0, i64(s.size()));
  Ref<> before, middle, after;
  if (at >= 0) {
    before = TRY(byteStringLike(t, self, s.substr(0, size_t(at))));
    after = TRY(byteStringLike(t, self, s.substr(size_t(at) + needle.size())));
    middle = isBytes(self) && typeOf(sep) == &PyBytes_Type ? retain(sep)
                                                           : TRY(byteStringLike(t, self, needle));
  } else {
    bool same = typeOf(self) == &PyBytes_Type;
    Ref<> whole = same ? retain(self) : TRY(byteStringLike(t, self, s));
    before = TRY(byteStringLike(t, self, ""));
    middle = TRY(byteStringLike(t, self, ""));
    after = std::move(whole);
    if (!last) std::swap(before, after);
  }
  return tupleOf(before, middle, after);
}

Result<Ref<>> byteString_partition(Thread& t, Value self, Value sep) {
  return partitioned(t, self, sep, false);
}
Result<Ref<>> byteString_rpartition(Thread& t, Value self, Value sep) {
  return partitioned(t, self, sep, true);
}

// ---- joining and replacing ----

// All of them bytes: nothing that is joined can change meanwhile. Null: not all are, or too long.
static Ref<> joinBytes(std::string_view glue, Values parts) {
  i64 total = parts.empty() ? 0 : i64(glue.size()) * i64(parts.size() - 1);
  for (Value v : parts) {
    if (typeOf(v) != &PyBytes_Type || total > INT64_MAX / 4) return {};
    total += v.as<Bytes>()->size;
  }
  char* data;
  Ref<> r = newByteString(false, total, &data);
  if (!r) return {};
  for (size_t i = 0; i < parts.size(); i++) {
    if (i) {
      memcpy(data, glue.data(), glue.size());
      data += glue.size();
    }
    std::string_view part = parts[i].as<Bytes>()->view();
    memcpy(data, part.data(), part.size());
    data += part.size();
  }
  return r;
}

Result<Ref<>> byteString_join(Thread& t, Value self, Value iterable) {
  Buffer pinned;  // the iterable must not resize a bytearray
  if (!isBytes(self)) TRY(Buffer::get(t, self, &pinned));
  Ref<> sequence = TRY(sequenceFast(t, iterable, "can only join an iterable"));
  auto items = [&]() -> Values {
    return isList(sequence) ? valuesOf(sequence.as<List>()) : valuesOf(sequence.as<Tuple>());
  };
  i64 count = i64(items().size());
  if (count == 1 && typeOf(items()[0]) == &PyBytes_Type && isBytes(self)) return retain(items()[0]);
  if (typeOf(self) == &PyBytes_Type && count > 1)
    if (Ref<> r = joinBytes(bytesOf(self), items())) return r;
  std::vector<Buffer> parts;
  parts.resize(size_t(count));
  i64 total = 0, separator = i64(bytesOf(self).size());
  for (i64 i = 0; i < count; i++) {
    if (i64(items().size()) != count)
      return t.raise(kRuntimeError, "sequence changed size during iteration");
    Ref<> item = retain(items()[size_t(i)]);
    if (!hasBuffer(item)) {
      return t.raise(kTypeError, "sequence item {}: expected a bytes-like object, {} found", i,
                     typeOf(item));
    }
    TRY(Buffer::get(t, item, &parts[size_t(i)]));
    i64 extra = parts[size_t(i)].size() + (i ? separator : 0);
    if (extra > INT64_MAX - total) return t.raise(kOverflowError, "join() result is too long");
    total += extra;
  }
  std::string_view glue = bytesOf(self);
  char* data;
  Ref<> r = newByteString(!isBytes(self), total, &data);
  if (!r) return t.raiseMemory();
  for (i64 i = 0; i < count; i++) {
    if (i && !glue.empty()) {
      memcpy(data, glue.data(), glue.size());
      data += glue.size();
    }
    const Buffer& part = parts[size_t(i)];
    if (part.size()) memcpy(data, part.data(), size_t(part.size()));
    data += part.size();
  }
  return r;
}

// `put` in front of the first `limit` bytes and at the end.
static Result<Ref<>> interleaved(Thread& t, Value self, std::string_view put, i64 limit) {
  std::string_view s = bytesOf(self);
  i64 hits = limit > i64(s.size()) ? i64(s.size()) + 1 : limit;
  if (hits == 0 && typeOf(self) == &PyBytes_Type) return retain(self);
  __int128 total = __int128(s.size()) + __int128(hits) * i64(put.size());
  if (total > INT64_MAX) return t.raise(kOverflowError, "replace bytes is too long");
  char* data;
  Ref<> r = newByteString(!isBytes(self), i64(total), &data);
  if (!r) return t.raiseMemory();
  size_t done = 0;
  for (; hits > 0; hits--) {
    simd::copy(data, put.data(), put.size());
    data += put.size();
    if (done < s.size()) *data++ = s[done++];
  }
  if (done < s.size()) memcpy(data, s.data() + done, s.size() - done);
  return r;
}

// An argument's bytes, without a buffer where it is just bytes.
struct BytesArgument {
  Buffer buffer;
  std::string_view view;

  Result<void> set(Thread& t, Value v) {
    if (typeOf(v) == &PyBytes_Type) {
      view = v.as<Bytes>()->view();
      return {};
    }
    TRY(Buffer::get(t, v, &buffer));
    view = buffer.bytes();
    return {};
  }
};

Result<Ref<>> byteString_replace(Thread& t, Value self, Value old, Value new_, i64 count) {
  BytesArgument from, to;
  TRY(from.set(t, old));
  TRY(to.set(t, new_));
  std::string_view s = bytesOf(self), needle = from.view, put = to.view;
  i64 limit = count < 0 ? INT64_MAX : count;
  if (needle.size() == 1 && put.size() == 1 && limit >= i64(s.size())) {
    if (typeOf(self) == &PyBytes_Type && findBytes(s, needle, 0, i64(s.size())) < 0)
      return retain(self);
    char* data;
    Ref<> r = newByteString(!isBytes(self), i64(s.size()), &data);
    if (!r) return t.raiseMemory();
    simd::replaceUnit(unitsOf(s), s.size(), u8(needle[0]), u8(put[0]), reinterpret_cast<u8*>(data));
    return r;
  }
  if (s.size() < needle.size()) {
    if (typeOf(self) == &PyBytes_Type) return retain(self);
    return byteStringLike(t, self, s);
  }
  if (needle.empty()) return interleaved(t, self, put, limit);
  FoundPlaces places(unitsOf(s), s.size(), unitsOf(needle), needle.size(), limit);
  if (places.count() == 0 && typeOf(self) == &PyBytes_Type) return retain(self);
  __int128 total =
      __int128(s.size()) + __int128(places.count()) * (i64(put.size()) - i64(needle.size()));
  if (total > INT64_MAX) return t.raise(kOverflowError, "replace bytes is too long");
  char* data;
  Ref<> r = newByteString(!isBytes(self), i64(total), &data);
  if (!r) return t.raiseMemory();
  putInPlaces(unitsOf(s), s.size(), places, needle.size(), unitsOf(put), put.size(),
              reinterpret_cast<u8*>(data), size_t(total));
  return r;
}

}  // namespace dx
