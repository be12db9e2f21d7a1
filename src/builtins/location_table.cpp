#include "builtins/location_table.h"

#include <algorithm>

namespace dx {

using bytecode::ExceptionRecord;
using bytecode::PositionRecord;

// ---- co_linetable ----
//
// Entries of up to eight code units (two bytes each): a byte 1ccccnnn (kind c, n + 1 units) and
// what the kind needs. Numbers are little-endian groups of six bits, 64 in a byte meaning "more".

namespace {

constexpr u32 kNoLocation = 15, kLongForm = 14, kNoColumns = 13;

void addUnsigned(std::string& out, u32 v) {
  while (v >= 64) {
    out += char(64 | (v & 63));
    v >>= 6;
  }
  out += char(v);
}
void addSigned(std::string& out, i32 v) {
  addUnsigned(out, v < 0 ? ((0 - u32(v)) << 1) | 1 : u32(v) << 1);
}

void addEntries(std::string& out, u32 units, const PositionRecord* p, i32& line) {
  while (units > 0) {
    u32 n = std::min(units, 8u);
    auto head = [&](u32 kind) { out += char(0x80 | kind << 3 | (n - 1)); };
    if (!p || p->isNone()) {
      head(kNoLocation);
    } else if (p->col < 0 || p->endCol < 0) {
      head(kNoColumns);
      addSigned(out, i32(u32(p->line) - u32(line)));
      line = p->line;
    } else {
      head(kLongForm);
      addSigned(out, i32(u32(p->line) - u32(line)));
      addUnsigned(out, p->endLine > p->line ? u32(p->endLine) - u32(p->line) : 0);
      addUnsigned(out, u32(p->col) + 1);
      addUnsigned(out, u32(p->endCol) + 1);
      line = p->line;
    }
    units -= n;
  }
}

}  // namespace

std::string encodeLocations(std::span<const PositionRecord> positions, u32 codeBytes,
                            i32 firstLine) {
  std::string out;
  i32 line = firstLine;
  u32 at = 0;
  for (size_t i = 0; i < positions.size(); i++) {
    if (positions[i].offset > at) addEntries(out, (positions[i].offset - at) / 2, nullptr, line);
    u32 end = i + 1 < positions.size() ? positions[i + 1].offset : codeBytes;
    addEntries(out, (end - positions[i].offset) / 2, &positions[i], line);
    at = end;
  }
  if (at < codeBytes) addEntries(out, (codeBytes - at) / 2, nullptr, line);
  return out;
}

std::vector<PositionRecord> decodeLocations(std::string_view table, u32 codeBytes, i32 firstLine) {
  std::vector<PositionRecord> out;
  size_t at = 0;
  auto next = [&]() -> u32 { return at < table.size() ? u8(table[at++]) : 0; };
  // Tables that a program made may hold anything: numbers wrap around.
  auto number = [&] {
    u32 v = 0;
    for (u32 shift = 0; shift < 32; shift += 6) {
      u32 byte = next();
      v |= (byte & 63) << shift;
      if (!(byte & 64)) break;
    }
    return v;
  };
  auto signedNumber = [&] {
    u32 v = number();
    return v & 1 ? 0 - (v >> 1) : v >> 1;
  };
  i32 line = firstLine;
  auto move = [&](u32 lines) { return i32(u32(line) + lines); };
  u32 offset = 0;
  while (at < table.size() && offset < codeBytes) {
    u32 head = next(), kind = head >> 3 & 15, units = (head & 7) + 1;
    PositionRecord p{offset, 0, 0, -1, -1};
    if (kind < 10) {  // a column in a byte and a half
      u32 byte = next();
      p = {offset, line, line, i32(kind << 3 | (byte >> 4)), 0};
      p.endCol = p.col + i32(byte & 15);
    } else if (kind < kNoColumns) {  // 0 to 2 lines on
      line = move(kind - 10);
      p = {offset, line, line, 0, 0};
      p.col = i32(next());
      p.endCol = i32(next());
    } else if (kind == kNoColumns) {
      line = move(signedNumber());
      p = {offset, line, line, -1, -1};
    } else if (kind == kLongForm) {
      line = move(signedNumber());
      p = {offset, line, line, 0, 0};
      p.endLine = move(number());
      p.col = i32(number() - 1);
      p.endCol = i32(number() - 1);
    }
    out.push_back(p);
    offset += units * 2;
  }
  if (!out.empty() && offset < codeBytes) out.push_back({offset, 0, 0, -1, -1});
  return out;
}

// ---- co_lnotab: pairs of (bytes, lines) ----

std::string encodeLineNumbers(std::span<const PositionRecord> positions, u32 codeBytes,
                              i32 firstLine) {
  std::string out;
  i32 line = firstLine;
  u32 at = 0;
  for (const PositionRecord& p : positions) {
    if (p.line == 0 || p.line == line) continue;
    u32 bytes = p.offset - at;
    i64 delta = i64(p.line) - line;
    for (; bytes > 255; bytes -= 255) out += {char(255), char(0)};
    for (; delta > 127; delta -= 127, bytes = 0) out += {char(bytes), char(127)};
    for (; delta < -128; delta += 128, bytes = 0) out += {char(bytes), char(-128)};
    out += {char(bytes), char(delta)};
    at = p.offset;
    line = p.line;
  }
  return out;
}

// ---- co_exceptiontable: start, length, target, depth << 1 | lasti; most significant group first
// ----

static void addHandlerNumber(std::string& out, u32 v, bool first) {
  int shift = 0;
  while (v >> (shift + 6)) shift += 6;
  for (; shift >= 0; shift -= 6) {
    u8 b = u8(v >> shift & 63);
    if (shift > 0) b |= 64;
    if (first) b |= 128;
    first = false;
    out += char(b);
  }
}

std::string encodeHandlers(std::span<const ExceptionRecord> handlers, u32 locals) {
  std::string out;
  for (const ExceptionRecord& h : handlers) {
    addHandlerNumber(out, h.start / 2, true);
    addHandlerNumber(out, (h.end - h.start) / 2, false);
    addHandlerNumber(out, h.target / 2, false);
    addHandlerNumber(out, (h.keep - locals) << 1, false);
  }
  return out;
}

bool decodeHandlers(std::string_view table, u32 locals, std::vector<ExceptionRecord>* out) {
  size_t at = 0;
  bool whole = true;
  auto number = [&] {
    u64 v = 0;
    for (int digits = 0;; digits++) {
      if (at >= table.size() || digits == 6) return whole = false, u64(0);
      u8 byte = u8(table[at++]);
      v = v << 6 | (byte & 63);
      if (!(byte & 64)) return v;
    }
  };
  while (at < table.size()) {
    u64 start = number() * 2, end = start + number() * 2, target = number() * 2;
    u64 keep = locals + (number() >> 1);
    if (!whole || end > INT32_MAX || target > INT32_MAX || keep > u64(bytecode::kMaxRegisters))
      return false;
    out->push_back({u32(start), u32(end), u32(target), u16(keep), u16(keep)});
  }
  return true;
}

}  // namespace dx
