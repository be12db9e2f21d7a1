// Crochemore and Perrin's two-way string matching: linear time, constant space, on any view of a
// text. What the searches turn to when their filter lets too much through.
#pragma once
#include <algorithm>
#include <cstddef>

namespace dx::simd {

// Views of a text from the left or from the right.
template <class U>
struct Forward {
  const U* p;
  U operator[](ptrdiff_t i) const { return p[i]; }
};
template <class U>
struct Backward {
  const U* end;
  U operator[](ptrdiff_t i) const { return end[-1 - i]; }
};

namespace detail {
// The place before the maximal suffix, in the order of the units or its reverse, and its period.
template <class X>
ptrdiff_t maximalSuffix(X x, ptrdiff_t m, bool reverse, ptrdiff_t* period) {
  ptrdiff_t suffix = -1, j = 0, k = 1;
  *period = 1;
  while (j + k < m) {
    auto a = x[j + k], b = x[suffix + k];
    if (a == b) {
      if (k == *period) {
        j += k;
        k = 1;
      } else {
        k++;
      }
    } else if ((a < b) != reverse) {
      j += k;
      k = 1;
      *period = j - suffix;
    } else {
      suffix = j++;
      k = *period = 1;
    }
  }
  return suffix;
}
}  // namespace detail

// The first place of needle x in text y, or -1. 0 < m.
template <class Y, class X>
ptrdiff_t twoWay(Y y, ptrdiff_t n, X x, ptrdiff_t m) {
  ptrdiff_t p, q;
  ptrdiff_t i = detail::maximalSuffix(x, m, false, &p), j = detail::maximalSuffix(x, m, true, &q);
  ptrdiff_t cut = std::max(i, j), period = i > j ? p : q;
  bool periodic = true;
  for (ptrdiff_t k = 0; k <= cut && periodic; k++)
    periodic = k + period < m && x[k] == x[k + period];
  if (!periodic) period = std::max(cut + 1, m - cut - 1) + 1;
  ptrdiff_t known = -1;  // x up to here matches already, when the period was used
  for (ptrdiff_t at = 0; at <= n - m;) {
    ptrdiff_t k = std::max(cut, known) + 1;
    while (k < m && x[k] == y[at + k]) k++;
    if (k < m) {
      at += k - cut;
      known = -1;
      continue;
    }
    k = cut;
    while (k > known && x[k] == y[at + k]) k--;
    if (k <= known) return at;
    at += period;
    known = periodic ? m - period - 1 : -1;
  }
  return -1;
}

}  // namespace dx::simd
