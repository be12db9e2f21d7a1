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
    if (isNone(v)) v = Value(&_PyNone_Type);
    if (isStr(v)) {  // forward references
      Ref<> forward = TRY(importAttr(t, "annotationlib", "ForwardRef"));
      Ref<> r = TRY(callWith(t, forward, v));
      listAppend(members, std::move(r));
      return {};
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
  Ref<UnionObject> u = make<UnionObject>(&_PyUnion_Type);
  u->args = Value(makeTuple(valuesOf(members.get())).release());
  gcTrack(u);
  return Ref<>(std::move(u));
}

Result<Ref<>> unionOr(Thread& t, Value a, Value b) {
  if (!isUnionable(a) || !isUnionable(b)) return notImplementedRef();
  Value both[] = {a, b};
  return makeUnion(t, both);
}

Result<Ref<>> Union___or__(Thread& t, Value left, Value right) { return unionOr(t, left, right); }
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
  i64 h = 0x345678;
  for (Value v : valuesOf(self.args.as<Tuple>())) {
    Result<i64> one = hash(t, v);
    if (!one) return Error{};
    h ^= *one * 1000003;
  }
  return h == -1 ? -2 : h;
}
Result<Ref<>> Union___richcompare__(Thread& t, UnionObject& self, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &_PyUnion_Type)
    return notImplementedRef();
  Ref<Tuple> a = retainObject(self.args.as<Tuple>()),
             b = retainObject(other.as<UnionObject>()->args.as<Tuple>());
  bool same = a->size == b->size;
  for (i64 i = 0; same && i < a->size; i++) same = TRY(contains(t, b, a->items[i]));
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
    if (!isType(v))
      return t.raise(kTypeError, "isinstance() argument 2 cannot be a parameterized generic");
  for (Value v : valuesOf(args.get()))
    if (TRY(isInstance(t, instance, v))) return true;
  return false;
}
Result<bool> Union___subclasscheck__(Thread& t, UnionObject& self, Value cls) {
  if (!isType(cls)) return t.raise(kTypeError, "issubclass() arg 1 must be a class");
  Ref<Tuple> args = retainObject(self.args.as<Tuple>());
  for (Value v : valuesOf(args.get()))
    if (!isType(v))
      return t.raise(kTypeError, "issubclass() argument 2 cannot be a parameterized generic");
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
