// Module zlib: deflate streams and the two checksums.
#include <algorithm>

#include "modules/exception_class.h"
#include "modules/zlib.gen.h"

namespace dx {

namespace {

Type* gError = nullptr;  // zlib.error

constexpr i64 kChecksumGilSize = 5 * 1024;

DX_COLD Error raiseZlib(Thread& t, const z_stream& z, int code, const char* what) {
  const char* text = z.msg;
  if (code == Z_VERSION_ERROR) text = "library version mismatch";
  if (!text) {
    switch (code) {
      case Z_BUF_ERROR:
        text = "incomplete or truncated stream";
        break;
      case Z_STREAM_ERROR:
        text = "inconsistent stream state";
        break;
      case Z_DATA_ERROR:
        text = "invalid input data";
        break;
      default:
        return t.raise(gError, "Error {} {}", code, what);
    }
  }
  return t.raise(gError, "Error {} {}: {}", code, what, text);
}

// zlib counts in 32 bits.
uInt clip(size_t n) { return uInt(std::min<size_t>(n, UINT32_MAX)); }
Bytef* bytesOf(const u8* p) { return const_cast<Bytef*>(p); }

// Calls deflate or inflate until it neither gives nor takes more. Returns its last code, or
// Z_MEM_ERROR when the output found no memory. `flush` holds for the last part of the input.
// Without the interpreter lock.
template <class F>
int pump(z_stream& z, ByteSink& sink, const u8** in, size_t* size, int flush, F&& run) {
  for (;;) {
    u8* out;
    size_t room;
    if (!sink.room(&out, &room)) return Z_MEM_ERROR;
    z.next_in = bytesOf(*in);
    z.avail_in = clip(*size);
    z.next_out = out;
    z.avail_out = clip(room);
    uInt offered = z.avail_in, space = z.avail_out;
    bool last = *size <= offered;
    int code = run(&z, last ? flush : Z_NO_FLUSH);
    *in += offered - z.avail_in;
    *size -= offered - z.avail_in;
    sink.wrote(space - z.avail_out);
    bool outputFull = z.avail_out == 0;
    if (code != Z_OK && code != Z_BUF_ERROR) return code;
    if (outputFull ? sink.full() : *size == 0 || code == Z_BUF_ERROR) return code;
  }
}

Result<void> setDictionary(Thread& t, z_stream& z, Value zdict) {
  Buffer dictionary;
  TRY(Buffer::get(t, zdict, &dictionary));
  int code = inflateSetDictionary(&z, dictionary.data(), clip(size_t(dictionary.size())));
  if (code != Z_OK) return raiseZlib(t, z, code, "while setting zdict");
  return {};
}
// The dictionary argument as bytes of our own (the stream may ask for it much later, without the
// interpreter lock), or empty.
Result<Ref<>> dictionaryArgument(Thread& t, Value zdict) {
  if (!zdict) return noneRef();
  if (!hasBuffer(zdict))
    return t.raise(kTypeError, "zdict argument must support the buffer protocol");
  if (typeOf(zdict) == &PyBytes_Type) return retain(zdict);
  Buffer b;
  TRY(Buffer::get(t, zdict, &b));
  return makeBytes(b.bytes());
}
void keepDictionary(Value& field, Ref<> zdict) {
  setField(field, isNone(zdict) ? Ref<>() : std::move(zdict));
}

Result<void> openInflate(Thread& t, ZlibState& s, int wbits, Value zdict) {
  switch (int code = inflateInit2(&s.stream, wbits)) {
    case Z_OK:
      s.open = true;
      break;
    case Z_STREAM_ERROR:
      return t.raise(kValueError, "Invalid initialization option");
    case Z_MEM_ERROR:
      return t.raise(kMemoryError, "Can't allocate memory for decompression object");
    default:
      return raiseZlib(t, s.stream, code, "while creating decompression object");
  }
  // A raw stream has no header that would ask for the dictionary.
  if (zdict && wbits < 0) return setDictionary(t, s.stream, zdict);
  return {};
}

void closeInflate(ZlibState* s) {
  if (s && s->open) inflateEnd(&s->stream);
  delete s;
}

// inflate that gives the dictionary when the stream asks for it.
struct Inflate {
  std::string_view zdict;
  bool has;
  explicit Inflate(Value bytes)
      : zdict(bytes ? bytes.as<Bytes>()->view() : std::string_view()), has(bool(bytes)) {}
  int operator()(z_stream* z, int flush) const {
    int code = inflate(z, flush);
    if (code != Z_NEED_DICT || !has) return code;
    code =
        inflateSetDictionary(z, reinterpret_cast<const Bytef*>(zdict.data()), clip(zdict.size()));
    return code == Z_OK ? inflate(z, flush) : code;
  }
};

}  // namespace

// ---- one-shot functions ----

Result<Ref<>> zlib_compress(Thread& t, const Buffer& data, i32 level, i32 wbits) {
  z_stream z{};
  switch (int code = deflateInit2(&z, level, DEFLATED, wbits, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY)) {
    case Z_OK:
      break;
    case Z_MEM_ERROR:
      return t.raise(kMemoryError, "Out of memory while compressing data");
    case Z_STREAM_ERROR:
      return t.raise(gError, "Bad compression level");
    default: {
      deflateEnd(&z);
      return raiseZlib(t, z, code, "while compressing data");
    }
  }
  const u8* in = data.data();
  size_t size = size_t(data.size());
  ByteSink sink(-1, std::max<size_t>(256, size / 2));
  int code, end;
  {
    AllowThreads allow(t);
    code = pump(z, sink, &in, &size, Z_FINISH, deflate);
    end = deflateEnd(&z);
  }
  if (code == Z_MEM_ERROR) return t.raiseMemory();
  if (code != Z_STREAM_END) return raiseZlib(t, z, code, "while compressing data");
  if (end != Z_OK) return raiseZlib(t, z, end, "while finishing compression");
  return sink.bytes(t);
}

Result<Ref<>> zlib_decompress(Thread& t, const Buffer& data, i32 wbits, i64 bufsize) {
  if (bufsize < 0) return t.raise(kValueError, "bufsize must be non-negative");
  z_stream z{};
  switch (int code = inflateInit2(&z, wbits)) {
    case Z_OK:
      break;
    case Z_MEM_ERROR:
      return t.raise(kMemoryError, "Out of memory while decompressing data");
    default:
      inflateEnd(&z);
      return raiseZlib(t, z, code, "while preparing to decompress data");
  }
  const u8* in = data.data();
  size_t size = size_t(data.size());
  ByteSink sink(-1, size_t(std::clamp<i64>(bufsize, 1, i64(1) << 30)));
  int code;
  {
    AllowThreads allow(t);
    code = pump(z, sink, &in, &size, Z_SYNC_FLUSH, inflate);
  }
  if (code == Z_MEM_ERROR) {
    inflateEnd(&z);
    return t.raise(kMemoryError, "Out of memory while decompressing data");
  }
  if (code != Z_STREAM_END) {
    if (code == Z_OK) code = Z_BUF_ERROR;
    Error e = raiseZlib(t, z, code, "while decompressing data");
    inflateEnd(&z);
    return e;
  }
  code = inflateEnd(&z);
  if (code != Z_OK) return raiseZlib(t, z, code, "while finishing decompression");
  return sink.bytes(t);
}

template <class F>
static u64 checksum(Thread& t, const Buffer& data, u64 value, F&& fn) {
  auto run = [&] { return u64(fn(uLong(u32(value)), data.data(), size_t(data.size()))); };
  if (data.size() <= kChecksumGilSize) return run();
  AllowThreads allow(t);
  return run();
}
Result<u64> zlib_adler32(Thread& t, const Buffer& data, u64 value) {
  return checksum(t, data, value,
                  [](uLong v, const u8* p, size_t n) { return n ? adler32_z(v, p, n) : v; });
}
Result<u64> zlib_crc32(Thread& t, const Buffer& data, u64 value) {
  return checksum(t, data, value,
                  [](uLong v, const u8* p, size_t n) { return n ? crc32_z(v, p, n) : v; });
}

// ---- Compress ----

static Ref<ZlibCompress> newCompress() {
  Ref<ZlibCompress> c = make<ZlibCompress>(&zlibCompressType);
  c->state = new ZlibState;
  return c;
}
Result<Ref<>> zlib_compressobj(Thread& t, i32 level, i32 method, i32 wbits, i32 memLevel,
                               i32 strategy, const Buffer& zdict) {
  if (zdict.size() > i64(UINT32_MAX))
    return t.raise(kOverflowError, "zdict length does not fit in an unsigned int");
  Ref<ZlibCompress> c = newCompress();
  ZlibState& s = *c->state;
  switch (int code = deflateInit2(&s.stream, level, method, wbits, memLevel, strategy)) {
    case Z_OK:
      s.open = true;
      break;
    case Z_MEM_ERROR:
      return t.raise(kMemoryError, "Can't allocate memory for compression object");
    case Z_STREAM_ERROR:
      return t.raise(kValueError, "Invalid initialization option");
    default:
      return raiseZlib(t, s.stream, code, "while creating compression object");
  }
  if (!zdict.data()) return c;
  switch (deflateSetDictionary(&s.stream, zdict.data(), uInt(zdict.size()))) {
    case Z_OK:
      return c;
    case Z_STREAM_ERROR:
      return t.raise(kValueError, "Invalid dictionary");
    default:
      return t.raise(kValueError, "deflateSetDictionary()");
  }
}
void zlibCompress_dealloc(Object* o) {
  auto* s = static_cast<ZlibCompress*>(o)->state;
  if (s && s->open) deflateEnd(&s->stream);
  delete s;
  freeObject(o);
}
Result<Ref<>> zlibCompress_compress(Thread& t, ZlibCompress& self, const Buffer& data) {
  ObjectLock lock(t, self.state->lock);
  z_stream& z = self.state->stream;
  const u8* in = data.data();
  size_t size = size_t(data.size());
  ByteSink sink;
  int code;
  {
    AllowThreads allow(t);
    code = pump(z, sink, &in, &size, Z_NO_FLUSH, deflate);
  }
  if (code == Z_MEM_ERROR) return t.raiseMemory();
  if (code == Z_STREAM_ERROR) return raiseZlib(t, z, code, "while compressing data");
  return sink.bytes(t);
}
Result<Ref<>> zlibCompress_flush(Thread& t, ZlibCompress& self, i32 mode) {
  if (mode == Z_NO_FLUSH) return makeBytes({});
  ObjectLock lock(t, self.state->lock);
  z_stream& z = self.state->stream;
  const u8* in = nullptr;
  size_t size = 0;
  ByteSink sink;
  int code;
  {
    AllowThreads allow(t);
    code = pump(z, sink, &in, &size, mode, deflate);
  }
  if (code == Z_MEM_ERROR) return t.raiseMemory();
  if (code == Z_STREAM_END && mode == Z_FINISH) {
    code = deflateEnd(&z);
    self.state->open = false;
    if (code != Z_OK) return raiseZlib(t, z, code, "while finishing compression");
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return raiseZlib(t, z, code, "while flushing");
  }
  return sink.bytes(t);
}
Result<Ref<>> zlibCompress_copy(Thread& t, ZlibCompress& self) {
  Ref<ZlibCompress> c = newCompress();
  ObjectLock lock(t, self.state->lock);
  switch (int code = deflateCopy(&c->state->stream, &self.state->stream)) {
    case Z_OK:
      c->state->open = true;
      return c;
    case Z_STREAM_ERROR:
      return t.raise(kValueError, "Inconsistent stream state");
    case Z_MEM_ERROR:
      return t.raise(kMemoryError, "Can't allocate memory for compression object");
    default:
      return raiseZlib(t, self.state->stream, code, "while copying compression object");
  }
}
Result<Ref<>> zlibCompress___copy__(Thread& t, ZlibCompress& self) {
  return zlibCompress_copy(t, self);
}
Result<Ref<>> zlibCompress___deepcopy__(Thread& t, ZlibCompress& self, Value) {
  return zlibCompress_copy(t, self);
}

// ---- Decompress ----

static Ref<ZlibDecompress> newDecompress() {
  Ref<ZlibDecompress> d = make<ZlibDecompress>(&zlibDecompressType);
  d->state = new ZlibState;
  d->unusedData = makeBytes({}).release();
  d->unconsumedTail = makeBytes({}).release();
  return d;
}
Result<Ref<>> zlib_decompressobj(Thread& t, i32 wbits, Value zdict) {
  Ref<> dictionary = TRY(dictionaryArgument(t, zdict));
  Ref<ZlibDecompress> d = newDecompress();
  keepDictionary(d->zdict, std::move(dictionary));
  TRY(openInflate(t, *d->state, wbits, d->zdict));
  return d;
}
void zlibDecompress_dealloc(Object* o) {
  auto* d = static_cast<ZlibDecompress*>(o);
  closeInflate(d->state);
  clearField(d->unusedData);
  clearField(d->unconsumedTail);
  clearField(d->zdict);
  freeObject(o);
}

// What the stream did not take: after its end, or because the output was full.
static void keepInput(ZlibDecompress& d, const u8* in, size_t size, int code) {
  std::string_view rest{reinterpret_cast<const char*>(in), size};
  if (code == Z_STREAM_END) {
    if (size) {
      std::string all(d.unusedData.as<Bytes>()->view());
      all += rest;
      setField(d.unusedData, makeBytes(all));
    }
    rest = {};
  }
  if (!rest.empty() || d.unconsumedTail.as<Bytes>()->size)
    setField(d.unconsumedTail, makeBytes(rest));
}

Result<Ref<>> zlibDecompress_decompress(Thread& t, ZlibDecompress& self, const Buffer& data,
                                        i64 maxLength) {
  if (maxLength < 0) return t.raise(kValueError, "max_length must be non-negative");
  ObjectLock lock(t, self.state->lock);
  z_stream& z = self.state->stream;
  const u8* in = data.data();
  size_t size = size_t(data.size());
  ByteSink sink(maxLength ? maxLength : -1);
  Inflate inflater(self.zdict);
  int code;
  {
    AllowThreads allow(t);
    code = pump(z, sink, &in, &size, Z_SYNC_FLUSH, inflater);
  }
  if (code == Z_MEM_ERROR) return t.raiseMemory();
  keepInput(self, in, size, code);
  if (code == Z_STREAM_END)
    self.eof = true;
  else if (code != Z_OK && code != Z_BUF_ERROR)
    return raiseZlib(t, z, code, "while decompressing data");
  return sink.bytes(t);
}
Result<Ref<>> zlibDecompress_flush(Thread& t, ZlibDecompress& self, i64 length) {
  if (length <= 0) return t.raise(kValueError, "length must be greater than zero");
  ObjectLock lock(t, self.state->lock);
  z_stream& z = self.state->stream;
  if (!self.state->open) return makeBytes({});
  Ref<> tail = retain(self.unconsumedTail);
  auto* in = reinterpret_cast<const u8*>(tail.as<Bytes>()->data);
  size_t size = size_t(tail.as<Bytes>()->size);
  ByteSink sink(-1, size_t(std::min<i64>(length, i64(1) << 30)));
  Inflate inflater(self.zdict);
  int code;
  {
    AllowThreads allow(t);
    code = pump(z, sink, &in, &size, Z_FINISH, inflater);
  }
  if (code == Z_MEM_ERROR) return t.raiseMemory();
  keepInput(self, in, size, code);
  if (code == Z_STREAM_END) {
    self.eof = true;
    self.state->open = false;
    code = inflateEnd(&z);
    if (code != Z_OK) return raiseZlib(t, z, code, "while finishing decompression");
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return raiseZlib(t, z, code, "while decompressing data");
  }
  return sink.bytes(t);
}
Result<Ref<>> zlibDecompress_copy(Thread& t, ZlibDecompress& self) {
  Ref<ZlibDecompress> d = newDecompress();
  ObjectLock lock(t, self.state->lock);
  switch (int code = inflateCopy(&d->state->stream, &self.state->stream)) {
    case Z_OK:
      break;
    case Z_STREAM_ERROR:
      return t.raise(kValueError, "Inconsistent stream state");
    case Z_MEM_ERROR:
      return t.raise(kMemoryError, "Can't allocate memory for decompression object");
    default:
      return raiseZlib(t, self.state->stream, code, "while copying decompression object");
  }
  d->state->open = true;
  setField(d->unusedData, retain(self.unusedData));
  setField(d->unconsumedTail, retain(self.unconsumedTail));
  setField(d->zdict, retain(self.zdict));
  d->eof = self.eof;
  return d;
}
Result<Ref<>> zlibDecompress___copy__(Thread& t, ZlibDecompress& self) {
  return zlibDecompress_copy(t, self);
}
Result<Ref<>> zlibDecompress___deepcopy__(Thread& t, ZlibDecompress& self, Value) {
  return zlibDecompress_copy(t, self);
}

// ---- _ZlibDecompressor ----

Result<Ref<>> zlibDecompressor___new__(Thread& t, Type& cls, i32 wbits, Value zdict) {
  Ref<> dictionary = TRY(dictionaryArgument(t, zdict));
  auto d = Ref<ZlibDecompressor>::steal(static_cast<ZlibDecompressor*>(newInstance(&cls)));
  d->state = new ZlibState;
  d->unusedData = makeBytes({}).release();
  d->needsInput = true;
  keepDictionary(d->zdict, std::move(dictionary));
  TRY(openInflate(t, *d->state, wbits, d->zdict));
  return d;
}
void zlibDecompressor_dealloc(Object* o) {
  auto* d = static_cast<ZlibDecompressor*>(o);
  closeInflate(d->state);
  clearField(d->unusedData);
  clearField(d->zdict);
  freeObject(o);
}
Result<Ref<>> zlibDecompressor_decompress(Thread& t, ZlibDecompressor& self, const Buffer& data,
                                          i64 maxLength) {
  ObjectLock lock(t, self.state->lock);
  if (self.eof) return t.raise(kEOFError, "End of stream already reached");
  z_stream& z = self.state->stream;
  Inflate inflater(self.zdict);
  int code = Z_OK;
  bool failed = false;
  Result<Ref<>> r = decompressStep(
      t, *self.state, data.bytes(), maxLength, &self.eof, &self.needsInput, &self.unusedData,
      &failed, [&](const u8** in, size_t* size, u8** out, size_t* room) {
        z.next_in = bytesOf(*in);
        z.avail_in = clip(*size);
        z.next_out = *out;
        z.avail_out = clip(*room);
        uInt offered = z.avail_in, space = z.avail_out;
        code = inflater(&z, Z_SYNC_FLUSH);
        *in += offered - z.avail_in;
        *size -= offered - z.avail_in;
        *room -= space - z.avail_out;
        if (code == Z_STREAM_END) return StreamStep::End;
        return code == Z_OK || code == Z_BUF_ERROR ? StreamStep::Ok : StreamStep::Failed;
      });
  if (failed) return raiseZlib(t, z, code, "while decompressing data");
  return r;
}

// ---- module ----

Result<void> zlib_exec(Thread& t, Module& module) {
  if (!gError) gError = TRY(newExceptionClass(t, "zlib", "error", kException)).release();
  moduleSet(module, "error", gError);
  constexpr std::pair<const char*, int> kConstants[] = {
      {"MAX_WBITS", MAX_WBITS},
      {"DEFLATED", DEFLATED},
      {"DEF_MEM_LEVEL", DEF_MEM_LEVEL},
      {"DEF_BUF_SIZE", DEF_BUF_SIZE},
      {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
      {"Z_BEST_SPEED", Z_BEST_SPEED},
      {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
      {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION},
      {"Z_FILTERED", Z_FILTERED},
      {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
      {"Z_RLE", Z_RLE},
      {"Z_FIXED", Z_FIXED},
      {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
      {"Z_NO_FLUSH", Z_NO_FLUSH},
      {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
      {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
      {"Z_FULL_FLUSH", Z_FULL_FLUSH},
      {"Z_FINISH", Z_FINISH},
      {"Z_BLOCK", Z_BLOCK},
      {"Z_TREES", Z_TREES},
  };
  for (auto [name, value] : kConstants) moduleSet(module, name, makeInt(value));
  moduleSet(module, "ZLIB_VERSION", makeAscii(ZLIB_VERSION));
  moduleSet(module, "ZLIB_RUNTIME_VERSION", makeAscii(zlibVersion()));
  moduleSet(module, "__version__", makeAscii("1.0"));
  return {};
}

}  // namespace dx
