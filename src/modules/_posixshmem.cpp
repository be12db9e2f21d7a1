// Module _posixshmem.
#include <sys/mman.h>
#include <sys/stat.h>

#include "modules/_posixshmem.gen.h"
#include "modules/arguments.h"
#include "modules/posix_path.h"

namespace dx {

Result<i64> _posixshmem_shm_open(Thread& t, Str& path, i32 flags, i32 mode) {
  std::string name = TRY(plainText(t, path));
  int fd = blocking(t, [&] { return ::shm_open(name.c_str(), flags, mode_t(mode)); });
  if (fd < 0) return t.hasException() ? Error{} : raiseErrno(t, errno, &path);
  return i64(fd);
}

Result<void> _posixshmem_shm_unlink(Thread& t, Str& path) {
  std::string name = TRY(plainText(t, path));
  if (blocking(t, [&] { return ::shm_unlink(name.c_str()); }) < 0)
    return t.hasException() ? Error{} : raiseErrno(t, errno, &path);
  return {};
}

}  // namespace dx
