// What the iterators of lists, tuples and sequences share.
#pragma once
#include "runtime/api.h"

namespace dx {

Ref<> makeCursor(Type* type, Value sequence, i64 index);
// (iter, (sequence,), index), or (iter, ((),)) when exhausted; `function` is "iter" or "reversed".
Result<Ref<>> reduceCursor(Thread& t, SequenceCursor& c, const char* function, Value exhausted);
// __setstate__ of a forward iterator: clips at 0.
Result<void> setCursor(Thread& t, SequenceCursor& c, Value state);
// A function of the builtins module, as pickling names it.
Result<Ref<>> builtinFunction(Thread& t, const char* name);

// list.sort on bare storage; values may be null. False: exception pending (items are permuted).
bool sortValues(Thread& t, Value* keys, Value* values, i64 n);
Result<void> sortList(Thread& t, List& list, Value key, bool reverse);

// repr() of a sequence between brackets; re-reads the length after each item.
Result<Ref<Str>> reprItems(Thread& t, Object* container, const char* open, const char* close,
                           bool isTuple);
// Compares two lists or two tuples item by item.
Result<Ref<>> compareSequences(Thread& t, Value a, Value b, CompareOp op);

}  // namespace dx
