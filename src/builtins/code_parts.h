// Code objects by hand: what one consists of, as co_* attributes show it, and the way back.
#pragma once
#include <algorithm>
#include <string>

#include "runtime/code.h"
#include "runtime/types.h"

namespace dx {

struct CodeParts {
  i32 argCount = 0, posOnlyCount = 0, kwOnlyCount = 0, stackSize = 0, firstLine = 0;
  u32 flags = 0;
  Ref<> code, lineTable, exceptionTable;  // bytes
  Ref<> consts, names, localNames;        // tuples
  std::string localKinds;                 // a LocalKind for each of localNames
  Ref<> filename, name, qualname;         // str

  u32 variableCount() const {
    return u32(std::min(localKinds.find(char(bytecode::kLocalHidden)), localKinds.size()));
  }
};

Result<CodeParts> partsOf(Thread& t, Code& code);

// localNames and localKinds from co_varnames, co_cellvars and co_freevars, which are tuples.
Result<void> setVariables(Thread& t, CodeParts& parts, Tuple* plain, Tuple* cells, Tuple* frees);

// Instructions refer to constants by their number in names, variables and consts, one after
// another. Gives code that was written for `oldNames` names and `oldVariables` variables the
// numbers of now.
void renumberConstants(CodeParts& parts, u32 oldNames, u32 oldVariables);

// How many registers the arguments take; SystemError if the counts contradict one another.
Result<i64> argumentCount(Thread& t, const CodeParts& parts);

// ValueError unless the instructions are safe to run with the rest: they go through the verifier
// and the flow check.
Result<Ref<Code>> buildCode(Thread& t, const CodeParts& parts);

// Made by buildCode, so that its image alone does not hold its constants.
bool isBuiltByHand(const Code& code);

}  // namespace dx
