// Layouts of frame.py.
#pragma once
#include "runtime/frame.h"

namespace dx {

struct LocalsProxy : Object {
  FrameObject* frame;
};

}  // namespace dx
