#include "simd/targets.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "simd/copy.h"
#include "simd/dispatch.h"
#if defined(__x86_64__)
#include <sys/platform/x86.h>
#endif

// What Highway's headers call when an assertion of theirs fails; its library is not linked.
namespace hwy {
[[noreturn]] __attribute__((format(printf, 3, 4))) void Abort(const char* file, int line,
                                                              const char* format, ...) {
  fprintf(stderr, "%s:%d: ", file, line);
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  abort();
}
}  // namespace hwy

namespace dx::simd {

Kernels gKernels;

namespace {

int gSelected = 0;

// The C library asked the processor (and the system, for the registers) when the program was
// loaded; here are only its answers.
bool available(int index) {
#if defined(__x86_64__)
  bool sse4 = CPU_FEATURE_ACTIVE(SSSE3) && CPU_FEATURE_ACTIVE(SSE4_1) &&
              CPU_FEATURE_ACTIVE(SSE4_2) && CPU_FEATURE_ACTIVE(PCLMULQDQ) &&
              CPU_FEATURE_ACTIVE(AES);
  bool avx2 = sse4 && CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1) &&
              CPU_FEATURE_ACTIVE(BMI2) && CPU_FEATURE_ACTIVE(FMA) && CPU_FEATURE_ACTIVE(F16C);
  bool avx512 = avx2 && CPU_FEATURE_ACTIVE(AVX512F) && CPU_FEATURE_ACTIVE(AVX512VL) &&
                CPU_FEATURE_ACTIVE(AVX512DQ) && CPU_FEATURE_ACTIVE(AVX512BW) &&
                CPU_FEATURE_ACTIVE(AVX512_VBMI) && CPU_FEATURE_ACTIVE(AVX512_VBMI2) &&
                CPU_FEATURE_ACTIVE(AVX512_BITALG) && CPU_FEATURE_ACTIVE(AVX512_VPOPCNTDQ) &&
                CPU_FEATURE_ACTIVE(VPCLMULQDQ) && CPU_FEATURE_ACTIVE(VAES);
  const bool has[kTargetCount] = {true, sse4, avx2, avx512};
  return has[index];
#else
  return index < 2;
#endif
}

#if defined(__x86_64__)
constexpr const char* kNames[kTargetCount] = {"scalar", "sse4", "avx2", "avx512"};
#else
constexpr const char* kNames[kTargetCount] = {"scalar", "neon", "", ""};
#endif

// Before every other static object, which may use strings already.
__attribute__((constructor(101))) void selectAtStart() {
  int chosen = kTargetCount - 1;
  while (!available(chosen)) chosen--;
  if (const char* wanted = getenv("DX_SIMD"); wanted && *wanted) {
    int found = -1;
    for (int i = 0; i < kTargetCount; i++)
      if (!strcmp(kNames[i], wanted)) found = i;
    if (found >= 0 && available(found))
      chosen = found;
    else
      fprintf(stderr, "dxpy: DX_SIMD=%s is ignored: %s; %s is used\n", wanted,
              found < 0 ? "no such name" : "this machine does not have it", kNames[chosen]);
  }
  selectTarget(chosen);
}

}  // namespace

void (*gCopy)(void* to, const void* from, size_t n);

Target target(int index) { return {kNames[index], available(index)}; }
int selectedTarget() { return gSelected; }
void selectTarget(int index) {
  gSelected = index;
  fillSearch(index, gKernels);
  fillClasses(index, gKernels);
  fillChange(index, gKernels);
  fillUtf8(index, gKernels);
}

}  // namespace dx::simd
