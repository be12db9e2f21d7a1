#include "runtime/str.h"

#include "runtime/errors.h"
#include "runtime/small_text.h"
#include "runtime/str_units.h"

namespace dx {

// ---- the shared strings: "" and the Latin-1 characters ----

namespace {

// Room for the larger of the two headers, one character and the end.
struct alignas(16) StaticStr {
  Str head;
  u8 rest[24];
};
static_assert(sizeof(StaticStr) == 64);

constexpr StaticStr staticStr(int ch) {
  StaticStr s{};
  s.head.refcount = kImmortalCount;
  s.head.headerFlags = 5;
  s.head.type = &PyUnicode_Type;
  s.head.length = ch < 0 ? 0 : 1;
  s.head.hash = ch < 0 ? 0 : -1;
  s.head.state = kStrInternedStatic | 1 << kStrKindShift | kStrCompact | kStrStatic |
                 (ch < 0x80 ? kStrAscii : 0);
  if (ch >= 0) s.rest[ch < 0x80 ? 0 : sizeof(CompactStr) - sizeof(Str)] = u8(ch);
  return s;
}

struct CharTable {
  StaticStr chars[256];
};
constexpr CharTable makeCharTable() {
  CharTable t{};
  for (int i = 0; i < 256; i++) t.chars[i] = staticStr(i);
  return t;
}
constinit CharTable latin1Chars = makeCharTable();
constinit StaticStr emptyString = staticStr(-1);

size_t headerSize(bool ascii) { return ascii ? sizeof(Str) : sizeof(CompactStr); }

Str* allocateStr(i64 length, u32 kind, bool isAscii) {
  if (length < 0 || length > kMaxStrBytes / kind) return nullptr;
  size_t header = headerSize(isAscii), bytes = header + size_t(length + 1) * kind;
  Object* o;
  if (bytes <= 4096) {
    o = newObjectUninitialized(&PyUnicode_Type, bytes);
  } else {
    void* block = allocateOrNull(bytes);
    if (!block) return nullptr;
    o = static_cast<Object*>(block);
    *o = {1, 0, 0, &PyUnicode_Type};
    gLiveObjects++;
  }
  auto* s = static_cast<Str*>(o);
  s->length = length;
  s->hash = -1;
  s->state = kind << kStrKindShift | kStrCompact | (isAscii ? kStrAscii : 0);
  if (!isAscii) {
    static_cast<CompactStr*>(s)->utf8Length = 0;
    static_cast<CompactStr*>(s)->utf8 = nullptr;
  }
  u8* end = reinterpret_cast<u8*>(s) + header + size_t(length) * kind;
  if (kind == 1)
    *end = 0;
  else
    memset(end, 0, kind == 2 ? 2 : 4);
  return s;
}

bool isAsciiText(std::string_view s) {
  const char* p = s.data();
  size_t n = s.size();
  if (n > 64) return simd::findFrom(reinterpret_cast<const u8*>(p), n, 0x80) == n;
  u64 seen = 0;
  for (; n >= 8; n -= 8, p += 8) {
    u64 word;
    memcpy(&word, p, 8);
    seen |= word;
  }
  for (; n; n--, p++) seen |= u8(*p);
  return (seen & 0x8080808080808080) == 0;
}

// One code point of valid (W)UTF-8.
u32 nextUtf8(const u8*& p) {
  u32 c = *p++;
  if (c < 0x80) return c;
  if (c < 0xE0) return (c & 0x1F) << 6 | (*p++ & 0x3F);
  if (c < 0xF0) {
    c = (c & 0xF) << 12 | (p[0] & 0x3F) << 6 | (p[1] & 0x3F);
    p += 2;
    return c;
  }
  c = (c & 7) << 18 | (p[0] & 0x3F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
  p += 3;
  return c;
}

Ref<Str> makeStrOrDie(i64 length, u32 maxChar) {
  Ref<Str> s = newStr(length, maxChar);
  if (!s) {
    fputs("dxpy: out of memory\n", stderr);
    abort();
  }
  return s;
}

template <class U>
Ref<Str> fromUnits(const U* units, i64 n) {
  if (n == 0) return Ref<Str>::steal(emptyStr());
  if (n == 1) return makeChar(units[0]);
  Ref<Str> s = makeStrOrDie(n, boundOf(units, n));
  if (s->kind() == sizeof(U)) {
    simd::copy(s->data(), units, size_t(n) * sizeof(U));
    return s;
  }
  switch (s->kind()) {
    case 1:
      copyUnits(s->units<u8>(), units, n);
      break;
    case 2:
      copyUnits(s->units<u16>(), units, n);
      break;
    default:
      copyUnits(s->units<u32>(), units, n);
  }
  return s;
}

}  // namespace

Str* emptyStr() { return &emptyString.head; }

Ref<Str> makeChar(u32 c) {
  if (c < 0x100) return Ref<Str>::steal(&latin1Chars.chars[c].head);
  Ref<Str> s = makeStrOrDie(1, c);
  fillUnits(s, 0, 1, c);
  return s;
}

Ref<Str> newStr(i64 length, u32 maxChar) {
  if (length == 0) return Ref<Str>::steal(emptyStr());
  return Ref<Str>::steal(allocateStr(length, kindOfBound(maxChar), maxChar < 0x80));
}

Ref<Str> makeAscii(std::string_view text) {
  if (text.size() <= 1) return text.empty() ? Ref<Str>::steal(emptyStr()) : makeChar(u8(text[0]));
  Ref<Str> s = makeStrOrDie(i64(text.size()), 0x7F);
  simd::copy(s->data(), text.data(), text.size());
  return s;
}

Ref<Str> makeLatin1(std::string_view text) {
  return fromUnits(reinterpret_cast<const u8*>(text.data()), i64(text.size()));
}
Ref<Str> makeStrFromUnits(const u16* units, i64 n) { return fromUnits(units, n); }
Ref<Str> makeStrFromUnits(const u32* units, i64 n) { return fromUnits(units, n); }

Ref<Str> makeStrIfUtf8(std::string_view text) {
  if (isAsciiText(text)) return makeAscii(text);
  auto* p = reinterpret_cast<const u8*>(text.data());
  simd::Utf8Facts facts = simd::utf8Facts(p, text.size());
  if (!facts.valid) return {};
  if (facts.count == 1) return makeChar(nextUtf8(p));
  Ref<Str> s = makeStrOrDie(i64(facts.count), facts.bound);
  switch (s->kind()) {
    case 1:
      simd::utf8Decode(p, text.size(), s->units<u8>(), facts.count);
      break;
    case 2:
      simd::utf8Decode(p, text.size(), s->units<u16>(), facts.count);
      break;
    default:
      simd::utf8Decode(p, text.size(), s->units<u32>(), facts.count);
  }
  return s;
}

Ref<Str> makeStr(std::string_view text) {
  if (Ref<Str> s = makeStrIfUtf8(text)) return s;
  // With surrogates.
  auto* p = reinterpret_cast<const u8*>(text.data());
  const u8* end = p + text.size();
  i64 length = 0;
  u32 seen = 0;
  for (const u8* q = p; q < end; length++) seen |= nextUtf8(q);
  if (length == 1) return makeChar(nextUtf8(p));
  Ref<Str> s = makeStrOrDie(length, seen < 0x100 ? 0xFF : seen < 0x10000 ? 0xFFFF : 0x10FFFF);
  auto fill = [&](auto* out) {
    while (p < end) *out++ = static_cast<std::remove_reference_t<decltype(*out)>>(nextUtf8(p));
  };
  switch (s->kind()) {
    case 1:
      fill(s->units<u8>());
      break;
    case 2:
      fill(s->units<u16>());
      break;
    default:
      fill(s->units<u32>());
  }
  return s;
}

Ref<Str> exactStr(Str* s) { return isExactStr(s) ? retainObject(s) : substring(s, 0, s->length); }

Ref<Str> substring(Str* s, i64 start, i64 end) {
  i64 n = end - start;
  if (n <= 0) return Ref<Str>::steal(emptyStr());
  if (n == s->length && isExactStr(s)) return retainObject(s);
  if (s->isAscii()) {
    const u8* from = s->data() + start;
    if (n == 1) return makeChar(*from);
    Str* r = allocateStr(n, 1, true);
    DX_CHECK(r != nullptr);
    simd::copy(reinterpret_cast<u8*>(r) + sizeof(Str), from, size_t(n));
    return Ref<Str>::steal(r);
  }
  if (n == 1) return makeChar(s->at(start));
  Ref<Str> r = makeStrOrDie(n, boundOfRange(s, start, end));
  if (r->kind() == s->kind())
    simd::copy(r->data(), s->data() + start * s->kind(), size_t(n) * s->kind());
  else
    copyRange(r->data(), r->kind(), 0, s, start, end);
  return r;
}

// ---- joining ----

Ref<Str> concat(Thread& t, Str* a, Str* b) {
  if (a->length == 0) return exactStr(b);
  if (b->length == 0) return exactStr(a);
  if (a->kind() == 1 && b->kind() == 1) {
    if (Str* r = allocateStr(a->length + b->length, 1, a->isAscii() && b->isAscii())) {
      u8* out = r->data();
      simd::copy(out, a->data(), size_t(a->length));
      simd::copy(out + a->length, b->data(), size_t(b->length));
      return Ref<Str>::steal(r);
    }
  }
  Ref<Str> r = newStr(a->length + b->length, std::max(maxChar(a), maxChar(b)));
  if (!r) {
    (void)t.raiseMemory();
    return {};
  }
  copyAll(r, 0, a);
  copyAll(r, a->length, b);
  return r;
}

// Rounded up in steps of an eighth, so that growing by little mostly asks for the same again.
static size_t roomyBytes(size_t n) {
  if (n < 512) return n;
  size_t step = std::bit_floor(n) / 8;
  return (n + step - 1) & ~(step - 1);
}

Result<Ref<>> strConcatInPlace(Thread& t, Ref<Str> left, Str* right) {
  Str* l = left.get();
  bool growable = l->refcount == 1 && isExactStr(l) && l->isCompact() && !l->interned() &&
                  l->hash == -1 && right->length != 0 && l->length != 0 && isExactStr(right) &&
                  l != right && right->kind() <= l->kind() && (right->isAscii() || !l->isAscii());
  if (!growable) {
    Ref<Str> r = concat(t, l, right);
    if (!r) return Error{};
    return Ref<>(std::move(r));
  }
  i64 n = l->length + right->length;
  if (n > kMaxStrBytes / l->kind()) return t.raiseMemory();
  if (!l->isAscii()) {
    auto* c = static_cast<CompactStr*>(l);
    if (c->utf8) release(c->utf8);
    c->utf8 = nullptr;
    c->utf8Length = 0;
  }
  // The object may move, which only its one owner could notice.
  void* moved =
      reallocateOrNull(l, roomyBytes(headerSize(l->isAscii()) + size_t(n + 1) * l->kind()));
  if (!moved) return t.raiseMemory();
  (void)left.release();
  auto* s = static_cast<Str*>(moved);
  i64 at = s->length;
  s->length = n;
  copyAll(s, at, right);
  memset(s->data() + n * s->kind(), 0, s->kind());
  return Ref<>::steal(Value(s));
}

Result<Ref<Str>> joinStrs(Thread& t, Str* separator, Values parts) {
  if (parts.empty()) return Ref<Str>::steal(emptyStr());
  if (parts.size() == 1 && isExactStr(parts[0])) return retainObject(parts[0].as<Str>());
  i64 total = 0;
  u32 bound = parts.size() > 1 ? maxChar(separator) : 0x7F;
  for (Value v : parts) {
    auto* s = v.as<Str>();
    total += s->length;
    bound = std::max(bound, maxChar(s));
    if (total > kMaxStrBytes)
      return t.raise(kOverflowError, "join() result is too long for a Python string");
  }
  i64 between = i64(parts.size()) - 1;
  if (separator->length && between > (kMaxStrBytes - total) / separator->length)
    return t.raise(kOverflowError, "join() result is too long for a Python string");
  total += between * separator->length;
  Ref<Str> r = newStr(total, bound);
  if (!r) return t.raiseMemory();
  if (total == 0) return r;
  u8* out = r->data();
  u32 kind = r->kind();
  i64 at = 0;
  if (kind == 1) {
    auto append = [&](const Str* s) {
      memcpy(out, s->data(), size_t(s->length));
      out += s->length;
    };
    for (size_t i = 0; i < parts.size(); i++) {
      if (i && separator->length == 1)
        *out++ = *separator->data();
      else if (i)
        append(separator);
      append(parts[i].as<Str>());
    }
    return r;
  }
  for (size_t i = 0; i < parts.size(); i++) {
    if (i && separator->length) {
      copyRange(out, kind, at, separator, 0, separator->length);
      at += separator->length;
    }
    auto* s = parts[i].as<Str>();
    copyRange(out, kind, at, s, 0, s->length);
    at += s->length;
  }
  return r;
}

// ---- reading ----

bool equalStr(const Str* a, const Str* b) {
  if (a == b) return true;
  return a->length == b->length && a->kind() == b->kind() &&
         memcmp(a->data(), b->data(), size_t(a->length) * a->kind()) == 0;
}

bool equalAscii(const Str* s, std::string_view text) {
  return s->isAscii() && size_t(s->length) == text.size() &&
         memcmp(s->data(), text.data(), text.size()) == 0;
}

int compareStr(const Str* a, const Str* b) {
  if (a == b) return 0;
  i64 n = std::min(a->length, b->length);
  int order = 0;
  if (a->kind() == 1 && b->kind() == 1) {
    order = memcmp(a->data(), b->data(), size_t(n));
  } else {
    withUnits(a, [&](auto x) {
      withUnits(b, [&](auto y) {
        i64 i = 0;
        if constexpr (std::is_same_v<decltype(x), decltype(y)>)
          i = i64(simd::mismatch(x.p, y.p, size_t(n)));
        for (; i < n && order == 0; i++)
          if (x[i] != y[i]) order = u32(x[i]) < u32(y[i]) ? -1 : 1;
      });
    });
  }
  if (order) return order < 0 ? -1 : 1;
  return a->length < b->length ? -1 : a->length > b->length;
}

u32 maxChar(const Str* s) {
  if (s->isAscii()) return 0x7F;
  return s->kind() == 1 ? 0xFF : s->kind() == 2 ? 0xFFFF : 0x10FFFF;
}

std::string toUtf8(const Str* s) {
  if (s->isAscii()) return std::string(s->ascii());
  std::string out;
  withUnits(s, [&](auto u) {
    out.resize(simd::utf8Size(u.p, size_t(u.n)));
    simd::utf8Encode(u.p, size_t(u.n), reinterpret_cast<u8*>(out.data()));
  });
  return out;
}

Result<std::string_view> utf8(Thread& t, Str* s) {
  if (s->isAscii()) return s->ascii();
  auto* c = static_cast<CompactStr*>(s);
  if (!c->utf8) {
    i64 bad = -1, badEnd = 0;
    withUnits(s, [&](auto u) {
      i64 first = i64(simd::findSurrogate(u.p, size_t(u.n)));
      if (first == u.n) return;
      bad = badEnd = first;
      while (badEnd < u.n && (u32(u[badEnd]) & 0xFFFFF800) == 0xD800) badEnd++;
    });
    if (bad >= 0) return raiseUnicodeEncode(t, "utf-8", s, bad, badEnd, "surrogates not allowed");
    std::string text = toUtf8(s);
    c->utf8 = static_cast<char*>(allocate(text.size() + 1));
    memcpy(c->utf8, text.c_str(), text.size() + 1);
    c->utf8Length = i64(text.size());
  }
  return std::string_view(c->utf8, size_t(c->utf8Length));
}

}  // namespace dx
