// Objects of the module _zstd.
#pragma once
#include <zdict.h>
#include <zstd.h>

#include <unordered_map>

#include "modules/compress_objects.h"

namespace dx {

// A dictionary, and its digested forms once they were needed.
struct ZstdDictState {
  std::mutex lock;
  std::unordered_map<int, ZSTD_CDict*> compressors;  // by level
  ZSTD_DDict* decompressor = nullptr;
  ~ZstdDictState() {
    for (auto& [level, d] : compressors) ZSTD_freeCDict(d);
    ZSTD_freeDDict(decompressor);
  }
};
struct ZstdDictObject : Object {
  ZstdDictState* state;
  Value content;  // bytes
  u32 dictId;
};
struct ZstdCompressState {
  std::mutex lock;
  ZSTD_CCtx* context = ZSTD_createCCtx();
  int level = ZSTD_CLEVEL_DEFAULT;
  ~ZstdCompressState() { ZSTD_freeCCtx(context); }
};
struct ZstdCompressorObject : Object {
  ZstdCompressState* state;
  Value dict;
  i32 lastMode;
};
struct ZstdDecompressState : StreamState {
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ~ZstdDecompressState() { ZSTD_freeDCtx(context); }
};
struct ZstdDecompressorObject : Object {
  ZstdDecompressState* state;
  Value dict, unusedData;
  bool eof, needsInput;
};

}  // namespace dx
