// Private to io_text*.cpp: the coding layer of TextIOWrapper.
#pragma once
#include "modules/io_objects.h"

namespace dx {

Result<void> requireAttached(Thread& t, const TextIo& s);
// The buffer, which nobody detached meanwhile.
Result<Ref<>> attachedBuffer(Thread& t, const TextIo& s);
Result<void> requireTextOpen(Thread& t, TextIo& s);  // attached and open

// ---- coding (io_text_codec.cpp) ----
// Looks the encoding up and makes the coders that the buffer's readable() and writable() ask for.
Result<void> setCoders(Thread& t, TextIo& s, Str* encoding, Str* errors);
void setNewline(TextIo& s, const char* newline);
// Starts of files are special to encoders that write a byte order mark.
Result<void> fixEncoderState(Thread& t, TextIo& s);
Result<void> resetEncoder(Thread& t, TextIo& s, bool atStart);
Ref<Str> localeEncoding();

// Bytes-like -> str, with universal newlines applied.
Result<Ref<Str>> decodeText(Thread& t, TextIo& s, Value bytes, bool final);
struct DecoderState {
  Ref<> bytes;  // not yet decoded
  i64 flags = 0;
};
Result<DecoderState> decoderState(Thread& t, TextIo& s);
Result<void> setDecoderState(Thread& t, TextIo& s, std::string_view bytes, i64 flags);
Result<void> resetDecoder(Thread& t, TextIo& s);
// Appends the encoded text to *out.
Result<void> encodeText(Thread& t, TextIo& s, Str* text, std::string* out);

// ---- reading and writing (io_text.cpp) ----
Result<void> flushPending(Thread& t, TextIo& s);
// Reads and decodes a chunk into `decoded`; false at the end of the file.
Result<bool> readChunk(Thread& t, TextIo& s, i64 charsWanted);
void setDecoded(TextIo& s, Ref<> text);  // empty: none
void dropSnapshot(TextIo& s);
void setSnapshot(TextIo& s, i64 flags, Ref<> bytes);

}  // namespace dx
