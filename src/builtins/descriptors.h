#pragma once
#include "runtime/api.h"

namespace dx {

// Class.name of a descriptor, made once.
Result<Ref<>> descriptorQualname(Thread& t, Descriptor& d);

}  // namespace dx
