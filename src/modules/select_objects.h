// The layouts of select.poll and select.epoll objects.
#pragma once
#include <map>

#include "object/layouts.h"

namespace dx {

struct PollSet : Object {
  std::map<int, i16>* events;  // by descriptor; owned
  bool polling;
};

struct Epoll : Object {
  int fd;  // -1: closed
};

}  // namespace dx
