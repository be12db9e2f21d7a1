// Kernels that write: other sizes, other cases, other units, digits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/change.cpp"

#include "simd/copy.h"
#include "simd/dispatch.h"
// Highway's headers come last: they are included once a target.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "simd/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dx::simd::HWY_NAMESPACE {
namespace {

// ---- sizes ----

template <class From, class To>
void convertUnits(const void* source, size_t n, void* target) {
  auto* from = static_cast<const From*>(source);
  auto* to = static_cast<To*>(target);
  if constexpr (sizeof(From) == sizeof(To)) {
    memcpy(to, from, n * sizeof(To));
  } else {
    auto run = [&](auto d, auto half) HWY_ATTR {  // tags of the larger and the smaller units
      const size_t lanes = hn::Lanes(d);
      for (size_t i = 0; i < n; i += lanes) {
        if (i + lanes > n) i = n - lanes;
        if constexpr (sizeof(From) < sizeof(To)) {
          hn::StoreU(hn::PromoteTo(d, hn::LoadU(half, from + i)), d, to + i);
        } else {
          // The demotion is one of signed numbers, held within the target's range.
          using Signed = hn::RebindToSigned<decltype(d)>;
          const auto fits = hn::And(hn::LoadU(d, from + i), hn::Set(d, From(To(~To(0)))));
          hn::StoreU(hn::DemoteTo(half, hn::BitCast(Signed(), fits)), half, to + i);
        }
      }
    };
    using Large = std::conditional_t<(sizeof(From) > sizeof(To)), From, To>;
    using Small = std::conditional_t<(sizeof(From) > sizeof(To)), To, From>;
    const Wide<Large> d;
    const Short<Large> s;
    if (n >= hn::Lanes(d)) return run(d, hn::Rebind<Small, Wide<Large>>());
    if (n >= hn::Lanes(s)) return run(s, hn::Rebind<Small, Short<Large>>());
    for (size_t i = 0; i < n; i++) to[i] = To(from[i]);
  }
}

template <class U>
void replaceUnit(const void* from, size_t n, uint32_t c, uint32_t by, void* to) {
  mapUnits(
      static_cast<const U*>(from), n, static_cast<U*>(to),
      [c, by](auto d, auto v)
          HWY_ATTR { return hn::IfThenElse(hn::Eq(v, hn::Set(d, U(c))), hn::Set(d, U(by)), v); },
      [c, by](U u) { return u == U(c) ? U(by) : u; });
}

template <class U>
void swapBytes(const void* source, size_t n, void* target) {
  auto* from = static_cast<const U*>(source);
  auto* to = static_cast<U*>(target);
  auto one = [](U u) {
    return sizeof(U) == 2   ? U(__builtin_bswap16(uint16_t(u)))
           : sizeof(U) == 4 ? U(__builtin_bswap32(uint32_t(u)))
                            : u;
  };
  // In place too, so nothing is done twice.
  const Wide<U> d;
  size_t i = 0;
  if constexpr (sizeof(U) > 1) {
    for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
      auto v = hn::LoadU(d, from + i);
      if constexpr (sizeof(U) == 4) {
        v = hn::Or(hn::ShiftLeft<16>(v), hn::ShiftRight<16>(v));
        const auto mask = hn::Set(d, U(0x00FF00FFu));
        v = hn::Or(hn::ShiftLeft<8>(hn::And(v, mask)), hn::And(hn::ShiftRight<8>(v), mask));
      } else {
        v = hn::Or(hn::ShiftLeft<8>(v), hn::ShiftRight<8>(v));
      }
      hn::StoreU(v, d, to + i);
    }
  }
  for (; i < n; i++) to[i] = one(from[i]);
}

// ---- case ----

// 0x20 where a letter between first and first + 25 stands.
template <class D, class V>
HWY_INLINE auto caseBit(D d, V v, uint8_t first) {
  const auto offset = hn::Sub(v, hn::Set(d, first));
  const auto letter = hn::Eq(hn::Min(offset, hn::Set(d, uint8_t(25))), offset);
  return hn::IfThenElseZero(letter, hn::Set(d, uint8_t(0x20)));
}
HWY_INLINE uint8_t caseBitOf(uint8_t c, uint8_t first) {
  return uint8_t(c - first) < 26 ? 0x20 : 0;
}

