// Calls of native callables, and the general entry points.
#include "runtime/call.h"

#include "object/shape.h"
#include "runtime/attributes.h"
#include "runtime/containers.h"
#include "runtime/native.h"
#include "runtime/slot_dispatch.h"
#include "runtime/str.h"

namespace dx {

Result<Ref<>> call(Thread& t, Value callee, const Args& args) {
  auto fn = slotsOf(callee).call;
  if (!fn) [[unlikely]]
    return t.raise(kTypeError, "'{}' object is not callable", typeOf(callee));
  RecursionGuard guard(t);
  TRY(guard.check(" while calling a Python object"));
  return fn(t, callee, args);
}

bool isCallable(Value v) { return slotsOf(v).call != nullptr; }

Result<Ref<>> callWithSelf(Thread& t, Value callee, Value self, const Args& args) {
  constexpr u32 kInline = 12;
  u32 n = args.total() + 1;
  Value small[kInline];
  Value* list = n <= kInline ? small : static_cast<Value*>(allocate(n * sizeof(Value)));
  list[0] = self;
  for (u32 i = 1; i < n; i++) list[i] = args.v[i - 1];
  Result<Ref<>> r = call(t, callee, Args(list, args.count + 1, args.names));
  if (list != small) release(list);
  return r;
}

Result<Ref<>> callTupleDict(Thread& t, Value callee, Tuple* args, Dict* keywords) {
  if (!keywords || keywords->used == 0) return call(t, callee, Args(args->items, u32(args->size)));
  std::vector<Value> list(args->items, args->items + args->size);
  Ref<Tuple> names = newTuple(keywords->used);
  i64 position = 0, i = 0;
  Value key, value;
  std::vector<Ref<>> held;  // the callee may change the dict
  while (dictNext(keywords, &position, &key, &value)) {
    if (!isStr(key)) return t.raise(kTypeError, "keywords must be strings");
    names->items[i++] = retain(key).release();
    list.push_back(value);
    held.push_back(retain(value));
  }
  return call(t, callee, Args(list.data(), u32(args->size), names));
}

Value plainMethod(Value o, Str* name) {
  Type* type = typeOf(o);
  if (Value hook; !hasGenericGetAttr(type, &hook)) return Value();
  Value f = typeLookup(type, name);
  if (!f || !typeOf(f)->has(kTypeMethodDescriptor)) return Value();
  bool mayShadow = type->has(kTypeManagedDict) || type->dictOffset != 0;
  return mayShadow && instanceLookup(o.object(), name) ? Value() : f;
}

Result<Ref<>> callMethod(Thread& t, Value o, Str* name, Values args) {
  Args list(args.data(), u32(args.size()));
  if (Value f = plainMethod(o, name)) {
    Ref<> held = retain(f);
    return callWithSelf(t, held, o, list);
  }
  Ref<> f = TRY(getAttr(t, o, name));
  return call(t, f, list);
}

Ref<Str> callableName(Thread& t, Value callable) {
  Ref<> name;
  Result<bool> found = lookupAttr(t, callable, DX_NAME("__qualname__"), &name);
  if (found && *found && isStr(name)) {
    Ref<> module;
    Result<bool> hasModule = lookupAttr(t, callable, DX_NAME("__module__"), &module);
    if (hasModule && *hasModule && isStr(module) && !equalAscii(module.as<Str>(), "builtins"))
      return formatStr("{}.{}()", module, name);
    t.clearException();
    return formatStr("{}()", name);
  }
  t.clearException();
  Result<Ref<Str>> s = str(t, callable);
  if (s) return std::move(s).take();
  t.clearException();
  return makeAscii("function");
}
// ---- natives ----

Result<Ref<>> cfunctionCall(Thread& t, Value callee, const Args& args) {
  auto* f = callee.as<CFunction>();
  return f->def->fn(t, f->self, args);
}

DX_COLD static Error wrongReceiver(Thread& t, Descriptor* d, Value self) {
  return t.raise(kTypeError, "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                 d->name, d->owner, typeOf(self));
}

DX_COLD static Error noReceiver(Thread& t, Descriptor* d) {
  return t.raise(kTypeError, "unbound method {}.{}() needs an argument", d->owner, d->name);
}

Result<Ref<>> methodDescriptorCall(Thread& t, Value callee, const Args& args) {
  auto* d = callee.as<MethodDescriptor>();
  if (args.count == 0) return noReceiver(t, d);
  Value self = args.v[0];
  if (typeOf(self) != d->owner && !isSubtype(typeOf(self), d->owner))
    return wrongReceiver(t, d, self);
  return d->def->fn(t, self, Args(args.v + 1, args.count - 1, args.names));
}

Result<Ref<>> classMethodDescriptorCall(Thread& t, Value callee, const Args& args) {
  auto* d = callee.as<MethodDescriptor>();
  if (args.count == 0)
    return t.raise(kTypeError, "descriptor '{}' of '{}' object needs an argument", d->name,
                   d->owner);
  Value cls = args.v[0];
  if (!isType(cls))
    return t.raise(kTypeError, "descriptor '{}' requires a type but received a '{}' instance",
                   d->name, typeOf(cls));
  if (!isSubtype(cls.as<Type>(), d->owner))
    return t.raise(kTypeError, "descriptor '{}' requires a subtype of '{}' but received '{}'",
                   d->name, d->owner, cls.as<Type>());
  return d->def->fn(t, cls, Args(args.v + 1, args.count - 1, args.names));
}

Result<Ref<>> methodCall(Thread& t, Value callee, const Args& args) {
  auto* m = callee.as<Method>();
  return callWithSelf(t, m->function, m->self, args);
}

Ref<CFunction> makeCFunction(const NativeFunction* def, Value self, Value moduleName) {
  Ref<CFunction> f = make<CFunction>(&PyCFunction_Type);
  f->def = def;
  f->self = retain(self).release();
  f->module = retain(moduleName).release();
  gcTrack(f);
  return f;
}

}  // namespace dx
