// Module _sysconfig.
#include "modules/_sysconfig.gen.h"
#include "runtime/api.h"

namespace dx {

Result<Ref<>> _sysconfig_config_vars(Thread&) {
  Ref<Dict> d = newDict();
  dictSetStr(d, "Py_GIL_DISABLED", makeInt(0));
  dictSetStr(d, "Py_DEBUG", makeInt(0));
  return Ref<>(std::move(d));
}

}  // namespace dx
