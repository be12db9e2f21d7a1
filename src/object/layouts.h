// Layouts of the built-in objects: CPython 3.14's, field by field where compiled extensions read
// them (sizes and offsets asserted in layouts.cpp), our own where they do not. Fields of type
// Value own a reference unless noted; in objects marked EXPOSED they never hold immediates.
#pragma once
#include "object/type.h"

namespace dx {

namespace bytecode {
struct Insn;
}
struct CodeData;
struct Frame;
struct Thread;

// ---- numbers ----
struct Int : VarObject {  // heap int; `size` is lv_tag: sign (0 +, 1 zero, 2 -), ndigits << 3
  u32 digits[1];          // 30 bits each, least significant first

  u64 tag() const { return u64(size); }
  u32 digitCount() const { return u32(tag() >> 3); }
  bool negative() const { return (tag() & 3) == 2; }
};
struct BoolObject : VarObject {
  u32 digit;
  u32 pad;
};
struct Float : Object {
  double value;
};
struct Complex : Object {
  double real, imag;
};

// ---- text and bytes ----
struct Str : Object {  // PEP 393, always canonical: the smallest kind that fits
  i64 length;          // code points
  i64 hash;            // -1: not computed
  u32 state;           // interned:2 kind:3 compact:1 ascii:1 static:1
  // compact ASCII: data follows at 40, NUL-terminated.

