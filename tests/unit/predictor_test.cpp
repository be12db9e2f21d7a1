// What the predictor makes of feedback, and what a profile keeps of it.
#include "speculation/predictor.h"

#include "interpreter.h"
#include "speculation/profile.h"

namespace dx {
namespace {

using bytecode::Insn;
using bytecode::Op;

TEST(Confidence, ofCounts) {
  EXPECT_EQ(confidenceOf({7, 0, 0}), Confidence::Low);  // seen too rarely
  EXPECT_EQ(confidenceOf({8, 0, 0}), Confidence::Likely);
  EXPECT_EQ(confidenceOf({64, 0, 0}), Confidence::Stable);
  EXPECT_EQ(confidenceOf({63, 1, 0}), Confidence::Stable);
  EXPECT_EQ(confidenceOf({62, 2, 0}), Confidence::Likely);    // more than one in 64 disagreed
  EXPECT_EQ(confidenceOf({1000, 0, 2}), Confidence::Likely);  // changed its mind twice
  EXPECT_EQ(confidenceOf({30, 10, 0}), Confidence::Likely);
  EXPECT_EQ(confidenceOf({29, 11, 0}), Confidence::Low);  // more than one in 4
  EXPECT_EQ(confidenceOf({0, 0, 0}), Confidence::Low);
  EXPECT_EQ(confidenceOf({~0u, ~0u, 0}), Confidence::Low);  // no overflow
}

TEST(Families, ofOpcodes) {
  EXPECT_EQ(slotFamily(Op::LoadAttr), SlotFamily::Attribute);
  EXPECT_EQ(slotFamily(Op::LoadGlobal), SlotFamily::Global);
  EXPECT_EQ(slotFamily(Op::Add), SlotFamily::Operands);
  EXPECT_EQ(slotFamily(Op::GetItem), SlotFamily::Operands);
  EXPECT_EQ(slotFamily(Op::JumpLt), SlotFamily::Branch);
  EXPECT_EQ(slotFamily(Op::JumpIfTrue), SlotFamily::Branch);
  EXPECT_EQ(slotFamily(Op::Call), SlotFamily::Call);
  EXPECT_EQ(slotFamily(Op::ForIter), SlotFamily::Iteration);
  EXPECT_EQ(slotFamily(Op::Move), SlotFamily::None);
}

TEST(NoteOperands, kinds_accumulate) {
  OperandFeedback f{};
  noteOperands(f, Value::smallInt(1), Value::flonum(2.0));
  noteOperands(f, Value::smallInt(1), Value::flonum(3.0));
  EXPECT_EQ(f.left, kKindInt);
  EXPECT_EQ(f.right, kKindFloat);
  EXPECT_EQ(f.changes, 1);
  EXPECT_EQ(f.slow, 2);
  noteOperands(f, Value::flonum(1.0), Value());
  EXPECT_EQ(f.left, kKindInt | kKindFloat);
  EXPECT_EQ(f.changes, 2);
  for (int i = 0; i < 1000; i++) noteOperands(f, Value::smallInt(1), Value());
  EXPECT_EQ(f.slow, 255);
  EXPECT_EQ(f.unused, 0u);  // still reads as an empty cache
}

TEST(NoteTarget, oneSeenMoreOften_stays) {
  TargetFeedback f{};
  int a, b;
  for (int i = 0; i < 10; i++) noteTarget(f, TargetKind::Native, &a, 0);
  for (int i = 0; i < 10; i++) noteTarget(f, TargetKind::Native, &b, 0);
  EXPECT_EQ(f.target, reinterpret_cast<u64>(&a));
  EXPECT_EQ(f.hits, 10u);
  EXPECT_EQ(f.misses, 10u);
  noteTarget(f, TargetKind::Native, &b, 0);
  EXPECT_EQ(f.target, reinterpret_cast<u64>(&b));
  EXPECT_EQ(f.changes, 1);
  EXPECT_EQ(confidenceOf({f.hits, f.misses, f.changes}), Confidence::Low);
}

// A warm function of running code, whose slots the tests fill as they like.
class Predictions : public ::testing::Test {
 protected:
  void SetUp() override {
    t = testThread();
    if (!t) GTEST_SKIP() << "no standard library";
  }
  void load(std::string_view source, const char* name = "f") {
    globals = runText(*t, source);
    Function* f = functionOf(globals, name);
    ASSERT_NE(f, nullptr);
    data = f->code->data;
    attachFeedback(data);
    ASSERT_NE(data->feedback, kZeroFeedback) << "run without -X dx-caches=off";
    memset(data->feedback, 0, data->record->slotCount * sizeof(FeedbackSlot));
  }
  const Insn* find(Op op) {
    const u8* at = reinterpret_cast<const u8*>(&data->image->view().at<u8>(data->record->insns));
    const u8* end = at + data->record->insnBytes;
    for (; at < end; at += bytecode::kOpInfo[*at].size)
      if (Op(*at) == op) return reinterpret_cast<const Insn*>(at);
    ADD_FAILURE() << "no such instruction";
    return reinterpret_cast<const Insn*>(end);
  }
  FeedbackSlot& slotOf(Op op) { return data->feedback[slotIndex(find(op))]; }
  Prediction ask(Op op) { return Predictor().at(data, find(op)); }

