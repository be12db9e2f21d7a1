// UTF-8: checking, decoding, encoding.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/utf8.cpp"
#include "simd/copy.h"
#include "simd/dispatch.h"
// Highway's headers come last: they are included once a target.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "simd/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dx::simd::HWY_NAMESPACE {
namespace {

// ---- checking ----

// John Keiser and Daniel Lemire, "Validating UTF-8 in less than one instruction per byte" (2021):
// three lookups by nibble of a byte and the one before it give the ways in which the two cannot
// follow each other; and'ed, what remains is an error. Whether the third and fourth byte of a
// sequence are continuations is asked of the bytes two and three places back.
enum : uint8_t {
  kTooShort = 1,       // a lead or ASCII where a continuation must be
  kTooLong = 2,        // a continuation behind ASCII
  kOverlong3 = 4,      // E0 80..9F
  kTooLarge = 8,       // F4 90.., F5..
  kSurrogate = 16,     // ED A0..
  kOverlong2 = 32,     // C0, C1
  kTooLarge1000 = 64,  // F5.. 80..8F
  kOverlong4 = 64,     // F0 80..8F
  kTwoConts = 128,     // two continuations: right only within three or four bytes
};
constexpr uint8_t kCarry = kTooShort | kTooLong | kTwoConts;
alignas(16) constexpr uint8_t kFirstHigh[16] = {kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTooLong,
                                                kTwoConts,
                                                kTwoConts,
                                                kTwoConts,
                                                kTwoConts,
                                                kTooShort | kOverlong2,
                                                kTooShort,
                                                kTooShort | kOverlong3 | kSurrogate,
                                                kTooShort | kTooLarge | kTooLarge1000 | kOverlong4};
alignas(16) constexpr uint8_t kFirstLow[16] = {kCarry | kOverlong3 | kOverlong2 | kOverlong4,
                                               kCarry | kOverlong2,
                                               kCarry,
                                               kCarry,
                                               kCarry | kTooLarge,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000 | kSurrogate,
                                               kCarry | kTooLarge | kTooLarge1000,
                                               kCarry | kTooLarge | kTooLarge1000};
alignas(16) constexpr uint8_t kSecondHigh[16] = {
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooLong | kOverlong2 | kTwoConts | kOverlong3 | kTooLarge1000 | kOverlong4,
    kTooLong | kOverlong2 | kTwoConts | kOverlong3 | kTooLarge,
    kTooLong | kOverlong2 | kTwoConts | kSurrogate | kTooLarge,
    kTooLong | kOverlong2 | kTwoConts | kSurrogate | kTooLarge,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort};

// The checks of one vector of bytes at p, of which three more stand in front.
template <class D>
HWY_INLINE hn::Vec<D> errorsAt(D d, const uint8_t* p, hn::Vec<D> v) {
  const auto nibble = hn::Set(d, uint8_t(15));
  const auto back1 = hn::LoadU(d, p - 1), back2 = hn::LoadU(d, p - 2), back3 = hn::LoadU(d, p - 3);
  const auto first = hn::TableLookupBytes(hn::LoadDup128(d, kFirstHigh),
                                          hn::And(hn::ShiftRight<4>(back1), nibble));
  const auto middle = hn::TableLookupBytes(hn::LoadDup128(d, kFirstLow), hn::And(back1, nibble));
  const auto second =
      hn::TableLookupBytes(hn::LoadDup128(d, kSecondHigh), hn::And(hn::ShiftRight<4>(v), nibble));
  const auto special = hn::And(first, hn::And(middle, second));
  // The top bit where this is a third or a fourth byte.
  const auto third = hn::SaturatedSub(back2, hn::Set(d, uint8_t(0xE0 - 0x80)));
  const auto fourth = hn::SaturatedSub(back3, hn::Set(d, uint8_t(0xF0 - 0x80)));
  const auto must = hn::And(hn::Or(third, fourth), hn::Set(d, uint8_t(0x80)));
  return hn::Xor(must, special);
}

// One code point from p on, checked; 0: not valid.
HWY_INLINE size_t sequenceAt(const uint8_t* p, size_t left) {
  uint8_t lead = p[0];
  if (lead < 0x80) return 1;
  size_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || left < need) return 0;
  uint8_t low = lead == 0xE0   ? 0xA0
                : lead == 0xF0 ? 0x90
                               : 0x80,
          high = lead == 0xED   ? 0x9F
                 : lead == 0xF4 ? 0x8F
                                : 0xBF;
  if (p[1] < low || p[1] > high) return 0;
  for (size_t k = 2; k < need; k++)
    if ((p[k] & 0xC0) != 0x80) return 0;
  return need;
}
HWY_INLINE uint32_t boundOfLead(uint8_t lead) {
  return lead < 0x80 ? 0x7F : lead < 0xC4 ? 0xFF : lead < 0xF0 ? 0xFFFF : 0x10FFFF;
}