void lower(const uint8_t* from, size_t n, uint8_t* to) {
  mapUnits(
      from, n, to, [](auto d, auto v) HWY_ATTR { return hn::Xor(v, caseBit(d, v, 'A')); },
      [](uint8_t c) { return uint8_t(c ^ caseBitOf(c, 'A')); });
}
void upper(const uint8_t* from, size_t n, uint8_t* to) {
  mapUnits(
      from, n, to, [](auto d, auto v) HWY_ATTR { return hn::Xor(v, caseBit(d, v, 'a')); },
      [](uint8_t c) { return uint8_t(c ^ caseBitOf(c, 'a')); });
}
void swapCase(const uint8_t* from, size_t n, uint8_t* to) {
  mapUnits(
      from, n, to,
      [](auto d, auto v)
          HWY_ATTR { return hn::Xor(v, caseBit(d, hn::Or(v, hn::Set(d, uint8_t(0x20))), 'a')); },
      [](uint8_t c) { return uint8_t(c ^ caseBitOf(c | 0x20, 'a')); });
}
void title(const uint8_t* from, size_t n, uint8_t* to) {
  const Wide<uint8_t> d;
  const size_t lanes = hn::Lanes(d);
  const auto bit = hn::Set(d, uint8_t(0x20));
  auto letterBit = [](uint8_t c) { return caseBitOf(c | 0x20, 'a'); };
  auto one = [&](size_t i) {
    uint8_t c = from[i], wanted = i ? letterBit(from[i - 1]) : 0;
    to[i] = letterBit(c) ? uint8_t((c & ~0x20) | wanted) : c;
  };
  if (n) one(0);
  size_t i = 1;
  for (; i + lanes <= n; i += lanes) {
    auto v = hn::LoadU(d, from + i), before = hn::LoadU(d, from + i - 1);
    auto letter = caseBit(d, hn::Or(v, bit), 'a'), wanted = caseBit(d, hn::Or(before, bit), 'a');
    hn::StoreU(hn::Or(hn::AndNot(letter, v), hn::And(letter, wanted)), d, to + i);
  }
  for (; i < n; i++) one(i);
}

// ---- case of 16-bit units ----

// Where one rule does for all: Latin-1, Cyrillic's first rows, and what has no case (punctuation,
// scripts of Asia). In the rest of Unicode case is a matter of tables.
template <class D>
struct CaseRule {
  using V = hn::Vec<D>;
  D d;
  bool upper;

  HWY_INLINE auto within(V v, uint16_t from, uint16_t count) const {
    const auto offset = hn::Sub(v, hn::Set(d, from));
    return hn::Eq(hn::Min(offset, hn::Set(d, uint16_t(count - 1))), offset);
  }
  HWY_INLINE bool holds(V v) const {
    auto known = hn::Or(hn::Or(within(v, 0, 0x100), within(v, 0x400, 0x60)),
                        hn::Or(hn::Or(within(v, 0x2000, 0x60), within(v, 0x2E80, 0x77C0)),
                               within(v, 0xAC00, 0x2BA4)));
    if (upper) {  // these leave Latin-1 or become two
      auto leaves = [&](uint16_t c) HWY_ATTR { return hn::Eq(v, hn::Set(d, c)); };
      known = hn::AndNot(hn::Or(leaves(0xB5), hn::Or(leaves(0xDF), leaves(0xFF))), known);
    }
    return hn::AllTrue(d, known);
  }
  HWY_INLINE V operator()(V v) const {
    const uint16_t low = upper ? 0x20 : 0;  // from the capitals' row to the one that changes
    auto near =
        hn::Or(hn::Or(within(v, 'A' + low, 26), within(v, 0x410 + low, 32)),
               hn::AndNot(hn::Eq(v, hn::Set(d, uint16_t(0xD7 + low))), within(v, 0xC0 + low, 31)));
    auto far = within(v, upper ? 0x450 : 0x400, 16);
    auto by = hn::Or(hn::IfThenElseZero(near, hn::Set(d, uint16_t(0x20))),
                     hn::IfThenElseZero(far, hn::Set(d, uint16_t(0x50))));
    return upper ? hn::Sub(v, by) : hn::Add(v, by);
  }
};
size_t changeCase16(const uint16_t* from, size_t n, uint16_t* to, bool upper, bool* wide) {
  auto run = [&](auto d) HWY_ATTR {
    const size_t lanes = hn::Lanes(d);
    const CaseRule<decltype(d)> rule{d, upper};
    auto seen = hn::Zero(d);
    size_t i = 0;
    while (i < n) {
      const size_t at = i + lanes > n ? n - lanes : i;
      const auto v = hn::LoadU(d, from + at);
      if (!rule.holds(v)) break;
      const auto changed = rule(v);
      seen = hn::Or(seen, changed);
      hn::StoreU(changed, d, to + at);
      i = at + lanes;
    }
    if (!hn::AllTrue(d, hn::Eq(hn::And(seen, hn::Set(d, uint16_t(0xFF00))), hn::Zero(d))))
      *wide = true;
    return i;
  };
  if (n >= hn::Lanes(Wide<uint16_t>())) return run(Wide<uint16_t>());
  if (n >= hn::Lanes(Short<uint16_t>())) return run(Short<uint16_t>());
  if (n >= hn::Lanes(Half<uint16_t>())) return run(Half<uint16_t>());
  return 0;
}

