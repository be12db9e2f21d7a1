// Growing and shrinking a list's storage. `allocated` is -1 while list.sort works on the items.
#pragma once
#include "runtime/containers.h"

namespace dx {

constexpr i64 kMaxListLength = INT64_MAX / 8;
bool listReserve(List* list, i64 capacity);  // false: no memory, nothing changed
void listShrink(List* list,
                i64 size);  // sets the size (not above the present one), gives memory back

}  // namespace dx
