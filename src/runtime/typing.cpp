// Type parameter syntax: the classes are the module _typing's.
#include "runtime/typing.h"

#include "runtime/abstract.h"
#include "runtime/int.h"
#include "runtime/module.h"

namespace dx {

Result<Ref<>> makeTypeParam(Thread& t, TypeParamKind kind, Value name, Value second) {
  Ref<> make = TRY(importAttr(t, "_typing", "_make_param"));
  return callWith(t, make, Value::smallInt(int(kind)), name, second ? second : none());
}
Result<void> setTypeParamDefault(Thread& t, Value param, Value defaultFunction) {
  Ref<> set = TRY(importAttr(t, "_typing", "_set_param_default"));
  (void)TRY(callWith(t, set, param, defaultFunction));
  return {};
}
Result<Ref<>> makeTypeAlias(Thread& t, Value name, Value typeParams, Value valueFunction) {
  Ref<> make = TRY(importAttr(t, "_typing", "_make_alias"));
  return callWith(t, make, name, typeParams, valueFunction);
}
Result<Ref<>> subscriptGeneric(Thread& t, Value params) {
  Ref<> subscript = TRY(importAttr(t, "_typing", "_subscript_generic"));
  return callWith(t, subscript, params);
}

}  // namespace dx
