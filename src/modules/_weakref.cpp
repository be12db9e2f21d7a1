#include "builtins/weakref.h"
#include "memory/heap.h"
#include "modules/_weakref.gen.h"

namespace dx {

static WeakRef* firstRef(Value v) {
  WeakRef** list = v.isObject() ? weakrefList(v.object()) : nullptr;
  return list ? *list : nullptr;
}
Result<i64> _weakref_getweakrefcount(Thread&, Value object) {
  i64 n = 0;
  for (WeakRef* w = firstRef(object); w; w = w->next) n++;
  return n;
}
Result<Ref<>> _weakref_getweakrefs(Thread&, Value object) {
  Ref<List> out = newList();
  for (WeakRef* w = firstRef(object); w; w = w->next)
    if (w->refcount > 0) listAppend(out, Value(w));
  return Ref<>(std::move(out));
}
Result<void> _weakref__remove_dead_weakref(Thread& t, Dict& dct, Value key) {
  Value v = TRY(dictGet(t, &dct, key));
  if (!v) return {};
  if (!isInstanceOf(v, &_PyWeakref_RefType)) return t.raise(kTypeError, "not a weakref");
  if (!v.as<WeakRef>()->referent) (void)TRY(dictDelete(t, &dct, key));
  return {};
}
Result<Ref<>> _weakref_proxy(Thread& t, Value object, Value callback) {
  return makeWeakRef(t, isCallable(object) ? &_PyWeakref_CallableProxyType : &_PyWeakref_ProxyType,
                     object, callback);
}
Result<void> _weakref_exec(Thread&, Module& m) {
  moduleSet(m, "ref", Value(&_PyWeakref_RefType));
  moduleSet(m, "ReferenceType", Value(&_PyWeakref_RefType));
  moduleSet(m, "ProxyType", Value(&_PyWeakref_ProxyType));
  moduleSet(m, "CallableProxyType", Value(&_PyWeakref_CallableProxyType));
  return {};
}

}  // namespace dx
