// Layouts of module _io and what its files share.
#pragma once
#include "runtime/api.h"

namespace dx {

constexpr i64 kIoBufferSize = 131072;  // DEFAULT_BUFFER_SIZE
extern Type* kUnsupportedOperation;    // io.UnsupportedOperation, made with the module

// All classes of _io begin so; the dict appears with the first attribute.
struct IoBase : Object {
  Value dict;
  Object* weakrefs;
};

struct FileIo : IoBase {
  int fd;       // -1: closed
  i8 seekable;  // -1: not known yet
  bool created, readable, writable, appending, closeFd, finalizing;
  u32 fileType;    // st_mode when it was opened, 0: not known
  i64 blockSize;   // preferred, 0: not known
  i64 sizeAtOpen;  // of regular files; -1: not known
};

struct BytesIo : IoBase {
  Value
      bytes;  // exact bytes: storage, shared with others when its count is above one; empty: closed
  i64 position, size;  // size: the part of the storage that counts
  i64 exports;         // living views from getbuffer()
};
struct BytesIoBuffer : Object {
  BytesIo* source;
};

struct BufferLock;
struct Buffered : IoBase {  // BufferedReader, BufferedWriter, BufferedRandom
  Value raw;
  bool ok, detached, readable, writable, finalizing;
  bool plain;  // this and raw are exactly the built-in classes: raw is asked directly
  bool busy;   // somebody is inside; `owner` says who
  u64 owner;
  BufferLock* lock;
  char* buffer;
  i64 bufferSize;
  i64 absolute;            // where the raw stream is, -1: not known
  i64 position;            // of the logical stream in the buffer
  i64 rawPosition;         // of the raw stream in the buffer
  i64 readEnd;             // end of what was read, -1: nothing valid
  i64 writePos, writeEnd;  // what waits to be written; writeEnd -1: nothing
};
struct RwPair : IoBase {
  Value reader, writer;
};

// ---- newlines ----
enum SeenNewline : u8 { kSeenCr = 1, kSeenLf = 2, kSeenCrLf = 4 };
struct NewlineState {
  bool pendingCr, translate;
  u8 seen;
};
struct NewlineDecoder : Object {
  Value decoder;  // None: input is str; empty: not initialized
  Value errors;
  NewlineState state;
};
// One step of universal newline reading on decoded text.
Result<Ref<Str>> decodeNewlines(Thread& t, NewlineState& state, Ref<Str> text, bool final);
// None, a str, or a tuple of str.
Ref<> newlinesSeen(u8 seen);
// How lines end: '\n' only (translated), any of the three (universal), or the given text.
struct LineEnding {
  bool translated, universal;
  const char* text;
};
// Length of the first line of s[start, end) with its ending, or -1; then *safe is the length that
// surely belongs to the line.
i64 findLineEnding(const Str* s, i64 start, i64 end, const LineEnding& how, i64* safe);
i64 findLineEnding(const u32* s, i64 n, const LineEnding& how, i64* safe);
// The newline argument: "", "\n", "\r", "\r\n" (interned by address) or null for None.
Result<const char*> newlineArgument(Thread& t, const Str* newline, bool quoted);
// Text with each '\n' replaced.
Ref<Str> replaceLf(Str* s, const char* with);

// ---- text ----
// Encodings done without codec objects.
enum class TextCodec : u8 { General, Utf8, Ascii, Latin1 };
struct TextIo : IoBase {
  Value buffer, encoding, errors;
  Value encoder, decoder;  // general codecs' objects; `decoder` without the newline layer
  Value readNewline;       // str or empty
  Value decoded;           // str: characters read and not yet given out, from decodedUsed
  i64 decodedUsed;
  Value snapshotBytes;  // bytes: input since the last safe point of the decoder; empty: none
  i64 snapshotFlags;
  bool ok, detached, lineBuffering, writeThrough, readUniversal, readTranslate, writeTranslate;
  bool hasEncoder, hasDecoder, seekable, hasRead1, telling, finalizing, atStart;
  bool newlineLayer;  // universal newlines: decoded text goes through `newlines`
  TextCodec codec;
  NewlineState newlines;
  const char* writeNewline;  // null: '\n' stays
  char* held;                // undecoded end of the input of a direct decoder
  i64 heldSize;
  std::string* pending;  // encoded text that waits to be written
  i64 chunkSize;
  double bytesPerChar;
};

struct StringIo : IoBase {
  StrBuilder* builder;  // while text is only appended: all of it
  u32* units;           // else this
  i64 size, capacity, position;
  bool ok, closed, readUniversal, readTranslate, newlineLayer;
  Value readNewline;  // str or empty
  const char* writeNewline;
  NewlineState newlines;
};

extern "C" Type ioBaseType, rawIoBaseType, bufferedIoBaseType, textIoBaseType, fileIoType,
    bytesIoType, bytesIoBufferType, bufferedReaderType, bufferedWriterType, bufferedRandomType,
    rwPairType, newlineDecoderType, textIoType, stringIoType;

// ---- shared helpers (io_base.cpp) ----
Error unsupportedOperation(Thread& t, const char* message);
Error closedFile(Thread& t, const char* message = "I/O operation on closed file.");
// A size argument: None or absent is -1.
Result<i64> sizeOrNone(Thread& t, Value v);
// file.closed as a bool.
Result<bool> isClosedFile(Thread& t, Value file);
Result<void> requireOpen(Thread& t, Value file);
// file.seekable() etc. must be True; else UnsupportedOperation.
Result<void> requireSeekable(Thread& t, Value file);
Result<void> requireReadable(Thread& t, Value file);
Result<void> requireWritable(Thread& t, Value file);
// A pending InterruptedError is dropped (signal handlers have run): try again.
bool trapInterrupted(Thread& t);
// Two steps, both done: the second's exception gets the first's as context.
class FirstError {
 public:
  explicit FirstError(Thread& t) : t_(t) {}
  void keep() { saved_ = t_.takeException(); }
  bool kept() const { return !saved_.isEmpty(); }
  // After the second step: an error is pending if either failed.
  Result<void> settle();

 private:
  Thread& t_;
  Ref<> saved_;
};
// bytes from the first n bytes of the allocated ones.
Ref<Bytes> shrunkBytes(Ref<Bytes> b, i64 n);
Error noPickle(Thread& t, Value self);
// "<_io.Name name=...>" with a guard against recursion.
Result<Ref<>> calledWithName(Thread& t, Value self, const char* method);
inline Result<Ref<>> callNamed(Thread& t, Value o, const char* name) {
  return callMethod(t, o, internImmortal(name), {});
}

// Lifetime of the three buffered classes (io_buffered.cpp).
void bufferedDealloc(Object* o);
void bufferedTraverse(Object* o, Visitor& v);
void bufferedClear(Object* o);

// ---- direct access between layers ----
// -2: would block; -1: an exception is pending.
i64 fileRead(Thread& t, FileIo& f, char* to, i64 n);
i64 fileWrite(Thread& t, FileIo& f, const char* from, i64 n);
Result<i64> fileSeek(Thread& t, FileIo& f, i64 offset, int whence);
inline bool isPlainFile(Value v) { return typeOf(v) == &fileIoType; }
// buffer.read1(n) of an exact BufferedReader.
Result<Ref<Bytes>> bufferedRead1(Thread& t, Buffered& b, i64 n);
Result<Ref<>> bufferedWriteBytes(Thread& t, Buffered& b, std::string_view data);

}  // namespace dx
