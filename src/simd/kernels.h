// Kernels on bytes and code units, chosen once for the processor the program runs on.
//
// Texts are a pointer and a number of units of 1, 2 or 4 bytes, at any alignment. A kernel reads
// and writes nothing outside of what it is given. Nothing allocates, nothing fails. A position that
// does not exist is `n`, the number of units. Calls go through a table of functions, which costs
// about a nanosecond: where texts are mostly a few units long, look at those before calling.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace dx::simd {

using std::uint16_t;
using std::uint32_t;
using std::uint64_t;
using std::uint8_t;

// A set of the 256 byte values, as two lookups by low nibble want it: bit h of low[l] is the byte
// h * 16 + l, and of high[l] the byte (h + 8) * 16 + l. What units above 255 are is said beside it.
enum class Above : uint8_t {
  kOut,
  kIn,
  kSpaces,  // in: U+1680, U+2000..207F, U+3000, which hold all white space and line breaks there
};
struct ByteSet {
  alignas(16) uint8_t low[16] = {};
  alignas(16) uint8_t high[16] = {};
  Above above = Above::kOut;

  constexpr ByteSet() = default;
  constexpr explicit ByteSet(const char* bytes) {
    for (; *bytes; bytes++) add(uint8_t(*bytes));
  }
  constexpr ByteSet& add(uint8_t c) {
    uint8_t& row = c < 128 ? low[c & 15] : high[c & 15];
    row = uint8_t(row | 1 << (c >> 4 & 7));
    return *this;
  }
  constexpr ByteSet& addRange(int from, int to) {
    for (int c = from; c <= to; c++) add(uint8_t(c));
    return *this;
  }
  constexpr ByteSet& withAbove(Above a) {
    above = a;
    return *this;
  }
  constexpr bool has(uint32_t c) const {
    if (c > 255)
      return above == Above::kIn ||
             (above == Above::kSpaces && (c == 0x1680 || (c & ~0x7Fu) == 0x2000 || c == 0x3000));
    return (c < 128 ? low[c & 15] : high[c & 15]) >> (c >> 4 & 7) & 1;
  }
  constexpr ByteSet complement() const {
    ByteSet r;
    for (int i = 0; i < 16; i++) {
      r.low[i] = uint8_t(~low[i]);
      r.high[i] = uint8_t(~high[i]);
    }
    r.above = above == Above::kOut ? Above::kIn : Above::kOut;
    return r;
  }
};

// What decoding UTF-8 needs to know beforehand.
struct Utf8Facts {
  bool valid = false;  // by the Unicode Standard's table 3-7: no surrogates, nothing overlong
  size_t count = 0;    // code points
  uint32_t bound = 0;  // 0x7F, 0xFF, 0xFFFF or 0x10FFFF: the narrowest that holds them all
};

// Three entries: for units of 1, 2 and 4 bytes.
struct Kernels {
  size_t (*find[3])(const void* p, size_t n, uint32_t c);
  size_t (*rfind[3])(const void* p, size_t n, uint32_t c);
  size_t (*count[3])(const void* p, size_t n, uint32_t c);
  size_t (*search[3])(const void* hay, size_t n, const void* needle, size_t m);
  size_t (*rsearch[3])(const void* hay, size_t n, const void* needle, size_t m);
  size_t (*searchAll[3])(const void* hay, size_t n, const void* needle, size_t m, size_t* places,
                         size_t room);
  size_t (*mismatch[3])(const void* a, const void* b, size_t n);

  size_t (*findIn[3])(const void* p, size_t n, const ByteSet& set);
  size_t (*rfindIn[3])(const void* p, size_t n, const ByteSet& set);
  void (*masksIn[3])(const void* p, size_t n, const ByteSet& set, uint64_t* masks);
  void (*masksOf[3])(const void* p, size_t n, uint32_t c, uint64_t* masks);
  size_t (*findFrom[3])(const void* p, size_t n, uint32_t limit);
  uint32_t (*unionOf[3])(const void* p, size_t n);
  size_t (*findSurrogate[3])(const void* p, size_t n);

  void (*convert[3][3])(const void* from, size_t n, void* to);
  void (*replaceUnit[3])(const void* from, size_t n, uint32_t c, uint32_t by, void* to);
  void (*swapBytes[3])(const void* from, size_t n, void* to);
  void (*lower)(const uint8_t* from, size_t n, uint8_t* to);
  void (*upper)(const uint8_t* from, size_t n, uint8_t* to);
  void (*swapCase)(const uint8_t* from, size_t n, uint8_t* to);
  void (*title)(const uint8_t* from, size_t n, uint8_t* to);
  size_t (*changeCase16)(const uint16_t* from, size_t n, uint16_t* to, bool upper, bool* wide);
  void (*translate)(const uint8_t* from, size_t n, const uint8_t* table, uint8_t* to);

