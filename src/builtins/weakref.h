// Weak references as objects; the lists are memory/weakrefs.cpp's.
#pragma once
#include "runtime/api.h"

namespace dx {

// A weak reference to `object`; a plain one without callback is shared. TypeError for objects that
// cannot have any. `type` may be a subclass of ref, or a proxy type.
Result<Ref<>> makeWeakRef(Thread& t, Type* type, Value object, Value callbackOrEmpty);
// What w refers to, or empty when it is dead.
Ref<> weakRefTarget(const WeakRef& w);

// Slots of both proxy types: what the referent does.
Result<Ref<>> weakproxyGetAttr(Thread& t, Value self, Str* name);
Result<void> weakproxySetAttr(Thread& t, Value self, Str* name, Value value);
Result<Ref<>> weakproxyCall(Thread& t, Value self, const Args& args);
Result<Ref<>> weakproxyIter(Thread& t, Value self);
Result<Ref<>> weakproxyNext(Thread& t, Value self);
Result<Ref<>> weakproxyGetItem(Thread& t, Value self, Value key);
Result<void> weakproxySetItem(Thread& t, Value self, Value key, Value value);
Result<i64> weakproxyLength(Thread& t, Value self);
Result<bool> weakproxyContains(Thread& t, Value self, Value item);
Result<bool> weakproxyTruth(Thread& t, Value self);
Result<Ref<>> weakproxyCompare(Thread& t, Value self, Value other, CompareOp op);
Result<Ref<>> weakproxyStr(Thread& t, Value self);
Result<Ref<>> weakproxyNegative(Thread& t, Value self);
Result<Ref<>> weakproxyPositive(Thread& t, Value self);
Result<Ref<>> weakproxyAbsolute(Thread& t, Value self);
Result<Ref<>> weakproxyInvert(Thread& t, Value self);
Result<Ref<>> weakproxyToInt(Thread& t, Value self);
Result<Ref<>> weakproxyToFloat(Thread& t, Value self);
Result<Ref<>> weakproxyIndex(Thread& t, Value self);
// By BinaryOp; either operand may be the proxy.
template <int I>
Result<Ref<>> weakproxyBinary(Thread& t, Value a, Value b);
template <int I>
Result<Ref<>> weakproxyInplace(Thread& t, Value a, Value b);

}  // namespace dx
