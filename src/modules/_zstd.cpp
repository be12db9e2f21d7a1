// Module _zstd: Zstandard frames and dictionaries.
#include "modules/_zstd.gen.h"

namespace dx {

namespace {

Type* gError = nullptr;                                // compression.zstd.ZstdError
Value gCompressionParameter, gDecompressionParameter;  // the IntEnum classes, or empty
enum DictUse : i32 { kDigested, kUndigested, kPrefix };
enum : i32 { kContinue = ZSTD_e_continue, kFlushBlock = ZSTD_e_flush, kFlushFrame = ZSTD_e_end };

struct Parameter {
  int key;
  const char* name;
};
constexpr Parameter kCompression[] = {
    {ZSTD_c_compressionLevel, "compression_level"},
    {ZSTD_c_windowLog, "window_log"},
    {ZSTD_c_hashLog, "hash_log"},
    {ZSTD_c_chainLog, "chain_log"},
    {ZSTD_c_searchLog, "search_log"},
    {ZSTD_c_minMatch, "min_match"},
    {ZSTD_c_targetLength, "target_length"},
    {ZSTD_c_strategy, "strategy"},
    {ZSTD_c_enableLongDistanceMatching, "enable_long_distance_matching"},
    {ZSTD_c_ldmHashLog, "ldm_hash_log"},
    {ZSTD_c_ldmMinMatch, "ldm_min_match"},
    {ZSTD_c_ldmBucketSizeLog, "ldm_bucket_size_log"},
    {ZSTD_c_ldmHashRateLog, "ldm_hash_rate_log"},
    {ZSTD_c_contentSizeFlag, "content_size_flag"},
    {ZSTD_c_checksumFlag, "checksum_flag"},
    {ZSTD_c_dictIDFlag, "dict_id_flag"},
    {ZSTD_c_nbWorkers, "nb_workers"},
    {ZSTD_c_jobSize, "job_size"},
    {ZSTD_c_overlapLog, "overlap_log"},
};
constexpr Parameter kDecompression[] = {{ZSTD_d_windowLogMax, "window_log_max"}};

Error raiseZstd(Thread& t, const char* what, size_t code) {
  return t.raise(gError, "Unable to {}: {}", what, ZSTD_getErrorName(code));
}

ZSTD_bounds boundsOf(bool compression, int key) {
  return compression ? ZSTD_cParam_getBounds(ZSTD_cParameter(key))
                     : ZSTD_dParam_getBounds(ZSTD_dParameter(key));
}
Error badParameter(Thread& t, bool compression, int key, int value) {
  std::string name = "unknown parameter (key " + std::to_string(key) + ")";
  auto list = compression ? std::span<const Parameter>(kCompression)
                          : std::span<const Parameter>(kDecompression);
  for (const Parameter& p : list)
    if (p.key == key) name = p.name;
  const char* kind = compression ? "compression" : "decompression";
  ZSTD_bounds b = boundsOf(compression, key);
  if (ZSTD_isError(b.error)) return t.raise(kValueError, "invalid {} parameter '{}'", kind, name);
  return t.raise(kValueError,
                 "{} parameter '{}' received an illegal value {}; the valid range is [{}, {}]",
                 kind, name, value, b.lowerBound, b.upperBound);
}

Result<void> setLevel(Thread& t, ZstdCompressState& s, int level) {
  int low = ZSTD_minCLevel(), high = ZSTD_maxCLevel();
  if (level < low || level > high)
    return t.raise(kValueError, "illegal compression level {}; the valid range is [{}, {}]", level,
                   low, high);
  s.level = level;
  size_t code = ZSTD_CCtx_setParameter(s.context, ZSTD_c_compressionLevel, level);
  if (ZSTD_isError(code)) return raiseZstd(t, "set zstd compression level", code);
  return {};
}

// Calls fn(key, value) for each option.
template <class F>
Result<void> eachOption(Thread& t, Value options, const char* cls, Value forbidden,
                        const char* complaint, F&& fn) {
  if (!isDict(options))
    return t.raise(kTypeError, "{}() argument 'options' must be dict, not {}", cls,
                   typeOf(options));
  i64 at = 0;
  Value key, v;
  while (dictNext(options.as<Dict>(), &at, &key, &v)) {
    Ref<> holdKey = retain(key), holdValue = retain(v);
    if (forbidden && Value(typeOf(key)) == forbidden) return t.raise(kTypeError, "{}", complaint);
    int k = TRY(argI32(t, holdKey));
    int value = TRY(argI32(t, holdValue));
    TRY(fn(k, value));
  }
  return {};
}

// A ZstdDict, or one with the way of its use.
Result<Ref<>> dictArgument(Thread& t, Value v, i32* use) {
  if (isInstanceOf(v, &zstdDictType)) return retain(v);
  if (isExactTuple(v) && v.as<Tuple>()->size == 2 &&
      isInstanceOf(v.as<Tuple>()->items[0], &zstdDictType) && isInt(v.as<Tuple>()->items[1])) {
    *use = TRY(argI32(t, v.as<Tuple>()->items[1]));
    if (*use >= kDigested && *use <= kPrefix) return retain(v.as<Tuple>()->items[0]);
  }
  return t.raise(kTypeError, "zstd_dict argument should be a ZstdDict object.");
}

Result<void> loadForCompression(Thread& t, ZstdCompressState& s, ZstdDictObject& d, i32 use) {
  std::string_view content = d.content.as<Bytes>()->view();
  size_t code;
  if (use == kDigested) {
    ObjectLock lock(t, d.state->lock);
    ZSTD_CDict*& digested = d.state->compressors[s.level];
    if (!digested) {
      AllowThreads allow(t);
      digested = ZSTD_createCDict(content.data(), content.size(), s.level);
    }
    if (!digested)
      return t.raise(gError,
                     "Failed to create a ZSTD_CDict instance from Zstandard dictionary content.");
    code = ZSTD_CCtx_refCDict(s.context, digested);
  } else if (use == kUndigested) {
    code = ZSTD_CCtx_loadDictionary(s.context, content.data(), content.size());
  } else {
    code = ZSTD_CCtx_refPrefix(s.context, content.data(), content.size());
  }
  if (ZSTD_isError(code))
    return raiseZstd(t, "load Zstandard dictionary or prefix for compression", code);
  return {};
}
Result<void> loadForDecompression(Thread& t, ZSTD_DCtx* context, ZstdDictObject& d, i32 use) {
  std::string_view content = d.content.as<Bytes>()->view();
  size_t code;
  if (use == kDigested) {
    ObjectLock lock(t, d.state->lock);
    ZSTD_DDict*& digested = d.state->decompressor;
    if (!digested) {
      AllowThreads allow(t);
      digested = ZSTD_createDDict(content.data(), content.size());
    }
    if (!digested)
      return t.raise(gError,
                     "Failed to create a ZSTD_DDict instance from Zstandard dictionary content.");
    code = ZSTD_DCtx_refDDict(context, digested);
  } else if (use == kUndigested) {
    code = ZSTD_DCtx_loadDictionary(context, content.data(), content.size());
  } else {
    code = ZSTD_DCtx_refPrefix(context, content.data(), content.size());
  }
  if (ZSTD_isError(code))
    return raiseZstd(t, "load Zstandard dictionary or prefix for decompression", code);
  return {};
}

}  // namespace

// ---- ZstdDict ----

Result<Ref<>> zstdDict___new__(Thread& t, Type& cls, const Buffer& content, bool isRaw) {
  if (content.size() < 8)
    return t.raise(kValueError,
                   "Zstandard dictionary content too short (must have at least eight bytes)");
  u32 id = ZSTD_getDictID_fromDict(content.data(), size_t(content.size()));
  if (!isRaw && id == 0) return t.raise(kValueError, "invalid Zstandard dictionary");
  auto d = Ref<ZstdDictObject>::steal(static_cast<ZstdDictObject*>(newInstance(&cls)));
  d->state = new ZstdDictState;
  d->content = makeBytes(content.bytes()).release();
  d->dictId = id;
  return d;
}
void zstdDict_dealloc(Object* o) {
  auto* d = static_cast<ZstdDictObject*>(o);
  delete d->state;
  clearField(d->content);
  freeObject(o);
}
Result<Ref<>> zstdDict___repr__(Thread&, ZstdDictObject& self) {
  return formatStr("<ZstdDict dict_id={} dict_size={}>", self.dictId,
                   self.content.as<Bytes>()->size);
}
Result<i64> zstdDict___len__(Thread&, ZstdDictObject& self) {
  return self.content.as<Bytes>()->size;
}
Result<Ref<>> zstdDict_get_dict_content(Thread&, ZstdDictObject& self) {
  return retain(self.content);
}
Result<Ref<>> zstdDict_get_as_digested_dict(Thread&, ZstdDictObject& self) {
  return tupleOf(Value(&self), Value::smallInt(kDigested));
}
Result<Ref<>> zstdDict_get_as_undigested_dict(Thread&, ZstdDictObject& self) {
  return tupleOf(Value(&self), Value::smallInt(kUndigested));
}
Result<Ref<>> zstdDict_get_as_prefix(Thread&, ZstdDictObject& self) {
  return tupleOf(Value(&self), Value::smallInt(kPrefix));
}

// ---- ZstdCompressor ----

Result<Ref<>> zstdCompressor___new__(Thread& t, Type& cls, Value level, Value options,
                                     Value zstdDict) {
  auto c = Ref<ZstdCompressorObject>::steal(static_cast<ZstdCompressorObject*>(newInstance(&cls)));
  c->state = new ZstdCompressState;
  c->lastMode = kFlushFrame;
  ZstdCompressState& s = *c->state;
  if (!s.context) return t.raise(gError, "Unable to create ZSTD_CCtx instance.");
  if (!isNone(level) && !isNone(options))
    return t.raise(kTypeError, "Only one of level or options should be used.");
  if (!isNone(level)) {
    if (!isInt(level)) return t.raise(kTypeError, "invalid type for level, expected int");
    i64 n;
    if (!intToI64(level, &n) || n != i32(n))
      return t.raise(kValueError, "illegal compression level; the valid range is [{}, {}]",
                     ZSTD_minCLevel(), ZSTD_maxCLevel());
    TRY(setLevel(t, s, i32(n)));
  }
  if (!isNone(options))
    TRY(eachOption(t, options, "ZstdCompressor", gDecompressionParameter,
                   "compression options dictionary key must not be a DecompressionParameter "
                   "attribute",
                   [&](int key, int value) -> Result<void> {
                     if (key == ZSTD_c_compressionLevel) return setLevel(t, s, value);
                     size_t code = ZSTD_CCtx_setParameter(s.context, ZSTD_cParameter(key), value);
                     if (ZSTD_isError(code)) return badParameter(t, true, key, value);
                     return {};
                   }));
  if (!isNone(zstdDict)) {
    i32 use = kUndigested;
    c->dict = TRY(dictArgument(t, zstdDict, &use)).release();
    TRY(loadForCompression(t, s, *c->dict.as<ZstdDictObject>(), use));
  }
  return c;
}
void zstdCompressor_dealloc(Object* o) {
  auto* c = static_cast<ZstdCompressorObject*>(o);
  delete c->state;  // before the dictionary it refers to
  clearField(c->dict);
  freeObject(o);
}

static Result<Ref<>> compress(Thread& t, ZstdCompressorObject& c, std::string_view data, i32 mode) {
  ByteSink sink;
  size_t code = 0;
  bool memory = true;
  {
    AllowThreads allow(t);
    ZSTD_inBuffer in{data.data(), data.size(), 0};
    for (;;) {
      u8* to;
      size_t room;
      memory = sink.room(&to, &room);
      if (!memory) break;
      ZSTD_outBuffer out{to, room, 0};
      code = ZSTD_compressStream2(c.state->context, &out, &in, ZSTD_EndDirective(mode));
      sink.wrote(out.pos);
      if (ZSTD_isError(code)) break;
      bool done = mode == kContinue ? in.pos == in.size && out.pos < out.size : code == 0;
      if (done) break;
    }
    if (!memory || ZSTD_isError(code)) ZSTD_CCtx_reset(c.state->context, ZSTD_reset_session_only);
  }
  c.lastMode = memory && !ZSTD_isError(code) ? mode : kFlushFrame;
  if (!memory) return t.raiseMemory();
  if (ZSTD_isError(code)) return raiseZstd(t, "compress Zstandard data", code);
  return sink.bytes(t);
}
Result<Ref<>> zstdCompressor_compress(Thread& t, ZstdCompressorObject& self, const Buffer& data,
                                      Value modeValue) {
  i32 mode = modeValue ? TRY(argI32(t, modeValue)) : kContinue;
  if (mode != kContinue && mode != kFlushBlock && mode != kFlushFrame)
    return t.raise(kValueError,
                   "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, "
                   "ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME.");
  ObjectLock lock(t, self.state->lock);
  return compress(t, self, data.bytes(), mode);
}
Result<Ref<>> zstdCompressor_flush(Thread& t, ZstdCompressorObject& self, Value modeValue) {
  i32 mode = modeValue ? TRY(argI32(t, modeValue)) : kFlushFrame;
  if (mode != kFlushBlock && mode != kFlushFrame)
    return t.raise(kValueError,
                   "mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or "
                   "ZstdCompressor.FLUSH_BLOCK.");
  ObjectLock lock(t, self.state->lock);
  return compress(t, self, {}, mode);
}
Result<void> zstdCompressor_set_pledged_input_size(Thread& t, ZstdCompressorObject& self,
                                                   Value size) {
  u64 n = ZSTD_CONTENTSIZE_UNKNOWN;
  if (!isNone(size)) {
    if (!isInt(size)) return t.raise(kTypeError, "an integer is required");
    if (!intToU64(size, &n) || n >= ZSTD_CONTENTSIZE_ERROR)
      return t.raise(kValueError, "size argument should be a positive int less than {}",
                     u64(ZSTD_CONTENTSIZE_ERROR));
  }
  ObjectLock lock(t, self.state->lock);
  if (self.lastMode != kFlushFrame)
    return t.raise(kValueError,
                   "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME");
  size_t code = ZSTD_CCtx_setPledgedSrcSize(self.state->context, n);
  if (ZSTD_isError(code)) return raiseZstd(t, "set pledged uncompressed content size", code);
  return {};
}

// ---- ZstdDecompressor ----

Result<Ref<>> zstdDecompressor___new__(Thread& t, Type& cls, Value zstdDict, Value options) {
  auto d =
      Ref<ZstdDecompressorObject>::steal(static_cast<ZstdDecompressorObject*>(newInstance(&cls)));
  d->state = new ZstdDecompressState;
  d->needsInput = true;
  d->unusedData = makeBytes({}).release();
  ZSTD_DCtx* context = d->state->context;
  if (!context) return t.raise(gError, "Unable to create ZSTD_DCtx instance.");
  if (!isNone(zstdDict)) {
    i32 use = kDigested;
    d->dict = TRY(dictArgument(t, zstdDict, &use)).release();
    TRY(loadForDecompression(t, context, *d->dict.as<ZstdDictObject>(), use));
  }
  if (!isNone(options))
    TRY(eachOption(t, options, "ZstdDecompressor", gCompressionParameter,
                   "decompression options dictionary key must not be a CompressionParameter "
                   "attribute",
                   [&](int key, int value) -> Result<void> {
                     size_t code = ZSTD_DCtx_setParameter(context, ZSTD_dParameter(key), value);
                     if (ZSTD_isError(code)) return badParameter(t, false, key, value);
                     return {};
                   }));
  return d;
}
void zstdDecompressor_dealloc(Object* o) {
  auto* d = static_cast<ZstdDecompressorObject*>(o);
  delete d->state;
  clearField(d->dict);
  clearField(d->unusedData);
  freeObject(o);
}
Result<Ref<>> zstdDecompressor_get_unused_data(Thread&, ZstdDecompressorObject& self) {
  return retain(self.unusedData);
}
Result<Ref<>> zstdDecompressor_decompress(Thread& t, ZstdDecompressorObject& self,
                                          const Buffer& data, i64 maxLength) {
  ObjectLock lock(t, self.state->lock);
  if (self.eof) return t.raise(kEOFError, "Already at the end of a Zstandard frame.");
  size_t code = 0;
  bool failed = false;
  Result<Ref<>> r = decompressStep(
      t, *self.state, data.bytes(), maxLength, &self.eof, &self.needsInput, &self.unusedData,
      &failed, [&](const u8** in, size_t* size, u8** out, size_t* room) {
        ZSTD_inBuffer from{*in, *size, 0};
        ZSTD_outBuffer to{*out, *room, 0};
        code = ZSTD_decompressStream(self.state->context, &to, &from);
        *in += from.pos;
        *size -= from.pos;
        *room -= to.pos;
        if (ZSTD_isError(code)) {
          ZSTD_DCtx_reset(self.state->context, ZSTD_reset_session_only);
          return StreamStep::Failed;
        }
        return code == 0 ? StreamStep::End : StreamStep::Ok;
      });
  if (failed) {
    self.needsInput = true;
    return raiseZstd(t, "decompress Zstandard data", code);
  }
  return r;
}

// ---- functions ----

static Result<std::vector<size_t>> sampleSizes(Thread& t, Bytes& samples, Tuple& sizes) {
  if (sizes.size > i64(UINT32_MAX))
    return t.raise(kValueError, "The number of samples should be <= {}.", UINT32_MAX);
  std::vector<size_t> out;
  u64 sum = 0;
  bool ok = true;
  for (Value v : valuesOf(&sizes)) {
    u64 n = 0;
    if (!isInt(v)) return t.raise(kTypeError, "an integer is required");
    ok = ok && intToU64(v, &n) && !__builtin_add_overflow(sum, n, &sum);
    out.push_back(n);
  }
  if (!ok || sum != u64(samples.size))
    return t.raise(kValueError, "The samples size tuple doesn't match the concatenation's size.");
  return out;
}

Result<Ref<>> _zstd_train_dict(Thread& t, Bytes& samples, Tuple& sizes, i64 dictSize) {
  if (dictSize <= 0) return t.raise(kValueError, "dict_size argument should be positive number.");
  std::vector<size_t> chunks = TRY(sampleSizes(t, samples, sizes));
  Ref<Bytes> out = newBytes(dictSize);
  if (!out) return t.raiseMemory();
  size_t code;
  {
    AllowThreads allow(t);
    code = ZDICT_trainFromBuffer(out->data, size_t(dictSize), samples.data, chunks.data(),
                                 unsigned(chunks.size()));
  }
  if (ZDICT_isError(code)) return raiseZstd(t, "train the Zstandard dictionary", code);
  return makeBytes({out->data, code});
}
Result<Ref<>> _zstd_finalize_dict(Thread& t, Bytes& custom, Bytes& samples, Tuple& sizes,
                                  i64 dictSize, i32 level) {
  if (dictSize <= 0) return t.raise(kValueError, "dict_size argument should be positive number.");
  std::vector<size_t> chunks = TRY(sampleSizes(t, samples, sizes));
  Ref<Bytes> out = newBytes(dictSize);
  if (!out) return t.raiseMemory();
  ZDICT_params_t params{};
  params.compressionLevel = level;
  size_t code;
  {
    AllowThreads allow(t);
    code = ZDICT_finalizeDictionary(out->data, size_t(dictSize), custom.data, size_t(custom.size),
                                    samples.data, chunks.data(), unsigned(chunks.size()), params);
  }
  if (ZDICT_isError(code)) return raiseZstd(t, "finalize the Zstandard dictionary", code);
  return makeBytes({out->data, code});
}
Result<Ref<>> _zstd_get_param_bounds(Thread& t, i32 parameter, bool isCompress) {
  ZSTD_bounds b = boundsOf(isCompress, parameter);
  if (ZSTD_isError(b.error))
    return raiseZstd(t,
                     isCompress ? "get zstd compression parameter bounds"
                                : "get zstd decompression parameter bounds",
                     b.error);
  return tupleOf(makeInt(b.lowerBound), makeInt(b.upperBound));
}
Result<Ref<>> _zstd_get_frame_size(Thread& t, const Buffer& frame) {
  size_t size = ZSTD_findFrameCompressedSize(frame.data(), size_t(frame.size()));
  if (ZSTD_isError(size))
    return t.raise(gError,
                   "Error when finding the compressed size of a Zstandard frame. Ensure the "
                   "frame_buffer argument starts from the beginning of a frame, and its length is "
                   "not less than this complete frame. Zstd error message: {}.",
                   ZSTD_getErrorName(size));
  return makeInt(u64(size));
}
Result<Ref<>> _zstd_get_frame_info(Thread& t, const Buffer& frame) {
  u64 size = ZSTD_getFrameContentSize(frame.data(), size_t(frame.size()));
  if (size == ZSTD_CONTENTSIZE_ERROR)
    return t.raise(gError,
                   "Error when getting information from the header of a Zstandard frame. Ensure "
                   "the frame_buffer argument starts from the beginning of a frame, and its length "
                   "is not less than the frame header (6~18 bytes).");
  u32 id = ZSTD_getDictID_fromFrame(frame.data(), size_t(frame.size()));
  return tupleOf(size == ZSTD_CONTENTSIZE_UNKNOWN ? noneRef() : makeInt(size), makeInt(id));
}
Result<void> _zstd_set_parameter_types(Thread&, Type& compression, Type& decompression) {
  setField(gCompressionParameter, retain(&compression));
  setField(gDecompressionParameter, retain(&decompression));
  return {};
}

Result<void> _zstd_exec(Thread& t, Module& module) {
  if (!gError) {
    Ref<Dict> ns = newDict();
    dictSetStr(ns, "__module__", makeAscii("compression.zstd"));
    dictSetStr(ns, "__doc__", makeAscii("An error occurred in the zstd library."));
    gError = TRY(makeType(t, &PyType_Type, internImmortal("ZstdError"), tupleOf(Value(kException)),
                          ns, Args()))
                 .release();
    constexpr std::pair<const char*, i32> kModes[] = {
        {"CONTINUE", kContinue}, {"FLUSH_BLOCK", kFlushBlock}, {"FLUSH_FRAME", kFlushFrame}};
    for (auto [name, value] : kModes)
      dictSetStr(typeDict(&zstdCompressorType), name, makeInt(value));
    typeModified(&zstdCompressorType);
  }
  moduleSet(module, "ZstdError", gError);
#define DX_CONSTANT(name) moduleSet(module, #name, makeInt(int(name)));
  DX_CONSTANT(ZSTD_c_compressionLevel)
  DX_CONSTANT(ZSTD_c_windowLog)
  DX_CONSTANT(ZSTD_c_hashLog)
  DX_CONSTANT(ZSTD_c_chainLog)
  DX_CONSTANT(ZSTD_c_searchLog)
  DX_CONSTANT(ZSTD_c_minMatch)
  DX_CONSTANT(ZSTD_c_targetLength)
  DX_CONSTANT(ZSTD_c_strategy)
  DX_CONSTANT(ZSTD_c_enableLongDistanceMatching)
  DX_CONSTANT(ZSTD_c_ldmHashLog)
  DX_CONSTANT(ZSTD_c_ldmMinMatch)
  DX_CONSTANT(ZSTD_c_ldmBucketSizeLog)
  DX_CONSTANT(ZSTD_c_ldmHashRateLog)
  DX_CONSTANT(ZSTD_c_contentSizeFlag)
  DX_CONSTANT(ZSTD_c_checksumFlag)
  DX_CONSTANT(ZSTD_c_dictIDFlag)
  DX_CONSTANT(ZSTD_c_nbWorkers)
  DX_CONSTANT(ZSTD_c_jobSize)
  DX_CONSTANT(ZSTD_c_overlapLog)
  DX_CONSTANT(ZSTD_d_windowLogMax)
  DX_CONSTANT(ZSTD_fast)
  DX_CONSTANT(ZSTD_dfast)
  DX_CONSTANT(ZSTD_greedy)
  DX_CONSTANT(ZSTD_lazy)
  DX_CONSTANT(ZSTD_lazy2)
  DX_CONSTANT(ZSTD_btlazy2)
  DX_CONSTANT(ZSTD_btopt)
  DX_CONSTANT(ZSTD_btultra)
  DX_CONSTANT(ZSTD_btultra2)
  DX_CONSTANT(ZSTD_CLEVEL_DEFAULT)
#undef DX_CONSTANT
  moduleSet(module, "ZSTD_DStreamOutSize", makeInt(u64(ZSTD_DStreamOutSize())));
  moduleSet(module, "zstd_version", makeAscii(ZSTD_versionString()));
  moduleSet(module, "zstd_version_number", makeInt(ZSTD_versionNumber()));
  return {};
}

}  // namespace dx
