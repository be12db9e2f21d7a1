// Layouts of module _sre.
#pragma once
#include "modules/sre_engine.h"
#include "runtime/api.h"

namespace dx {

struct Pattern : Object {
  Value pattern, groupindex, indexgroup;  // source (or None), dict, tuple
  i32 flags;
  i32 groups;
  bool isBytes, isAny;
  i64 hash;
  SreProgram* program;
  Value code;  // tuple of code words
  Object* weakrefs;
};

struct Match : Object {
  Value string;
  Pattern* pattern;
  Value regs;
  i64 pos, endpos;
  i64 lastIndex;  // -1: none
  i64 groups;     // including group 0
  i64* marks;     // 2 * groups
};

// What scanner() and finditer() walk with. The subject's buffer stays exported.
struct SreScanner : Object {
  Pattern* pattern;
  Value string;
  struct SreState* state;
  bool executing;
};

struct SreTemplate : Object {
  Value items;
};  // tuple: literal, (index, literal)*

}  // namespace dx
