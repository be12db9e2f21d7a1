// Strings: making, interning, reading. PEP 393, always canonical.
#pragma once
#include "base/siphash.h"
#include "runtime/thread.h"

namespace dx {

// ---- making ----
Ref<Str> makeStr(std::string_view utf8);         // valid UTF-8 (WTF-8: surrogates allowed)
Ref<Str> makeStrIfUtf8(std::string_view bytes);  // empty if they are not valid (strict) UTF-8
Ref<Str> makeAscii(std::string_view ascii);
Ref<Str> makeLatin1(std::string_view latin1);
Ref<Str> makeStrFromUnits(const u16* units, i64 n);  // finds the smallest kind
Ref<Str> makeStrFromUnits(const u32* units, i64 n);
Ref<Str> makeSmallIntText(i64 v);  // decimal
Ref<Str> makeChar(u32 codePoint);  // Latin-1 characters are shared
Str* emptyStr();                   // immortal
// Uninitialized (for maxChar's kind); the caller fills data() completely with that maximum present
// or not exceeding it by kind. Null on absurd sizes.
Ref<Str> newStr(i64 length, u32 maxChar);
Ref<Str> substring(Str* s, i64 start, i64 end);  // bounds already clipped
Ref<Str> concat(Thread& t, Str* a, Str* b);      // empty with MemoryError when too long
// left + right; when the caller owns the only reference to an exact str on the left, it grows in
// place.
Result<Ref<>> strConcatInPlace(Thread& t, Ref<Str> left, Str* right);
Result<Ref<Str>> joinStrs(Thread& t, Str* separator, Values parts);  // all are str
Ref<Str> formatStrArgs(const char* fmt,
                       std::span<const FormatArg> args);  // runs str()/repr() of values
template <class... A>
Ref<Str> formatStr(const char* fmt, const A&... args) {
  FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg(0)};
  return formatStrArgs(fmt, {list, sizeof...(A)});
}

// ---- interning ----
Ref<Str> intern(Ref<Str> s);  // the one interned string equal to s
Ref<Str> internAscii(std::string_view ascii);
Str* internImmortal(std::string_view ascii);  // lives forever; for names used by C++
// A name used by C++ code, interned once: `names::__init__` style static access.
#define DX_NAME(text)                                 \
  ([]() -> ::dx::Str* {                               \
    static ::dx::Str* s = ::dx::internImmortal(text); \
    return s;                                         \
  }())

// ---- reading ----
i64 computeStrHash(Str* s);  // SipHash-1-3 over the buffer, kept
inline i64 hashStr(Str* s) { return s->hash != -1 ? s->hash : computeStrHash(s); }
const HashKey& hashKey();  // of str and bytes, from PYTHONHASHSEED or random
bool equalStr(const Str* a, const Str* b);
int compareStr(const Str* a, const Str* b);  // by code points
bool equalAscii(const Str* s, std::string_view ascii);
std::string toUtf8(const Str* s);  // lone surrogates as WTF-8
// UTF-8 owned by the string (cached); raises UnicodeEncodeError on lone surrogates.
Result<std::string_view> utf8(Thread& t, Str* s);
u32 maxChar(const Str* s);  // the kind's bound: 0x7F, 0xFF, 0xFFFF, 0x10FFFF
bool isIdentifier(const Str* s);
i64 findChar(const Str* s, u32 ch, i64 start, i64 end);            // -1: absent
i64 findStr(const Str* s, const Str* needle, i64 start, i64 end);  // -1: absent
i64 rfindStr(const Str* s, const Str* needle, i64 start, i64 end);
i64 countStr(const Str* s, const Str* needle, i64 start, i64 end,
             i64 limit);  // not overlapping, at most limit

// Builds a string piece by piece, widening when needed.
class StrBuilder {
 public:
  StrBuilder() {}
  ~StrBuilder();
  StrBuilder(const StrBuilder&) = delete;
  void add(u32 codePoint) {
    if (codePoint > max_) widen(codePoint);
    if (length_ == capacity_) grow(1);
    if (kind_ == 1)
      static_cast<u8*>(data_)[length_++] = u8(codePoint);
    else if (kind_ == 2)
      static_cast<u16*>(data_)[length_++] = u16(codePoint);
    else
      static_cast<u32*>(data_)[length_++] = codePoint;
  }
  void add(std::string_view utf8OrAscii);
  void add(const char* utf8OrAscii) { add(std::string_view(utf8OrAscii)); }
  void add(const Str* s);
  void add(const Str* s, i64 start, i64 end);
  void addRepeated(u32 codePoint, i64 count);
  i64 length() const { return length_; }
  u32 at(i64 i) const {
    return kind_ == 1   ? static_cast<const u8*>(data_)[i]
           : kind_ == 2 ? static_cast<const u16*>(data_)[i]
                        : static_cast<const u32*>(data_)[i];
  }
  void truncate(i64 length) { length_ = length; }
  Ref<Str> finish();

 private:
  void widen(u32 codePoint);
  void grow(i64 extra);
  static constexpr i64 kInlineBytes = 120;
  void* data_ = inline_;
  i64 length_ = 0, capacity_ = kInlineBytes;  // in units
  u32 kind_ = 1, max_ = 0xFF;
  alignas(4) u8 inline_[kInlineBytes];
};

// ---- bytes ----
i64 hashBytes(std::string_view bytes);  // what hash(bytes) gives
Ref<Bytes> makeBytes(std::string_view bytes);
Ref<Bytes> newBytes(i64 size);  // uninitialized but NUL-terminated; null if absurd

// ---- file system names: surrogateescape UTF-8 ----
Ref<Str> decodeFs(std::string_view bytes);
Result<std::string> encodeFs(Thread& t, Value path);  // str, bytes or os.PathLike; no NULs

}  // namespace dx