  void (*hexEncode)(const uint8_t* from, size_t n, uint8_t* to);
  size_t (*hexDecode)(const uint8_t* from, size_t pairs, uint8_t* to);
  size_t (*base64Encode)(const uint8_t* from, size_t n, uint8_t* to);
  size_t (*base64Decode)(const uint8_t* from, size_t n, uint8_t* to);

  void (*utf8Facts)(const uint8_t* p, size_t n, Utf8Facts* facts);
  void (*utf8Decode[3])(const uint8_t* p, size_t n, void* to, size_t count);
  size_t (*utf8Size[3])(const void* p, size_t n);
  size_t (*utf8Encode[3])(const void* p, size_t n, uint8_t* to);
};
// Filled before any other static object is made (targets.cpp).
extern Kernels gKernels;

template <class U>
inline constexpr int kIndex = sizeof(U) == 1   ? 0
                              : sizeof(U) == 2 ? 1
                                               : 2;

// ---- searching ----

// The first and the last unit that is c.
template <class U>
size_t findUnit(const U* p, size_t n, uint32_t c) {
  return gKernels.find[kIndex<U>](p, n, c);
}
template <class U>
size_t rfindUnit(const U* p, size_t n, uint32_t c) {
  return gKernels.rfind[kIndex<U>](p, n, c);
}
template <class U>
size_t countUnit(const U* p, size_t n, uint32_t c) {
  return gKernels.count[kIndex<U>](p, n, c);
}
// The first and the last place of needle, 2 <= m <= n. Linear also in the worst case.
template <class U>
size_t search(const U* hay, size_t n, const U* needle, size_t m) {
  return gKernels.search[kIndex<U>](hay, n, needle, m);
}
template <class U>
size_t rsearch(const U* hay, size_t n, const U* needle, size_t m) {
  return gKernels.rsearch[kIndex<U>](hay, n, needle, m);
}
// The places from the left, none within another, 1 <= m <= n: at most `room` of them, and how many
// they are. Null places: they are only counted. Linear also in the worst case.
template <class U>
size_t searchAll(const U* hay, size_t n, const U* needle, size_t m, size_t* places, size_t room) {
  return gKernels.searchAll[kIndex<U>](hay, n, needle, m, places, room);
}
// The first place where a and b differ.
template <class U>
size_t mismatch(const U* a, const U* b, size_t n) {
  return gKernels.mismatch[kIndex<U>](a, b, n);
}

// ---- classes of units ----

// The first and the last unit in the set.
template <class U>
size_t findIn(const U* p, size_t n, const ByteSet& set) {
  return gKernels.findIn[kIndex<U>](p, n, set);
}
template <class U>
size_t rfindIn(const U* p, size_t n, const ByteSet& set) {
  return gKernels.rfindIn[kIndex<U>](p, n, set);
}
// A bit for each unit: whether it is in the set, or is c. Bits behind the text are 0.
template <class U>
void masksIn(const U* p, size_t n, const ByteSet& set, uint64_t* masks) {
  gKernels.masksIn[kIndex<U>](p, n, set, masks);
}
template <class U>
void masksOf(const U* p, size_t n, uint32_t c, uint64_t* masks) {
  gKernels.masksOf[kIndex<U>](p, n, c, masks);
}
// The bits of a mask of p whose units are certainly in the set: see eachRun.
template <class U, class Certain>
uint64_t surely(const U* p, uint64_t in, Certain certain) {
  if constexpr (sizeof(U) > 1) {
    for (uint64_t left = in; left; left &= left - 1) {
      U c = p[size_t(__builtin_ctzll(left))];
      if (c > 255 && !certain(c)) in ^= left & (0 - left);
    }
  }
  return in;
}
// Calls word(at, in) for each 64 units from the left: bit k of `in` says that unit at + k is in the
// set; what lies behind the end is. Of the set's members above 255 certain(unit) says whether they
// really are.
template <int kBlockWords, class U, class Certain, class Word>
void eachWord(const U* p, size_t n, const ByteSet& set, Certain certain, Word word) {
  uint64_t masks[kBlockWords];
  for (size_t base = 0; base < n; base += 64 * kBlockWords) {
    size_t count = n - base < 64 * kBlockWords ? n - base : 64 * kBlockWords;
    masksIn(p + base, count, set, masks);
    for (size_t at = base; at < base + count; at += 64) {
      uint64_t in = surely(p + at, masks[(at - base) / 64], certain);
      if (n - at < 64) in |= ~uint64_t(0) << (n - at);
      word(at, in);
    }
  }
}
// Calls run(from, to) for each longest run of units that are not in the set, from the left.
template <int kBlockWords, class U, class Certain, class Run>
void eachRun(const U* p, size_t n, const ByteSet& set, Certain certain, Run run) {
  size_t from = 0;
  bool before = true;  // in the set, as if something in it stood in front
  eachWord<kBlockWords>(p, n, set, certain, [&](size_t at, uint64_t in) {
    for (uint64_t turns = in ^ (in << 1 | uint64_t(before)); turns; turns &= turns - 1) {
      size_t bit = size_t(__builtin_ctzll(turns));
      if (in >> bit & 1)
        run(from, at + bit);
      else
        from = at + bit;
    }
    before = in >> 63;
  });
  if (!before) run(from, n);
}
// How many times eachRun will call run.
template <int kBlockWords, class U, class Certain>
size_t countRuns(const U* p, size_t n, const ByteSet& set, Certain certain) {
  size_t runs = 0;
  bool before = true;
  eachWord<kBlockWords>(p, n, set, certain, [&](size_t, uint64_t in) {
    runs += size_t(__builtin_popcountll(~in & (in << 1 | uint64_t(before))));
    before = in >> 63;
  });
  return runs;
}
// The first unit that is limit or more, 0 < limit.
template <class U>
size_t findFrom(const U* p, size_t n, uint32_t limit) {
  return gKernels.findFrom[kIndex<U>](p, n, limit);
}
// As wide as the widest unit, by the limits 0x80, 0x100 and 0x10000; nothing else is said by the
// number. The ends are looked at first.
template <class U>
uint32_t unionOf(const U* p, size_t n) {
  return gKernels.unionOf[kIndex<U>](p, n);
}
// The first of U+D800..DFFF.
template <class U>
size_t findSurrogate(const U* p, size_t n) {
  return gKernels.findSurrogate[kIndex<U>](p, n);
}