#if HWY_TARGET == HWY_AVX3_DL
// A text of up to 64 bytes. With masks what must hold is said in arithmetic: a lead asks for
// continuations one, two or three places on, and these must be all that there are. Longer texts do
// without: masks out of vectors are dear where there are many.
void factsOfBlock(const uint8_t* p, size_t n, Utf8Facts* facts) {
  auto set = [](int c) HWY_ATTR { return _mm512_set1_epi8(char(c)); };
  const uint64_t there = n < 64 ? ~(~uint64_t(0) << n) : ~uint64_t(0);
  // Behind the text are zeros, which no sequence goes on with.
  const __m512i v = _mm512_maskz_loadu_epi8(there, p);
  const uint64_t high = _mm512_movepi8_mask(v);
  const uint64_t next = _mm512_cmplt_epi8_mask(v, set(0xC0));
  const uint64_t lead2 = _mm512_cmpge_epu8_mask(v, set(0xC2));
  const uint64_t lead3 = _mm512_cmpge_epu8_mask(v, set(0xE0));
  uint64_t lead4 = 0, bad = lead2 ^ (high & ~next), open = lead2 >> 63 | lead3 >> 62;
  if (lead3) {
    // What may follow E0, ED, F0 and F4 is less (the Unicode Standard's table 3-7).
    lead4 = _mm512_cmpge_epu8_mask(v, set(0xF0));
    open |= lead4 >> 61;
    const uint64_t below90 = _mm512_cmplt_epu8_mask(v, set(0x90)),
                   belowA0 = _mm512_cmplt_epu8_mask(v, set(0xA0));
    bad |= _mm512_cmpeq_epi8_mask(v, set(0xE0)) << 1 & belowA0;
    bad |= _mm512_cmpeq_epi8_mask(v, set(0xED)) << 1 & ~belowA0;
    bad |= _mm512_cmpeq_epi8_mask(v, set(0xF0)) << 1 & below90;
    bad |= _mm512_cmpeq_epi8_mask(v, set(0xF4)) << 1 & ~below90;
    bad |= _mm512_cmpge_epu8_mask(v, set(0xF5));
  }
  bad |= (lead2 << 1 | lead3 << 2 | lead4 << 3) ^ next;
  const uint64_t wide = _mm512_cmpge_epu8_mask(v, set(0xC4));
  facts->valid = (bad | open) == 0;
  facts->count = n - size_t(__builtin_popcountll(next));
  facts->bound = lead4 ? 0x10FFFF : wide ? 0xFFFF : high ? 0xFF : 0x7F;
}
#endif