  Thread* t = nullptr;
  Ref<Dict> globals;
  CodeData* data = nullptr;
};

TEST_F(Predictions, emptySlotOfCodeThatWasNotCounted_nothing) {
  load("def f(a, b): return a + b\n");
  Prediction p = ask(Op::Add);
  EXPECT_EQ(p.family, SlotFamily::Operands);
  EXPECT_EQ(p.confidence, Confidence::None);
}

TEST_F(Predictions, emptySlotOfCodeThatRan_intsWithLowConfidence) {
  load("def f(a, b): return a + b\n");
  data->feedback[0].counters.calls = 1000;
  Prediction p = ask(Op::Add);
  EXPECT_EQ(p.left, kKindInt);
  EXPECT_EQ(p.right, kKindInt);
  EXPECT_EQ(p.confidence, Confidence::Low);
}

TEST_F(Predictions, floats_stableWhenRunOften) {
  load("def f(a, b): return a + b\n");
  data->feedback[0].counters.calls = 1000;
  noteOperands(slotOf(Op::Add).operands, Value::flonum(1), Value::flonum(1));
  Prediction p = ask(Op::Add);
  EXPECT_EQ(p.left, kKindFloat);
  EXPECT_EQ(p.confidence, Confidence::Stable);
  noteOperands(slotOf(Op::Add).operands, Value::smallInt(1), Value::flonum(1));
  EXPECT_EQ(ask(Op::Add).confidence, Confidence::Low);  // two kinds
}

TEST_F(Predictions, branch_countsProveThatItRan) {
  load("def f(a, b):\n  if a < b: return 1\n  return 2\n");
  auto& slot = slotOf(Op::JumpLt).operands;
  slot.taken = 90;
  slot.notTaken = 10;
  Prediction p = ask(Op::JumpLt);
  EXPECT_EQ(p.taken, 90u);
  EXPECT_EQ(p.left, kKindInt);
  EXPECT_EQ(p.confidence, Confidence::Stable);
}

TEST_F(Predictions, call_liveTargetIsFoundAndDeadOneIsNot) {
  load("def g(): return 1\ndef f(): return g()\n");
  Function* g = functionOf(globals, "g");
  CodeData* callee = g->code->data;
  attachFeedback(callee);
  for (int i = 0; i < 100; i++)
    noteTarget(slotOf(Op::Call).target, TargetKind::Code, callee, callee->serial);
  Prediction p = ask(Op::Call);
  EXPECT_EQ(p.target, TargetKind::Code);
  EXPECT_EQ(p.code, callee);
  EXPECT_EQ(p.confidence, Confidence::Stable);
  EXPECT_EQ(p.statistics.hits, 100u);
  dictDeleteStr(globals, internImmortal("g"));
  p = ask(Op::Call);
  EXPECT_EQ(p.code, nullptr);
  EXPECT_EQ(p.confidence, Confidence::Low);
}

TEST_F(Predictions, attribute_typeAndShapeWhileTheClassIsTheSame) {
  load(
      "class C:\n"
      "  def __init__(self): self.x = 1; self.y = 2\n"
      "c = C()\n"
      "def f(o): return o.y\n");
  Value c = dictGetStr(globals, internImmortal("c"));
  auto& slot = slotOf(Op::LoadAttr).attr;
  Type* type = typeOf(c);
  slot.versionTag = type->versionTag;
  slot.kind = CacheKind::InlineSlot;
  slot.shape = managedDictWord(c.object());
  slot.offset = u16(type->basicSize + 8);
  data->feedback[0].counters.turns = 500;
  Prediction p = ask(Op::LoadAttr);
  ASSERT_NE(type->versionTag, 0u);
  EXPECT_EQ(p.type, type);
  EXPECT_EQ(p.attribute.shape, shapeOf(c.object()));
  EXPECT_EQ(p.attribute.offset, slot.offset);
  EXPECT_EQ(p.confidence, Confidence::Stable);
  slot.misses = 30;
  EXPECT_EQ(ask(Op::LoadAttr).confidence, Confidence::Likely);
  Ref<Dict> g2 = std::move(globals);
  ASSERT_TRUE(setAttr(*t, Value(type), internImmortal("z"), Value::smallInt(1)));
  p = Predictor().at(data, find(Op::LoadAttr));
  EXPECT_EQ(p.type, nullptr);  // another version: what the slot points to may be gone
  EXPECT_EQ(p.confidence, Confidence::None);
  globals = std::move(g2);
}

TEST_F(Predictions, severalClasses_areAllTold) {
  load(
      "class A:\n"
      "  def __init__(self): self.x = 1\n"
      "class B(A): pass\n"
      "class C(A): pass\n"
      "def f(o): return o.x\n"
      "objects = [A(), B(), C()]\n"
      "def run():\n"
      "  for i in range(100):\n"
      "    for o in objects: f(o)\n"
      "f(objects[0]); f(objects[0]); f(objects[0]); run()\n");
  // load() has emptied the slots: once more.
  ASSERT_TRUE(callWith(*t, Value(functionOf(globals, "run"))));
  Prediction p = ask(Op::LoadAttr);
  EXPECT_EQ(p.attribute.access, CacheKind::InlineSlot);
  EXPECT_EQ(p.others.size(), 2u);
  EXPECT_EQ(p.confidence, Confidence::Likely);
  EXPECT_NE(describe(p).find("sample.C"), std::string::npos);
}

TEST_F(Predictions, realRun_isPredicted) {
  load(
      "def g(x): return x + 0.5\n"
      "def f(n):\n"
      "  total = 0.0\n"
      "  for i in range(n):\n"
      "    if i < 90: total += g(i * 0.5)\n"
      "  return total\n");
  Function* f = functionOf(globals, "f");
  for (int i = 0; i < 3; i++) ASSERT_TRUE(callWith(*t, Value(f), Value::smallInt(100)));
  Prediction p = ask(Op::Call);
  // The first Call is of range.
  EXPECT_TRUE(p.target == TargetKind::StaticType || p.target == TargetKind::Code)
      << kindName(p.target);
  p = Predictor().at(data, find(Op::ForIter));
  EXPECT_GT(Predictor::executions(data), 200u);
  std::string text;
  const u8* at = reinterpret_cast<const u8*>(&data->image->view().at<u8>(data->record->insns));
  const u8* end = at + data->record->insnBytes;
  for (; at < end; at += bytecode::kOpInfo[*at].size)
    text += describe(Predictor().at(data, reinterpret_cast<const Insn*>(at))) + "\n";
  EXPECT_NE(text.find("function g; stable"), text.npos) << text;
  EXPECT_NE(text.find("float, float; stable"), text.npos) << text;
}

TEST_F(Predictions, profile_answersWhereThisRunHasNot) {
  load("def f(p, q): return p + q\n");
  data->feedback[0].counters.calls = 1000;
  noteOperands(slotOf(Op::Add).operands, Value::flonum(1), Value::flonum(1));
  Profile saved;
  saved.gather();
  Profile loaded;
  ASSERT_EQ(loaded.read(saved.write()), "");
  EXPECT_EQ(loaded.size(), saved.size());

  load("\n\n\ndef f(p, q): return p + q\n");  // the same code elsewhere
  Prediction p = Predictor(&loaded).at(data, find(Op::Add));
  EXPECT_TRUE(p.fromProfile);
  EXPECT_EQ(p.left, kKindFloat);
  EXPECT_EQ(p.confidence, Confidence::Likely);

  load("def f(p, q): return p + q + 1\n");  // other code of that name
  p = Predictor(&loaded).at(data, find(Op::Add));
  EXPECT_EQ(p.confidence, Confidence::None);
}

TEST_F(Predictions, damagedProfile_isRefused) {
  load("def f(p, q): return p + q\n");
  data->feedback[0].counters.calls = 1000;
  noteOperands(slotOf(Op::Add).operands, Value::flonum(1), Value::flonum(1));
  Profile saved;
  saved.gather();
  std::string bytes = saved.write();
  Profile p;
  EXPECT_EQ(p.read(""), "not a profile");
  EXPECT_EQ(p.read("hello, this is a text that is long enough to hold a header of a profile"),
            "not a profile");
  for (size_t n = 0; n < bytes.size(); n += 1 + n / 7) {
    EXPECT_NE(p.read(std::string_view(bytes).substr(0, n)), "") << n;
    EXPECT_EQ(p.size(), 0u);
  }
  for (size_t i = 0; i < bytes.size(); i += 1 + i / 50) {
    std::string flipped = bytes;
    flipped[i] = char(flipped[i] ^ 1 << (i % 8));
    EXPECT_NE(p.read(flipped), "") << i;
    EXPECT_EQ(p.size(), 0u);
  }
  EXPECT_EQ(p.read(bytes), "");
}

}  // namespace
}  // namespace dx
