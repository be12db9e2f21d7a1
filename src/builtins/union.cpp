// Unions of types: X | Y (PEP 604).
#include "runtime/union.h"

#include "builtins/generic_alias.gen.h"
#include "memory/heap.h"
#include "runtime/types.h"

namespace dx {

// Type parameters and aliases have __or__ of their own.
static bool isUnionable(Value v) {
  return isNone(v) || isType(v) || typeOf(v) == &_PyUnion_Type ||
         isSubtype(typeOf(v), &Py_GenericAliasType);
}

// Members: flattened, None as its type, each once (unhashable ones by comparison).
Result<Ref<>> makeUnion(Thread& t, Values types) {
  Ref<List> members = newList();
  Ref<Set> seen = newSet(&PySet_Type);
  Ref<List> unhashable = newList();
  auto add = [&](Value v) -> Result<void> {
    Ref<> made;
    if (isNone(v)) v = Value(&_PyNone_Type);
    if (isStr(v)) {  // forward references
      Ref<> forward = TRY(importAttr(t, "annotationlib", "ForwardRef"));
      made = TRY(callWith(t, forward, v));
      v = made.get();
    }
    Result<i64> h = hash(t, v);
    if (!h) {
      if (!t.takeIf(kTypeError)) return Error{};
      if (TRY(contains(t, unhashable, v))) return {};
      listAppend(unhashable, v);
      listAppend(members, v);
      return {};
    }
    if (TRY(setContains(t, seen, v))) return {};
    TRY(setAdd(t, seen, v));
    listAppend(members, v);
    return {};
  };
  for (Value v : types) {
    if (typeOf(v) == &_PyUnion_Type) {
      Ref<Tuple> inner = retainObject(v.as<UnionObject>()->args.as<Tuple>());
      for (Value m : valuesOf(inner.get())) TRY(add(m));
    } else {
      TRY(add(v));
    }
  }
  if (members->size == 0) return t.raise(kTypeError, "Cannot take a Union of no types.");
  if (members->size == 1) return retain(members->items[0]);
  static bool named = false;  // instances see the class's module
  if (!std::exchange(named, true))
    dictSetStr(typeDict(&_PyUnion_Type), "__module__", DX_NAME("typing"));
  Ref<> hashable = TRY(callWith(t, Value(&PyFrozenSet_Type), seen));
  Ref<UnionObject> u = make<UnionObject>(&_PyUnion_Type);
  u->args = Value(makeTuple(valuesOf(members.get())).release());
  u->hashable = hashable.release();
  if (unhashable->size) u->unhashable = Value(makeTuple(valuesOf(unhashable.get())).release());
  gcTrack(u);
  return Ref<>(std::move(u));
}

Result<Ref<>> unionOr(Thread& t, Value a, Value b) {
  if (!isUnionable(a) || !isUnionable(b)) return notImplementedRef();
  Value both[] = {a, b};
  return makeUnion(t, both);
}

// With a union on one side, anything may be on the other, as in Union[...].
Result<Ref<>> Union___or__(Thread& t, Value left, Value right) {
  Value both[] = {left, right};
  return makeUnion(t, both);
}
Result<Ref<>> Union___repr__(Thread& t, UnionObject& self) {
  StrBuilder b;
  Ref<Tuple> args = retainObject(self.args.as<Tuple>());
  for (i64 i = 0; i < args->size; i++) {
    if (i) b.add(" | ");
    TRY(addTypeRepr(t, b, args->items[i]));
  }
  return Ref<>(b.finish());
}
Result<i64> Union___hash__(Thread& t, UnionObject& self) {
  if (!self.unhashable) return hash(t, self.hashable);
  // Equal unions must have equal hashes: one that could not hash a member at first never can.
  Ref<Tuple> members = retainObject(self.unhashable.as<Tuple>());
  for (Value v : valuesOf(members.get())) (void)TRY(hash(t, v));
  return t.raise(kTypeError, "union contains {} unhashable elements", members->size);
}
Result<Ref<>> Union___richcompare__(Thread& t, UnionObject& self, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &_PyUnion_Type)
    return notImplementedRef();
  auto* u = other.as<UnionObject>();
  bool same = TRY(equal(t, self.hashable, u->hashable)) && !self.unhashable == !u->unhashable;
  if (same && self.unhashable) {
    Ref<Tuple> a = retainObject(self.unhashable.as<Tuple>()),
               b = retainObject(u->unhashable.as<Tuple>());
    same = a->size == b->size;
    for (i64 i = 0; same && i < a->size; i++) same = TRY(contains(t, b, a->items[i]));
  }
  return boolRef(same == (op == CompareOp::Eq));
}
Result<Ref<>> Union_get___parameters__(Thread& t, UnionObject& self) {
  if (!self.parameters)
    self.parameters = Value(TRY(collectParameters(t, self.args.as<Tuple>())).release());
  return retain(self.parameters);
}
Result<Ref<>> Union_get___name__(Thread&, UnionObject&) { return Ref<>(makeAscii("Union")); }
Result<Ref<>> Union_get___qualname__(Thread&, UnionObject&) { return Ref<>(makeAscii("Union")); }
Result<Ref<>> Union_get___origin__(Thread&, UnionObject&) { return Ref<>::retain(&_PyUnion_Type); }
Result<Ref<>> Union___getitem__(Thread& t, UnionObject& self, Value key) {
  Ref<> parameters = TRY(Union_get___parameters__(t, self));
  Ref<Tuple> args = TRY(
      substituteParameters(t, Value(&self), self.args.as<Tuple>(), parameters.as<Tuple>(), key));
  return makeUnion(t, valuesOf(args.get()));
}
Result<bool> Union___instancecheck__(Thread& t, UnionObject& self, Value instance) {
  Ref<Tuple> args = retainObject(self.args.as<Tuple>());
  for (Value v : valuesOf(args.get()))
    if (TRY(isInstance(t, instance, v))) return true;
  return false;
}
Result<bool> Union___subclasscheck__(Thread& t, UnionObject& self, Value cls) {
  Ref<Tuple> args = retainObject(self.args.as<Tuple>());
  for (Value v : valuesOf(args.get()))
    if (TRY(isSubclass(t, cls, v))) return true;
  return false;
}
Result<Ref<>> Union___mro_entries__(Thread& t, UnionObject& self, Value) {
  Ref<Str> text = TRY(repr(t, Value(&self)));
  return t.raise(kTypeError, "Cannot subclass {}", text);
}
Result<Ref<>> Union___class_getitem__(Thread& t, Type&, Value args) {
  if (isTuple(args)) return makeUnion(t, valuesOf(args.as<Tuple>()));
  Value one[] = {args};
  return makeUnion(t, one);
}

}  // namespace dx
