#include "builtins/object.gen.h"
#include "builtins/pickling.h"
#include "object/shape.h"
#include "runtime/slot_dispatch.h"
#include "runtime/slot_table.h"

namespace dx {

// ---- text, hash, comparison ----

Result<Ref<>> object___repr__(Thread& t, Value self) {
  Type* type = typeOf(self);
  Ref<> module, qualname;
  if (!TRY(lookupAttr(t, type, DX_NAME("__module__"), &module)) || !isStr(module)) module.reset();
  qualname = TRY(getAttr(t, type, DX_NAME("__qualname__")));
  if (module && !equalAscii(module.as<Str>(), "builtins"))
    return formatStr("<{}.{} object at {}>", module, qualname, pointerText(self));
  return formatStr("<{} object at {}>", type, pointerText(self));
}

Result<Ref<>> object___str__(Thread& t, Value self) { return slotsOf(self).repr(t, self); }

Result<i64> object___hash__(Thread&, Value self) {
  u64 bits = std::rotr(self.bits(), 4);
  return bits == ~u64(0) ? -2 : i64(bits);
}

Result<Ref<>> object___richcompare__(Thread& t, Value self, Value other, CompareOp op) {
  if (op == CompareOp::Eq) return self == other ? boolRef(true) : notImplementedRef();
  if (op != CompareOp::Ne || !slotsOf(self).richcompare) return notImplementedRef();
  // By default != is the opposite of ==.
  Ref<> r = TRY(slotsOf(self).richcompare(t, self, other, CompareOp::Eq));
  if (r.get() == notImplemented()) return r;
  return boolRef(!TRY(isTrue(t, r)));
}

Result<Ref<>> object___format__(Thread& t, Value self, Str& spec) {
  if (spec.length > 0)
    return t.raise(kTypeError, "unsupported format string passed to {}.__format__", typeOf(self));
  return str(t, self);
}

Result<i64> object___sizeof__(Thread& t, Value self) {
  Type* type = typeOf(self);
  i64 size = type->basicSize;
  if (type->itemSize > 0 && self.isObject())
    size += type->itemSize * std::abs(self.as<VarObject>()->size);
  return size;
}

// ---- dir ----

// Adds the names of a class and of everything it inherits from.
static Result<void> mergeClassDict(Thread& t, Dict* names, Value cls) {
  RecursionGuard guard(t);
  TRY(guard.check());
  Ref<> dict, bases;
  if (TRY(lookupAttr(t, cls, DX_NAME("__dict__"), &dict))) TRY(dictMerge(t, names, dict));
  if (!TRY(lookupAttr(t, cls, DX_NAME("__bases__"), &bases))) return ok();
  i64 n = TRY(length(t, bases));
  for (i64 i = 0; i < n; i++) {
    Ref<> index = makeInt(i);
    Ref<> base = TRY(getItem(t, bases, index));
    TRY(mergeClassDict(t, names, base));
  }
  return ok();
}

Result<Ref<>> namesOfClass(Thread& t, Value cls) {
  Ref<Dict> names = newDict();
  TRY(mergeClassDict(t, names, cls));
  return Ref<>(TRY(listFrom(t, names)));
}

Result<Ref<>> object___dir__(Thread& t, Value self) {
  Ref<> own, cls;
  Ref<Dict> names;
  if (TRY(lookupAttr(t, self, DX_NAME("__dict__"), &own)) && isDict(own))
    names = dictCopy(own.as<Dict>());
  else
    names = newDict();
  if (TRY(lookupAttr(t, self, DX_NAME("__class__"), &cls))) TRY(mergeClassDict(t, names, cls));
  return Ref<>(TRY(listFrom(t, names)));
}

// ---- subclass hooks ----

Result<Ref<>> object___init_subclass__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount())
    return t.raise(kTypeError, "{}.__init_subclass__() takes no keyword arguments", &cls);
  if (args.count)
    return t.raise(kTypeError, "{}.__init_subclass__() takes no arguments ({} given)", &cls,
                   args.count);
  return noneRef();
}
Result<Ref<>> object___subclasshook__(Thread&, Type&, Value) { return notImplementedRef(); }

// ---- __class__ ----

Result<Ref<>> object_get___class__(Thread&, Value self) { return retain(Value(typeOf(self))); }

Result<void> object_set___class__(Thread& t, Value self, Value v) {
  if (!v) return t.raise(kTypeError, "can't delete __class__ attribute");
  if (!isType(v))
    return t.raise(kTypeError, "__class__ must be set to a class, not '{}' object", typeOf(v));
  Value auditArgs[] = {self, DX_NAME("__class__"), v};
  TRY(audit(t, "object.__setattr__", auditArgs));
  Type *from = typeOf(self), *to = v.as<Type>();
  bool modules = isSubtype(from, &PyModule_Type) && isSubtype(to, &PyModule_Type);
  if (!modules && (from->has(kTypeImmutable) || to->has(kTypeImmutable)))
    return t.raise(
        kTypeError,
        "__class__ assignment only supported for mutable types or ModuleType subclasses");
  if (from == to) return ok();
  TRY(compatibleForAssignment(t, from, to, "__class__"));
  Object* o = self.object();
  // Inline slots and shapes belong to the old class.
  if (from->has(kTypeManagedDict)) (void)materializeDict(o);
  if (to->has(kTypeHeap)) increfObject(to);
  u8 before = descriptorKind(from);
  o->type = to;
  noteDescriptorKind(before, to);
  if (from->has(kTypeHeap)) decrefObject(from);
  return ok();
}

}  // namespace dx
