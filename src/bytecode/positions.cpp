#include "bytecode/positions.h"

namespace dx::bytecode {
namespace {

// The two low bits of an entry's first byte. The others are the distance to the entry before in
// units of 2 bytes, or 0 when it is a number that follows.
enum Form : u8 {
  kSameLine,  // column, width
  kNextLine,  // line, column, width
  kFull,      // line, lines, column, width
  kNowhere,
};
constexpr u32 kLongDistance = 64;

void append(std::vector<u8>* out, u32 v) {
  for (; v >= 0x80; v >>= 7) out->push_back(u8(v | 0x80));
  out->push_back(u8(v));
}
// Differences wrap around: positions may be any numbers.
void appendDifference(std::vector<u8>* out, i32 to, i32 from) {
  u32 d = u32(to) - u32(from);
  append(out, d << 1 ^ (0 - (d >> 31)));
}

}  // namespace

std::vector<u8> packPositions(std::span<const PositionRecord> positions, u32 firstLine) {
  std::vector<u8> out;
  i64 offset = -2;
  i32 line = i32(firstLine), col = 0;
  for (const PositionRecord& p : positions) {
    bool nowhere = p.line == 0 && p.endLine == 0 && p.col == -1 && p.endCol == -1;
    Form form = nowhere               ? kNowhere
                : p.endLine != p.line ? kFull
                : p.line != line      ? kNextLine
                                      : kSameLine;
    u32 distance = u32((p.offset - offset) / 2);
    offset = p.offset;
    out.push_back(u8(form | (distance < kLongDistance ? distance : 0) << 2));
    if (distance >= kLongDistance) append(&out, distance);
    if (nowhere) continue;
    if (form != kSameLine) appendDifference(&out, p.line, line);
    if (form == kFull) appendDifference(&out, p.endLine, p.line);
    appendDifference(&out, p.col, col);
    appendDifference(&out, p.endCol, p.col);
    line = p.line;
    col = p.col;
  }
  return out;
}

PositionReader::PositionReader(const ImageView& image, const CodeRecord& code)
    : at_(image.cold(code.positions)),
      end_(at_ + code.positionBytes),
      insnBytes_(code.insnBytes),
      line_(i32(code.firstLine)) {}

u32 PositionReader::number() {
  u32 v = 0;
  for (u32 shift = 0; shift < 35; shift += 7) {
    if (at_ == end_) break;
    u8 byte = *at_++;
    v |= u32(byte & 0x7F) << shift;
    if (!(byte & 0x80)) return v;
  }
  whole_ = false;
  return 0;
}

i32 PositionReader::signedNumber() {
  u32 v = number();
  return i32(v >> 1 ^ (0 - (v & 1)));
}

bool PositionReader::next(PositionRecord* p) {
  if (at_ == end_ || !whole_) return false;
  auto add = [](i32 a, i32 b) { return i32(u32(a) + u32(b)); };
  u8 head = *at_++;
  i64 distance = head >> 2 ? head >> 2 : i64(number());
  offset_ += distance * 2;
  if (distance == 0 || offset_ >= i64(insnBytes_)) return whole_ = false;
  if ((head & 3) == kNowhere) {
    *p = {u32(offset_), 0, 0, -1, -1};
    return true;
  }
  i32 line = line_, lines = 0;
  if ((head & 3) != kSameLine) line = add(line, signedNumber());
  if ((head & 3) == kFull) lines = signedNumber();
  i32 col = add(col_, signedNumber()), width = signedNumber();
  if (!whole_) return false;
  *p = {u32(offset_), line, add(line, lines), col, add(col, width)};
  line_ = line;
  col_ = col;
  return true;
}

std::vector<PositionRecord> readPositions(PositionReader reader) {
  std::vector<PositionRecord> all;
  for (PositionRecord p; reader.next(&p);) all.push_back(p);
  return all;
}

}  // namespace dx::bytecode
