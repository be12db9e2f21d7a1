// Types: CPython's 416-byte PyTypeObject and 936-byte PyHeapTypeObject, and dxpy's own data
// about a type (TypeData), which hangs off `cache` (tp_cache).
//
// The VM dispatches through TypeData::slots, whose functions speak Value and Result. The C
// function pointers in the type itself (`c...`) are for extensions and filled by the C-API layer.
#pragma once
#include "object/object.h"

namespace dx {

struct Dict;
struct Shape;
struct Str;
struct Thread;
struct Tuple;
struct TypeData;
struct Slots;

enum TypeFlag : u64 {
  kTypeStaticBuiltin = 1 << 1,
  kTypeInlineValues = 1 << 2,
  kTypeManagedWeakref = 1 << 3,
  kTypeManagedDict = 1 << 4,
  kTypeSequence = 1 << 5,
  kTypeMapping = 1 << 6,
  kTypeDisallowInstantiation = 1 << 7,
  kTypeImmutable = 1 << 8,
  kTypeHeap = 1 << 9,
  kTypeBaseType = 1 << 10,
  kTypeHaveVectorcall = 1 << 11,
  kTypeReady = 1 << 12,
  kTypeReadying = 1 << 13,
  kTypeHasGc = 1 << 14,
  kTypeMethodDescriptor = 1 << 17,
  kTypeAbstract = 1 << 20,
  kTypeMatchSelf = 1 << 22,
  kTypeItemsAtEnd = 1 << 23,
  kTypeIntSubclass = 1 << 24,
  kTypeListSubclass = 1 << 25,
  kTypeTupleSubclass = 1 << 26,
  kTypeBytesSubclass = 1 << 27,
  kTypeStrSubclass = 1 << 28,
  kTypeDictSubclass = 1 << 29,
  kTypeExceptionSubclass = 1 << 30,
  kTypeTypeSubclass = u64(1) << 31,
};

struct Type : VarObject {
  const char* name;  // "module.Name" or "Name" of static types; heap types: UTF-8 of __name__
  i64 basicSize, itemSize;
  void* cDealloc;
  i64 vectorcallOffset;
  void *cGetattr, *cSetattr, *asAsync, *cRepr, *asNumber, *asSequence, *asMapping, *cHash, *cCall,
      *cStr, *cGetattro, *cSetattro, *asBuffer;
  u64 flags;
  const char* doc;
  void *cTraverse, *cClear, *cRichcompare;
  i64 weaklistOffset;
  void *cIter, *cIternext, *cMethods, *cMembers, *cGetset;
  Type* base;
  Dict* dict;  // null on static types until attributes are first looked up; see typeDict()
  void *cDescrGet, *cDescrSet;
  i64 dictOffset;  // > 0: offset of a Dict* field; -1 with kTypeManagedDict
  void *cInit, *cAlloc, *cNew, *cFree, *cIsGc;
  Tuple* bases;
  Tuple* mro;
  TypeData* data;    // tp_cache
  void* subclasses;  // tp_subclasses: a SubclassList*
  Object* weaklist;
  void* cDel;
  u32 versionTag;  // unique number of this state of the type's attributes; 0 = none assigned
  void* cFinalize;
  void* cVectorcall;
  u8 watched;
  u16 versionsUsed;

  bool has(u64 flag) const { return flags & flag; }
};
static_assert(sizeof(Type) == 416);
static_assert(offsetof(Type, flags) == 168 && offsetof(Type, base) == 256 &&
              offsetof(Type, mro) == 344 && offsetof(Type, data) == 352 &&
              offsetof(Type, versionTag) == 384 && offsetof(Type, cVectorcall) == 400);

struct HeapType : Type {
  u8 methodTables[440];  // async 32, number 288, mapping 24, sequence 80, buffer 16
  Str* htName;
  Tuple* htSlots;  // __slots__ as given, or null
  Str* htQualname;
  void* cachedKeys;
  Object* htModule;
  char* htUtf8Name;
  void* token;
  void* specCache[3];
};
static_assert(sizeof(HeapType) == 936 && offsetof(HeapType, htName) == 856 &&
              offsetof(HeapType, htUtf8Name) == 896);

// One C++ expression per built-in type; the data itself is emitted by tools/gen_stubs.py.
#define DX_TYPE(cname) extern "C" Type cname;
#include "object/types.def"
#undef DX_TYPE

inline Type* typeOf(Value v) {
  if (v.isSmallInt()) return &PyLong_Type;
  if (v.isFlonum()) return &PyFloat_Type;
  return v.object()->type;
}
inline bool hasTypeFlag(Value v, u64 flag) { return v.isObject() && v.object()->type->has(flag); }

inline bool isInt(Value v) { return v.isSmallInt() || hasTypeFlag(v, kTypeIntSubclass); }
inline bool isExactInt(Value v) {
  return v.isSmallInt() || (v.isObject() && v.object()->type == &PyLong_Type);
}
inline bool isExactFloat(Value v) {
  return v.isFlonum() || (v.isObject() && v.object()->type == &PyFloat_Type);
}
inline bool isStr(Value v) { return hasTypeFlag(v, kTypeStrSubclass); }
inline bool isExactStr(Value v) { return v.isObject() && v.object()->type == &PyUnicode_Type; }
inline bool isBytes(Value v) { return hasTypeFlag(v, kTypeBytesSubclass); }
inline bool isTuple(Value v) { return hasTypeFlag(v, kTypeTupleSubclass); }
inline bool isExactTuple(Value v) { return v.isObject() && v.object()->type == &PyTuple_Type; }
inline bool isList(Value v) { return hasTypeFlag(v, kTypeListSubclass); }
inline bool isExactList(Value v) { return v.isObject() && v.object()->type == &PyList_Type; }
inline bool isDict(Value v) { return hasTypeFlag(v, kTypeDictSubclass); }
inline bool isExactDict(Value v) { return v.isObject() && v.object()->type == &PyDict_Type; }
inline bool isType(Value v) { return hasTypeFlag(v, kTypeTypeSubclass); }
inline bool isExceptionInstance(Value v) { return hasTypeFlag(v, kTypeExceptionSubclass); }
inline bool isExceptionClass(Value v) {
  return isType(v) && v.as<Type>()->has(kTypeExceptionSubclass);
}

// The singletons, at their exported addresses.
extern "C" {
extern Object _Py_NoneStruct, _Py_NotImplementedStruct, _Py_EllipsisObject;
struct BoolObject;
extern BoolObject _Py_TrueStruct, _Py_FalseStruct;
}
inline Value none() { return Value(&_Py_NoneStruct); }
inline Value notImplemented() { return Value(&_Py_NotImplementedStruct); }
inline Value ellipsis() { return Value(&_Py_EllipsisObject); }
inline Value trueValue() { return Value(reinterpret_cast<Object*>(&_Py_TrueStruct)); }
inline Value falseValue() { return Value(reinterpret_cast<Object*>(&_Py_FalseStruct)); }
inline Value boolean(bool b) { return b ? trueValue() : falseValue(); }
inline bool isNone(Value v) { return v == none(); }
inline bool isBool(Value v) { return v == trueValue() || v == falseValue(); }

}  // namespace dx
