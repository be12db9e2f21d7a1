// TextIOWrapper: text over a buffered binary stream.
#include <algorithm>

#include "modules/io_text.gen.h"
#include "modules/io_textio.h"
#include "runtime/codecs.h"

namespace dx {

// ---- state ----

Result<void> requireAttached(Thread& t, const TextIo& s) {
  if (!s.ok) return t.raise(kValueError, "I/O operation on uninitialized object");
  if (s.detached) return t.raise(kValueError, "underlying buffer has been detached");
  return {};
}

Result<Ref<>> attachedBuffer(Thread& t, const TextIo& s) {
  TRY(requireAttached(t, s));
  return retain(s.buffer);
}

// The descriptor says at once whether plain files are open.
static const FileIo* plainFile(const TextIo& s) {
  Type* type = typeOf(s.buffer);
  if (type != &bufferedReaderType && type != &bufferedWriterType && type != &bufferedRandomType)
    return nullptr;
  auto* b = s.buffer.as<Buffered>();
  return b->plain && b->buffer ? b->raw.as<FileIo>() : nullptr;
}

Result<void> requireTextOpen(Thread& t, TextIo& s) {
  TRY(requireAttached(t, s));
  if (s.type == &textIoType) {
    if (const FileIo* file = plainFile(s)) {
      if (file->fd < 0) return closedFile(t);
      return {};
    }
  }
  return requireOpen(t, &s);
}

void setDecoded(TextIo& s, Ref<> text) {
  s.decodedUsed = 0;
  setField(s.decoded, std::move(text));
}
void dropSnapshot(TextIo& s) { clearField(s.snapshotBytes); }
void setSnapshot(TextIo& s, i64 flags, Ref<> bytes) {
  s.snapshotFlags = flags;
  setField(s.snapshotBytes, std::move(bytes));
}

static i64 decodedRest(const TextIo& s) {
  return s.decoded ? s.decoded.as<Str>()->length - s.decodedUsed : 0;
}
static Ref<Str> takeDecoded(TextIo& s, i64 n) {
  if (!s.decoded) return retainObject(emptyStr());
  i64 avail = decodedRest(s);
  if (n < 0 || n > avail) n = avail;
  Str* all = s.decoded.as<Str>();
  Ref<Str> r = s.decodedUsed > 0 || n < avail ? substring(all, s.decodedUsed, s.decodedUsed + n)
                                              : retainObject(all);
  s.decodedUsed += n;
  return r;
}

// ---- life ----

// The name of an encoding or error handler. reconfigure() takes what stands before a NUL.
static Result<Ref<Str>> plainName(Thread& t, Str* s, bool strict) {
  std::string_view text = TRY(utf8(t, s));
  size_t nul = text.find('\0');
  if (nul == text.npos) return retainObject(s);
  if (strict) return t.raise(kValueError, "embedded null character");
  return makeStr(text.substr(0, nul));
}

static Result<Ref<Str>> chooseEncoding(Thread& t, Str* encoding, bool strict = true) {
  if (!encoding) {
    if (theInterpreter.config.warnDefaultEncoding)
      TRY(warn(t, kEncodingWarning, "'encoding' argument not specified"));
    return localeEncoding();
  }
  if (equalAscii(encoding, "locale")) return localeEncoding();
  return plainName(t, encoding, strict);
}

static Result<Ref<Str>> chooseErrors(Thread& t, Str* errors, bool strict = true) {
  if (!errors) return makeAscii("strict");
  Ref<Str> name = TRY(plainName(t, errors, strict));
  if (theInterpreter.config.devMode) (void)TRY(errorHandlerLookup(t, toUtf8(name).c_str()));
  return name;
}

Result<void> textio___init__(Thread& t, TextIo& self, Value buffer, Str* encoding, Str* errors,
                             Str* newline, bool line_buffering, bool write_through) {
  self.ok = false;
  self.detached = false;
  const char* ending = TRY(newlineArgument(t, newline, false));
  clearField(self.buffer);
  clearField(self.encoder);
  clearField(self.decoder);
  setDecoded(self, Ref<>());
  dropSnapshot(self);
  delete std::exchange(self.pending, nullptr);
  self.bytesPerChar = 0;
  Ref<Str> name = TRY(chooseEncoding(t, encoding));
  Ref<Str> handler = TRY(chooseErrors(t, errors));
  setNewline(self, ending);
  setField(self.buffer, retain(buffer));
  TRY(setCoders(t, self, name, handler));
  self.lineBuffering = line_buffering;
  self.writeThrough = write_through;
  self.chunkSize = 8192;
  self.pending = new std::string;
  Ref<> seekable = TRY(callMethod(t, buffer, DX_NAME("seekable"), {}));
  self.seekable = self.telling = TRY(isTrue(t, seekable));
  self.hasRead1 = TRY(hasAttr(t, buffer, DX_NAME("read1")));
  TRY(fixEncoderState(t, self));
  self.ok = true;
  return {};
}

void textio_dealloc(Object* o) {
  gcUntrack(o);
  auto* s = static_cast<TextIo*>(o);
  s->ok = false;
  delete s->pending;
  s->pending = nullptr;
  if (s->held) release(s->held);
  s->held = nullptr;
  textio_clear(o);
  freeObject(o);
}
void textio_traverse(Object* o, Visitor& v) {
  auto* s = static_cast<TextIo*>(o);
  v(s->dict);
  v(s->buffer);
  v(s->encoding);
  v(s->errors);
  v(s->encoder);
  v(s->decoder);
  v(s->readNewline);
  v(s->decoded);
  v(s->snapshotBytes);
}
void textio_clear(Object* o) {
  auto* s = static_cast<TextIo*>(o);
  s->ok = false;
  clearField(s->dict);
  clearField(s->buffer);
  clearField(s->encoding);
  clearField(s->errors);
  clearField(s->encoder);
  clearField(s->decoder);
  clearField(s->readNewline);
  clearField(s->decoded);
  clearField(s->snapshotBytes);
}

Result<void> textio_reconfigure(Thread& t, TextIo& self, Str* encoding, Str* errors, Value newline,
                                Value line_buffering, Value write_through) {
  const char* ending = nullptr;
  if (newline && !isNone(newline)) {
    if (!isStr(newline))
      return t.raise(kTypeError, "reconfigure() argument 'newline' must be str or None, not {}",
                     typeOf(newline));
    ending = TRY(newlineArgument(t, newline.as<Str>(), false));
  }
  TRY(requireAttached(t, self));
  bool coding = encoding || errors || newline;
  if (self.decoded && coding)
    return unsupportedOperation(
        t, "It is not possible to set the encoding or newline of stream after the first read");
  bool lines = isNone(line_buffering) ? self.lineBuffering : TRY(isTrue(t, line_buffering));
  bool through = isNone(write_through) ? self.writeThrough : TRY(isTrue(t, write_through));
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  self.bytesPerChar = 0;
  if (coding) {
    if (newline) setNewline(self, ending);
    Ref<Str> name, handler;
    if (encoding) {
      name = TRY(chooseEncoding(t, encoding, false));
      handler = TRY(chooseErrors(t, errors, false));
    } else {
      name = retainObject(self.encoding.as<Str>());
      handler = errors ? TRY(chooseErrors(t, errors, false)) : retainObject(self.errors.as<Str>());
    }
    TRY(setCoders(t, self, name, handler));
    TRY(fixEncoderState(t, self));
  }
  self.lineBuffering = lines;
  self.writeThrough = through;
  return {};
}

Result<Ref<>> textio_detach(Thread& t, TextIo& self) {
  TRY(requireAttached(t, self));
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  Ref<> buffer = Ref<>::steal(std::exchange(self.buffer, Value()));
  self.detached = true;
  if (!buffer) return noneRef();
  return buffer;
}

// ---- writing ----

Result<void> flushPending(Thread& t, TextIo& s) {
  if (!s.pending || s.pending->empty()) return {};
  std::string data;
  data.swap(*s.pending);
  Ref<> buffer = TRY(attachedBuffer(t, s));
  if (typeOf(buffer) == &bufferedWriterType || typeOf(buffer) == &bufferedRandomType) {
    (void)TRY(bufferedWriteBytes(t, *buffer.as<Buffered>(), data));
    // Keeps the storage for the next text.
    if (s.pending && s.pending->empty() && data.capacity() <= 65536) {
      data.clear();
      s.pending->swap(data);
    }
    return {};
  }
  Ref<Bytes> bytes = makeBytes(data);
  while (!callMethodWith(t, buffer, DX_NAME("write"), Value(bytes)))
    if (!trapInterrupted(t)) return Error{};
  return {};
}

Result<i64> textio_write(Thread& t, TextIo& self, Value text) {
  if (!isStr(text))
    return t.raise(kTypeError, "write() argument must be str, not {}", typeOf(text));
  TRY(requireTextOpen(t, self));
  if (!self.hasEncoder) return unsupportedOperation(t, "not writable");
  Ref<Str> s = retainObject(text.as<Str>());
  i64 n = s->length;
  bool hasLf = false, flushAll = false;
  if (self.writeNewline || self.lineBuffering) hasLf = findChar(s, '\n', 0, n) >= 0;
  if (self.lineBuffering && (hasLf || findChar(s, '\r', 0, n) >= 0)) flushAll = true;
  if (hasLf && self.writeNewline) s = replaceLf(s, self.writeNewline);
  if (self.codec != TextCodec::General && s->isAscii() &&
      i64(self.pending->size()) + s->length <= self.chunkSize) {
    self.pending->append(s->ascii());
  } else {
    std::string encoded;
    TRY(encodeText(t, self, s, &encoded));
    TRY(requireAttached(t, self));
    while (!self.pending->empty() && i64(self.pending->size() + encoded.size()) > self.chunkSize) {
      TRY(flushPending(t, self));
      TRY(requireAttached(t, self));
    }
    if (self.pending->empty())
      self.pending->swap(encoded);
    else
      self.pending->append(encoded);
  }
  if (flushAll || self.writeThrough || i64(self.pending->size()) >= self.chunkSize)
    TRY(flushPending(t, self));
  if (flushAll) {
    Ref<> buffer = TRY(attachedBuffer(t, self));
    (void)TRY(callMethod(t, buffer, DX_NAME("flush"), {}));
  }
  if (self.snapshotBytes) {
    setDecoded(self, Ref<>());
    dropSnapshot(self);
  }
  if (self.hasDecoder) TRY(resetDecoder(t, self));
  return n;
}

Result<Ref<>> textio_flush(Thread& t, TextIo& self) {
  TRY(requireTextOpen(t, self));
  self.telling = self.seekable;
  TRY(flushPending(t, self));
  Ref<> buffer = TRY(attachedBuffer(t, self));
  return callMethod(t, buffer, DX_NAME("flush"), {});
}

// ---- reading ----

static Result<Ref<>> readFromBuffer(Thread& t, TextIo& s, i64 n) {
  Ref<> buffer = TRY(attachedBuffer(t, s));
  if (typeOf(buffer) == &bufferedReaderType)
    return Ref<>(TRY(bufferedRead1(t, *buffer.as<Buffered>(), n)));
  Ref<> chunk = TRY(
      callMethodWith(t, buffer, s.hasRead1 ? DX_NAME("read1") : DX_NAME("read"), makeInt(n).get()));
  if (!hasBuffer(chunk))
    return t.raise(kTypeError, "underlying {}() should have returned a bytes-like object, not '{}'",
                   s.hasRead1 ? "read1" : "read", typeOf(chunk));
  return chunk;
}

Result<bool> readChunk(Thread& t, TextIo& s, i64 charsWanted) {
  if (!s.hasDecoder) return unsupportedOperation(t, "not readable");
  DecoderState before;
  if (s.telling) before = TRY(decoderState(t, s));
  i64 size = s.chunkSize;
  if (charsWanted > 0)
    size = std::max(size, i64(std::max(s.bytesPerChar, 1.0) * double(charsWanted)));
  Ref<> chunk = TRY(readFromBuffer(t, s, size));
  Buffer data;
  TRY(Buffer::get(t, chunk, &data));
  bool end = data.size() == 0;
  TRY(requireAttached(t, s));
  Ref<Str> text = TRY(decodeText(t, s, chunk, end));
  i64 chars = text->length;
  setDecoded(s, std::move(text));
  s.bytesPerChar = chars > 0 ? double(data.size()) / double(chars) : 0.0;
  if (chars > 0) end = false;
  if (s.telling) {
    // From this state, these bytes give the decoded text.
    std::string_view held = before.bytes.as<Bytes>()->view();
    Ref<> input;
    if (held.empty() && typeOf(chunk) == &PyBytes_Type)
      input = retain(chunk);
    else
      input = Ref<>(makeBytes(std::string(held) + std::string(data.bytes())));
    setSnapshot(s, before.flags, std::move(input));
  }
  return !end;
}

Result<Ref<>> textio_read(Thread& t, TextIo& self, Value size) {
  i64 n = TRY(sizeOrNone(t, size));
  TRY(requireTextOpen(t, self));
  if (!self.hasDecoder) return unsupportedOperation(t, "not readable");
  TRY(flushPending(t, self));
  if (n < 0) {
    Ref<> buffer = TRY(attachedBuffer(t, self));
    Ref<> bytes = TRY(callMethod(t, buffer, DX_NAME("read"), {}));
    if (isNone(bytes)) return t.raise(kBlockingIOError, "Read returned None.");
    TRY(requireAttached(t, self));
    Ref<Str> rest = TRY(decodeText(t, self, bytes, true));
    Ref<Str> first = takeDecoded(self, -1);
    dropSnapshot(self);
    setDecoded(self, Ref<>());
    if (first->length == 0) return Ref<>(std::move(rest));
    Ref<Str> all = concat(t, first, rest);
    if (!all) return Error{};
    return Ref<>(std::move(all));
  }
  Ref<Str> first = takeDecoded(self, n);
  if (first->length >= n) return Ref<>(std::move(first));
  StrBuilder out;
  out.add(first);
  while (out.length() < n) {
    i64 missing = n - out.length();
    Result<bool> more = readChunk(t, self, missing);
    if (!more) {
      if (trapInterrupted(t)) continue;
      return Error{};
    }
    if (!*more) break;
    out.add(takeDecoded(self, missing));
  }
  return Ref<>(out.finish());
}

static Result<Ref<Str>> readTextLine(Thread& t, TextIo& self, i64 limit) {
  TRY(requireTextOpen(t, self));
  TRY(flushPending(t, self));
  std::string ending =
      self.readNewline && !self.readUniversal ? toUtf8(self.readNewline.as<Str>()) : "\n";
  LineEnding how{self.readTranslate, self.readUniversal, ending.c_str()};
  StrBuilder line;
  bool collecting = false;
  Ref<Str> rest;  // an unfinished ending, to be looked at again with the next chunk
  for (;;) {
    while (decodedRest(self) == 0) {
      Result<bool> more = readChunk(t, self, 0);
      if (!more) {
        if (trapInterrupted(t)) continue;
        return Error{};
      }
      if (*more) continue;
      // The end of the file.
      setDecoded(self, Ref<>());
      dropSnapshot(self);
      if (rest) line.add(rest);
      if (collecting || rest) return line.finish();
      return retainObject(emptyStr());
    }
    Ref<Str> text;
    i64 start = 0, before = 0;  // `before`: characters of text that come from `rest`
    if (rest) {
      before = rest->length;
      Ref<Str> ahead = self.decodedUsed ? substring(self.decoded.as<Str>(), self.decodedUsed,
                                                    self.decoded.as<Str>()->length)
                                        : retainObject(self.decoded.as<Str>());
      before -= self.decodedUsed;
      text = concat(t, rest, ahead);
      if (!text) return Error{};
      rest.reset();
    } else {
      text = retainObject(self.decoded.as<Str>());
      start = self.decodedUsed;
    }
    i64 safe = 0;
    i64 n = findLineEnding(text, start, text->length, how, &safe);
    bool found = n >= 0;
    i64 stop = start + (found ? n : safe);
    i64 have = line.length();
    if (limit >= 0 && stop - start + have >= limit) {
      stop = start + limit - have;
      found = true;
    }
    if (found) {
      self.decodedUsed = stop - before;
      if (!collecting) {
        if (start == 0 && stop == text->length) return text;
        return substring(text, start, stop);
      }
      line.add(text, start, stop);
      return line.finish();
    }
    if (stop > start) {
      line.add(text, start, stop);
      collecting = true;
    }
    if (stop < text->length) rest = substring(text, stop, text->length);
    setDecoded(self, Ref<>());
  }
}

Result<Ref<>> textio_readline(Thread& t, TextIo& self, i64 size) {
  TRY(requireAttached(t, self));
  return Ref<>(TRY(readTextLine(t, self, size < 0 ? -1 : size)));
}

Result<Ref<>> textio___next__(Thread& t, TextIo& self) {
  TRY(requireAttached(t, self));
  self.telling = false;
  Ref<> line;
  if (self.type == &textIoType) {
    line = Ref<>(TRY(readTextLine(t, self, -1)));
  } else {
    line = TRY(callMethod(t, &self, DX_NAME("readline"), {}));
    if (!isStr(line))
      return t.raise(kOSError, "readline() should have returned a str object, not '{}'",
                     typeOf(line));
  }
  if (line.as<Str>()->length == 0) {
    // The end: positions can be told again.
    dropSnapshot(self);
    self.telling = self.seekable;
    return Ref<>();
  }
  return line;
}

// ---- closing, delegation ----

static Result<bool> textIsClosed(Thread& t, TextIo& self) {
  Ref<> buffer = TRY(attachedBuffer(t, self));
  return isClosedFile(t, buffer);
}

Result<Ref<>> textio_close(Thread& t, TextIo& self) {
  // Asking may have detached the buffer.
  if (TRY(textIsClosed(t, self)) || self.detached) return noneRef();
  Ref<> buffer = TRY(attachedBuffer(t, self));
  if (self.finalizing && !callMethodWith(t, buffer, DX_NAME("_dealloc_warn"), Value(&self)))
    t.clearException();
  FirstError first(t);
  if (!callMethod(t, &self, DX_NAME("flush"), {})) first.keep();
  Result<Ref<>> r = callMethod(t, buffer, DX_NAME("close"), {});
  Ref<> result;
  if (r) result = std::move(r).take();
  TRY(first.settle());
  return result;
}

static Result<Ref<>> askBuffer(Thread& t, TextIo& self, Str* method) {
  Ref<> buffer = TRY(attachedBuffer(t, self));
  return callMethod(t, buffer, method, {});
}
Result<Ref<>> textio_fileno(Thread& t, TextIo& self) {
  return askBuffer(t, self, DX_NAME("fileno"));
}
Result<Ref<>> textio_seekable(Thread& t, TextIo& self) {
  return askBuffer(t, self, DX_NAME("seekable"));
}
Result<Ref<>> textio_readable(Thread& t, TextIo& self) {
  return askBuffer(t, self, DX_NAME("readable"));
}
Result<Ref<>> textio_writable(Thread& t, TextIo& self) {
  return askBuffer(t, self, DX_NAME("writable"));
}
Result<Ref<>> textio_isatty(Thread& t, TextIo& self) {
  return askBuffer(t, self, DX_NAME("isatty"));
}

static Result<Ref<>> bufferAttribute(Thread& t, TextIo& self, Str* name) {
  Ref<> buffer = TRY(attachedBuffer(t, self));
  return getAttr(t, buffer, name);
}
Result<Ref<>> textio_get_name(Thread& t, TextIo& self) {
  return bufferAttribute(t, self, DX_NAME("name"));
}
Result<Ref<>> textio_get_closed(Thread& t, TextIo& self) {
  return bufferAttribute(t, self, DX_NAME("closed"));
}

Result<Ref<>> textio_truncate(Thread& t, TextIo& self, Value pos) {
  TRY(requireAttached(t, self));
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  Ref<> buffer = TRY(attachedBuffer(t, self));
  return callMethodWith(t, buffer, DX_NAME("truncate"), pos);
}

// ---- properties ----

Result<Ref<>> textio_get_newlines(Thread& t, TextIo& self) {
  TRY(requireAttached(t, self));
  if (!self.hasDecoder) return noneRef();
  if (self.newlineLayer) return newlinesSeen(self.newlines.seen);
  if (!self.decoder) return noneRef();
  Ref<> decoder = retain(self.decoder), newlines;
  if (TRY(lookupAttr(t, decoder, "newlines", &newlines))) return newlines;
  return noneRef();
}
Result<Ref<>> textio_get_errors(Thread& t, TextIo& self) {
  if (!self.ok) return t.raise(kValueError, "I/O operation on uninitialized object");
  return retain(self.errors);
}
Result<i64> textio_get__CHUNK_SIZE(Thread& t, TextIo& self) {
  TRY(requireAttached(t, self));
  return self.chunkSize;
}
Result<void> textio_set__CHUNK_SIZE(Thread& t, TextIo& self, Value v) {
  if (!v)
    return t.raise(kAttributeError, "attribute '_CHUNK_SIZE' of '{}' objects cannot be deleted",
                   self.type);
  TRY(requireAttached(t, self));
  i64 n = TRY(indexI64(t, v, kValueError));
  if (n <= 0) return t.raise(kValueError, "a strictly positive integer is required");
  self.chunkSize = n;
  return {};
}
Result<Ref<>> textio___getstate__(Thread& t, TextIo& self) { return noPickle(t, &self); }

Result<Ref<>> textio___repr__(Thread& t, TextIo& self) {
  if (!self.ok) return t.raise(kValueError, "I/O operation on uninitialized object");
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return t.raise(kRuntimeError, "reentrant call inside {}.__repr__", self.type);
  }
  Ref<> name, mode;
  // A detached or closed buffer has no name to show.
  Result<bool> named = lookupAttr(t, &self, "name", &name);
  bool ok = named || t.takeIf(kValueError);
  if (ok) {
    Result<bool> moded = lookupAttr(t, &self, "mode", &mode);
    ok = bool(moded);
  }
  Ref<Str> text;
  if (ok) {
    text = formatStr("<{}", self.type);
    if (text && name) text = formatStr("{} name={!r}", text, name);
    if (text && mode) text = formatStr("{} mode={!r}", text, mode);
    if (text) text = formatStr("{} encoding={!r}>", text, self.encoding);
  }
  leaveRepr(t, &self);
  if (!text) return Error{};
  return Ref<>(std::move(text));
}

}  // namespace dx