void utf8Facts(const uint8_t* p, size_t n, Utf8Facts* facts) {
#if HWY_TARGET == HWY_AVX3_DL
  if (n <= 64) return factsOfBlock(p, n, facts);
#endif
  size_t i = 0, count = 0;
  uint8_t greatest = 0;
  bool valid = true;
  auto scalar = [&](size_t stop) {
    while (i < stop && valid) {
      size_t need = sequenceAt(p + i, n - i);
      valid = need != 0;
      greatest = p[i] > greatest ? p[i] : greatest;
      count++;
      i += need;
    }
  };
  auto run = [&](auto d) HWY_ATTR {
    const hn::RebindToSigned<decltype(d)> s;
    const size_t lanes = hn::Lanes(d);
    scalar(3);  // vectors look three bytes back
    auto errors = hn::Zero(d), top = hn::Zero(d);
    for (; valid && i + lanes <= n; i += lanes) {
      const auto v = hn::LoadU(d, p + i);
      if (hn::AllFalse(s, hn::Lt(hn::BitCast(s, v), hn::Zero(s)))) {
        // ASCII. What came before must be complete.
        count += lanes;
        if (p[i - 1] >= 0xC0 || p[i - 2] >= 0xE0 || p[i - 3] >= 0xF0) {
          valid = false;
          break;
        }
        continue;
      }
      errors = hn::Or(errors, errorsAt(d, p + i, v));
      top = hn::Max(top, v);
      // Continuations are -128..-65.
      count += hn::CountTrue(s, hn::Gt(hn::BitCast(s, v), hn::Set(s, int8_t(-65))));
    }
    valid = valid && hn::AllTrue(d, hn::Eq(errors, hn::Zero(d)));
    uint8_t each[64];
    hn::StoreU(top, d, each);
    for (size_t k = 0; k < lanes; k++) greatest = each[k] > greatest ? each[k] : greatest;
    // The rest from where its last sequence begins, which is counted once.
    for (size_t back = 1; back <= 3 && valid; back++) {
      uint8_t c = p[i - back];
      if (c < 0x80) break;
      if (c >= 0xC0) {
        if (back < (c < 0xE0 ? 2u : c < 0xF0 ? 3u : 4u)) {
          i -= back;
          count--;
        }
        break;
      }
    }
  };
  if (n >= 4 * hn::Lanes(Wide<uint8_t>()))
    run(Wide<uint8_t>());
  else if (n >= 20)
    run(Short<uint8_t>());
  scalar(n);
  facts->valid = valid;
  facts->count = count;
  facts->bound = boundOfLead(greatest);
}

// ---- decoding ----

