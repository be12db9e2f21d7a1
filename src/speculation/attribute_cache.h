// Filling the inline caches of attribute instructions. Pure look-ups: nothing here runs Python. A
// cache is filled after the operation was done once the general way.
//
// What a cache checks (ops/attributes.cpp): the receiver's type has the recorded versionTag (so the
// MRO's attributes are unchanged), and, where the instance could shadow or hold the attribute, that
// its managedDictWord equals the recorded shape.
#pragma once
#include "runtime/abstract.h"
#include "speculation/feedback.h"

namespace dx {

void fillLoadCache(AttrCache& cache, Value receiver, Str* name);
// The function or method descriptor that `receiver.name(...)` may call with receiver first, or empty.
Value findMethod(Value receiver, Str* name);
void fillMethodCache(AttrCache& cache, Value receiver, Str* name, Value function);
// The shape word before a store (0 when the receiver has none), for recognizing a transition.
u64 shapeWordBefore(Value receiver);
void fillStoreCache(AttrCache& cache, Value receiver, Str* name, u64 shapeBefore);
// super(cls, self).name. With `isMethod`: *isMethod = true gives an unbound function to call with self.
Result<Ref<>> superLookup(Thread& t, Type* cls, Value self, Str* name, bool* isMethod);

}  // namespace dx
