// Slots: what a type can do, as the VM calls it. CPython's slots, speaking Value and Result.
// Classes written in Python fill them with functions that look up the special method
// (runtime/slot_dispatch.cpp); built-in types with thunks that tools/gen_stubs.py emits.
#pragma once
#include "memory/args.h"
#include "memory/collector.h"

namespace dx {

enum class BinaryOp : u8 {
  Add,
  Sub,
  Mul,
  MatMul,
  TrueDiv,
  FloorDiv,
  Mod,
  Pow,
  LShift,
  RShift,
  And,
  Or,
  Xor,
  DivMod
};
constexpr int kBinaryOpCount = 14;
enum class CompareOp : u8 { Lt, Le, Eq, Ne, Gt, Ge };  // CPython's Py_LT .. Py_GE

using UnaryFn = Result<Ref<>> (*)(Thread&, Value);
using BinaryFn = Result<Ref<>> (*)(Thread&, Value, Value);
using TernaryFn = Result<Ref<>> (*)(Thread&, Value, Value, Value);
using BuffGetFn = Result<void> (*)(Thread&, Value, BufferView*, int flags);

struct Slots {
  // Object protocol.
  UnaryFn repr, str;
  Result<i64> (*hash)(Thread&, Value);  // never returns -1
  Result<Ref<>> (*call)(Thread&, Value callee, const Args&);
  Result<Ref<>> (*getattro)(Thread&, Value, Str* name);
  Result<void> (*setattro)(Thread&, Value, Str* name, Value valueOrEmpty);
  Result<Ref<>> (*richcompare)(Thread&, Value, Value, CompareOp);
  UnaryFn iter;
  UnaryFn next;  // empty without an exception: exhausted
  Result<Ref<>> (*descrGet)(Thread&, Value descr, Value objectOrEmpty, Value type);
  Result<void> (*descrSet)(Thread&, Value descr, Value object, Value valueOrEmpty);
  Result<void> (*init)(Thread&, Value self, const Args&);
  Result<Ref<>> (*construct)(Thread&, Type* cls, const Args&);  // __new__
  void (*finalize)(Thread&, Object*);                           // __del__; keeps exceptions inside
  void (*dealloc)(Object*);  // releases fields, then freeObject; runs when the count is zero
  void (*traverse)(Object*, Visitor&);
  void (*clear)(Object*);  // drops references that may form cycles

  // Numbers. Binary functions get the operands in source order and are tried for the left and the
  // right operand's type; they return NotImplemented for operands they do not know.
  BinaryFn binary[kBinaryOpCount];
  BinaryFn inplace[kBinaryOpCount];
  TernaryFn power;  // pow(a, b, c); binary[Pow] is the two-operand form
  UnaryFn negative, positive, absolute, invert, toInt, toFloat, index;
  Result<bool> (*truth)(Thread&, Value);

  // Sequences and mappings.
  Result<i64> (*length)(Thread&, Value);
  BinaryFn getItem;  // mp_subscript
  Result<void> (*setItem)(Thread&, Value, Value key, Value valueOrEmpty);
  Result<Ref<>> (*seqItem)(Thread&, Value, i64 index);  // sq_item; sequences iterate by it
  Result<bool> (*contains)(Thread&, Value, Value);
  BinaryFn concat, inplaceConcat;  // sequence + after binary[Add] declined
  Result<Ref<>> (*repeat)(Thread&, Value, i64 count);
  Result<Ref<>> (*inplaceRepeat)(Thread&, Value, i64 count);

  // Coroutines.
  UnaryFn await, aiter, anext;
  Result<Ref<>> (*send)(Thread&, Value, Value sent,
                        bool* finished);  // am_send; null: use next/send

  // Buffers (PEP 688).
  BuffGetFn getBuffer;
  void (*releaseBuffer)(Thread&, Value, BufferView*);
};

struct NativeTypeInfo;
struct Shape;

// dxpy's data about a type. Static types have static ones; heap types allocate theirs.
struct TypeData {
  Slots slots;
  const NativeTypeInfo* native;  // how attributes of a built-in type are declared; null otherwise
  Shape* rootShape;              // instances start here (types with kTypeInlineValues)
  Function* initFunction;        // cache of a Python __init__ at the current version, borrowed
  u32 initVersion;
  u32 slotFlags;  // which slots are the type's own (runtime/slot_dispatch.cpp)
};

inline Slots& slotsOf(Value v) { return typeOf(v)->data->slots; }

}  // namespace dx
