#include "frontend/unicode_hooks.h"

namespace dx::frontend {
namespace {

bool isAsciiLetter(u32 c) { return (c | 32) - 'a' < 26 || c == '_'; }

// Latin-1 exactly; above it, what blocks of punctuation, symbols and spaces leave over.
bool looksLikeLetter(u32 c) {
  if (c < 0x80) return isAsciiLetter(c);
  if (c < 0x100) return c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
  if (c >= 0x2000 && c <= 0x206F) return false;
  if (c >= 0x20A0 && c <= 0x20CF) return false;
  if (c >= 0x2190 && c <= 0x2BFF) return false;
  if (c >= 0x3000 && c <= 0x3004) return false;
  if (c >= 0x3008 && c <= 0x3020) return false;
  if (c >= 0xD800 && c <= 0xF8FF) return false;
  if (c >= 0xFE10 && c <= 0xFE1F) return false;
  if (c >= 0xFFF0 && c <= 0xFFFF) return false;
  if (c >= 0x1F000 && c <= 0x1FAFF) return false;
  return c < 0xE0000;
}

bool looksLikeContinue(u32 c) {
  return looksLikeLetter(c) || c - '0' < 10 || c == 0xB7;
}

bool looksPrintable(u32 c) {
  if (c < 0x7F) return c >= 0x20;
  if (c <= 0xA0 || c == 0xAD) return false;
  if (c >= 0x2000 && c <= 0x200F) return false;
  if (c >= 0x2028 && c <= 0x202F) return false;
  if (c >= 0x205F && c <= 0x206F) return false;
  if (c == 0x3000 || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE) return false;
  return !(c >= 0xD800 && c <= 0xF8FF) && c < 0xE0000;
}

std::string keep(std::string_view text) { return std::string(text); }

bool noName(std::string_view, u32*) { return false; }

bool unknownEncoding(std::string_view encoding, std::string_view, std::string*,
                     std::string* problem) {
  *problem = "unknown encoding: " + std::string(encoding);
  return false;
}

}  // namespace

UnicodeHooks& unicodeHooks() {
  static UnicodeHooks hooks = {looksLikeLetter, looksLikeContinue, looksPrintable,
                               keep,            noName,            unknownEncoding};
  return hooks;
}

}  // namespace dx::frontend
