// Loops that the kernels share, for the target being compiled. Included once a target.
#if defined(DX_SIMD_VECTORS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef DX_SIMD_VECTORS_INL_H
#undef DX_SIMD_VECTORS_INL_H
#else
#define DX_SIMD_VECTORS_INL_H
#endif

#include <hwy/highway.h>

#include "simd/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace dx::simd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The widest vectors, and 16 bytes for texts shorter than those.
template <class U>
using Wide = hn::ScalableTag<U>;
template <class U>
using Short = hn::FixedTag<U, 16 / sizeof(U)>;
// Half and a quarter of that, for what is shorter still.
template <class U>
using Half = hn::FixedTag<U, 8 / sizeof(U)>;
template <class U>
using Quarter = hn::FixedTag<U, 4 / sizeof(U)>;

template <class D, class M>
HWY_INLINE uint64_t bitsOf(D d, M mask) {
  uint64_t bits = 0;
  hn::StoreMaskBits(d, mask, reinterpret_cast<uint8_t*>(&bits));
  return bits;
}

// A bit for each of fewer units than Short has. Both ends of the text go into one vector, which may
// hold units twice; tests get whole vectors, since tables are looked up in those.
template <class U, class Test, class One>
HWY_INLINE uint64_t bitsOfFew(const U* p, size_t n, Test test, One one) {
  const Short<U> d;
  const Half<U> h;
  const Quarter<U> q;
  const size_t half = hn::Lanes(h), quarter = hn::Lanes(q);
  if (n >= half) {
    const auto v = hn::Combine(d, hn::LoadU(h, p + n - half), hn::LoadU(h, p));
    const uint64_t bits = bitsOf(d, test(d, v));
    return (bits & ((uint64_t(1) << half) - 1)) | bits >> half << (n - half);
  }
  if (n >= quarter) {
    const auto v = hn::Combine(h, hn::LoadU(q, p + n - quarter), hn::LoadU(q, p));
    const uint64_t bits = bitsOf(d, test(d, hn::ZeroExtendVector(d, v)));
    return (bits & ((uint64_t(1) << quarter) - 1)) |
           (bits >> quarter & ((uint64_t(1) << quarter) - 1)) << (n - quarter);
  }
  uint64_t bits = 0;
  for (size_t i = 0; i < n; i++) bits |= uint64_t(one(p[i])) << i;
  return bits;
}

// The first unit that passes. test(d, vector) is a mask, one(unit) says the same.
template <class D, class U, class Test>
HWY_INLINE size_t firstByVectors(D d, const U* p, size_t n, Test test) {
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  auto look = [&](size_t at) HWY_ATTR { return bitsOf(d, test(d, hn::LoadU(d, p + at))); };
  for (; i + lanes <= n && i < 4 * lanes; i += lanes)
    if (uint64_t bits = look(i)) return i + size_t(__builtin_ctzll(bits));
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    auto a = test(d, hn::LoadU(d, p + i)), b = test(d, hn::LoadU(d, p + i + lanes)),
         c = test(d, hn::LoadU(d, p + i + 2 * lanes)), e = test(d, hn::LoadU(d, p + i + 3 * lanes));
    if (!hn::AllFalse(d, hn::Or(hn::Or(a, b), hn::Or(c, e)))) break;
  }
  for (; i + lanes <= n; i += lanes)
    if (uint64_t bits = look(i)) return i + size_t(__builtin_ctzll(bits));
  if (i == n) return n;
  i = n - lanes;  // units that did not pass are looked at again
  uint64_t bits = look(i);
  return bits ? i + size_t(__builtin_ctzll(bits)) : n;
}
template <class U, class Test, class One>
HWY_INLINE size_t firstWhere(const U* p, size_t n, Test test, One one) {
  if (n >= hn::Lanes(Wide<U>())) return firstByVectors(Wide<U>(), p, n, test);
  if (n >= hn::Lanes(Short<U>())) return firstByVectors(Short<U>(), p, n, test);
  uint64_t bits = bitsOfFew(p, n, test, one);
  return bits ? size_t(__builtin_ctzll(bits)) : n;
}

template <class D, class U, class Test>
HWY_INLINE size_t lastByVectors(D d, const U* p, size_t n, Test test) {
  const size_t lanes = hn::Lanes(d);
  auto look = [&](size_t at) HWY_ATTR { return bitsOf(d, test(d, hn::LoadU(d, p + at))); };
  size_t i = n;
  for (; i >= lanes; i -= lanes)
    if (uint64_t bits = look(i - lanes)) return i - lanes + 63 - size_t(__builtin_clzll(bits));
  if (i == 0) return n;
  uint64_t bits = look(0);
  return bits ? 63 - size_t(__builtin_clzll(bits)) : n;
}
template <class U, class Test, class One>
HWY_INLINE size_t lastWhere(const U* p, size_t n, Test test, One one) {
  if (n >= hn::Lanes(Wide<U>())) return lastByVectors(Wide<U>(), p, n, test);
  if (n >= hn::Lanes(Short<U>())) return lastByVectors(Short<U>(), p, n, test);
  uint64_t bits = bitsOfFew(p, n, test, one);
  return bits ? 63 - size_t(__builtin_clzll(bits)) : n;
}

// A bit for each unit.
template <class U, class Test, class One>
HWY_INLINE void masksWhere(const U* p, size_t n, Test test, One one, uint64_t* masks) {
  const Wide<U> d;
  const size_t lanes = hn::Lanes(d);
  const Short<U> s;
  const size_t few = hn::Lanes(s);
  if (n < few) {
    if (n) *masks = bitsOfFew(p, n, test, one);
    return;
  }
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64; k += lanes) word |= bitsOf(d, test(d, hn::LoadU(d, p + i + k))) << k;
    *masks++ = word;
  }
  if (i == n) return;
  const size_t base = i;
  uint64_t word = 0;
  for (; i + few <= n; i += few) word |= bitsOf(s, test(s, hn::LoadU(s, p + i))) << (i - base);
  if (i < n) {
    uint64_t bits = bitsOf(s, test(s, hn::LoadU(s, p + n - few)));
    word |= n - few >= base ? bits << (n - few - base) : bits >> (base - (n - few));
  }
  *masks = word;
}

// to[i] = change(from[i]) by vectors; one(unit) is the same for one.
template <class U, class Change, class One>
HWY_INLINE void mapUnits(const U* from, size_t n, U* to, Change change, One one) {
  auto run = [&](auto d) HWY_ATTR {
    const size_t lanes = hn::Lanes(d);
    size_t i = 0;
    for (; i + lanes <= n; i += lanes) hn::StoreU(change(d, hn::LoadU(d, from + i)), d, to + i);
    if (i < n) hn::StoreU(change(d, hn::LoadU(d, from + n - lanes)), d, to + n - lanes);
  };
  if (n >= hn::Lanes(Wide<U>())) return run(Wide<U>());
  if (n >= hn::Lanes(Short<U>())) return run(Short<U>());
  if (n >= hn::Lanes(Half<U>())) return run(Half<U>());
  if (n >= hn::Lanes(Quarter<U>())) return run(Quarter<U>());
  for (size_t i = 0; i < n; i++) to[i] = one(from[i]);
}

}  // namespace dx::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
