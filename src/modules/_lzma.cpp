// Module _lzma: xz and lzma streams.
#include "modules/_lzma.gen.h"
#include "modules/exception_class.h"

namespace dx {

Type* gLzmaError = nullptr;  // _lzma.LZMAError

Error raiseLzma(Thread& t, lzma_ret code) {
  const char* text;
  switch (code) {
    case LZMA_UNSUPPORTED_CHECK:
      text = "Unsupported integrity check";
      break;
    case LZMA_MEM_ERROR:
      return t.raiseMemory();
    case LZMA_MEMLIMIT_ERROR:
      text = "Memory usage limit exceeded";
      break;
    case LZMA_FORMAT_ERROR:
      text = "Input format not supported by decoder";
      break;
    case LZMA_OPTIONS_ERROR:
      text = "Invalid or unsupported options";
      break;
    case LZMA_DATA_ERROR:
      text = "Corrupt input data";
      break;
    case LZMA_BUF_ERROR:
      text = "Insufficient buffer space";
      break;
    case LZMA_PROG_ERROR:
      text = "Internal error";
      break;
    default:
      return t.raise(gLzmaError, "Unrecognized error from liblzma: {}", int(code));
  }
  return t.raise(gLzmaError, "{}", text);
}

namespace {

bool isError(lzma_ret code) {
  return code != LZMA_OK && code != LZMA_GET_CHECK && code != LZMA_NO_CHECK &&
         code != LZMA_STREAM_END;
}

Result<u64> unsignedInt(Thread& t, Value v, u64 maximum, const char* cType) {
  Ref<> n = TRY(toIndex(t, v));
  u64 value;
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  if (!intToU64(n, &value) || value > maximum)
    return t.raise(kOverflowError, "Python int too large for C {}", cType);
  return value;
}

// The entry `name`, or empty.
Result<Ref<>> entry(Thread& t, Value spec, const char* name) {
  Result<Ref<>> v = getItem(t, spec, makeAscii(name));
  if (v) return v;
  if (!t.takeIf(kKeyError)) return Error{};
  return noneRef();
}

// Reads the entries of a filter into numbers by name. False: an entry that the filter does not
// have, or no number.
struct Field {
  const char* name;
  u32* to;
};
bool readFields(Thread& t, Value spec, std::span<const Field> fields) {
  if (!isDict(spec)) return false;
  i64 at = 0;
  Value key, v;
  while (dictNext(spec.as<Dict>(), &at, &key, &v)) {
    if (!isStr(key)) return false;
    if (equalAscii(key.as<Str>(), "id")) continue;
    const Field* field = nullptr;
    for (const Field& f : fields)
      if (equalAscii(key.as<Str>(), f.name)) field = &f;
    if (!field) return false;
    if (!field->to) continue;
    Ref<> hold = retain(v);
    Result<u64> n = unsignedInt(t, hold, UINT32_MAX, "uint32_t");
    if (!n) {
      t.clearException();
      return false;
    }
    *field->to = u32(*n);
  }
  return true;
}

template <class T>
T* newOptions() {
  return static_cast<T*>(calloc(1, sizeof(T)));
}

Result<void*> lzmaOptions(Thread& t, Value spec) {
  u32 preset = LZMA_PRESET_DEFAULT;
  Ref<> given = TRY(entry(t, spec, "preset"));
  if (!isNone(given)) preset = u32(TRY(unsignedInt(t, given, UINT32_MAX, "uint32_t")));
  auto* o = newOptions<lzma_options_lzma>();
  if (lzma_lzma_preset(o, preset)) {
    free(o);
    return t.raise(gLzmaError, "Invalid compression preset: {}", preset);
  }
  u32 mode = u32(o->mode), mf = u32(o->mf);
  const Field fields[] = {{"preset", nullptr},
                          {"dict_size", &o->dict_size},
                          {"lc", &o->lc},
                          {"lp", &o->lp},
                          {"pb", &o->pb},
                          {"mode", &mode},
                          {"nice_len", &o->nice_len},
                          {"mf", &mf},
                          {"depth", &o->depth}};
  if (!readFields(t, spec, fields)) {
    free(o);
    return t.raise(kValueError, "Invalid filter specifier for LZMA filter");
  }
  o->mode = lzma_mode(mode);
  o->mf = lzma_match_finder(mf);
  return o;
}
Result<void*> deltaOptions(Thread& t, Value spec) {
  u32 distance = 1;
  const Field fields[] = {{"dist", &distance}};
  if (!readFields(t, spec, fields))
    return t.raise(kValueError, "Invalid filter specifier for delta filter");
  auto* o = newOptions<lzma_options_delta>();
  o->type = LZMA_DELTA_TYPE_BYTE;
  o->dist = distance;
  return o;
}
Result<void*> branchOptions(Thread& t, Value spec) {
  u32 start = 0;
  const Field fields[] = {{"start_offset", &start}};
  if (!readFields(t, spec, fields))
    return t.raise(kValueError, "Invalid filter specifier for BCJ filter");
  auto* o = newOptions<lzma_options_bcj>();
  o->start_offset = start;
  return o;
}
bool isBranchFilter(lzma_vli id) {
  return id == LZMA_FILTER_X86 || id == LZMA_FILTER_POWERPC || id == LZMA_FILTER_IA64 ||
         id == LZMA_FILTER_ARM || id == LZMA_FILTER_ARMTHUMB || id == LZMA_FILTER_SPARC;
}

}  // namespace

Result<void> LzmaFilters::add(Thread& t, Value spec) {
  if (!slotsOf(spec).getItem || isStr(spec))
    return t.raise(kTypeError, "Filter specifier must be a dict or dict-like object");
  Ref<> idValue = TRY(entry(t, spec, "id"));
  if (isNone(idValue)) return t.raise(kValueError, "Filter specifier must have an \"id\" entry");
  lzma_vli id = TRY(unsignedInt(t, idValue, UINT64_MAX, "lzma_vli"));
  void* options;
  if (id == LZMA_FILTER_LZMA1 || id == LZMA_FILTER_LZMA2)
    options = TRY(lzmaOptions(t, spec));
  else if (id == LZMA_FILTER_DELTA)
    options = TRY(deltaOptions(t, spec));
  else if (isBranchFilter(id))
    options = TRY(branchOptions(t, spec));
  else
    return t.raise(kValueError, "Invalid filter ID: {}", u64(id));
  filters_[count_++] = {id, options};
  filters_[count_].id = LZMA_VLI_UNKNOWN;
  return {};
}
Result<void> LzmaFilters::parse(Thread& t, Value specifiers) {
  if (isDict(specifiers)) return t.raise(kTypeError, "{} is not a sequence", typeOf(specifiers));
  i64 n = TRY(length(t, specifiers));
  if (n > LZMA_FILTERS_MAX)
    return t.raise(kValueError, "Too many filters - liblzma supports a maximum of {}",
                   LZMA_FILTERS_MAX);
  for (i64 i = 0; i < n; i++) {
    Ref<> spec = TRY(getItem(t, specifiers, makeInt(i)));
    TRY(add(t, spec));
  }
  return {};
}

// ---- LZMACompressor ----

static Result<lzma_ret> openEncoder(Thread& t, lzma_stream* s, i32 format, i32 check, u32 preset,
                                    Value filters) {
  LzmaFilters chain;
  if (!isNone(filters)) TRY(chain.parse(t, filters));
  switch (format) {
    case FORMAT_XZ:
      if (isNone(filters)) return lzma_easy_encoder(s, preset, lzma_check(check));
      return lzma_stream_encoder(s, chain.chain(), lzma_check(check));
    case FORMAT_ALONE: {
      if (isNone(filters)) {
        lzma_options_lzma options;
        if (lzma_lzma_preset(&options, preset))
          return t.raise(gLzmaError, "Invalid compression preset: {}", preset);
        return lzma_alone_encoder(s, &options);
      }
      const lzma_filter* f = chain.chain();
      if (f[0].id == LZMA_FILTER_LZMA1 && f[1].id == LZMA_VLI_UNKNOWN)
        return lzma_alone_encoder(s, static_cast<lzma_options_lzma*>(f[0].options));
      return t.raise(kValueError,
                     "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    }
    case FORMAT_RAW:
      if (isNone(filters)) return t.raise(kValueError, "Must specify filters for FORMAT_RAW");
      return lzma_raw_encoder(s, chain.chain());
    default:
      return t.raise(kValueError, "Invalid container format: {}", format);
  }
}

Result<Ref<>> lzmaCompressor___new__(Thread& t, Type& cls, i32 format, i32 check, Value preset,
                                     Value filters) {
  if (!isNone(preset) && !isNone(filters))
    return t.raise(kValueError, "Cannot specify both preset and filter chain");
  u32 level = LZMA_PRESET_DEFAULT;
  if (!isNone(preset)) level = u32(TRY(unsignedInt(t, preset, UINT32_MAX, "uint32_t")));
  if (format != FORMAT_XZ && check != -1 && check != LZMA_CHECK_NONE)
    return t.raise(kValueError, "Integrity checks are only supported by FORMAT_XZ");
  auto c = Ref<LzmaCompressor>::steal(static_cast<LzmaCompressor*>(newInstance(&cls)));
  c->state = new LzmaCompressState;
  lzma_ret code = TRY(openEncoder(t, &c->state->stream, format,
                                  check == -1 ? LZMA_CHECK_CRC64 : check, level, filters));
  if (isError(code)) return raiseLzma(t, code);
  return c;
}
void lzmaCompressor_dealloc(Object* o) {
  auto* s = static_cast<LzmaCompressor*>(o)->state;
  if (s) lzma_end(&s->stream);
  delete s;
  freeObject(o);
}
static Result<Ref<>> compress(Thread& t, lzma_stream& s, std::string_view data,
                              lzma_action action) {
  ByteSink sink;
  lzma_ret code = LZMA_OK;
  {
    AllowThreads allow(t);
    s.next_in = reinterpret_cast<const u8*>(data.data());
    s.avail_in = data.size();
    for (;;) {
      u8* out;
      size_t room;
      if (!sink.room(&out, &room)) {
        code = LZMA_MEM_ERROR;
        break;
      }
      s.next_out = out;
      s.avail_out = room;
      code = lzma_code(&s, action);
      sink.wrote(room - s.avail_out);
      if (code == LZMA_BUF_ERROR && data.empty() && s.avail_out > 0) code = LZMA_OK;
      if (isError(code) || code == LZMA_STREAM_END) break;
      if (action == LZMA_RUN && s.avail_in == 0 && s.avail_out > 0) break;
    }
    s.next_in = nullptr;
    s.avail_in = 0;
  }
  if (isError(code)) return raiseLzma(t, code);
  return sink.bytes(t);
}
Result<Ref<>> lzmaCompressor_compress(Thread& t, LzmaCompressor& self, const Buffer& data) {
  ObjectLock lock(t, self.state->lock);
  if (self.state->flushed) return t.raise(kValueError, "Compressor has been flushed");
  return compress(t, self.state->stream, data.bytes(), LZMA_RUN);
}
Result<Ref<>> lzmaCompressor_flush(Thread& t, LzmaCompressor& self) {
  ObjectLock lock(t, self.state->lock);
  if (self.state->flushed) return t.raise(kValueError, "Repeated call to flush()");
  self.state->flushed = true;
  return compress(t, self.state->stream, {}, LZMA_FINISH);
}

// ---- LZMADecompressor ----

Result<Ref<>> lzmaDecompressor___new__(Thread& t, Type& cls, i32 format, Value memlimit,
                                       Value filters) {
  u64 limit = UINT64_MAX;
  if (!isNone(memlimit)) {
    if (format == FORMAT_RAW)
      return t.raise(kValueError, "Cannot specify memory limit with FORMAT_RAW");
    limit = TRY(unsignedInt(t, memlimit, UINT64_MAX, "uint64_t"));
  }
  if (format == FORMAT_RAW && isNone(filters))
    return t.raise(kValueError, "Must specify filters for FORMAT_RAW");
  if (format != FORMAT_RAW && !isNone(filters))
    return t.raise(kValueError, "Cannot specify filters except with FORMAT_RAW");
  auto d = Ref<LzmaDecompressor>::steal(static_cast<LzmaDecompressor*>(newInstance(&cls)));
  d->state = new LzmaDecompressState;
  d->check = LZMA_CHECK_ID_MAX + 1;  // CHECK_UNKNOWN
  d->needsInput = true;
  d->unusedData = makeBytes({}).release();
  lzma_stream* s = &d->state->stream;
  constexpr u32 kFlags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
  lzma_ret code;
  switch (format) {
    case FORMAT_AUTO:
      code = lzma_auto_decoder(s, limit, kFlags);
      break;
    case FORMAT_XZ:
      code = lzma_stream_decoder(s, limit, kFlags);
      break;
    case FORMAT_ALONE:
      d->check = LZMA_CHECK_NONE;
      code = lzma_alone_decoder(s, limit);
      break;
    case FORMAT_RAW: {
      d->check = LZMA_CHECK_NONE;
      LzmaFilters chain;
      TRY(chain.parse(t, filters));
      code = lzma_raw_decoder(s, chain.chain());
      break;
    }
    default:
      return t.raise(kValueError, "Invalid container format: {}", format);
  }
  if (isError(code)) return raiseLzma(t, code);
  return d;
}
void lzmaDecompressor_dealloc(Object* o) {
  auto* d = static_cast<LzmaDecompressor*>(o);
  if (d->state) lzma_end(&d->state->stream);
  delete d->state;
  clearField(d->unusedData);
  freeObject(o);
}
Result<Ref<>> lzmaDecompressor_decompress(Thread& t, LzmaDecompressor& self, const Buffer& data,
                                          i64 maxLength) {
  ObjectLock lock(t, self.state->lock);
  if (self.eof) return t.raise(kEOFError, "Already at end of stream");
  lzma_stream& s = self.state->stream;
  lzma_ret code = LZMA_OK;
  bool failed = false;
  Result<Ref<>> r = decompressStep(
      t, *self.state, data.bytes(), maxLength, &self.eof, &self.needsInput, &self.unusedData,
      &failed, [&](const u8** in, size_t* size, u8** out, size_t* room) {
        s.next_in = *in;
        s.avail_in = *size;
        s.next_out = *out;
        s.avail_out = *room;
        code = lzma_code(&s, LZMA_RUN);
        if (code == LZMA_BUF_ERROR && (s.avail_in == 0 || s.avail_out == 0)) code = LZMA_OK;
        if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) self.check = lzma_get_check(&s);
        *in = s.next_in;
        *size = s.avail_in;
        *room = s.avail_out;
        if (code == LZMA_STREAM_END) return StreamStep::End;
        return isError(code) ? StreamStep::Failed : StreamStep::Ok;
      });
  if (failed) return raiseLzma(t, code);
  return r;
}

// ---- functions ----

Result<bool> _lzma_is_check_supported(Thread&, i32 check) {
  return lzma_check_is_supported(lzma_check(check));
}
Result<Ref<>> _lzma__encode_filter_properties(Thread& t, Value filter) {
  LzmaFilters chain;
  TRY(chain.add(t, filter));
  u32 size;
  lzma_ret code = lzma_properties_size(&size, chain.chain());
  if (isError(code)) return raiseLzma(t, code);
  Ref<Bytes> out = newBytes(size);
  code = lzma_properties_encode(chain.chain(), reinterpret_cast<u8*>(out->data));
  if (isError(code)) return raiseLzma(t, code);
  return out;
}
Result<Ref<>> _lzma__decode_filter_properties(Thread& t, Value filterId, const Buffer& props) {
  lzma_filter f{TRY(unsignedInt(t, filterId, UINT64_MAX, "lzma_vli")), nullptr};
  lzma_ret code = lzma_properties_decode(&f, nullptr, props.data(), size_t(props.size()));
  if (isError(code)) return raiseLzma(t, code);
  Ref<Dict> out = newDict();
  auto add = [&](const char* name, u64 v) { dictSetStr(out, name, makeInt(v)); };
  add("id", f.id);
  if (f.id == LZMA_FILTER_LZMA1) {
    auto* o = static_cast<lzma_options_lzma*>(f.options);
    add("lc", o->lc);
    add("lp", o->lp);
    add("pb", o->pb);
    add("dict_size", o->dict_size);
  } else if (f.id == LZMA_FILTER_LZMA2) {
    add("dict_size", static_cast<lzma_options_lzma*>(f.options)->dict_size);
  } else if (f.id == LZMA_FILTER_DELTA) {
    add("dist", static_cast<lzma_options_delta*>(f.options)->dist);
  } else if (isBranchFilter(f.id)) {
    if (auto* o = static_cast<lzma_options_bcj*>(f.options)) add("start_offset", o->start_offset);
  } else {
    free(f.options);
    return t.raise(kValueError, "Invalid filter ID: {}", u64(f.id));
  }
  free(f.options);
  return out;
}

Result<void> _lzma_exec(Thread& t, Module& module) {
  if (!gLzmaError) {
    Ref<Dict> ns = newDict();
    dictSetStr(ns, "__module__", makeAscii("_lzma"));
    dictSetStr(ns, "__doc__", makeAscii("Call to liblzma failed."));
    gLzmaError = TRY(makeType(t, &PyType_Type, internImmortal("LZMAError"),
                              tupleOf(Value(kException)), ns, Args()))
                     .release();
  }
  moduleSet(module, "LZMAError", gLzmaError);
  constexpr std::pair<const char*, u64> kConstants[] = {
      {"FORMAT_AUTO", FORMAT_AUTO},
      {"FORMAT_XZ", FORMAT_XZ},
      {"FORMAT_ALONE", FORMAT_ALONE},
      {"FORMAT_RAW", FORMAT_RAW},
      {"CHECK_NONE", LZMA_CHECK_NONE},
      {"CHECK_CRC32", LZMA_CHECK_CRC32},
      {"CHECK_CRC64", LZMA_CHECK_CRC64},
      {"CHECK_SHA256", LZMA_CHECK_SHA256},
      {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX},
      {"CHECK_UNKNOWN", LZMA_CHECK_ID_MAX + 1},
      {"FILTER_LZMA1", LZMA_FILTER_LZMA1},
      {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
      {"FILTER_DELTA", LZMA_FILTER_DELTA},
      {"FILTER_X86", LZMA_FILTER_X86},
      {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
      {"FILTER_IA64", LZMA_FILTER_IA64},
      {"FILTER_ARM", LZMA_FILTER_ARM},
      {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB},
      {"FILTER_SPARC", LZMA_FILTER_SPARC},
      {"MF_HC3", LZMA_MF_HC3},
      {"MF_HC4", LZMA_MF_HC4},
      {"MF_BT2", LZMA_MF_BT2},
      {"MF_BT3", LZMA_MF_BT3},
      {"MF_BT4", LZMA_MF_BT4},
      {"MODE_FAST", LZMA_MODE_FAST},
      {"MODE_NORMAL", LZMA_MODE_NORMAL},
      {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
      {"PRESET_EXTREME", LZMA_PRESET_EXTREME},
  };
  for (auto [name, value] : kConstants) moduleSet(module, name, makeInt(value));
  return {};
}

}  // namespace dx
