#pragma once
#include "runtime/api.h"

namespace dx {

// Is v.__isabstractmethod__ there and true?
inline Result<bool> isAbstractMethod(Thread& t, Value v) {
  Ref<> flag;
  if (!TRY(lookupAttr(t, v, DX_NAME("__isabstractmethod__"), &flag))) return false;
  return isTrue(t, flag);
}

}  // namespace dx
