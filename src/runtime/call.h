// The call slots of built-in callables.
#pragma once
#include "runtime/abstract.h"

namespace dx {

Result<Ref<>> functionCall(Thread& t, Value callee, const Args& args);  // Python functions
Result<Ref<>> cfunctionCall(Thread& t, Value callee,
                            const Args& args);  // builtin_function_or_method
Result<Ref<>> methodDescriptorCall(Thread& t, Value callee, const Args& args);  // method_descriptor
Result<Ref<>> classMethodDescriptorCall(Thread& t, Value callee, const Args& args);
Result<Ref<>> wrapperDescriptorCall(Thread& t, Value callee, const Args& args);  // slot wrapper
Result<Ref<>> methodWrapperCall(Thread& t, Value callee, const Args& args);
Result<Ref<>> methodCall(Thread& t, Value callee, const Args& args);  // bound method

// Prepends `self` to args for the time of a call (small buffers live on the C stack).
Result<Ref<>> callWithSelf(Thread& t, Value callee, Value self, const Args& args);

// The name of a callable for error texts: "module.f()", or its str().
Ref<Str> callableName(Thread& t, Value callable);

// The method `name` of o's type if calling it with o first equals calling the attribute: found on
// the type, a method-like descriptor, and not shadowed by the instance. Borrowed, or empty. Runs no
// Python.
Value plainMethod(Value o, Str* name);

// A builtin_function_or_method for `def` bound to `self` (module functions: the module).
Ref<CFunction> makeCFunction(const struct NativeFunction* def, Value self, Value moduleName);

}  // namespace dx
