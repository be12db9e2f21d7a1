// What the front end needs to know about Unicode beyond ASCII, as functions that somebody
// with the tables provides. Without them (a tool that links the front end alone) built-in
// approximations serve: every non-ASCII letter-like code point is accepted, nothing is
// normalized, no character has a name.
#pragma once
#include "base/base.h"

namespace dx::frontend {

struct UnicodeHooks {
  bool (*isXidStart)(u32 codePoint);
  bool (*isXidContinue)(u32 codePoint);
  bool (*isPrintable)(u32 codePoint);
  // NFKC of valid UTF-8.
  std::string (*nfkc)(std::string_view text);
  // The text (UTF-8; a named sequence would be several code points, which \N does not accept)
  // for \N{name}; false when there is none.
  bool (*lookupName)(std::string_view name, u32* codePoint);
  // Decodes `bytes` from `encoding` (normalized: lower case, '-' for '_') to UTF-8. On failure
  // returns false and says why: "unknown encoding: X" or the text of a UnicodeDecodeError.
  // utf-8, latin-1, ascii, iso-8859-15 and cp1252 never get here.
  bool (*decode)(std::string_view encoding, std::string_view bytes, std::string* out,
                 std::string* problem);
};

// The hooks in use; set once at start-up, before the first parse.
UnicodeHooks& unicodeHooks();

}  // namespace dx::frontend
