// The layout of `symtable entry`: one scope of a program.
#pragma once
#include "runtime/api.h"

namespace dx {

struct SymtableEntry : Object {
  Value id, name, symbols, varnames, children;
  i32 nested, blockType, line;
};

}  // namespace dx
