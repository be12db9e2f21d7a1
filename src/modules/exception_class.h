// Exception classes of native modules, made when the module is.
#pragma once
#include "runtime/api.h"

namespace dx {

// class NAME(base) with __module__ = module.
inline Result<Ref<Type>> newExceptionClass(Thread& t, const char* module, const char* name,
                                           Type* base) {
  Ref<Dict> ns = newDict();
  dictSetStr(ns, "__module__", makeStr(module));
  return makeType(t, &PyType_Type, internImmortal(name), tupleOf(base), ns, Args());
}

}  // namespace dx
