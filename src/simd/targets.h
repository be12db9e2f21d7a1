// Which of the processor's instruction sets the kernels use: chosen when the program starts, the
// best there is or the one DX_SIMD names.
#pragma once

namespace dx::simd {

struct Target {
  const char* name;  // as DX_SIMD spells it
  bool available;
};
// From the least to the best.
inline constexpr int kTargetCount = 4;
Target target(int index);
int selectedTarget();
// Makes the kernels use another available one. Not while other threads use them.
void selectTarget(int index);

}  // namespace dx::simd
