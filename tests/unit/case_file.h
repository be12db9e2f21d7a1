// Test cases kept as tab-separated lines in tests/unit/data: one case a line, fields with
// Python's backslash escapes.
#pragma once
#include <fstream>
#include <string>
#include <vector>

#include "base/base.h"

#ifndef DX_TEST_DATA
#define DX_TEST_DATA "tests/unit/data"
#endif

namespace dx::test {

inline std::vector<std::vector<std::string>> readCases(const std::string& name) {
  std::ifstream file(name.starts_with('/') ? name : std::string(DX_TEST_DATA "/") + name);
  std::vector<std::vector<std::string>> out;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> fields(1);
    for (char c : line) {
      if (c == '\t')
        fields.emplace_back();
      else
        fields.back().push_back(c);
    }
    out.push_back(std::move(fields));
  }
  return out;
}

// Undoes unicode_escape, into code points.
inline std::vector<u32> unescape(std::string_view s) {
  std::vector<u32> out;
  for (size_t i = 0; i < s.size(); i++) {
    if (s[i] != '\\') {
      out.push_back(u8(s[i]));
      continue;
    }
    char c = s[++i];
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits) {
      out.push_back(u32(std::stoul(std::string(s.substr(i + 1, size_t(digits))), nullptr, 16)));
      i += size_t(digits);
    } else {
      out.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : u32(u8(c)));
    }
  }
  return out;
}

inline std::string toUtf8(const std::vector<u32>& s) {
  std::string out;
  for (u32 c : s) {
    if (c < 0x80) {
      out += char(c);
    } else if (c < 0x800) {
      out += char(0xc0 | c >> 6);
      out += char(0x80 | (c & 63));
    } else {
      if (c < 0x10000) {
        out += char(0xe0 | c >> 12);
      } else {
        out += char(0xf0 | c >> 18);
        out += char(0x80 | (c >> 12 & 63));
      }
      out += char(0x80 | (c >> 6 & 63));
      out += char(0x80 | (c & 63));
    }
  }
  return out;
}

}  // namespace dx::test
