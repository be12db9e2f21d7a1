// Units by class: sets of byte values, limits, surrogates.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/classes.cpp"
#include "simd/dispatch.h"
// Highway's headers come last: they are included once a target.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "simd/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dx::simd::HWY_NAMESPACE {
namespace {

alignas(16) constexpr uint8_t kBitOfRow[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                               1, 2, 4, 8, 16, 32, 64, 128};

// The low nibble of a byte chooses eight bits of the table, the high nibble one of those. Wider
// units are looked up in place by their lowest byte.
struct InSet {
  const ByteSet& set;

  template <class D>
  HWY_INLINE auto operator()(D d, hn::Vec<D> v) const {
    using U = hn::TFromD<D>;
    const hn::Repartition<uint8_t, D> bytes;
    const hn::Repartition<int8_t, D> signs;
    const auto b = hn::BitCast(bytes, v);
    const auto nibble = hn::Set(bytes, uint8_t(15));
    const auto column = hn::And(b, nibble), row = hn::And(hn::ShiftRight<4>(b), nibble);
    const auto rows = hn::BitCast(
        bytes,
        hn::IfNegativeThenElse(
            hn::BitCast(signs, b),
            hn::BitCast(signs, hn::TableLookupBytes(hn::LoadDup128(bytes, set.high), column)),
            hn::BitCast(signs, hn::TableLookupBytes(hn::LoadDup128(bytes, set.low), column))));
    const auto hit = hn::And(rows, hn::TableLookupBytes(hn::LoadDup128(bytes, kBitOfRow), row));
    if constexpr (sizeof(U) == 1) {
      return hn::Ne(hit, hn::Zero(d));
    } else {
      const auto low = hn::Set(d, U(0xFF));
      auto in = hn::Ne(hn::And(hn::BitCast(d, hit), low), hn::Zero(d));
      const auto narrow = hn::Eq(hn::AndNot(low, v), hn::Zero(d));
      in = hn::And(in, narrow);
      if (set.above == Above::kIn) return hn::Or(in, hn::Not(narrow));
      if (set.above == Above::kSpaces)
        return hn::Or(
            in, hn::Or(hn::Eq(hn::AndNot(hn::Set(d, U(0x7F)), v), hn::Set(d, U(0x2000))),
                       hn::Or(hn::Eq(v, hn::Set(d, U(0x1680))), hn::Eq(v, hn::Set(d, U(0x3000))))));
      return in;
    }
  }
};

template <class U>
size_t findIn(const void* p, size_t n, const ByteSet& set) {
  return firstWhere(static_cast<const U*>(p), n, InSet{set}, [&](U u) { return set.has(u); });
}
template <class U>
size_t rfindIn(const void* p, size_t n, const ByteSet& set) {
  return lastWhere(static_cast<const U*>(p), n, InSet{set}, [&](U u) { return set.has(u); });
}
template <class U>
void masksIn(const void* p, size_t n, const ByteSet& set, uint64_t* masks) {
  masksWhere(static_cast<const U*>(p), n, InSet{set}, [&](U u) { return set.has(u); }, masks);
}
template <class U>
void masksOf(const void* p, size_t n, uint32_t c, uint64_t* masks) {
  masksWhere(
      static_cast<const U*>(p), n,
      [c](auto d, auto v) HWY_ATTR { return hn::Eq(v, hn::Set(d, U(c))); },
      [c](U u) { return u == U(c); }, masks);
}

// limit is a power of two or not: compared by subtracting with a floor, which has no signs.
template <class U>
size_t findFrom(const void* p, size_t n, uint32_t limit) {
  if (sizeof(U) < 4 && limit >> (8 * sizeof(U) % 32)) return n;
  return firstWhere(
      static_cast<const U*>(p), n,
      [limit](auto d, auto v) HWY_ATTR { return hn::Eq(hn::Max(v, hn::Set(d, U(limit))), v); },
      [limit](U u) { return u >= limit; });
}

template <class U>
uint32_t unionOf(const void* text, size_t n) {
  constexpr uint32_t kEnough = sizeof(U) == 1 ? 0x80 : sizeof(U) == 2 ? 0x100 : 0x10000;
  auto* p = static_cast<const U*>(text);
  uint32_t seen = 0;
  auto run = [&](auto d) HWY_ATTR {
    const size_t lanes = hn::Lanes(d);
    auto reaches = [&](auto v, uint32_t limit) HWY_ATTR {
      const auto floor = hn::Set(d, U(limit));
      return !hn::AllFalse(d, hn::Eq(hn::Max(v, floor), v));
    };
    // A look at what is there now and then: mostly the ends say it all.
    auto total = hn::Or(hn::LoadU(d, p), hn::LoadU(d, p + n - lanes));
    if (reaches(total, kEnough)) {
      seen = ~0u;
      return;
    }
    size_t i = lanes;
    for (; i + 32 * lanes <= n; i += 32 * lanes) {
      auto all = hn::LoadU(d, p + i);
      for (size_t k = 1; k < 32; k++) all = hn::Or(all, hn::LoadU(d, p + i + k * lanes));
      total = hn::Or(total, all);
      if (reaches(all, kEnough)) {
        seen = ~0u;
        return;
      }
    }
    for (; i + lanes <= n; i += lanes) total = hn::Or(total, hn::LoadU(d, p + i));
    if (reaches(total, kEnough))
      seen = ~0u;
    else if (sizeof(U) > 2 && reaches(total, 0x100))
      seen = 0x100;
    else if (sizeof(U) > 1 && reaches(total, 0x80))
      seen = 0x80;
  };
  if (n >= hn::Lanes(Wide<U>()))
    run(Wide<U>());
  else if (n >= hn::Lanes(Short<U>()))
    run(Short<U>());
  else if (n >= hn::Lanes(Half<U>()))
    run(Half<U>());
  else
    for (size_t i = 0; i < n; i++) seen |= p[i];
  return seen;
}

template <class U>
size_t findSurrogate(const void* p, size_t n) {
  if constexpr (sizeof(U) == 1) {
    return n;
  } else {
    return firstWhere(
        static_cast<const U*>(p), n,
        [](auto d, auto v)
            HWY_ATTR { return hn::Eq(hn::And(v, hn::Set(d, U(~0x7FFu))), hn::Set(d, U(0xD800))); },
        [](U u) { return (u & ~0x7FFu) == 0xD800; });
  }
}

#define DX_ALL(name) \
  k.name[0] = name<uint8_t>, k.name[1] = name<uint16_t>, k.name[2] = name<uint32_t>
void fill(Kernels& k) {
  DX_ALL(findIn);
  DX_ALL(rfindIn);
  DX_ALL(masksIn);
  DX_ALL(masksOf);
  DX_ALL(findFrom);
  DX_ALL(unionOf);
  DX_ALL(findSurrogate);
}
#undef DX_ALL

}  // namespace
}  // namespace dx::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dx::simd {
DX_SIMD_FILL(fillClasses)
}  // namespace dx::simd
#endif
