// Module _bz2: bzip2 streams.
#include "modules/_bz2.gen.h"

namespace dx {

namespace {

Error raiseBz2(Thread& t, int code) {
  switch (code) {
    case BZ_PARAM_ERROR:
      return t.raise(kValueError, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR:
      return t.raiseMemory();
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC:
      return t.raise(kOSError, "Invalid data stream");
    case BZ_IO_ERROR:
      return t.raise(kOSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
      return t.raise(kEOFError,
                     "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR:
      return t.raise(kRuntimeError,
                     "Internal error - Invalid sequence of commands sent to libbzip2");
    default:
      return t.raise(kOSError, "Unrecognized error from libbzip2: {}", code);
  }
}

// The library counts in 32 bits.
unsigned clip(size_t n) { return unsigned(std::min<size_t>(n, UINT32_MAX)); }

Result<Ref<>> compress(Thread& t, Bz2CompressState& s, std::string_view data, int action) {
  ByteSink sink;
  int code = BZ_OK;
  bool memory = true;
  {
    AllowThreads allow(t);
    auto* in = const_cast<char*>(data.data());
    size_t left = data.size();
    for (;;) {
      u8* out;
      size_t room;
      memory = sink.room(&out, &room);
      if (!memory) break;
      s.stream.next_in = in;
      s.stream.avail_in = clip(left);
      s.stream.next_out = reinterpret_cast<char*>(out);
      s.stream.avail_out = clip(room);
      unsigned offered = s.stream.avail_in, space = s.stream.avail_out;
      // Nothing to give and nothing to finish would be an error.
      if (action == BZ_RUN && left == 0) break;
      code = BZ2_bzCompress(&s.stream, action == BZ_FINISH && left <= offered ? BZ_FINISH : BZ_RUN);
      in += offered - s.stream.avail_in;
      left -= offered - s.stream.avail_in;
      sink.wrote(space - s.stream.avail_out);
      if (code < 0 || code == BZ_STREAM_END) break;
    }
  }
  if (!memory) return t.raiseMemory();
  if (code < 0) return raiseBz2(t, code);
  return sink.bytes(t);
}

}  // namespace

// ---- BZ2Compressor ----

Result<Ref<>> bz2Compressor___new__(Thread& t, Type& cls, i32 level) {
  if (level < 1 || level > 9) return t.raise(kValueError, "compresslevel must be between 1 and 9");
  auto c = Ref<Bz2Compressor>::steal(static_cast<Bz2Compressor*>(newInstance(&cls)));
  c->state = new Bz2CompressState;
  int code = BZ2_bzCompressInit(&c->state->stream, level, 0, 0);
  if (code != BZ_OK) return raiseBz2(t, code);
  c->state->open = true;
  return c;
}
void bz2Compressor_dealloc(Object* o) {
  auto* s = static_cast<Bz2Compressor*>(o)->state;
  if (s && s->open) BZ2_bzCompressEnd(&s->stream);
  delete s;
  freeObject(o);
}
Result<Ref<>> bz2Compressor_compress(Thread& t, Bz2Compressor& self, const Buffer& data) {
  ObjectLock lock(t, self.state->lock);
  if (self.state->flushed) return t.raise(kValueError, "Compressor has been flushed");
  return compress(t, *self.state, data.bytes(), BZ_RUN);
}
Result<Ref<>> bz2Compressor_flush(Thread& t, Bz2Compressor& self) {
  ObjectLock lock(t, self.state->lock);
  if (self.state->flushed) return t.raise(kValueError, "Repeated call to flush()");
  self.state->flushed = true;
  return compress(t, *self.state, {}, BZ_FINISH);
}

// ---- BZ2Decompressor ----

Result<Ref<>> bz2Decompressor___new__(Thread& t, Type& cls, const Args& args) {
  if (args.count) return t.raise(kTypeError, "BZ2Decompressor() takes no positional arguments");
  if (args.keywordCount())
    return t.raise(kTypeError, "BZ2Decompressor() takes no keyword arguments");
  auto d = Ref<Bz2Decompressor>::steal(static_cast<Bz2Decompressor*>(newInstance(&cls)));
  d->state = new Bz2DecompressState;
  d->needsInput = true;
  d->unusedData = makeBytes({}).release();
  int code = BZ2_bzDecompressInit(&d->state->stream, 0, 0);
  if (code != BZ_OK) return raiseBz2(t, code);
  d->state->open = true;
  return d;
}
void bz2Decompressor_dealloc(Object* o) {
  auto* d = static_cast<Bz2Decompressor*>(o);
  if (d->state && d->state->open) BZ2_bzDecompressEnd(&d->state->stream);
  delete d->state;
  clearField(d->unusedData);
  freeObject(o);
}
Result<Ref<>> bz2Decompressor_decompress(Thread& t, Bz2Decompressor& self, const Buffer& data,
                                         i64 maxLength) {
  ObjectLock lock(t, self.state->lock);
  if (self.eof) return t.raise(kEOFError, "End of stream already reached");
  if (self.state->broken)
    return t.raise(kValueError, "Decompressor is unusable after a previous error");
  bz_stream& z = self.state->stream;
  int code = BZ_OK;
  bool failed = false;
  Result<Ref<>> r = decompressStep(t, *self.state, data.bytes(), maxLength, &self.eof,
                                   &self.needsInput, &self.unusedData, &failed,
                                   [&](const u8** in, size_t* size, u8** out, size_t* room) {
                                     z.next_in = reinterpret_cast<char*>(const_cast<u8*>(*in));
                                     z.avail_in = clip(*size);
                                     z.next_out = reinterpret_cast<char*>(*out);
                                     z.avail_out = clip(*room);
                                     unsigned offered = z.avail_in, space = z.avail_out;
                                     code = BZ2_bzDecompress(&z);
                                     *in += offered - z.avail_in;
                                     *size -= offered - z.avail_in;
                                     *room -= space - z.avail_out;
                                     if (code == BZ_STREAM_END) return StreamStep::End;
                                     return code < 0 ? StreamStep::Failed : StreamStep::Ok;
                                   });
  if (failed) {
    self.state->broken = true;
    return raiseBz2(t, code);
  }
  return r;
}

}  // namespace dx
