// The layout of select.poll objects.
#pragma once
#include <map>

#include "object/layouts.h"

namespace dx {

struct PollSet : Object {
  std::map<int, i16>* events;  // by descriptor; owned
  bool polling;
};

}  // namespace dx
