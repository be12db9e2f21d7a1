#include "builtins/weakref.gen.h"
#include "memory/heap.h"
#include "runtime/types.h"

namespace dx {

Ref<> weakRefTarget(const WeakRef& w) {
  if (!w.referent || w.referent->refcount == 0) return {};
  return Ref<>::retain(w.referent);
}

Result<Ref<>> makeWeakRef(Thread& t, Type* type, Value object, Value callback) {
  WeakRef** list = object.isObject() ? weakrefList(object.object()) : nullptr;
  if (!list)
    return t.raise(kTypeError, "cannot create weak reference to '{}' object", typeOf(object));
  if (callback && isNone(callback)) callback = Value();
  if (!callback)
    for (WeakRef* w = *list; w; w = w->next)
      if (w->type == type && !w->callback && w->refcount > 0 &&
          (type == &_PyWeakref_RefType || type == &_PyWeakref_ProxyType ||
           type == &_PyWeakref_CallableProxyType))
        return Ref<>::retain(w);
  Ref<> o = Ref<>::steal(Value(newInstance(type)));
  auto* w = o.as<WeakRef>();
  w->hash = -1;
  w->callback = retain(callback).release();
  linkWeakref(w, object.object());
  if (!gcIsTracked(w)) gcTrack(w);
  return o;
}

static void weakrefDealloc(Object* o) {
  gcUntrack(o);
  auto* w = static_cast<WeakRef*>(o);
  unlinkWeakref(w);
  clearField(w->callback);
  freeObject(o);
}
static void weakrefTraverse(Object* o, Visitor& v) { v(static_cast<WeakRef*>(o)->callback); }
static void weakrefClear(Object* o) {
  auto* w = static_cast<WeakRef*>(o);
  unlinkWeakref(w);
  clearField(w->callback);
}
void ReferenceType_dealloc(Object* o) { weakrefDealloc(o); }
void ReferenceType_traverse(Object* o, Visitor& v) { weakrefTraverse(o, v); }
void ReferenceType_clear(Object* o) { weakrefClear(o); }
void weakproxy_dealloc(Object* o) { weakrefDealloc(o); }
void weakproxy_traverse(Object* o, Visitor& v) { weakrefTraverse(o, v); }
void weakproxy_clear(Object* o) { weakrefClear(o); }
void weakcallable_dealloc(Object* o) { weakrefDealloc(o); }
void weakcallable_traverse(Object* o, Visitor& v) { weakrefTraverse(o, v); }
void weakcallable_clear(Object* o) { weakrefClear(o); }

// ---- ref ----

static Result<void> checkArguments(Thread& t, Type* cls, const Args& args) {
  if (args.names && args.names->size && !cls->has(kTypeHeap))
    return t.raise(kTypeError, "ref() takes no keyword arguments");
  if (args.count < 1) return t.raise(kTypeError, "__new__ expected at least 1 argument, got 0");
  if (args.count > 2)
    return t.raise(kTypeError, "__new__ expected at most 2 arguments, got {}", args.count);
  return {};
}
Result<Ref<>> ReferenceType___new__(Thread& t, Type& cls, const Args& args) {
  TRY(checkArguments(t, &cls, args));
  return makeWeakRef(t, &cls, args[0], args.count > 1 ? args[1] : Value());
}
Result<void> ReferenceType___init__(Thread& t, WeakRef& self, const Args& args) {
  return checkArguments(t, self.type, args);
}
Result<Ref<>> ReferenceType___call__(Thread&, WeakRef& self) {
  Ref<> target = weakRefTarget(self);
  return target ? std::move(target) : noneRef();
}
Result<i64> ReferenceType___hash__(Thread& t, WeakRef& self) {
  if (self.hash != -1) return self.hash;
  Ref<> target = weakRefTarget(self);
  if (!target) return t.raise(kTypeError, "weak object has gone away");
  i64 h = TRY(hash(t, target));
  return self.hash = h;
}
Result<Ref<>> ReferenceType___repr__(Thread& t, WeakRef& self) {
  Ref<> target = weakRefTarget(self);
  if (!target) return Ref<>(formatStr("<weakref at {}; dead>", pointerText(&self)));
  // Looked up in the type: a __getattr__ has no say.
  Ref<> name;
  if (typeLookup(typeOf(target), DX_NAME("__name__")))
    TRY(lookupAttr(t, target, DX_NAME("__name__"), &name));
  if (!name || !isStr(name))
    return Ref<>(formatStr("<weakref at {}; to '{!q}' at {}>", pointerText(&self), typeOf(target),
                           pointerText(target)));
  return Ref<>(formatStr("<weakref at {}; to '{!q}' at {} ({})>", pointerText(&self),
                         typeOf(target), pointerText(target), name));
}
Result<Ref<>> ReferenceType___richcompare__(Thread& t, WeakRef& self, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || !isInstanceOf(other, &_PyWeakref_RefType))
    return notImplementedRef();
  Ref<> a = weakRefTarget(self), b = weakRefTarget(*other.as<WeakRef>());
  if (!a || !b) return boolRef((other == Value(&self)) == (op == CompareOp::Eq));
  return compare(t, a, b, op);
}
Result<Ref<>> ReferenceType_get___callback__(Thread&, WeakRef& self) {
  return retain(self.callback ? self.callback : none());
}

