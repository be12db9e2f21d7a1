// What object.__reduce_ex__ and its like share.
#pragma once
#include "runtime/api.h"

namespace dx {

// (callable, args, state, listitems, dictitems) of an object by protocol 2 and later.
Result<Ref<>> reduceNewObject(Thread& t, Value self);
// obj.__getstate__() as object defines it. `required`: TypeError for objects with state of their
// own.
Result<Ref<>> defaultState(Thread& t, Value self, bool required);
// The list of all names that a class and its bases define (type.__dir__).
Result<Ref<>> namesOfClass(Thread& t, Value cls);

}  // namespace dx
