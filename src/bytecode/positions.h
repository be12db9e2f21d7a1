// Source positions as images have them: a stream of bytes, each entry the difference to the one
// before it (docs/dpb.md). Whoever reads does not go beyond the stream, whatever stands there.
#pragma once
#include "bytecode/image.h"

namespace dx::bytecode {

class PositionReader {
 public:
  PositionReader() = default;
  PositionReader(const ImageView& image, const CodeRecord& code);
  // The next position; false at the end.
  bool next(PositionRecord* p);
  // At the end: whether the stream was in order, with nothing left over.
  bool isWhole() const { return whole_ && at_ == end_; }

 private:
  u32 number();
  i32 signedNumber();

  const u8 *at_ = nullptr, *end_ = nullptr;
  i64 offset_ = -2;  // of the entry before, in the instructions
  u32 insnBytes_ = 0;
  i32 line_ = 0, col_ = 0;
  bool whole_ = true;
};

std::vector<PositionRecord> readPositions(PositionReader reader);
std::vector<u8> packPositions(std::span<const PositionRecord> positions, u32 firstLine);

}  // namespace dx::bytecode
