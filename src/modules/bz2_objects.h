// Objects of the module _bz2.
#pragma once
#include <bzlib.h>

#include "modules/compress_objects.h"

namespace dx {

struct Bz2CompressState {
  std::mutex lock;
  bz_stream stream{};
  bool open = false, flushed = false;
};
struct Bz2Compressor : Object {
  Bz2CompressState* state;
};
struct Bz2DecompressState : StreamState {
  bz_stream stream{};
  bool open = false, broken = false;
};
struct Bz2Decompressor : Object {
  Bz2DecompressState* state;
  Value unusedData;
  bool eof, needsInput;
};

}  // namespace dx
