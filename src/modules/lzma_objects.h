// Objects of the module _lzma.
#pragma once
#include <lzma.h>

#include "modules/compress_objects.h"

namespace dx {

// Container formats, under the names that signatures show.
enum LzmaFormat : i32 { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };

struct LzmaCompressState {
  std::mutex lock;
  lzma_stream stream = LZMA_STREAM_INIT;
  bool flushed = false;
};
struct LzmaCompressor : Object {
  LzmaCompressState* state;
};
struct LzmaDecompressState : StreamState {
  lzma_stream stream = LZMA_STREAM_INIT;
};
struct LzmaDecompressor : Object {
  LzmaDecompressState* state;
  Value unusedData;
  i32 check;
  bool eof, needsInput;
};

// A chain of filters with their options.
class LzmaFilters {
 public:
  LzmaFilters() { filters_[0].id = LZMA_VLI_UNKNOWN; }
  ~LzmaFilters() {
    for (int i = 0; filters_[i].id != LZMA_VLI_UNKNOWN; i++) free(filters_[i].options);
  }
  LzmaFilters(const LzmaFilters&) = delete;
  Result<void> parse(Thread& t, Value specifiers);
  Result<void> add(Thread& t, Value specifier);
  const lzma_filter* chain() const { return filters_; }

 private:
  lzma_filter filters_[LZMA_FILTERS_MAX + 1];
  int count_ = 0;
};
Error raiseLzma(Thread& t, lzma_ret code);
extern Type* gLzmaError;

}  // namespace dx
