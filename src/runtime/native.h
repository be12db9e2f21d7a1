// Declarations of native functions, types and modules, as tools/gen_stubs.py emits them from the
// Python stubs beside the C++ files. Everything is static data.
#pragma once
#include "memory/slots.h"

namespace dx {

enum NativeFlag : u32 {  // METH_* values where CPython has them
  kNativeVarArgs = 1,
  kNativeKeywords = 2,
  kNativeNoArgs = 4,
  kNativeOneArg = 8,
  kNativeClass = 16,
  kNativeStatic = 32,
  kNativeFastCall = 128,
  kNativeMethod = 512,
};

// Begins like PyMethodDef (name, C entry, flags, doc), so that its address can stand in m_ml.
struct NativeFunction {
  const char* name;
  void* cEntry;  // real C entry, filled by the C-API layer
  i32 flags;
  const char* doc;  // "name(sig)\n--\n\ntext", as CPython stores it; null: none
  NativeFn fn;      // VM entry
  // The entry for `least` to `least + more` positional arguments and no keywords; null: there is
  // only the general one.
  Result<Ref<>> (*direct)(Thread&, Value self, const Value* args, u32 count) = nullptr;
  u32 least = ~u32(0), more = 0;
  bool takesDirectly(u32 count) const { return count - least <= more; }
};
static_assert(offsetof(NativeFunction, doc) == 24);

struct NativeGetSet {
  const char* name;
  Result<Ref<>> (*get)(Thread&, Value self);
  Result<void> (*set)(Thread&, Value self, Value valueOrEmpty);  // null: read-only
  const char* doc;
};

enum class MemberKind : u8 {
  Object,
  ObjectOrError,
  I64,
  I32,
  U32,
  U8,
  Bool,
  CString,
  Double,
  FunctionDoc
};
struct NativeMember {  // a plain field
  const char* name;
  i64 offset;
  MemberKind kind;  // Object: empty reads as None; ObjectOrError: empty is AttributeError
  bool readOnly;
  const char* doc;
};

struct NativeTypeInfo {
  const char* moduleName;  // "builtins", or the module's dotted name
  std::span<const NativeFunction> methods;
  std::span<const NativeGetSet> getsets;
  std::span<const NativeMember> members;
  std::span<const char* const> slotNames;  // special methods shown as slot wrappers (slot_table.h)
  bool unhashable;                         // __hash__ = None
  std::span<const char* const> matchArgs;  // __match_args__
};

struct NativeModule {
  const char* name;  // full dotted name
  const char* doc;
  std::span<const NativeFunction> functions;
  std::span<Type* const> types;            // added under the last component of their name
  Result<void> (*exec)(Thread&, Module&);  // the rest; may be null
};

// Binding of arguments to parameters (runtime/binding.cpp).
struct ParamSpec {
  const char* function;      // for error texts: "name" or "Class.name" without parentheses
  const char* const* names;  // names of all parameters but *args and **kwargs
  u8 positionalOnly, positional, keywordOnly;  // counts; positional includes positional-only
  u8 required;                                 // of the positional ones
  u32 requiredKeywordOnly;                     // bit per keyword-only parameter
  bool varArgs, varKeywords;
};
// Fills out[0 .. positional+keywordOnly) with borrowed values, empty where absent. *args is
// args.v[positional ..). Raises TypeError with CPython's texts.
Result<void> bindArgs(Thread& t, const ParamSpec& spec, const Args& args, Value* out,
                      Values* rest = nullptr, Ref<Dict>* keywords = nullptr);

// Conversions of arguments.
Result<i64> argIndex(Thread& t, Value v);      // Py_ssize_t through __index__
Result<i64> argI64(Thread& t, Value v);        // C long long
Result<i32> argI32(Thread& t, Value v);        // C int
Result<u64> argU64Mask(Thread& t, Value v);    // unsigned, wraps
Result<double> argDouble(Thread& t, Value v);  // through __float__/__index__
// TypeError "f() argument 'x' must be EXPECTED, not T"; never succeeds.
Result<void> argWrongType(Thread& t, Value v, const ParamSpec& spec, u32 index,
                          const char* expected);
// __class_getitem__ of built-in generic types: types.GenericAlias(cls, item).
Result<Ref<>> genericClassGetItem(Thread& t, Value cls, const Args& args);

// Releases an owned field of any kind (generated dealloc functions).
inline void clearOwned(Value& field) { clearField(field); }
template <class T>
void clearOwned(T*& field) {
  T* old = field;
  field = nullptr;
  if (old) decrefObject(old);
}

// All native types and modules of the program, in linker sections.
#define DX_REGISTER_TYPE(type)           \
  [[gnu::section("dx_types"), gnu::used, \
    gnu::retain]] static ::dx::Type* const dxTypeEntry_##type = &type;
#define DX_REGISTER_MODULE(module)         \
  [[gnu::section("dx_modules"), gnu::used, \
    gnu::retain]] static const ::dx::NativeModule* const dxModuleEntry_##module = &module;
std::span<Type* const> nativeTypes();
std::span<const NativeModule* const> nativeModules();

}  // namespace dx
