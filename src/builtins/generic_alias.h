// Layouts of generic aliases and unions.
#pragma once
#include "runtime/api.h"

namespace dx {

struct GenericAlias : Object {
  Value origin, args, parameters;
  Object* weakrefs;
  bool starred;
};
// What iter(alias) gives: the starred alias, once.
struct GenericAliasIterator : Object {
  Value alias;  // empty: done
};
struct UnionObject : Object {
  Value args, parameters, hashable, unhashable;
  Object* weakrefs;
};

Result<Ref<>> genericAliasGetAttr(Thread& t, Value self, Str* name);
Ref<> makeGenericAlias(Value origin, Value args);
// The type variables in args, in order of first use.
Result<Ref<Tuple>> collectParameters(Thread& t, Tuple* args);
// args with parameters replaced by the items of `key`.
Result<Ref<Tuple>> substituteParameters(Thread& t, Value self, Tuple* args, Tuple* parameters,
                                        Value key);
// How a type shows in the repr of an alias: its qualified name, or its repr.
Result<void> addTypeRepr(Thread& t, StrBuilder& b, Value type);
// The union of the given types: flattened, without duplicates; a single one is itself.
Result<Ref<>> makeUnion(Thread& t, Values types);

}  // namespace dx
