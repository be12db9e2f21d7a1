// Attribute access beyond abstract.h: variants that tell "missing" without an exception, and the
// access functions of modules and types.
#pragma once
#include "runtime/api.h"

namespace dx {

// As genericGetAttr; a missing attribute gives empty, no exception and *missing = true.
Result<Ref<>> genericGetAttrOrMissing(Thread& t, Value o, Str* name, bool* missing);
// Slots of types and modules (type.__getattribute__ etc.).
Result<Ref<>> typeGetAttr(Thread& t, Value o, Str* name);
Result<void> typeSetAttr(Thread& t, Value o, Str* name, Value valueOrEmpty);
Result<Ref<>> typeGetAttrOrMissing(Thread& t, Type* type, Str* name, bool* missing);
Result<Ref<>> moduleGetAttr(Thread& t, Value o, Str* name);

// The interned exact str equal to `name`; `hold` keeps it alive when it had to be made.
Str* internedName(Str* name, Ref<>* hold);

// Where an instance keeps its dict: the address of a positive-dictOffset field, or null.
Value* dictField(Object* o);
// Value stored in the instance itself (inline slot or dict), borrowed, or empty. `name` interned.
Value instanceLookup(Object* o, Str* name);
// Stores or deletes in the instance itself. *found = false: nothing to delete. Instances without a
// place for attributes: *hasDict = false.
Result<void> instanceStore(Thread& t, Object* o, Str* name, Value valueOrEmpty, bool* found,
                           bool* hasDict);
// Visits / drops what the managed dict word owns (collector and deallocation).
void visitManagedDict(Object* o, Visitor& v);
void clearManagedDict(Object* o);

}  // namespace dx