// ---- proxies ----

static bool isProxy(Value v) {
  return typeOf(v) == &_PyWeakref_ProxyType || typeOf(v) == &_PyWeakref_CallableProxyType;
}
// The referent, or v itself when it is no proxy.
static Result<Ref<>> behind(Thread& t, Value v) {
  if (!isProxy(v)) return retain(v);
  Ref<> target = weakRefTarget(*v.as<WeakRef>());
  if (!target) return t.raise(kReferenceError, "weakly-referenced object no longer exists");
  return target;
}
Result<Ref<>> weakproxyGetAttr(Thread& t, Value self, Str* name) {
  return getAttr(t, TRY(behind(t, self)), name);
}
Result<void> weakproxySetAttr(Thread& t, Value self, Str* name, Value v) {
  return setAttr(t, TRY(behind(t, self)), name, v);
}
Result<Ref<>> weakproxyCall(Thread& t, Value self, const Args& args) {
  return call(t, TRY(behind(t, self)), args);
}
Result<Ref<>> weakproxyIter(Thread& t, Value self) { return iter(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyNext(Thread& t, Value self) {
  Ref<> target = TRY(behind(t, self));
  if (!isIterator(target))
    return t.raise(kTypeError, "Weakref proxy referenced a non-iterator '{}' object",
                   typeOf(target));
  return iterNext(t, target);
}
Result<Ref<>> weakproxyGetItem(Thread& t, Value self, Value key) {
  return getItem(t, TRY(behind(t, self)), key);
}
Result<void> weakproxySetItem(Thread& t, Value self, Value key, Value v) {
  return setItem(t, TRY(behind(t, self)), key, v);
}
Result<i64> weakproxyLength(Thread& t, Value self) { return length(t, TRY(behind(t, self))); }
Result<bool> weakproxyContains(Thread& t, Value self, Value item) {
  return contains(t, TRY(behind(t, self)), item);
}
Result<bool> weakproxyTruth(Thread& t, Value self) { return isTrue(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyCompare(Thread& t, Value self, Value other, CompareOp op) {
  Ref<> a = TRY(behind(t, self)), b = TRY(behind(t, other));
  return compare(t, a, b, op);
}
Result<Ref<>> weakproxyStr(Thread& t, Value self) {
  return Ref<>(TRY(str(t, TRY(behind(t, self)))));
}
Result<Ref<>> weakproxyNegative(Thread& t, Value self) { return negative(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyPositive(Thread& t, Value self) { return positive(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyAbsolute(Thread& t, Value self) { return absolute(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyInvert(Thread& t, Value self) { return invert(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyToInt(Thread& t, Value self) { return toInt(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyToFloat(Thread& t, Value self) { return toFloat(t, TRY(behind(t, self))); }
Result<Ref<>> weakproxyIndex(Thread& t, Value self) { return toIndex(t, TRY(behind(t, self))); }

static Result<Ref<>> proxyRepr(WeakRef& self) {
  Ref<> target = weakRefTarget(self);
  if (!target) return Ref<>(formatStr("<weakproxy at {}; dead>", pointerText(&self)));
  return Ref<>(formatStr("<weakproxy at {}; to '{}' at {}>", pointerText(&self), typeOf(target),
                         pointerText(target)));
}
Result<Ref<>> weakproxy___repr__(Thread&, WeakRef& self) { return proxyRepr(self); }
Result<Ref<>> weakcallable___repr__(Thread&, WeakRef& self) { return proxyRepr(self); }
Result<Ref<>> weakproxy___bytes__(Thread& t, WeakRef& self) {
  return callMethod(t, TRY(behind(t, Value(&self))), DX_NAME("__bytes__"), {});
}
Result<Ref<>> weakproxy___reversed__(Thread& t, WeakRef& self) {
  return callWith(t, Value(&PyReversed_Type), TRY(behind(t, Value(&self))));
}

// Binary operators see through proxies on either side.
template <int I>
Result<Ref<>> weakproxyBinary(Thread& t, Value a, Value b) {
  Ref<> left = TRY(behind(t, a)), right = TRY(behind(t, b));
  return binary(t, BinaryOp(I), left, right);
}
template <int I>
Result<Ref<>> weakproxyInplace(Thread& t, Value a, Value b) {
  Ref<> left = TRY(behind(t, a)), right = TRY(behind(t, b));
  return inplace(t, BinaryOp(I), left, right);
}
#define INSTANTIATE(i)                                              \
  template Result<Ref<>> weakproxyBinary<i>(Thread&, Value, Value); \
  template Result<Ref<>> weakproxyInplace<i>(Thread&, Value, Value);
INSTANTIATE(0)
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)
INSTANTIATE(4)
INSTANTIATE(5)
INSTANTIATE(6)
INSTANTIATE(7)
INSTANTIATE(8)
INSTANTIATE(9)
INSTANTIATE(10)
INSTANTIATE(11)
INSTANTIATE(12)
#undef INSTANTIATE
template Result<Ref<>> weakproxyBinary<13>(Thread&, Value, Value);

}  // namespace dx
