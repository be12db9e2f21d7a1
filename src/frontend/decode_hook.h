// How source in an encoding that the front end does not know itself becomes UTF-8: through
// Python's codecs, which somebody above provides.
#pragma once
#include "base/base.h"

namespace dx::frontend {

// Decodes `bytes` from `encoding` (as the coding cookie spells it) to UTF-8. On failure returns
// false and says why: "unknown encoding: X", or the text of the UnicodeDecodeError. utf-8,
// latin-1, ascii, iso-8859-15 and cp1252 never get here.
using DecodeHook = bool (*)(std::string_view encoding, std::string_view bytes, std::string* out,
                            std::string* problem);

// Set once at start-up, before the first parse. Without one every other encoding is unknown.
extern DecodeHook decodeHook;

}  // namespace dx::frontend
