#include "base/base.h"

namespace dx {

void panic(const char* file, int line, const char* what) {
  fprintf(stderr, "dxpy: internal error at %s:%d: %s\n", file, line, what);
  abort();
}

}  // namespace dx