HWY_INLINE uint32_t next(const uint8_t*& p) {
  uint32_t c = *p++;
  if (c < 0x80) return c;
  if (c < 0xE0) return (c & 0x1F) << 6 | (*p++ & 0x3F);
  if (c < 0xF0) {
    c = (c & 0xF) << 12 | uint32_t(p[0] & 0x3F) << 6 | (p[1] & 0x3F);
    p += 2;
    return c;
  }
  c = (c & 7) << 18 | uint32_t(p[0] & 0x3F) << 12 | uint32_t(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
  p += 3;
  return c;
}

#if HWY_TARGET == HWY_AVX3_DL

// `count` units of up to 64, of a block whose units may be more than what is left to write.
template <class U>
HWY_INLINE void storeUnits(__m512i v, U* to, size_t at, size_t count, bool room) {
  constexpr size_t kLanes = 64 / sizeof(U);
  if (room) {
    _mm512_storeu_si512(to + at, v);
    return;
  }
  if (count <= at) return;
  const size_t n = count - at < kLanes ? count - at : kLanes;
  const uint64_t mask = n < 64 ? ~(~uint64_t(0) << n) : ~uint64_t(0);
  if constexpr (sizeof(U) == 1)
    _mm512_mask_storeu_epi8(to + at, mask, v);
  else if constexpr (sizeof(U) == 2)
    _mm512_mask_storeu_epi16(to + at, __mmask32(mask), v);
  else
    _mm512_mask_storeu_epi32(to + at, __mmask16(mask), v);
}

// The last byte of each code point, the one before it, and so on, are squeezed out of 64 bytes at a
// time; side by side they are the code points' values, but for the bits that say how long they are.
template <class U>
void utf8Decode(const uint8_t* p, size_t n, void* target, size_t count) {
  auto* to = static_cast<U*>(target);
  U* const end = to + count;
  auto set8 = [](int c) HWY_ATTR { return _mm512_set1_epi8(char(c)); };
  uint64_t longBefore = 0;  // places in the next block that a lead of three or four bytes reaches
  for (size_t i = 0; i < n; i += 64) {
    const size_t left = n - i;
    const uint64_t there = left < 64 ? ~(~uint64_t(0) << left) : ~uint64_t(0);
    const __m512i v = _mm512_maskz_loadu_epi8(there, p + i);
    const bool room = end - to >= 64;
    if (room && _mm512_movepi8_mask(v) == 0) {
      if constexpr (sizeof(U) == 1) {
        _mm512_storeu_si512(to, v);
      } else if constexpr (sizeof(U) == 2) {
        _mm512_storeu_si512(to, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(v)));
        _mm512_storeu_si512(to + 32, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(v, 1)));
      } else {
        _mm512_storeu_si512(to, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(v)));
        _mm512_storeu_si512(to + 16, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, 1)));
        _mm512_storeu_si512(to + 32, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, 2)));
        _mm512_storeu_si512(to + 48, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, 3)));
      }
      to += left < 64 ? left : 64;
      longBefore = 0;
      continue;
    }
    const uint64_t next = _mm512_cmplt_epi8_mask(v, set8(0xC0));
    const uint64_t peek = left > 64 && int8_t(p[i + 64]) < int8_t(0xC0);
    const uint64_t last = ~(next >> 1 | peek << 63) & there;
    const size_t units = size_t(__builtin_popcountll(last));
    // The bytes k places back; in front of the text there are none.
    auto before = [&](int k) HWY_ATTR {
      if (i && left >= 64) return _mm512_loadu_si512(p + i - k);
      return _mm512_maskz_loadu_epi8(i ? there : there & ~uint64_t(0) << k, p + i - k);
    };
    const __m512i c0 = _mm512_maskz_compress_epi8(last, v),
                  c1 = _mm512_maskz_compress_epi8(last, before(1));
    if constexpr (sizeof(U) == 1) {  // C2 80..BF is 80..BF, C3 80..BF is C0..FF
      const __m512i r =
          _mm512_mask_add_epi8(c0, _mm512_cmpeq_epi8_mask(c1, set8(0xC3)), c0, set8(0x40));
      storeUnits(r, to, 0, units, room);
    } else {
      const uint64_t isNext0 = _mm512_cmplt_epi8_mask(c0, set8(0xC0));
      const uint64_t long3 = _mm512_cmpge_epu8_mask(v, set8(0xE0));
      __m512i c2 = _mm512_setzero_si512();
      uint64_t isNext1 = 0;
      if (long3 | longBefore) {
        c2 = _mm512_maskz_compress_epi8(last, before(2));
        isNext1 = isNext0 & _mm512_cmplt_epi8_mask(c1, set8(0xC0));
      }
      // The lowest 16 bits: c0 + (c1 << 6) + (c2 << 12) without the marks of lead and continuation.
      auto low = [&](__m256i b0, __m256i b1, __m256i b2, __mmask32 m0, __mmask32 m1) HWY_ATTR {
        __m512i r = _mm512_cvtepu8_epi16(b0);
        const __m512i marks =
            _mm512_mask_blend_epi16(m1, _mm512_set1_epi16(0x3080), _mm512_set1_epi16(0x2080));
        const __m512i w1 = _mm512_sub_epi16(_mm512_slli_epi16(_mm512_cvtepu8_epi16(b1), 6), marks);
        r = _mm512_mask_add_epi16(r, m0, r, w1);
        if (m1)
          r = _mm512_mask_add_epi16(r, m1, r, _mm512_slli_epi16(_mm512_cvtepu8_epi16(b2), 12));
        return r;
      };
      const __m512i first = low(_mm512_castsi512_si256(c0), _mm512_castsi512_si256(c1),
                                _mm512_castsi512_si256(c2), __mmask32(isNext0), __mmask32(isNext1));
      const __m512i second =
          low(_mm512_extracti64x4_epi64(c0, 1), _mm512_extracti64x4_epi64(c1, 1),
              _mm512_extracti64x4_epi64(c2, 1), __mmask32(isNext0 >> 32), __mmask32(isNext1 >> 32));
      if constexpr (sizeof(U) == 2) {
        storeUnits(first, to, 0, units, room);
        storeUnits(second, to, 32, units, room);
      } else {
        __m512i each[4] = {_mm512_cvtepu16_epi32(_mm512_castsi512_si256(first)),
                           _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(first, 1)),
                           _mm512_cvtepu16_epi32(_mm512_castsi512_si256(second)),
                           _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(second, 1))};
        const uint64_t isNext2 =
            isNext1 ? isNext1 & _mm512_cmplt_epi8_mask(c2, set8(0xC0)) : uint64_t(0);
        if (isNext2) {
          // Of four bytes, three bits of the lead and two of the next are above.
          const __m512i c3 = _mm512_maskz_compress_epi8(last, before(3));
          const __m512i lead = _mm512_and_si512(_mm512_slli_epi16(c3, 2), set8(0x1C)),
                        two = _mm512_and_si512(_mm512_srli_epi16(c2, 4), set8(0x03));
          const __m512i plane = _mm512_maskz_mov_epi8(isNext2, _mm512_or_si512(lead, two));
          auto add = [&](__m512i r, __m128i b) HWY_ATTR {
            return _mm512_or_si512(r, _mm512_slli_epi32(_mm512_cvtepu8_epi32(b), 16));
          };
          each[0] = add(each[0], _mm512_castsi512_si128(plane));
          each[1] = add(each[1], _mm512_extracti32x4_epi32(plane, 1));
          each[2] = add(each[2], _mm512_extracti32x4_epi32(plane, 2));
          each[3] = add(each[3], _mm512_extracti32x4_epi32(plane, 3));
        }
        for (size_t k = 0; k < 4; k++) storeUnits(each[k], to, 16 * k, units, room);
      }
      longBefore = long3 >> 61;
    }
    to += units;
  }
}