// ---- tables ----

void translate(const uint8_t* from, size_t n, const uint8_t* table, uint8_t* to) {
  size_t i = 0;
#if HWY_TARGET == HWY_AVX3_DL
  const __m512i a = _mm512_loadu_si512(table), b = _mm512_loadu_si512(table + 64),
                c = _mm512_loadu_si512(table + 128), e = _mm512_loadu_si512(table + 192);
  for (; i + 64 <= n; i += 64) {
    const __m512i v = _mm512_loadu_si512(from + i);
    const __m512i low = _mm512_permutex2var_epi8(a, v, b), high = _mm512_permutex2var_epi8(c, v, e);
    _mm512_storeu_si512(to + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high));
  }
  if (i < n) {
    const __mmask64 there = ~(~uint64_t(0) << (n - i));
    const __m512i v = _mm512_maskz_loadu_epi8(there, from + i);
    const __m512i low = _mm512_permutex2var_epi8(a, v, b), high = _mm512_permutex2var_epi8(c, v, e);
    _mm512_mask_storeu_epi8(to + i, there,
                            _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high));
    return;
  }
#endif
  for (; i + 8 <= n; i += 8) {
    uint64_t in, out = 0;
    memcpy(&in, from + i, 8);
    for (int k = 0; k < 64; k += 8) out |= uint64_t(table[in >> k & 0xFF]) << k;
    memcpy(to + i, &out, 8);
  }
  for (; i < n; i++) to[i] = table[from[i]];
}

// ---- hexadecimal ----

constexpr char kHexDigits[] = "0123456789abcdef";

void hexEncode(const uint8_t* from, size_t n, uint8_t* to) {
  auto one = [&](size_t i) {
    to[2 * i] = uint8_t(kHexDigits[from[i] >> 4]);
    to[2 * i + 1] = uint8_t(kHexDigits[from[i] & 15]);
  };
  auto run = [&](auto d) HWY_ATTR {
    const size_t lanes = hn::Lanes(d);
    const auto digits = hn::LoadDup128(d, reinterpret_cast<const uint8_t*>(kHexDigits));
    const auto nibble = hn::Set(d, uint8_t(15));
    for (size_t i = 0; i < n; i += lanes) {
      if (i + lanes > n) i = n - lanes;
      auto v = hn::LoadU(d, from + i);
      auto high = hn::TableLookupBytes(digits, hn::And(hn::ShiftRight<4>(v), nibble));
      auto low = hn::TableLookupBytes(digits, hn::And(v, nibble));
      hn::StoreInterleaved2(high, low, d, to + 2 * i);
    }
  };
  if (n >= hn::Lanes(Wide<uint8_t>())) return run(Wide<uint8_t>());
  if (n >= hn::Lanes(Short<uint8_t>())) return run(Short<uint8_t>());
  for (size_t i = 0; i < n; i++) one(i);
}