  u32 kind() const { return state >> 2 & 7; }  // 1, 2 or 4 bytes a unit
  bool isAscii() const { return state & 0x40; }
  bool isCompact() const { return state & 0x20; }
  u32 interned() const { return state & 3; }
  inline u8* data() const;
  template <class U>
  U* units() const {
    return reinterpret_cast<U*>(data());
  }
  u32 at(i64 i) const {
    const u8* d = data();
    switch (kind()) {
      case 1:
        return d[i];
      case 2:
        return reinterpret_cast<const u16*>(d)[i];
      default:
        return reinterpret_cast<const u32*>(d)[i];
    }
  }
  std::string_view ascii() const { return {reinterpret_cast<char*>(data()), size_t(length)}; }
};
struct CompactStr : Str {
  i64 utf8Length;
  char* utf8;
};  // compact non-ASCII: data at 56
struct LegacyStr : CompactStr {
  void* ptr;
};  // str subclasses: data elsewhere
inline u8* Str::data() const {
  auto self = reinterpret_cast<u64>(this);
  if (isCompact())
    return reinterpret_cast<u8*>(self + (isAscii() ? sizeof(Str) : sizeof(CompactStr)));
  return static_cast<u8*>(static_cast<const LegacyStr*>(this)->ptr);
}
struct Bytes : VarObject {
  i64 hash;
  char data[1];  // NUL-terminated
  std::string_view view() const { return {data, size_t(size)}; }
};
struct ByteArray : VarObject {
  i64 allocated;
  char* bytes;
  char* start;
  i64 exports;
};

struct BufferView {  // Py_buffer
  void* buf;
  Object* obj;
  i64 len, itemsize;
  int readonly, ndim;
  char* format;
  i64 *shape, *strides, *suboffsets;
  void* internal;
};
struct ManagedBuffer : Object {
  int flags;
  i64 exports;
  BufferView master;
};
struct MemoryView : VarObject {
  ManagedBuffer* mbuf;
  i64 hash;
  int flags;
  i64 exports;
  BufferView view;
  Object* weakrefs;
  i64 array[1];  // shape, strides, suboffsets
};

// ---- containers ----
struct Tuple : VarObject {
  i64 hash;
  Value items[0];
};
struct List : VarObject {
  Value* items;
  i64 allocated;
};
struct DictKeys;
struct Dict : Object {
  i64 used;
  u64 watcherTag;
  DictKeys* keys;
  void* values;
};
struct SetEntry {
  Value key;
  i64 hash;
};
struct Set : Object {
  i64 fill, used, mask;
  SetEntry* table;
  i64 hash, finger;
  SetEntry small[8];
  Object* weakrefs;
};
struct Slice : Object {
  Value start, stop, step;
};
struct Cell : Object {
  Value content;
};
struct Range : Object {
  Value start, stop, step, length;
};

// Iterators that loops know: over machine-int ranges, and by index over lists, tuples and others.
struct RangeCursor : Object {
  i64 next, step, left;
};
struct SequenceCursor : Object {
  i64 index;
  Value sequence;  // empty when exhausted
};

// ---- functions and code ----
struct Function : Object {
  Dict* globals;
  Value builtins;  // dict (or mapping) that names fall back to
  Value name, qualname;
  struct Code* code;
  Value defaults;    // tuple or empty
  Value kwdefaults;  // dict or empty
  Value closure;     // tuple of cells or empty
  Value doc, dict;
  Object* weakrefs;
  Value module, annotations, annotate, typeparams;
  void* vectorcall;
  u32 version;
};
struct Code : VarObject {
  Value consts, names, exceptionTable;  // made when asked for
  u32 flags;
  i32 argCount, posOnlyCount, kwOnlyCount, stackSize, firstLine, localsPlusCount, frameSize,
      localCount, cellCount, freeCount;
  u32 version;
  Value localNames, localKinds;  // tuple of str, bytes
  Str *filename, *name, *qualname;
  Value lineTable;
  Object* weakrefs;
  void* executors;
  void* cached;
  u64 instrumentation;
  void* monitoring;
  i64 uniqueId;
  i32 firstTraceable;
  void* extra;
  CodeData* data;  // where CPython has co_code_adaptive: dxpy's own part, runtime/code.h
};
struct Method : Object {
  Value function, self;
  Object* weakrefs;
  void* vectorcall;
};
struct NativeFunction;
struct CFunction : Object {
  const NativeFunction* def;  // m_ml: begins like PyMethodDef
  Value self, module;
  Object* weakrefs;
  void* vectorcall;
  Type* cls;  // PyCMethodObject's mm_class
};
struct Descriptor : Object {
  Type* owner;
  Value name, qualname;
};
struct MethodDescriptor : Descriptor {
  const NativeFunction* def;
  void* vectorcall;
};
struct MemberDescriptor : Descriptor {
  const struct NativeMember* def;
};
struct GetSetDescriptor : Descriptor {
  const struct NativeGetSet* def;
};
struct WrapperDescriptor : Descriptor {
  const struct SlotWrapper* def;
  void* wrapped;
};
struct MethodWrapper : Object {
  WrapperDescriptor* descriptor;
  Value self;
};
struct Property : Object {
  Value get, set, del, doc, name;
  i32 getterDoc;
};
struct ClassMethod : Object {
  Value callable, dict;
};  // also staticmethod
struct Super : Object {
  Type* cls;
  Value object;
  Type* objectType;
};

// ---- frames, generators, exceptions ----
struct FrameObject : Object {
  Value back;    // f_back once the frame has left the stack (else found by walking)
  Frame* frame;  // the live frame, or null
  Value trace;
  i32 lineno;  // 0: derive from the instruction
  u8 traceLines, traceOpcodes, ownsFrame, pad;
  Value extraLocals, localsCache, overwritten;
  Code* code;  // from here on dxpy's own
  Dict* globals;
  Value builtins, locals;  // locals: namespace mapping of class and module frames, or empty
  Value* registers;        // copied when the frame leaves the stack
  u64 pcOffset;
};
struct Traceback : Object {
  Value next;
  FrameObject* frame;
  i32 lasti, lineno;
};

struct ExcStackItem {
  Value excValue;
  ExcStackItem* previous;
};

struct BaseException : Object {
  Value dict, args, notes, traceback, context, cause;
  u8 suppressContext;
};
struct ExceptionGroup : BaseException {
  Value message, exceptions, excsStr;
};
struct SyntaxErrorObject : BaseException {
  Value message, filename, lineno, offset, endLineno, endOffset, text, printFileAndLine, metadata;
};
struct ImportErrorObject : BaseException {
  Value message, name, path, nameFrom;
};
struct UnicodeErrorObject : BaseException {
  Value encoding, object;
  i64 start, end;
  Value reason;
};
struct SystemExitObject : BaseException {
  Value code;
};
struct OSErrorObject : BaseException {
  Value errnum, strerror, filename, filename2;
  i64 written;
};
struct StopIterationObject : BaseException {
  Value value;
};
struct NameErrorObject : BaseException {
  Value name;
};
struct AttributeErrorObject : BaseException {
  Value object, name;
};

enum class GenState : i8 {
  Created = -3,
  Suspended = -2,
  SuspendedYieldFrom = -1,
  Executing = 0,
  Cleared = 4
};
struct Generator : Object {  // also coroutines and async generators
  Object* weakrefs;
  Value name, qualname;
  ExcStackItem excState;
  Value originOrFinalizer;
  u8 hooksInited, closed, runningAsync;
  GenState state;
  Value* frame;  // register 0 of the heap frame (kFrameHeader words in front), or null
  Code* code;
  Value* block;  // the frame's own allocation; null: it follows this object
  // While it runs: where its callees' frames start on the stack, and what resumed it.
  Value* calleeBase;
  const bytecode::Insn* resumedBy;
  // Chains of delegating generators: ops/generator_frames.h.
  Generator *leaf, *chain;
  i64 chainLength;
  u64 pad[3];
};

// ---- modules, weak references ----
struct Module : Object {
  Dict* dict;
  void* def;
  void* state;
  Object* weakrefs;
  Value name;
};
struct WeakRef : Object {
  Object* referent;  // not owned; null or None's address when dead
  Value callback;
  i64 hash;
  WeakRef *prev, *next;
  void* vectorcall;
};
struct Capsule : Object {
  void* pointer;
  const char* name;
  void* context;
  void (*destructor)(Object*);
};

}  // namespace dx