#else

// Every byte is taken as the last of its code point, whose value is made of it and the ones before
// it; then those which are not the last are squeezed out. No branch depends on the text, except
// that whole vectors of ASCII are only widened. Lanes are as wide as the largest code point needs.
template <class U>
void utf8Decode(const uint8_t* p, size_t n, void* target, size_t count) {
  using Lane = std::conditional_t<sizeof(U) == 4, uint32_t, uint16_t>;
  auto* to = static_cast<U*>(target);
  U* const end = to + count;
  const uint8_t *at = p, *stop = p + n;
  while (at < stop && at - p < 3) *to++ = U(next(at));
  auto run = [&](auto whole, auto d, auto units) HWY_ATTR {
    const hn::Rebind<uint8_t, decltype(d)> bytes;
    const hn::RebindToSigned<decltype(whole)> wholeSigned;
    const size_t lanes = hn::Lanes(d), all = hn::Lanes(whole);
    auto widen = [&](const uint8_t* from)
                     HWY_ATTR { return hn::PromoteTo(d, hn::LoadU(bytes, from)); };
    // `at` may lie within a code point: it counts when its last byte is seen.
    while (stop - at > ptrdiff_t(all) && end - to >= ptrdiff_t(all)) {
      auto plain = hn::LoadU(whole, at);
      if (hn::AllFalse(wholeSigned,
                       hn::Lt(hn::BitCast(wholeSigned, plain), hn::Zero(wholeSigned)))) {
        if constexpr (sizeof(U) == 1) {
          hn::StoreU(plain, whole, to);
        } else {
          for (size_t k = 0; k < all; k += lanes)
            hn::StoreU(
                hn::PromoteTo(units, hn::LoadU(hn::Rebind<uint8_t, decltype(units)>(), at + k)),
                units, to + k);
        }
        at += all;
        to += all;
        continue;
      }
      for (size_t k = 0; k < all; k += lanes, at += lanes) {
        const auto c0 = widen(at), c1 = widen(at - 1);
        const auto kind = hn::Set(d, Lane(0xC0)), continuation = hn::Set(d, Lane(0x80)),
                   six = hn::Set(d, Lane(0x3F));
        const auto isNext0 = hn::Eq(hn::And(c0, kind), continuation);
        const auto isNext1 = hn::And(isNext0, hn::Eq(hn::And(c1, kind), continuation));
        auto value = hn::IfThenElse(isNext0, hn::And(c0, six), c0);
        if constexpr (sizeof(U) == 1) {
          value = hn::Or(value, hn::IfThenElseZero(
                                    isNext0, hn::ShiftLeft<6>(hn::And(c1, hn::Set(d, Lane(3))))));
        } else {
          const auto c2 = widen(at - 2);
          // Of two bytes the lead has five bits, of more the byte is a continuation with six.
          const auto bits1 = hn::IfThenElse(isNext1, six, hn::Set(d, Lane(0x1F)));
          value = hn::Or(value, hn::IfThenElseZero(isNext0, hn::ShiftLeft<6>(hn::And(c1, bits1))));
          if constexpr (sizeof(U) == 2) {
            value = hn::Or(value, hn::IfThenElseZero(isNext1, hn::ShiftLeft<12>(c2)));
          } else {
            const auto c3 = widen(at - 3);
            const auto isNext2 = hn::And(isNext1, hn::Eq(hn::And(c2, kind), continuation));
            const auto bits2 = hn::IfThenElse(isNext2, six, hn::Set(d, Lane(0x0F)));
            value =
                hn::Or(value, hn::IfThenElseZero(isNext1, hn::ShiftLeft<12>(hn::And(c2, bits2))));
            value = hn::Or(
                value,
                hn::IfThenElseZero(isNext2, hn::ShiftLeft<18>(hn::And(c3, hn::Set(d, Lane(7))))));
          }
        }
        const auto last = hn::Ne(hn::And(widen(at + 1), kind), continuation);
        if constexpr (sizeof(U) == 1) {
          const hn::RebindToSigned<decltype(d)> ds;
          hn::StoreU(hn::DemoteTo(bytes, hn::BitCast(ds, hn::Compress(value, last))), bytes,
                     reinterpret_cast<uint8_t*>(to));
        } else {
          hn::StoreU(hn::Compress(value, last), d, reinterpret_cast<Lane*>(to));
        }
        // Not CompressStore: with a mask, AMD's Zen 4 stores a hundred cycles long.
        to += hn::CountTrue(d, last);
      }
    }
  };
  run(Wide<uint8_t>(), Wide<Lane>(), Wide<U>());
  run(Short<uint8_t>(), Short<Lane>(), Short<U>());
  while (at < stop && at > p && (*at & 0xC0) == 0x80) at--;  // back to the lead of an open one
  while (at < stop) *to++ = U(next(at));
}

