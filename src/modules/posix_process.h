// Starting processes: what posix and _posixsubprocess share.
#pragma once
#include <sys/types.h>

#include "runtime/api.h"

namespace dx {

// fork() with the hooks of os.register_at_fork; the child goes on as the interpreter's only thread.
// Runs Python. -1: errno says why. With `master`: forkpty().
pid_t forkInterpreter(Thread& t, int* master = nullptr);

// "NAME=value" of each item of a mapping, for exec.
Result<std::vector<std::string>> environmentList(Thread& t, Value env);

// As exec takes its lists: pointers into `strings`, which must outlive them, and a null.
inline std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> p;
  for (std::string& s : strings) p.push_back(s.data());
  p.push_back(nullptr);
  return p;
}

}  // namespace dx
