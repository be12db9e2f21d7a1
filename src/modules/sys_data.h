// What module sys holds as data.
#pragma once
#include "runtime/api.h"

namespace dx {

Result<void> fillSysData(Thread& t, Module& sys);
Type* asyncGenHooksType(Thread& t);

}  // namespace dx
