// The table of stencils that was read from the object files.
#include "jit/baseline/stencil.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace dx::baseline {
namespace {

using bytecode::kOpCount;
using bytecode::kOpInfo;
using bytecode::Op;
using bytecode::Operand;

bool has(const Stencil& s, Hole hole) {
  return std::any_of(s.holes, s.holes + s.holeCount,
                     [&](const StencilHole& h) { return h.hole == hole; });
}
bool refersTo(const Stencil& s, const char* part) {
  return std::any_of(s.holes, s.holes + s.holeCount, [&](const StencilHole& h) {
    return h.hole == Hole::Symbol && strstr(kStencilSymbols[h.symbol].name, part);
  });
}
const Stencil& of(Op op) { return kStencils[int(op)]; }

TEST(Stencils, everyOpcode_hasOneOrAReason) {
  for (int i = 0; i < kOpCount; i++) {
    const Stencil& s = kStencils[i];
    if (i >= bytecode::kFirstInstrumented) {
      EXPECT_EQ(s.code, nullptr);
      EXPECT_NE(s.reason, nullptr);
      continue;
    }
    ASSERT_NE(s.code, nullptr) << kOpInfo[i].name;
    EXPECT_EQ(s.reason, nullptr);
    EXPECT_GE(s.size, 5u) << kOpInfo[i].name;
    EXPECT_LE(s.size, 2500u) << kOpInfo[i].name;
  }
}

TEST(Stencils, holes_lieInTheCodeInOrderAndAreKnown) {
  for (int i = 0; i < bytecode::kFirstInstrumented; i++) {
    const Stencil& s = kStencils[i];
    u32 free = 0;
    for (u32 k = 0; k < s.holeCount; k++) {
      const StencilHole& h = s.holes[k];
      u32 width = h.form == HoleForm::Abs64 ? 8 : 4;
      EXPECT_GE(h.offset, free) << kOpInfo[i].name;
      EXPECT_LE(h.offset + width, s.size) << kOpInfo[i].name;
      EXPECT_LE(int(h.hole), int(Hole::Symbol));
      free = h.offset + width;
      if (h.hole == Hole::Symbol) {
        ASSERT_LT(h.symbol, kStencilSymbolCount);
        // Reached with 32 bits, wherever the copy is.
        EXPECT_LT(reinterpret_cast<u64>(kStencilSymbols[h.symbol].address), u64(1) << 31);
      }
      bool continuation = h.hole == Hole::Next || h.hole == Hole::Skip || h.hole == Hole::Jump;
      EXPECT_EQ(h.form == HoleForm::Rel32 && h.hole != Hole::Symbol, continuation)
          << kOpInfo[i].name << " " << holeName(h.hole);
    }
  }
}

TEST(Stencils, operandHoles_areOnlyOfOperandsThatTheOpcodeHas) {
  for (int i = 0; i < bytecode::kFirstInstrumented; i++) {
    const Stencil& s = kStencils[i];
    const auto& info = kOpInfo[i];
    bool pair = info.b == Operand::Const32 || info.b == Operand::Imm32 ||
                info.b == Operand::Jump32 || info.b == Operand::Name32;
    if (has(s, Hole::A) || has(s, Hole::RegA)) EXPECT_NE(info.a, Operand::None) << info.name;
    if (has(s, Hole::B) || has(s, Hole::RegB)) EXPECT_NE(info.b, Operand::None) << info.name;
    if (has(s, Hole::C) || has(s, Hole::RegC)) EXPECT_NE(info.c, Operand::None) << info.name;
    if (has(s, Hole::D)) EXPECT_NE(info.d, Operand::None) << info.name;
    if (has(s, Hole::X)) EXPECT_NE(info.x, Operand::None) << info.name;
    if (has(s, Hole::BC)) EXPECT_TRUE(pair) << info.name;
    if (has(s, Hole::Jump))
      EXPECT_TRUE(info.d == Operand::Jump || info.b == Operand::Jump32) << info.name;
  }
}

TEST(Stencils, jumps_haveTheirTarget) {
  for (Op op : {Op::Jump, Op::JumpBack, Op::JumpLt, Op::JumpIfTrue, Op::JumpIfNone})
    EXPECT_TRUE(has(of(op), Hole::Jump)) << kOpInfo[int(op)].name;
  EXPECT_FALSE(has(of(Op::Jump), Hole::Next));
  EXPECT_TRUE(has(of(Op::JumpLt), Hole::Next));
}

TEST(Stencils, add_isSmallAndLeavesToTheInterpretersGeneralCase) {
  const Stencil& s = of(Op::Add);
  EXPECT_LE(s.size, 480u);
  for (Hole h : {Hole::RegA, Hole::RegB, Hole::RegC, Hole::Next, Hole::Pc})
    EXPECT_TRUE(has(s, h)) << holeName(h);
  EXPECT_TRUE(refersTo(s, "2dx"));
  EXPECT_TRUE(refersTo(of(Op::MatMul), "opUnwind"));
}

TEST(Stencils, moves_areAFewInstructions) {
  EXPECT_LE(of(Op::LoadInt).size, 128u);
  EXPECT_LE(of(Op::Nop).size, 5u);
  EXPECT_TRUE(of(Op::Nop).fallsThrough);
  EXPECT_TRUE(has(of(Op::LoadInt), Hole::BC));
}

TEST(Stencils, fallingThrough_isAJumpToNextAtTheEnd) {
  u32 falling = 0;
  for (int i = 0; i < bytecode::kFirstInstrumented; i++) {
    const Stencil& s = kStencils[i];
    if (!s.fallsThrough) continue;
    falling++;
    EXPECT_EQ(s.code[s.size - kJumpBytes], 0xE9) << kOpInfo[i].name;
    EXPECT_EQ(s.holes[s.holeCount - 1].hole, Hole::Next) << kOpInfo[i].name;
  }
  EXPECT_GT(falling, 0u);
}

TEST(Stencils, print_namesEveryOpcode) {
  std::string text = printStencils();
  for (int i = 0; i < kOpCount; i++)
    EXPECT_NE(text.find(std::string(kOpInfo[i].name) + ": "), text.npos);
  EXPECT_NE(text.find("dx::opUnwind"), text.npos);
}

}  // namespace
}  // namespace dx::baseline