HWY_INLINE int digitValue(uint8_t c) {
  if (uint8_t(c - '0') < 10) return c - '0';
  c |= 0x20;
  return uint8_t(c - 'a') < 6 ? c - 'a' + 10 : -1;
}
// Values of digits; *bad collects what is not one.
template <class D, class V, class M>
HWY_INLINE V digitValues(D d, V v, M* bad) {
  const auto decimal = hn::Sub(v, hn::Set(d, uint8_t('0')));
  const auto letter = hn::Sub(hn::Or(v, hn::Set(d, uint8_t(0x20))), hn::Set(d, uint8_t('a')));
  const auto isDecimal = hn::Eq(hn::Min(decimal, hn::Set(d, uint8_t(9))), decimal);
  const auto isLetter = hn::Eq(hn::Min(letter, hn::Set(d, uint8_t(5))), letter);
  *bad = hn::Or(*bad, hn::Not(hn::Or(isDecimal, isLetter)));
  return hn::IfThenElse(isDecimal, decimal, hn::Add(letter, hn::Set(d, uint8_t(10))));
}
size_t hexDecode(const uint8_t* from, size_t pairs, uint8_t* to) {
  size_t i = 0;
  auto run = [&](auto d) HWY_ATTR {
    const size_t lanes = hn::Lanes(d);
    for (; i + lanes <= pairs; i += lanes) {
      hn::Vec<decltype(d)> high, low;
      hn::LoadInterleaved2(d, from + 2 * i, high, low);
      auto bad = hn::Ne(hn::Zero(d), hn::Zero(d));
      high = digitValues(d, high, &bad);
      low = digitValues(d, low, &bad);
      if (!hn::AllFalse(d, bad)) return;
      hn::StoreU(hn::Or(hn::ShiftLeft<4>(high), low), d, to + i);
    }
  };
  run(Wide<uint8_t>());
  run(Short<uint8_t>());
  for (; i < pairs; i++) {
    int high = digitValue(from[2 * i]), low = digitValue(from[2 * i + 1]);
    if ((high | low) < 0) break;
    to[i] = uint8_t(high << 4 | low);
  }
  return i;
}

// ---- base64 ----

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// What is added to a value of 0..63 for its character, by the range it is in: the last 12 ranges of
// one are the digits', + and /, then the letters.
template <class D, class V>
HWY_INLINE V base64Characters(D d, V v) {
  alignas(16) static constexpr uint8_t kOffset[16] = {uint8_t('a' - 26),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('0' - 52),
                                                      uint8_t('+' - 62),
                                                      uint8_t('/' - 63),
                                                      uint8_t('A'),
                                                      0,
                                                      0};
  // 0 for 26..51, 1..12 for 52..63; 13 for 0..25.
  auto range = hn::SaturatedSub(v, hn::Set(d, uint8_t(51)));
  range = hn::IfThenElse(hn::Eq(hn::Min(v, hn::Set(d, uint8_t(25))), v), hn::Set(d, uint8_t(13)),
                         range);
  return hn::Add(v, hn::TableLookupBytes(hn::LoadDup128(d, kOffset), range));
}

size_t base64Encode(const uint8_t* from, size_t n, uint8_t* to) {
  size_t i = 0;
  auto run = [&](auto d) HWY_ATTR {
    const size_t lanes = hn::Lanes(d);
    for (; i + 3 * lanes <= n; i += 3 * lanes, to += 4 * lanes) {
      hn::Vec<decltype(d)> a, b, c;
      hn::LoadInterleaved3(d, from + i, a, b, c);
      const auto six = hn::Set(d, uint8_t(63));
      auto first = hn::ShiftRight<2>(a);
      auto second = hn::And(hn::Or(hn::ShiftLeft<4>(a), hn::ShiftRight<4>(b)), six);
      auto third = hn::And(hn::Or(hn::ShiftLeft<2>(b), hn::ShiftRight<6>(c)), six);
      auto fourth = hn::And(c, six);
      hn::StoreInterleaved4(base64Characters(d, first), base64Characters(d, second),
                            base64Characters(d, third), base64Characters(d, fourth), d, to);
    }
  };
  run(Wide<uint8_t>());
  run(Short<uint8_t>());
  for (; i + 3 <= n; i += 3, to += 4) {
    uint32_t bits = uint32_t(from[i]) << 16 | uint32_t(from[i + 1]) << 8 | from[i + 2];
    for (int k = 0; k < 4; k++) to[k] = uint8_t(kBase64[bits >> (18 - 6 * k) & 63]);
  }
  return i;
}

HWY_INLINE int base64Value(uint8_t c) {
  if (uint8_t(c - 'A') < 26) return c - 'A';
  if (uint8_t(c - 'a') < 26) return c - 'a' + 26;
  if (uint8_t(c - '0') < 10) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}
