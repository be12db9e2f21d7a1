// Decoding of bytes to text and encoding of text to bytes, with CPython's error positions and
// reasons. No objects: an error handler is a callback, and a failure is a result that holds
// what UnicodeDecodeError or UnicodeEncodeError will say.
#pragma once
#include "base/text_buffer.h"

namespace dx {

struct ByteView {
  const u8* data = nullptr;
  size_t size = 0;
};

struct CodecError {
  const char* encoding = "";
  const char* reason = "";
  size_t start = 0, end = 0;  // bytes when decoding, characters when encoding
};

// Called at bad input. Appends a replacement, sets *resume (within the input) and returns
// true, or returns false: the conversion stops with this error. May replace *input (a
// handler can assign exc.object); *resume counts in the new one.
class DecodeErrorHandler {
 public:
  virtual bool onError(const CodecError& error, ByteView* input, TextBuffer* out,
                       size_t* resume) = 0;

 protected:
  ~DecodeErrorHandler() = default;
};

// What stands for the characters that could not be encoded: bytes as they are, or text that
// is encoded in turn (strictly).
struct EncodeReplacement {
  bool isBytes = false;
  std::string bytes;
  TextBuffer text;
};
class EncodeErrorHandler {
 public:
  virtual bool onError(const CodecError& error, TextView input, EncodeReplacement* out,
                       size_t* resume) = 0;

 protected:
  ~EncodeErrorHandler() = default;
};

struct CodecResult {
  bool ok = true;
  size_t consumed = 0;  // all of it, unless decoding was not final or failed
  CodecError error;     // if not ok
};

// The handlers every Python has, as functions; false for an error they do not treat.
enum class ErrorPolicy {
  kStrict,
  kIgnore,
  kReplace,
  kBackslashReplace,
  kSurrogateEscape,
  kSurrogatePass,
  kXmlCharRef,
  kNameReplace,
};
// False when the name is none of the standard handlers'.
[[nodiscard]] bool errorPolicyFromName(std::string_view name, ErrorPolicy* out);

class StandardDecodeHandler final : public DecodeErrorHandler {
 public:
  explicit StandardDecodeHandler(ErrorPolicy policy) : policy_(policy) {}
  bool onError(const CodecError& error, ByteView* input, TextBuffer* out, size_t* resume) override;

 private:
  ErrorPolicy policy_;
};
class StandardEncodeHandler final : public EncodeErrorHandler {
 public:
  explicit StandardEncodeHandler(ErrorPolicy policy) : policy_(policy) {}
  bool onError(const CodecError& error, TextView input, EncodeReplacement* out,
               size_t* resume) override;

 private:
  ErrorPolicy policy_;
};

// Decoders append to *out. A null handler is strict. Unless final, an incomplete sequence at
// the end is left alone and `consumed` says where it begins.
CodecResult decodeUtf8(ByteView in, bool final, DecodeErrorHandler* handler, TextBuffer* out);
// byteOrder: -1 little, 1 big, 0 by a byte order mark (little endian without one; the order found
// is stored).
CodecResult decodeUtf16(ByteView in, int* byteOrder, bool final, DecodeErrorHandler* handler,
                        TextBuffer* out);
CodecResult decodeUtf32(ByteView in, int* byteOrder, bool final, DecodeErrorHandler* handler,
                        TextBuffer* out);
CodecResult decodeUtf7(ByteView in, bool final, DecodeErrorHandler* handler, TextBuffer* out);
CodecResult decodeAscii(ByteView in, DecodeErrorHandler* handler, TextBuffer* out);
void decodeLatin1(ByteView in, TextBuffer* out);

// A decoding table: the character of each byte. Bytes past its end and U+FFFE are undefined.
CodecResult decodeCharmap(ByteView in, TextView table, DecodeErrorHandler* handler,
                          TextBuffer* out);

// Escapes. firstInvalid is the input offset of the first backslash that begins no escape, or of
// an octal escape above 0o377 (the caller warns), or kNoInvalidEscape.
inline constexpr size_t kNoInvalidEscape = ~size_t(0);
CodecResult decodeUnicodeEscape(ByteView in, bool final, DecodeErrorHandler* handler,
                                TextBuffer* out, size_t* firstInvalid);
CodecResult decodeRawUnicodeEscape(ByteView in, bool final, DecodeErrorHandler* handler,
                                   TextBuffer* out);
// Bytes escapes. \x without two digits is an error: with `policy` kReplace a '?', with kIgnore
// nothing.
enum class BytesEscape { kOk, kInvalidX, kTrailingBackslash };
[[nodiscard]] BytesEscape decodeBytesEscape(ByteView in, ErrorPolicy policy, std::string* out,
                                            size_t* errorAt, size_t* firstInvalid);

// Encoders append to *out.
CodecResult encodeUtf8(TextView in, EncodeErrorHandler* handler, std::string* out);
// byteOrder 0 writes a byte order mark and then little endian.
CodecResult encodeUtf16(TextView in, int byteOrder, EncodeErrorHandler* handler, std::string* out);
CodecResult encodeUtf32(TextView in, int byteOrder, EncodeErrorHandler* handler, std::string* out);
void encodeUtf7(TextView in, std::string* out);
CodecResult encodeAscii(TextView in, EncodeErrorHandler* handler, std::string* out);
CodecResult encodeLatin1(TextView in, EncodeErrorHandler* handler, std::string* out);
void encodeUnicodeEscape(TextView in, std::string* out);
void encodeRawUnicodeEscape(TextView in, std::string* out);
// As in repr(bytes) without quotes: \t \n \r \\ \' and \xNN.
void encodeBytesEscape(ByteView in, std::string* out);

// The reverse of a decoding table of up to 256 characters.
class CharmapEncoder {
 public:
  explicit CharmapEncoder(TextView table);
  // The byte, or -1.
  int lookup(u32 c) const;

 private:
  std::vector<std::pair<u32, u8>> others_;  // sorted
  i16 low_[256];
};
CodecResult encodeCharmap(TextView in, const CharmapEncoder& map, EncodeErrorHandler* handler,
                          std::string* out);

// A character map that is any mapping object: the runtime looks characters up. kFailed stops the
// conversion with an error whose reason is null: the exception is the lookup's own.
enum class CharmapAnswer { kMapped, kUndefined, kFailed };
class CharmapLookup {
 public:
  virtual CharmapAnswer decodeByte(u8 byte, TextBuffer* out) = 0;
  virtual CharmapAnswer encodeChar(u32 c, std::string* out) = 0;

 protected:
  ~CharmapLookup() = default;
};
CodecResult decodeCharmap(ByteView in, CharmapLookup& map, DecodeErrorHandler* handler,
                          TextBuffer* out);
CodecResult encodeCharmap(TextView in, CharmapLookup& map, EncodeErrorHandler* handler,
                          std::string* out);

// The UTF-8 length of a text whose surrogates are each three bytes, and its bytes: what C
// callers see of a str. Unpaired surrogates are written as they are.
void appendUtf8(u32 c, std::string* out);

}  // namespace dx
