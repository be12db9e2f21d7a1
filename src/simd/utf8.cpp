// UTF-8: checking, decoding, encoding.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/utf8.cpp"
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

void utf8Facts(const uint8_t* p, size_t n, Utf8Facts* facts) {
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
void utf8Encode(const void* text, size_t n, uint8_t* to) {
  auto* p = static_cast<const U*>(text);
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
  while (i + 4 <= n) one();
  for (; i < n; i++) {
    size_t size;
    uint32_t bytes = packed(p[i], &size);
    memcpy(to, &bytes, size);
    to += size;
  }
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
