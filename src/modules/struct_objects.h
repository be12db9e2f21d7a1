// Objects of the module _struct, and the format codes it shares.
#pragma once
#include "runtime/api.h"

namespace dx {

enum class FieldKind : u8 {
  Pad,
  Char,
  Signed,
  Unsigned,
  Pointer,
  Bool,
  Float,
  Complex,
  String,
  Pascal
};

// One run of equal items at an offset of the packed bytes.
struct StructField {
  char code;
  FieldKind kind;
  u8 width;  // of one item; strings: 1
  bool big;  // most significant byte first
  i64 offset;
  i64 size;    // bytes of one value: the width, or a string's length
  i64 repeat;  // values
};

struct StructObject : Object {
  i64 size;       // of the packed bytes
  i64 itemCount;  // values
  Value format;   // str; empty until __init__
  Value fields;   // bytes: an array of StructField
  Object* weakrefs;
};
struct UnpackIterator : Object {
  Value description;  // StructObject; empty when exhausted
  Value view;         // memoryview that keeps the buffer
  i64 offset;
};

}  // namespace dx
