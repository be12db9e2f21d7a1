// What stands in the slots of classes written in Python: functions that look the special method up
// on the type and call it.
#pragma once
#include "runtime/api.h"

namespace dx {

#define DX_DISPATCH_UNARY(name) Result<Ref<>> name(Thread& t, Value self);
DX_DISPATCH_UNARY(dispatchRepr)
DX_DISPATCH_UNARY(dispatchStr)
DX_DISPATCH_UNARY(dispatchIter)
DX_DISPATCH_UNARY(dispatchNext)
DX_DISPATCH_UNARY(dispatchAwait)
DX_DISPATCH_UNARY(dispatchAiter)
DX_DISPATCH_UNARY(dispatchAnext)
DX_DISPATCH_UNARY(dispatchNegative)
DX_DISPATCH_UNARY(dispatchPositive)
DX_DISPATCH_UNARY(dispatchAbsolute)
DX_DISPATCH_UNARY(dispatchInvert)
DX_DISPATCH_UNARY(dispatchToInt)
DX_DISPATCH_UNARY(dispatchToFloat)
DX_DISPATCH_UNARY(dispatchIndex)
#undef DX_DISPATCH_UNARY

Result<Ref<>> dispatchGetAttr(Thread& t, Value self,
                              Str* name);  // __getattribute__ and __getattr__
Result<void> dispatchSetAttr(Thread& t, Value self, Str* name, Value valueOrEmpty);
Result<i64> dispatchHash(Thread& t, Value self);
Result<Ref<>> dispatchCall(Thread& t, Value self, const Args& args);
Result<Ref<>> dispatchCompare(Thread& t, Value self, Value other, CompareOp op);
Result<Ref<>> dispatchDescrGet(Thread& t, Value self, Value objectOrEmpty, Value type);
Result<void> dispatchDescrSet(Thread& t, Value self, Value object, Value valueOrEmpty);
Result<void> dispatchInit(Thread& t, Value self, const Args& args);
Result<Ref<>> dispatchNew(Thread& t, Type* cls, const Args& args);
void dispatchDel(Thread& t, Object* self);
Result<bool> dispatchTruth(Thread& t, Value self);
Result<Ref<>> dispatchPower(Thread& t, Value a, Value b, Value c);
Result<i64> dispatchLength(Thread& t, Value self);
Result<Ref<>> dispatchGetItem(Thread& t, Value self, Value key);
Result<void> dispatchSetItem(Thread& t, Value self, Value key, Value valueOrEmpty);
Result<Ref<>> dispatchSeqItem(Thread& t, Value self, i64 index);
Result<bool> dispatchContains(Thread& t, Value self, Value item);
template <BinaryOp op>
Result<Ref<>> dispatchBinary(Thread& t, Value a, Value b);
template <BinaryOp op>
Result<Ref<>> dispatchInplace(Thread& t, Value a, Value b);

// Slots::hash of unhashable types: TypeError "unhashable type: 'X'".
Result<i64> hashNotImplemented(Thread& t, Value self);

// Like iterNext(), but a StopIteration that a Python __next__ raised stays pending, with its value
// (for next() and `yield from`). Native iterators: empty without an exception at the end.
Result<Ref<>> nextKeepingStop(Thread& t, Value iterator);

// True if the type's attribute access is object.__getattribute__ plus, at most, a Python
// __getattr__ (given borrowed in *hook, else empty).
bool hasGenericGetAttr(Type* type, Value* hook);

// ---- buffers (runtime/slot_buffer.cpp) ----
Result<void> dispatchGetBuffer(Thread& t, Value self, BufferView* view, int flags);
void dispatchReleaseBuffer(Thread& t, Value self, BufferView* view);
// object.__release_buffer__(memory); what goes wrong is unraisable.
void callReleaseBuffer(Thread& t, Value object, Value memory);

// ---- builtins/memoryview.cpp ----
// self.__buffer__(flags) and self.__release_buffer__(view) of types with native buffers.
// `native` is the function of the type whose method was called.
Result<Ref<>> memoryViewOf(Thread& t, Value self, int flags, BuffGetFn native);
Result<void> releaseMemoryView(Thread& t, Value self, Value view);
// A memoryview of a buffer that is about to be released. It owns nothing, and no other view can be
// made of it.
Ref<> restrictedViewOf(const BufferView& view);

}  // namespace dx