template <class D, class V, class M>
HWY_INLINE V base64Values(D d, V v, M* bad) {
  auto within = [&](uint8_t from, uint8_t count, V* offset) HWY_ATTR {
    *offset = hn::Sub(v, hn::Set(d, from));
    return hn::Eq(hn::Min(*offset, hn::Set(d, uint8_t(count - 1))), *offset);
  };
  V upper, lower, digit;
  const auto isUpper = within('A', 26, &upper), isLower = within('a', 26, &lower),
             isDigit = within('0', 10, &digit), isPlus = hn::Eq(v, hn::Set(d, uint8_t('+'))),
             isSlash = hn::Eq(v, hn::Set(d, uint8_t('/')));
  *bad = hn::Or(
      *bad, hn::Not(hn::Or(hn::Or(isUpper, isLower), hn::Or(isDigit, hn::Or(isPlus, isSlash)))));
  V r = hn::IfThenElse(isLower, hn::Add(lower, hn::Set(d, uint8_t(26))), upper);
  r = hn::IfThenElse(isDigit, hn::Add(digit, hn::Set(d, uint8_t(52))), r);
  r = hn::IfThenElse(isPlus, hn::Set(d, uint8_t(62)), r);
  return hn::IfThenElse(isSlash, hn::Set(d, uint8_t(63)), r);
}
size_t base64Decode(const uint8_t* from, size_t n, uint8_t* to) {
  size_t i = 0;
  auto run = [&](auto tag) HWY_ATTR {
    const size_t lanes = hn::Lanes(tag);
    for (; i + 4 * lanes <= n; i += 4 * lanes, to += 3 * lanes) {
      hn::Vec<decltype(tag)> a, b, c, d;
      hn::LoadInterleaved4(tag, from + i, a, b, c, d);
      auto bad = hn::Ne(hn::Zero(tag), hn::Zero(tag));
      a = base64Values(tag, a, &bad);
      b = base64Values(tag, b, &bad);
      c = base64Values(tag, c, &bad);
      d = base64Values(tag, d, &bad);
      if (!hn::AllFalse(tag, bad)) return;
      hn::StoreInterleaved3(hn::Or(hn::ShiftLeft<2>(a), hn::ShiftRight<4>(b)),
                            hn::Or(hn::ShiftLeft<4>(b), hn::ShiftRight<2>(c)),
                            hn::Or(hn::ShiftLeft<6>(c), d), tag, to);
    }
  };
  run(Wide<uint8_t>());
  run(Short<uint8_t>());
  for (; i + 4 <= n; i += 4, to += 3) {
    int a = base64Value(from[i]), b = base64Value(from[i + 1]), c = base64Value(from[i + 2]),
        d = base64Value(from[i + 3]);
    if ((a | b | c | d) < 0) break;
    to[0] = uint8_t(a << 2 | b >> 4);
    to[1] = uint8_t(b << 4 | c >> 2);
    to[2] = uint8_t(c << 6 | d);
  }
  return i;
}

// Reads four vectors before it writes any: where addresses are alike in their last twelve bits a
// read behind a write waits for it.
void copyBytes(void* target, const void* source, size_t n) {
  auto* to = static_cast<uint8_t*>(target);
  auto* from = static_cast<const uint8_t*>(source);
  const Wide<uint8_t> d;
  const size_t lanes = hn::Lanes(d), step = 4 * lanes;
  // The first vector as it comes, then whole lines are written.
  hn::StoreU(hn::LoadU(d, from), d, to);
  for (size_t i = lanes - reinterpret_cast<uintptr_t>(to) % lanes; i < n; i += step) {
    if (i + step > n) i = n - step;
    const auto a = hn::LoadU(d, from + i), b = hn::LoadU(d, from + i + lanes),
               c = hn::LoadU(d, from + i + 2 * lanes), e = hn::LoadU(d, from + i + 3 * lanes);
    hn::StoreU(a, d, to + i);
    hn::StoreU(b, d, to + i + lanes);
    hn::StoreU(c, d, to + i + 2 * lanes);
    hn::StoreU(e, d, to + i + 3 * lanes);
  }
}

template <class From>
void fillConvert(Kernels& k, int from) {
  k.convert[from][0] = convertUnits<From, uint8_t>;
  k.convert[from][1] = convertUnits<From, uint16_t>;
  k.convert[from][2] = convertUnits<From, uint32_t>;
  k.replaceUnit[from] = replaceUnit<From>;
  k.swapBytes[from] = swapBytes<From>;
}
void fill(Kernels& k) {
  fillConvert<uint8_t>(k, 0);
  fillConvert<uint16_t>(k, 1);
  fillConvert<uint32_t>(k, 2);
  k.lower = lower;
  k.upper = upper;
  k.swapCase = swapCase;
  k.title = title;
  k.changeCase16 = changeCase16;
  k.translate = translate;
  k.hexEncode = hexEncode;
  k.hexDecode = hexDecode;
  k.base64Encode = base64Encode;
  k.base64Decode = base64Decode;
  gCopy = copyBytes;
}

}  // namespace
}  // namespace dx::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dx::simd {
DX_SIMD_FILL(fillChange)
}  // namespace dx::simd
#endif
