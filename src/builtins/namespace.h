#pragma once
#include "runtime/api.h"

namespace dx {

struct Namespace : Object {
  Value dict;
};

}  // namespace dx
