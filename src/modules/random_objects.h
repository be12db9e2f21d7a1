// Objects of the module _random.
#pragma once
#include "runtime/api.h"

namespace dx {

constexpr int kTwisterSize = 624;
struct RandomObject : Object {
  u32 index;  // next word of the state to hand out; kTwisterSize: make new ones first
  u32 state[kTwisterSize];
};

}  // namespace dx
