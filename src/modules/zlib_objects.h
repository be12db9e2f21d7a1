// Objects of the module zlib.
#pragma once
#include <zlib.h>

#include "modules/compress_objects.h"

namespace dx {

// Defaults under the names that signatures show, beside zlib.h's own.
constexpr int DEFLATED = Z_DEFLATED, DEF_MEM_LEVEL = 8, DEF_BUF_SIZE = 16384;

struct ZlibState : StreamState {
  z_stream stream{};
  bool open = false;
};
struct ZlibCompress : Object {
  ZlibState* state;
};
struct ZlibDecompress : Object {
  ZlibState* state;
  Value unusedData, unconsumedTail, zdict;  // zdict: bytes, or empty
  bool eof;
};
struct ZlibDecompressor : Object {
  ZlibState* state;
  Value unusedData, zdict;
  bool eof, needsInput;
};

}  // namespace dx