// ---- changing units: `to` is as long as `from` and does not overlap it ----

// The same units in another size; those that do not fit are undefined.
template <class U, class V>
void convert(const U* from, size_t n, V* to) {
  if constexpr (sizeof(U) == sizeof(V))
    memcpy(to, from, n * sizeof(U));
  else
    gKernels.convert[kIndex<U>][kIndex<V>](from, n, to);
}
template <class U>
void replaceUnit(const U* from, size_t n, uint32_t c, uint32_t by, U* to) {
  gKernels.replaceUnit[kIndex<U>](from, n, c, by, to);
}
// The bytes of each unit the other way around; `to` may be `from`.
template <class U>
void swapBytes(const U* from, size_t n, U* to) {
  gKernels.swapBytes[kIndex<U>](from, n, to);
}
// ASCII letters change, other bytes stay.
inline void lower(const uint8_t* from, size_t n, uint8_t* to) { gKernels.lower(from, n, to); }
inline void upper(const uint8_t* from, size_t n, uint8_t* to) { gKernels.upper(from, n, to); }
inline void swapCase(const uint8_t* from, size_t n, uint8_t* to) { gKernels.swapCase(from, n, to); }
// A letter behind a letter is lower, another upper.
inline void title(const uint8_t* from, size_t n, uint8_t* to) { gKernels.title(from, n, to); }
// The simple upper or lower case of the units in front that need no table; how many were done, some
// behind them may have been written too. *wide becomes true when one of the results is above 255.
inline size_t changeCase16(const uint16_t* from, size_t n, uint16_t* to, bool upper, bool* wide) {
  return gKernels.changeCase16(from, n, to, upper, wide);
}
// to[i] = table[from[i]], 256 entries.
inline void translate(const uint8_t* from, size_t n, const uint8_t* table, uint8_t* to) {
  gKernels.translate(from, n, table, to);
}

// ---- bytes as text ----

// 2 * n lower-case digits.
inline void hexEncode(const uint8_t* from, size_t n, uint8_t* to) {
  gKernels.hexEncode(from, n, to);
}
// Pairs of digits in any case; how many were good before the first bad one.
inline size_t hexDecode(const uint8_t* from, size_t pairs, uint8_t* to) {
  return gKernels.hexDecode(from, pairs, to);
}
// Whole groups: 3 bytes to 4 characters and back. Returns how much of `from` was done: when
// encoding all of n (a multiple of 3), when decoding up to the group with the first character
// outside of the alphabet.
inline size_t base64Encode(const uint8_t* from, size_t n, uint8_t* to) {
  return gKernels.base64Encode(from, n, to);
}
inline size_t base64Decode(const uint8_t* from, size_t n, uint8_t* to) {
  return gKernels.base64Decode(from, n, to);
}

// ---- UTF-8 ----

inline Utf8Facts utf8Facts(const uint8_t* p, size_t n) {
  Utf8Facts facts;
  gKernels.utf8Facts(p, n, &facts);
  return facts;
}
// Of text with sound structure (valid, or with encoded surrogates) whose `count` code points fit
// the units.
template <class U>
void utf8Decode(const uint8_t* p, size_t n, U* to, size_t count) {
  gKernels.utf8Decode[kIndex<U>](p, n, to, count);
}
// Bytes of the text in UTF-8; surrogates count three each.
template <class U>
size_t utf8Size(const U* p, size_t n) {
  return gKernels.utf8Size[kIndex<U>](p, n);
}
// Writes utf8Size bytes, and says how many.
template <class U>
size_t utf8Encode(const U* p, size_t n, uint8_t* to) {
  return gKernels.utf8Encode[kIndex<U>](p, n, to);
}

}  // namespace dx::simd
