// How arguments reach native code: a borrowed array, keyword values last, as in vectorcall.
#pragma once
#include "memory/result.h"

namespace dx {

struct Args {
  const Value* v = nullptr;
  u32 count = 0;                 // positional
  const Tuple* names = nullptr;  // names of the keyword values at v[count...]; null for none

  Args() = default;
  Args(const Value* values, u32 n, const Tuple* keywordNames = nullptr)
      : v(values), count(n), names(keywordNames) {}
  u32 keywordCount() const { return names ? u32(names->size) : 0; }
  u32 total() const { return count + keywordCount(); }
  Value operator[](u32 i) const { return v[i]; }
};

using Values = std::span<const Value>;  // what *args parameters receive (borrowed)

using NativeFn = Result<Ref<>> (*)(Thread& t, Value self, const Args& args);

}  // namespace dx
