// The layout of mmap.mmap.
#pragma once
#include "runtime/api.h"

namespace dx {

struct MemoryMap : Object {
  char* data;  // null: closed
  i64 size, pos, offset;
  i64 exports;  // views of the memory that exist
  int fd;       // our own duplicate, or -1
  i32 flags, access;
  bool trackFd;
  Object* weakrefs;
};

}  // namespace dx
