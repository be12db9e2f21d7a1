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

template <class D, class M>
HWY_INLINE uint64_t bitsOf(D d, M mask) {
  uint64_t bits = 0;
  hn::StoreMaskBits(d, mask, reinterpret_cast<uint8_t*>(&bits));
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
  for (size_t i = 0; i < n; i++)
    if (one(p[i])) return i;
  return n;
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
  for (size_t i = n; i-- > 0;)
    if (one(p[i])) return i;
  return n;
}

// A bit for each unit.
template <class U, class Test, class One>
HWY_INLINE void masksWhere(const U* p, size_t n, Test test, One one, uint64_t* masks) {
  const Wide<U> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64; k += lanes) word |= bitsOf(d, test(d, hn::LoadU(d, p + i + k))) << k;
    *masks++ = word;
  }
  if (i == n) return;
  const Short<U> s;
  const size_t few = hn::Lanes(s);
  const size_t base = i;
  uint64_t word = 0;
  for (; i + few <= n; i += few) word |= bitsOf(s, test(s, hn::LoadU(s, p + i))) << (i - base);
  if (i < n && n >= few) {
    uint64_t bits = bitsOf(s, test(s, hn::LoadU(s, p + n - few)));
    word |= n - few >= base ? bits << (n - few - base) : bits >> (base - (n - few));
  } else {
    for (; i < n; i++) word |= uint64_t(one(p[i])) << (i - base);
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
  for (size_t i = 0; i < n; i++) to[i] = one(from[i]);
}

}  // namespace dx::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