#endif

// ---- encoding ----

template <class U>
size_t utf8Size(const void* text, size_t n) {
  auto* p = static_cast<const U*>(text);
  size_t size = n, i = 0;
  const Wide<U> d;
  const size_t lanes = hn::Lanes(d);
  auto atLeast = [&](auto v, uint32_t limit) HWY_ATTR {
    const auto floor = hn::Set(d, U(limit));
    return hn::CountTrue(d, hn::Eq(hn::Max(v, floor), v));
  };
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, p + i);
    size += atLeast(v, 0x80);
    if constexpr (sizeof(U) > 1) size += atLeast(v, 0x800);
    if constexpr (sizeof(U) > 2) size += atLeast(v, 0x10000);
  }
  const Short<U> s;
  const size_t few = hn::Lanes(s);
  for (; i + few <= n; i += few) {
    const auto v = hn::LoadU(s, p + i);
    auto more = [&](uint32_t limit) HWY_ATTR {
      return hn::CountTrue(s, hn::Eq(hn::Max(v, hn::Set(s, U(limit))), v));
    };
    size += more(0x80);
    if constexpr (sizeof(U) > 1) size += more(0x800);
    if constexpr (sizeof(U) > 2) size += more(0x10000);
  }
  for (; i < n; i++) size += size_t(p[i] >= 0x80) + (p[i] >= 0x800) + (p[i] >= 0x10000);
  return size;
}

// Four bytes are stored and as many counted as the code point has: no branch on its size.
HWY_INLINE uint32_t packed(uint32_t c, size_t* size) {
  uint32_t two = (0xC0 | c >> 6) | (0x80 | (c & 0x3F)) << 8;
  uint32_t three = (0xE0 | c >> 12) | (0x80 | (c >> 6 & 0x3F)) << 8 | (0x80 | (c & 0x3F)) << 16;
  uint32_t four = (0xF0 | c >> 18) | (0x80 | (c >> 12 & 0x3F)) << 8 |
                  (0x80 | (c >> 6 & 0x3F)) << 16 | (0x80 | (c & 0x3F)) << 24;
  *size = size_t(1) + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
  uint32_t r = c < 0x80 ? c : two;
  r = c < 0x800 ? r : three;
  return c < 0x10000 ? r : four;
}
// Bytes of eight pairs without the second byte of those whose bit is set.
struct PairTable {
  uint8_t of[256][16];
  constexpr PairTable() : of() {
    for (int mask = 0; mask < 256; mask++) {
      int n = 0;
      for (int i = 0; i < 8; i++) {
        of[mask][n++] = uint8_t(2 * i);
        if (!(mask >> i & 1)) of[mask][n++] = uint8_t(2 * i + 1);
      }
    }
  }
};
alignas(16) constexpr PairTable kPairs;

