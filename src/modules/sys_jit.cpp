// Module sys._jit. Every function runs in the interpreter.
#include "modules/sys_jit.gen.h"

namespace dx {

Result<bool> sys_jit_is_available(Thread&) { return false; }
Result<bool> sys_jit_is_enabled(Thread&) { return false; }
Result<bool> sys_jit_is_active(Thread&) { return false; }

}  // namespace dx
