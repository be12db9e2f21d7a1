// Tables of integer constants of native modules.
#pragma once
#include "runtime/module.h"

namespace dx {

struct IntConstant {
  const char* name;
  i64 value;
};
inline void addConstants(Module& module, std::span<const IntConstant> constants) {
  for (const IntConstant& c : constants) moduleSet(module, c.name, makeInt(c.value));
}

}  // namespace dx
