// What module sys holds as data.
#pragma once
#include "runtime/api.h"

namespace dx {

Result<void> fillSysData(Thread& t, Module& sys);
Type* asyncGenHooksType(Thread& t);
i64 internedCount();  // runtime/str_intern.cpp

}  // namespace dx
