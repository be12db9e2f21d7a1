#include "bytecode/builder.h"

#include <gtest/gtest.h>

#include "bytecode/flow_check.h"
#include "bytecode/printer.h"
#include "bytecode/verifier.h"

namespace dx::bytecode {

struct Sample {
  CodeBuilder b{{.name = "f", .qualname = "f", .filename = "f.py"}};

  std::vector<u8> image() {
    ImageBuilder images;
    u32 index = images.reserveCode();
    images.setCode(index, b.finish());
    return images.finish();
  }
};

TEST(Builder, code_withLoop_verifies) {
  Sample s;
  u32 x = s.b.addLocal("x", kLocalPlain);
  s.b.Enter(0);
  s.b.LoadInt(x, 3);
  Label head = s.b.newLabel(), end = s.b.newLabel();
  s.b.bindLoopHead(head);
  s.b.JumpIfFalse(x, end);
  s.b.SubInt(x, x, 1, 1);
  s.b.jump(head);
  s.b.bind(end);
  s.b.Return(x);
  std::vector<u8> image = s.image();
  EXPECT_EQ(verifyImage(image), "");
  EXPECT_EQ(checkRegisterFlow(image.data()), "");
}

TEST(Builder, constants_equalOnlyByValue_areKeptApart) {
  Sample s;
  Constant zero = Constant::of(Constant::Kind::Float), minusZero = zero;
  minusZero.real = -0.0;
  u32 a = s.b.constant(Constant::integer(0)), b = s.b.constant(zero);
  EXPECT_NE(a, b);
  EXPECT_NE(b, s.b.constant(minusZero));
  EXPECT_NE(a, s.b.constant(Constant::boolean(false)));
  EXPECT_EQ(a, s.b.constant(Constant::integer(0)));
  EXPECT_NE(s.b.constant(Constant::tuple({Constant::integer(1)})),
            s.b.constant(Constant::tuple({Constant::boolean(true)})));
}

TEST(Builder, constants_ofAllSections_standInTheirOrder) {
  Sample s;
  s.b.addLocal("x", kLocalPlain);
  s.b.Enter(0);
  s.b.LoadConst(0, s.b.constant(Constant::str("text")));
  s.b.LoadGlobal(0, s.b.name("first"));
  s.b.LoadGlobal(0, s.b.name("second"));
  s.b.Return(0);
  std::vector<u8> image = s.image();
  const CodeRecord& c = ImageView(image.data()).code(0);
  EXPECT_EQ(c.nameCount, 2u);
  EXPECT_EQ(printConstant(image.data(), c, 0), "'first'");
  EXPECT_EQ(printConstant(image.data(), c, 2), "'x'");
  EXPECT_EQ(printConstant(image.data(), c, 3), "'text'");
}

TEST(Builder, code_afterJump_isNotEmitted) {
  Sample s;
  s.b.Enter(0);
  s.b.ReturnNone();
  u32 end = s.b.offset();
  s.b.Nop();
  EXPECT_EQ(s.b.offset(), end);
}

TEST(Builder, local_boundOnOnePathOnly_isNotBoundAfterIt) {
  Sample s;
  u32 x = s.b.addLocal("x", kLocalPlain), y = s.b.addLocal("y", kLocalPlain);
  s.b.Enter(0);
  s.b.LoadTrue(y);
  Label end = s.b.newLabel();
  s.b.JumpIfFalse(y, end);
  s.b.LoadNone(x);
  EXPECT_TRUE(s.b.isBound(x));
  s.b.bind(end);
  EXPECT_FALSE(s.b.isBound(x));
  EXPECT_TRUE(s.b.isBound(y));
}

TEST(Builder, str_ofEachWidth_takesTheSmallestKind) {
  Sample s;
  s.b.addLocal("x", kLocalPlain);
  s.b.Enter(0);
  for (const char* text : {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    s.b.LoadConst(0, s.b.constant(Constant::str(text)));
  }
  s.b.Return(0);
  std::vector<u8> image = s.image();
  ImageView view(image.data());
  ConstKind kinds[] = {ConstKind::Str1, ConstKind::Str1, ConstKind::Str2, ConstKind::Str4};
  for (u32 i = 0; i < 4; i++) {  // after the variable's name
    EXPECT_EQ(view.constant(view.code(0), i + 1).kind(), kinds[i]);
    EXPECT_EQ(view.length(view.constant(view.code(0), i + 1)), 1u);
  }
}

TEST(Verifier, image_withAnyByteChanged_isRejectedOrStillPrints) {
  Sample s;
  u32 x = s.b.addLocal("x", kLocalPlain);
  s.b.Enter(0);
  s.b.LoadConst(x, s.b.constant(Constant::tuple({Constant::str("a"), Constant::integer(1)})));
  Label end = s.b.newLabel();
  s.b.JumpIfTrue(x, end);
  s.b.LoadAttr(x, x, s.b.name("n"));
  s.b.bind(end);
  s.b.Return(x);
  const std::vector<u8> good = s.image();
  ASSERT_EQ(verifyImage(good), "");
  for (size_t i = 0; i < good.size(); i++) {
    for (u8 bit = 0; bit < 8; bit++) {
      std::vector<u8> bad = good;
      bad[i] ^= u8(1u << bit);
      if (verifyImage(bad).empty()) EXPECT_FALSE(printImage(bad.data()).empty());
    }
  }
  for (size_t size = 0; size < good.size(); size += 8) {
    EXPECT_NE(verifyImage(std::span(good).first(size)), "") << size;
  }
}

TEST(FlowCheck, temporary_readWhenEmpty_isReported) {
  Sample s;
  s.b.addLocal("x", kLocalPlain);
  s.b.needRegisters(2);
  s.b.Enter(0);
  s.b.Return(1 | kKill);
  EXPECT_NE(checkRegisterFlow(s.image().data()).find("t0 may be empty"), std::string::npos);
}

TEST(FlowCheck, append_toSomethingElse_isReported) {
  Sample s;
  u32 x = s.b.addLocal("x", kLocalPlain);
  s.b.needRegisters(2);
  s.b.Enter(0);
  s.b.LoadTrue(x);
  s.b.BuildMap(1, 1, 0);
  s.b.ListAppend(1, x);
  s.b.Return(1 | kKill);
  EXPECT_NE(checkRegisterFlow(s.image().data()).find("t0 is not a list"), std::string::npos);
}

TEST(FlowCheck, listThatOthersKnow_isNoListOfExceptions) {
  for (bool known : {false, true}) {
    Sample s;
    u32 x = s.b.addLocal("x", kLocalPlain), e = 1, list = 2;
    s.b.needRegisters(3);
    Label handler = s.b.newLabel();
    s.b.Enter(0);
    s.b.pushHandler(handler, e, e);
    s.b.LoadGlobal(x, s.b.name("name"));
    s.b.popHandler();
    s.b.ReturnNone();
    s.b.bindHandler(handler);
    s.b.BuildList(list, list, 0);
    if (known) s.b.Move(x, list);
    s.b.ListAppend(list, e);
    s.b.MakeExcGroup(list, e, list | kKill);
    s.b.Release(list);
    s.b.Release(e);
    s.b.ReturnNone();
    EXPECT_EQ(checkRegisterFlow(s.image().data()).empty(), !known);
  }
}

}  // namespace dx::bytecode
