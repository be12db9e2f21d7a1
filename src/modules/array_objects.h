// Objects of the module array.
#pragma once
#include "runtime/api.h"

namespace dx {

struct ArrayKind;
struct ArrayObject : VarObject {  // size: items
  u8* items;                      // null when empty
  i64 allocated;                  // items there is room for
  const ArrayKind* kind;
  Object* weakrefs;
  i64 exports;  // buffers handed out: the storage must not move
};
static_assert(sizeof(ArrayObject) == 64);
struct ArrayIterator : Object {
  Value array;  // empty when exhausted
  i64 index;
};

// One type code.
struct ArrayKind {
  char code;
  u8 width;            // bytes of an item
  const char* format;  // of buffers
  i8 machineFormat;    // for pickles: array_kinds.cpp
  Result<Ref<>> (*load)(Thread&, const u8*);
  // Writes the converted value to `out`, which is no part of the array: converting may run Python.
  Result<void> (*convert)(Thread&, Value, u8* out);

  bool isText() const { return code == 'u' || code == 'w'; }
};
const ArrayKind* findArrayKind(u32 code);
// The last integer kind of that width and sign.
const ArrayKind* integerArrayKind(int width, bool isSigned);

Result<Ref<ArrayObject>> newArray(Thread& t, Type* cls, const ArrayKind* kind, i64 size);
Result<void> arrayAppend(Thread& t, ArrayObject& a, Value v);
Result<void> arrayAppendBytes(Thread& t, ArrayObject& a, std::string_view bytes);
extern "C" Type PyArray_Type;
inline bool isArray(Value v) { return isInstanceOf(v, &PyArray_Type); }

}  // namespace dx
