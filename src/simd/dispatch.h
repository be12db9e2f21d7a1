// Private to simd/*.cpp: which targets each file of kernels is compiled for, and how they are
// found. A file of kernels sets HWY_TARGET_INCLUDE, includes this, and defines in each namespace
// HWY_NAMESPACE a function that fills its part of the table.
//
// Highway's own run-time dispatch is not used: it lies in its shared library and asks the processor
// with CPUID, which a virtual machine answers slowly.
#ifndef DX_SIMD_DISPATCH_H
#define DX_SIMD_DISPATCH_H
// "scalar" is what every machine can do (128-bit operations in plain C++, as good as the compiler
// makes them with the baseline's instructions). Machines with AVX-512 but without VBMI2 take AVX2.
#define HWY_COMPILE_ALL_ATTAINABLE
#define HWY_WANT_AVX3_DL
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3)
#include "simd/kernels.h"

// One line for each target: macro(index, Highway's namespace). Index 0 is what can always run.
#if defined(__x86_64__)
#define DX_SIMD_TARGETS(macro) \
  macro(0, N_EMU128) macro(1, N_SSE4) macro(2, N_AVX2) macro(3, N_AVX3_DL)
#else
#define DX_SIMD_TARGETS(macro) macro(0, N_EMU128) macro(1, N_NEON)
#endif

// A family's fill functions, one a target: void fillNAME(int target, Kernels&).
#define DX_SIMD_CASE(index, space) \
  case index:                      \
    return space::fill(kernels);
#define DX_SIMD_FILL(name)                  \
  void name(int target, Kernels& kernels) { \
    switch (target) {                       \
      DX_SIMD_TARGETS(DX_SIMD_CASE)         \
      default:                              \
        break;                              \
    }                                       \
  }

namespace dx::simd {
void fillSearch(int target, Kernels& kernels);
void fillClasses(int target, Kernels& kernels);
void fillChange(int target, Kernels& kernels);
void fillUtf8(int target, Kernels& kernels);
}  // namespace dx::simd
#endif
