// Layouts of os.scandir.
#pragma once
#include <dirent.h>

#include "runtime/api.h"

namespace dx {

struct DirEntry : Object {
  Value name, path, cachedStat, cachedLstat;
  u8 kind;
  bool bytes;
  u64 inode;
};
struct ScandirIterator : Object {
  DIR* dir;
  Value path;
  bool bytes;
};

}  // namespace dx
