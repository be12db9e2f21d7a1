// Native modules and the interpreter's global state.
#include "runtime/module.h"

#include "runtime/abstract.h"
#include "runtime/call.h"
#include "runtime/containers.h"
#include "runtime/int.h"

namespace dx {

Interpreter theInterpreter;

extern "C" {
extern const NativeModule* const __start_dx_modules[] __attribute__((weak));
extern const NativeModule* const __stop_dx_modules[] __attribute__((weak));
extern Type* const __start_dx_types[] __attribute__((weak));
extern Type* const __stop_dx_types[] __attribute__((weak));
}

std::span<Type* const> nativeTypes() { return {__start_dx_types, __stop_dx_types}; }
std::span<const NativeModule* const> nativeModules() {
  return {__start_dx_modules, __stop_dx_modules};
}

const NativeModule* findNativeModule(std::string_view name) {
  for (const NativeModule* m : nativeModules())
    if (name == m->name) return m;
  return nullptr;
}

Ref<Module> newModule(Str* name) {
  Ref<Module> m = make<Module>(&PyModule_Type);
  m->dict = newDict().release();
  m->name = retain(Value(name)).release();
  gcTrack(m);
  dictSetStr(m->dict, "__name__", Value(name));
  dictSetStr(m->dict, "__doc__", none());
  dictSetStr(m->dict, "__package__", none());
  dictSetStr(m->dict, "__loader__", none());
  dictSetStr(m->dict, "__spec__", none());
  return m;
}

Result<void> fillNativeModule(Thread& t, Module& m, const NativeModule& native) {
  if (native.doc) dictSetStr(m.dict, "__doc__", makeStr(native.doc));
  for (const NativeFunction& f : native.functions)
    dictSetStr(m.dict, f.name, makeCFunction(&f, Value(&m), m.name));
  for (Type* type : native.types) {
    const char* dot = strrchr(type->name, '.');
    dictSetStr(m.dict, dot ? dot + 1 : type->name, Value(type));
  }
  if (native.exec) TRY(native.exec(t, m));
  return {};
}

Result<Ref<Module>> initNativeModule(Thread& t, std::string_view name) {
  const NativeModule* native = findNativeModule(name);
  if (!native) return Ref<Module>();
  Ref<Str> text = intern(makeStr(name));
  if (Value present = TRY(dictGet(t, theInterpreter.modules, text)))
    if (isInstanceOf(present, &PyModule_Type)) return retain(present).cast<Module>();
  Ref<Module> m = newModule(text);
  TRY(dictSet(t, theInterpreter.modules, text, m));
  if (!fillNativeModule(t, *m, *native)) {
    ExceptionSaver saver(t);
    (void)dictDelete(t, theInterpreter.modules, text);
    return Error{};
  }
  return m;
}

Value sysGet(const char* name) {
  return theInterpreter.sysDict ? dictGetStr(theInterpreter.sysDict, internImmortal(name))
                                : Value();
}

}  // namespace dx
