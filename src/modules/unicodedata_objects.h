// The type behind unicodedata.ucd_3_2_0, and the properties in which Unicode 3.2 differed.
#pragma once
#include "runtime/api.h"

namespace dx {

struct UnicodeDatabase : Object {
  const char* version;
};

bool assignedIn32(u32 c);
int decimalIn32(u32 c);     // -1: none
double numericIn32(u32 c);  // -1: none
bool mirroredIn32(u32 c);
const char* eastAsianWidthIn32(u32 c);

}  // namespace dx
