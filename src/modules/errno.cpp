// Module errno: the names that the C library knows.
#include <cerrno>
#include <cstring>

#include "modules/errno.gen.h"

namespace dx {

Result<void> errno_exec(Thread& t, Module& module) {
  Ref<Dict> names = newDict();
  moduleSet(module, "errorcode", names);
  for (int code = 1; code < 4096; code++) {
    const char* name = strerrorname_np(code);
    if (!name) continue;
    moduleSet(module, name, makeInt(code));
    TRY(dictSet(t, names, makeInt(code), makeAscii(name)));
  }
  struct Alias {
    const char* name;
    int code;
  };
  for (Alias a : {Alias{"EWOULDBLOCK", EWOULDBLOCK}, Alias{"EDEADLOCK", EDEADLOCK},
                  Alias{"EOPNOTSUPP", EOPNOTSUPP}, Alias{"ENOTSUP", ENOTSUP}})
    moduleSet(module, a.name, makeInt(a.code));
  return {};
}

}  // namespace dx
