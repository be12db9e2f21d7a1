// Layouts of os.scandir.
#pragma once
#include <dirent.h>

#include "runtime/api.h"

namespace dx {

struct DirEntry : Object {
  Value name, path, cachedStat, cachedLstat;
  u8 kind;
  bool bytes;
  int dirFd;  // what names are relative to: the scanned descriptor, or -1
  u64 inode;
};
struct ScandirIterator : Object {
  DIR* dir;
  Value path;
  bool bytes;
  int dirFd;
};

}  // namespace dx
