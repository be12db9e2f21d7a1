// Calling types: type.__call__, object.__new__ and object.__init__.
#include "runtime/attributes.h"
#include "runtime/slot_dispatch.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

Result<Ref<>> typeCall(Thread& t, Value callee, const Args& args) {
  Type* type = callee.as<Type>();
  if (type == &PyType_Type) {
    if (args.count == 1 && !args.keywordCount()) return retain(Value(typeOf(args[0])));
    if (args.count != 1 && args.count != 3)
      return t.raise(kTypeError, "type() takes 1 or 3 arguments");
  }
  auto construct = type->data->slots.construct;
  if (!construct || type->has(kTypeDisallowInstantiation)) [[unlikely]]
    return t.raise(kTypeError, "cannot create '{}' instances", type);
  Ref<> object = TRY(construct(t, type, args));
  Type* made = typeOf(object);
  if (made != type && !isSubtype(made, type)) return object;
  if (auto init = made->data->slots.init)
    // object.__init__ after a __new__ of its own takes whatever arguments there are.
    if (init != objectInit) TRY(init(t, object, args));
  return object;
}

namespace {

bool hasArguments(const Args& args) { return args.count != 0 || args.keywordCount() != 0; }

DX_COLD Result<Ref<>> abstractClass(Thread& t, Type* cls) {
  Ref<> methods = TRY(getAttr(t, cls, DX_NAME("__abstractmethods__")));
  Ref<List> names = TRY(listFrom(t, methods));
  (void)TRY(callMethodWith(t, names, DX_NAME("sort")));
  for (i64 i = 0; i < names->size; i++)
    if (!isStr(names->items[i]))
      return t.raise(kTypeError, "sequence item {}: expected str instance, {} found", i,
                     typeOf(names->items[i]));
  Ref<Str> joined = TRY(joinStrs(t, DX_NAME("', '"), valuesOf(names)));
  return t.raise(
      kTypeError,
      "Can't instantiate abstract class {} without an implementation for abstract method{} '{}'",
      cls, names->size > 1 ? "s" : "", joined);
}

}  // namespace

Result<Ref<>> objectNew(Thread& t, Type* cls, const Args& args) {
  if (hasArguments(args)) [[unlikely]] {
    if (cls->data->slots.construct != objectNew)
      return t.raise(kTypeError,
                     "object.__new__() takes exactly one argument (the type to instantiate)");
    if (cls->data->slots.init == objectInit)
      return t.raise(kTypeError, "{}() takes no arguments", cls);
  }
  if (cls->has(kTypeAbstract)) [[unlikely]]
    return abstractClass(t, cls);
  return plainNew(t, cls, Args());
}

Result<Ref<>> plainNew(Thread& t, Type* cls, const Args&) {
  Object* o = newInstance(cls);
  if (cls->has(kTypeHasGc) && !gcIsTracked(o)) gcTrack(o);
  return Ref<>::steal(Value(o));
}

Result<void> objectInit(Thread& t, Value self, const Args& args) {
  if (hasArguments(args)) [[unlikely]] {
    Type* type = typeOf(self);
    if (type->data->slots.init != objectInit)
      return t.raise(kTypeError,
                     "object.__init__() takes exactly one argument (the instance to initialize)");
    if (type->data->slots.construct == objectNew)
      return t.raise(kTypeError,
                     "{}.__init__() takes exactly one argument (the instance to initialize)", type);
  }
  return ok();
}

// ---- type.__bases__ = ... ----

namespace {

// Through the MRO or the chain of bases: a mro() that assigns __bases__ may see one without the
// other.
bool inheritsFrom(Type* a, Type* type) {
  if (a->mro && isSubtype(a, type)) return true;
  for (; a; a = a->base)
    if (a == type) return true;
  return false;
}

// New orders for the type and everything below, remembered for undoing.
struct SavedMro {
  Ref<Type> type;
  Ref<Tuple> before, after;
};
Result<void> updateMroTree(Thread& t, Type* type, std::vector<SavedMro>* saved) {
  Ref<Tuple> old = retainObject(type->mro);
  TRY(updateMro(t, type));
  saved->push_back({retainObject(type), std::move(old), retainObject(type->mro)});
  std::vector<Ref<Type>> below;
  for (Type* sub : subclassesOf(type)) below.push_back(retainObject(sub));
  for (Ref<Type>& sub : below) TRY(updateMroTree(t, sub, saved));
  return ok();
}

}  // namespace

Result<void> setBases(Thread& t, Type* type, Value v) {
  if (!isTuple(v))
    return t.raise(kTypeError, "can only assign tuple to {}.__bases__, not {}", type, typeOf(v));
  Ref<Tuple> bases = makeTuple(valuesOf(v.as<Tuple>()));
  if (bases->size == 0)
    return t.raise(kTypeError, "can only assign non-empty tuple to {}.__bases__, not ()", type);
  for (Value base : valuesOf(bases)) {
    if (!isType(base))
      return t.raise(kTypeError, "{}.__bases__ must be tuple of classes, not '{}'", type,
                     typeOf(base));
    if (inheritsFrom(base.as<Type>(), type))
      return t.raise(kTypeError, "a __bases__ item causes an inheritance cycle");
  }
  Type* best = TRY(bestBase(t, bases));
  TRY(compatibleForAssignment(t, type->base, best, "__bases__"));

  Ref<Tuple> oldBases = retainObject(type->bases);
  Ref<Type> oldBase = retainObject(type->base);
  auto install = [&](Tuple* newBases, Type* newBase) {
    for (Value b : valuesOf(type->bases)) removeSubclass(b.as<Type>(), type);
    increfObject(newBases);
    increfObject(newBase);
    Tuple* a = type->bases;
    Type* b = type->base;
    type->bases = newBases;
    type->base = newBase;
    decrefObject(a);
    decrefObject(b);
    for (Value base : valuesOf(newBases)) addSubclass(base.as<Type>(), type);
  };
  install(bases, best);
  std::vector<SavedMro> saved;
  if (!updateMroTree(t, type, &saved)) {
    // What code that ran meanwhile has assigned stays.
    if (type->bases == bases.get()) install(oldBases, oldBase);
    for (SavedMro& s : saved) {
      if (s.type->mro != s.after.get()) continue;
      Tuple* failed = s.type->mro;
      s.type->mro = s.before.release();
      typeModified(s.type);
      if (failed) decrefObject(failed);
    }
    return Error{};
  }
  typeModified(type);
  refillSlots(type);
  return ok();
}

}  // namespace dx