// Eight units below 0x800, as many bytes as returned of the sixteen stored; 0: one is above.
template <class U>
HWY_INLINE size_t encodePairs(const U* p, uint8_t* to) {
  const hn::FixedTag<uint16_t, 8> d;
  const hn::FixedTag<uint8_t, 16> bytes;
  hn::Vec<decltype(d)> c;
  if constexpr (sizeof(U) == 1) {
    c = hn::PromoteTo(d, hn::LoadU(hn::FixedTag<uint8_t, 8>(), p));
  } else if constexpr (sizeof(U) == 2) {
    c = hn::LoadU(d, p);
  } else {
    uint16_t each[8];
    uint32_t seen = 0;
    for (int i = 0; i < 8; i++) {
      seen |= p[i];
      each[i] = uint16_t(p[i]);
    }
    if (seen >= 0x800) return 0;
    c = hn::LoadU(d, each);
  }
  if (sizeof(U) == 2 &&
      !hn::AllTrue(d, hn::Eq(hn::And(c, hn::Set(d, uint16_t(0xF800))), hn::Zero(d))))
    return 0;
  const auto ascii = hn::Eq(hn::And(c, hn::Set(d, uint16_t(0xFF80))), hn::Zero(d));
  const auto pair =
      hn::Or(hn::Or(hn::ShiftRight<6>(c), hn::ShiftLeft<8>(hn::And(c, hn::Set(d, uint16_t(0x3F))))),
             hn::Set(d, uint16_t(0x80C0)));
  const auto v = hn::BitCast(bytes, hn::IfThenElse(ascii, c, pair));
  const uint64_t mask = bitsOf(d, ascii);
  hn::StoreU(hn::TableLookupBytes(v, hn::LoadU(bytes, kPairs.of[mask])), bytes, to);
  return 16 - size_t(__builtin_popcountll(mask));
}

template <class U>
size_t utf8Encode(const void* text, size_t n, uint8_t* to) {
  auto* p = static_cast<const U*>(text);
  uint8_t* const start = to;
  const Wide<U> d;
  const size_t lanes = hn::Lanes(d);
  const auto limit = hn::Set(d, U(0x80));
  size_t i = 0;
  auto one = [&] {
    size_t size;
    uint32_t bytes = packed(p[i++], &size);
    memcpy(to, &bytes, 4);
    to += size;
  };
  // What is written beyond a code point's end is written over by the ones that follow.
  while (i + lanes + 16 <= n && i + 24 <= n) {
    const auto v = hn::LoadU(d, p + i);
    if (hn::AllTrue(d, hn::Eq(hn::And(v, hn::Sub(hn::Zero(d), limit)), hn::Zero(d)))) {
      if constexpr (sizeof(U) == 1) {
        hn::StoreU(v, d, to);
      } else {
        const hn::RebindToSigned<Wide<U>> s;
        const hn::Rebind<uint8_t, Wide<U>> bytes;
        hn::StoreU(hn::DemoteTo(bytes, hn::BitCast(s, v)), bytes, to);
      }
      i += lanes;
      to += lanes;
      continue;
    }
    if (size_t size = encodePairs(p + i, to)) {
      i += 8;
      to += size;
      continue;
    }
    for (size_t k = 0; k < 8; k++) one();
  }
  while (i + 24 <= n) {
    if (size_t size = encodePairs(p + i, to)) {
      i += 8;
      to += size;
    } else {
      for (size_t k = 0; k < 8; k++) one();
    }
  }
  while (i + 8 <= n) {  // through memory of its own: nothing is written behind the end
    uint8_t bytes[16];
    size_t size = encodePairs(p + i, bytes);
    if (size == 0) break;
    memcpy(to, bytes, 8);
    if (size > 8) memcpy(to + size - 8, bytes + size - 8, 8);
    i += 8;
    to += size;
  }
  if (i < n && n - i < 8) {  // with zeros for the units that are missing, a byte each
    U units[8] = {};
    uint8_t bytes[16];
    copyShort(units, p + i, (n - i) * sizeof(U));
    if (size_t size = encodePairs(units, bytes)) {
      size -= 8 - (n - i);
      copyShort(to, bytes, size);
      return size_t(to - start) + size;
    }
  }
  while (i + 4 <= n) one();
  for (; i < n; i++) {
    size_t size;
    uint32_t bytes = packed(p[i], &size);
    memcpy(to, &bytes, size);
    to += size;
  }
  return size_t(to - start);
}

#define DX_ALL(name) \
  k.name[0] = name<uint8_t>, k.name[1] = name<uint16_t>, k.name[2] = name<uint32_t>
void fill(Kernels& k) {
  k.utf8Facts = utf8Facts;
  DX_ALL(utf8Decode);
  DX_ALL(utf8Size);
  DX_ALL(utf8Encode);
}
#undef DX_ALL

}  // namespace
}  // namespace dx::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dx::simd {
DX_SIMD_FILL(fillUtf8)
}  // namespace dx::simd
#endif
