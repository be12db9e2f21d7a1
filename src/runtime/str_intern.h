// What the death of a str and C names need of the table of interned strings.
#pragma once
#include "runtime/str.h"

namespace dx {

// An interned mortal string dies: it leaves the table.
void forgetInterned(Str* s);
// An interned string lives forever from now on.
void makeInternedImmortal(Str* s);
i64 internedCount();

}  // namespace dx
