// Holds the layouts to CPython 3.14's offsets. The numbers are facts of the binary interface;
// tests/unit/abi_test.cpp checks them against the real headers as well.
#include "object/layouts.h"

namespace dx {

#define OFFSET(type, field, at) static_assert(offsetof(type, field) == at)
static_assert(sizeof(Int) == 32 && sizeof(BoolObject) == 32 && sizeof(Float) == 24);
OFFSET(Int, digits, 24);
static_assert(sizeof(Complex) == 32 && sizeof(CompactStr) == 56 && sizeof(LegacyStr) == 64);
OFFSET(Str, length, 16);
OFFSET(Str, hash, 24);
OFFSET(Str, state, 32);
static_assert(sizeof(Str) == 40);
OFFSET(Bytes, hash, 24);
OFFSET(Bytes, data, 32);
static_assert(sizeof(ByteArray) == 56 && sizeof(BufferView) == 80);
OFFSET(MemoryView, view, 56);
OFFSET(MemoryView, weakrefs, 136);
OFFSET(MemoryView, array, 144);
OFFSET(Tuple, hash, 24);
OFFSET(Tuple, items, 32);
static_assert(sizeof(List) == 40 && sizeof(Dict) == 48 && sizeof(Set) == 200 &&
              sizeof(Slice) == 40);
OFFSET(Set, table, 40);
OFFSET(Set, small, 64);
OFFSET(Set, weakrefs, 192);
static_assert(sizeof(Cell) == 24 && sizeof(Function) == 152 && sizeof(Method) == 48);
OFFSET(Function, code, 48);
OFFSET(Function, closure, 72);
OFFSET(Function, vectorcall, 136);
OFFSET(Function, version, 144);
OFFSET(Code, flags, 48);
OFFSET(Code, version, 92);
OFFSET(Code, localNames, 96);
OFFSET(Code, filename, 112);
OFFSET(Code, lineTable, 136);
OFFSET(Code, weakrefs, 144);
OFFSET(Code, extra, 200);
OFFSET(Code, data, 208);
static_assert(sizeof(Code) == 216);
OFFSET(CFunction, vectorcall, 48);
OFFSET(CFunction, cls, 56);
OFFSET(MethodDescriptor, def, 40);
OFFSET(MethodDescriptor, vectorcall, 48);
OFFSET(WrapperDescriptor, wrapped, 48);
OFFSET(FrameObject, back, 16);
OFFSET(FrameObject, lineno, 40);
OFFSET(FrameObject, code, 72);
static_assert(sizeof(Traceback) == 40);
OFFSET(Traceback, lineno, 36);
static_assert(sizeof(BaseException) == 72 && sizeof(ExceptionGroup) == 96);
static_assert(sizeof(SyntaxErrorObject) == 144 && sizeof(ImportErrorObject) == 104);
static_assert(sizeof(UnicodeErrorObject) == 112 && sizeof(SystemExitObject) == 80);
static_assert(sizeof(OSErrorObject) == 112 && sizeof(AttributeErrorObject) == 88);
OFFSET(BaseException, traceback, 40);
OFFSET(BaseException, suppressContext, 64);
OFFSET(Generator, excState, 40);
OFFSET(Generator, state, 67);
OFFSET(Generator, frame, 72);
static_assert(sizeof(Generator) == 160);
static_assert(sizeof(Module) == 56 && sizeof(WeakRef) == 64);
OFFSET(WeakRef, vectorcall, 56);

}  // namespace dx
