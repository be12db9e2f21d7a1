// Interpreter frames made from frame states, with a made-up register file, and run to their end.
#include "jit/common/deopt.h"

#include "interp/entry.h"
#include "interpreter.h"
#include "runtime/containers.h"
#include "runtime/int.h"

namespace dx::jit {
namespace {

using bytecode::Insn;
using bytecode::kFrameHeader;
using bytecode::Op;

constexpr Location gpr(u32 i, bool owned = false, Form form = Form::Value) {
  return {Where::Gpr, form, owned, i};
}
constexpr Location spill(u32 i, bool owned = false, Form form = Form::Value) {
  return {Where::Spill, form, owned, i};
}
constexpr Location kInFrame = {Where::InFrame, Form::Value, false, 0};

class Deopt : public ::testing::Test {
 protected:
  void SetUp() override {
    t = testThread();
    if (!t) GTEST_SKIP() << "no standard library";
    machine.spills = spills;
    for (u64& g : machine.gpr) g = 0xDEADDEADDEADDEAD & ~u64(0xF);
  }
  void load(std::string_view source) { globals = runText(*t, source); }
  Function* function(const char* name) { return functionOf(globals, name); }
  // A list, which counts and is no immediate.
  Ref<> object() { return Ref<>(newList(0)); }
  i64 count(Value v) { return i64(i32(v.object()->refcount)); }

  const Insn* find(Code* code, Op op, int nth = 0) {
    const CodeData* d = code->data;
    const u8* at = reinterpret_cast<const u8*>(d->insns);
    const u8* end = at + d->record->insnBytes;
    for (; at < end; at += bytecode::kOpInfo[*at].size)
      if (Op(*at) == op && nth-- == 0) return reinterpret_cast<const Insn*>(at);
    ADD_FAILURE() << "no such instruction";
    return nullptr;
  }
  u32 offset(Code* code, const Insn* i) { return pcOffset(code, i); }

  // The frame that compiled code of f would have been entered with: garbage in its registers.
  Value* enter(Function* f) {
    Value* fp = calleeBase(*t, t->fp);
    CodeData* d = f->code->data;
    for (u32 i = 0; i < d->registerCount; i++) fp[i] = Value();
    EXPECT_TRUE(pushFrame(*t, Ref<>::retain(Value(f)).release(), f->code, fp, t->pc, t->fp,
                          FrameKind::Entry));
    for (u32 i = 0; i < d->registerCount; i++) fp[i] = Value::fromBits(0xBADBADBADBAD0);
    return fp;
  }
  Result<Ref<>> resume(Value* fp, u32 state) {
    EXPECT_EQ(states.verify(8), "");
    bool raising = states.state(state).raising;
    const Insn* pc = rebuildFrames(*t, fp, states, state, machine);
    return resumeInterpreter(*t, pc, raising);
  }

  Thread* t = nullptr;
  Ref<Dict> globals;
  FrameStates states;
  MachineState machine{};
  u64 spills[8] = {};
};

TEST_F(Deopt, oneFrame_everyForm) {
  load("def f(a, b, c, d):\n  x = a\n  return (a, b, c, d, x)\n");
  Function* f = function("f");
  Ref<> o = object(), p = object();
  i64 before = count(o), beforeP = count(p);
  u32 s = states.begin();
  states.addFrame({states.addCode(f->code), offset(f->code, find(f->code, Op::Move, 1))});
  states.addRegister(0, gpr(3));  // borrowed
  states.addRegister(1, gpr(4, false, Form::Int));
  states.addRegister(2, {Where::Xmm, Form::Float, false, 2});
  states.addRegister(3, spill(5, false, Form::Bool));
  states.addRegister(4, spill(6, true));  // owned
  machine.gpr[3] = o.get().bits();
  machine.gpr[4] = u64(1) << 62;  // no small int
  machine.xmm[2] = 1e300;         // no flonum
  spills[5] = 2;
  spills[6] = Ref<>::retain(p.get()).release().bits();
  Result<Ref<>> r = resume(enter(f), s);
  ASSERT_TRUE(r);
  auto* tuple = r.peek().as<Tuple>();
  EXPECT_EQ(tuple->items[0], o.get());
  EXPECT_TRUE(isExactInt(tuple->items[1]) && tuple->items[1].isObject());
  EXPECT_TRUE(isExactFloat(tuple->items[2]));
  EXPECT_EQ(tuple->items[3], trueValue());
  EXPECT_EQ(tuple->items[4], p.get());
  EXPECT_EQ(count(o), before + 1);
  EXPECT_EQ(count(p), beforeP + 1);
  r = Result<Ref<>>(Ref<>());
  EXPECT_EQ(count(o), before);
  EXPECT_EQ(count(p), beforeP);
}

TEST_F(Deopt, temporaries_inFrameAndConstants) {
  load("def f(a, b): return (a, b, a)\n");
  Function* f = function("f");
  u32 run = find(f->code, Op::BuildTuple)->b;
  Ref<> o = object(), k = object();
  i64 before = count(o), beforeK = count(k);
  u32 s = states.begin();
  states.addFrame({states.addCode(f->code), offset(f->code, find(f->code, Op::BuildTuple))});
  states.addRegister(0, kInFrame);
  states.addRegister(run, {Where::Constant, Form::Value, false, states.addConstant(k)});
  states.addRegister(run + 1, gpr(0, false, Form::Int));
  states.addRegister(run + 2, gpr(1, true));
  i64 withTable = count(k);
  EXPECT_EQ(withTable, beforeK + 1);
  Value* fp = enter(f);
  fp[0] = Ref<>::retain(o.get()).release();
  machine.gpr[0] = u64(-5);
  machine.gpr[1] = Ref<>::retain(o.get()).release().bits();
  Result<Ref<>> r = resume(fp, s);
  ASSERT_TRUE(r);
  auto* tuple = r.peek().as<Tuple>();
  ASSERT_EQ(tuple->size, 3);
  EXPECT_EQ(tuple->items[0], k.get());
  EXPECT_EQ(tuple->items[1], Value::smallInt(-5));
  EXPECT_EQ(tuple->items[2], o.get());
  r = Result<Ref<>>(Ref<>());
  EXPECT_EQ(count(o), before);
  EXPECT_EQ(count(k), withTable);
}

constexpr const char* kInlined =
    "def g(x, n):\n"
    "  y = [x, n]\n"
    "  return (y, x, n * 2)\n"
    "def f(a, b):\n"
    "  c = [a]\n"
    "  r = g(a, b)\n"
    "  return (c, r, b)\n";

TEST_F(Deopt, inlinedFrame_returnsToItsCaller) {
  load(kInlined);
  Function *f = function("f"), *g = function("g");
  const Insn* call = find(f->code, Op::Call);
  Ref<> a = object(), c = object(), y = object();
  i64 before[] = {count(a), count(c), count(y), count(Value(g)), count(Value(f))};
  i32 depth = t->recursionDepth;
  u32 s = states.begin();
  states.addFrame({states.addCode(f->code), offset(f->code, call)});
  states.addRegister(0, gpr(0));
  states.addRegister(1, gpr(1, false, Form::Int));
  states.addRegister(2, gpr(2, true));
  FrameRecord inner{states.addCode(g->code), offset(g->code, find(g->code, Op::Mul))};
  inner.base = u32(call->b) + kFrameHeader;
  inner.callable = {Where::Constant, Form::Value, false, states.addConstant(Value(g))};
  const Insn* mul = find(g->code, Op::Mul);
  states.addFrame(inner);
  states.addRegister(0, gpr(0));
  states.addRegister(1, gpr(1, false, Form::Int));
  states.addRegister(2, gpr(3, true));
  // What the instructions before have put into temporaries: y and x for the tuple, and 2.
  u32 first = mul->b == 1 ? mul->a : bytecode::kMaxRegisters;
  ASSERT_EQ(mul->b, 1);
  states.addRegister(first - 2, gpr(3));
  states.addRegister(first - 1, gpr(0));
  if ((mul->c & ~bytecode::kKill) != first)
    states.addRegister(mul->c & ~bytecode::kKill, gpr(4, false, Form::Int));
  else
    states.addRegister(first, gpr(4, false, Form::Int));
  states.addRelease(gpr(5, true));
  machine.gpr[0] = a.get().bits();
  machine.gpr[1] = 21;
  machine.gpr[2] = Ref<>::retain(c.get()).release().bits();
  machine.gpr[3] = Ref<>::retain(y.get()).release().bits();
  machine.gpr[4] = 2;
  machine.gpr[5] = Ref<>::retain(a.get()).release().bits();
  i64 functionWithTable = count(Value(g));
  EXPECT_EQ(functionWithTable, before[3] + 1);
  Result<Ref<>> r = resume(enter(f), s);
  ASSERT_TRUE(r);
  auto* tuple = r.peek().as<Tuple>();
  EXPECT_EQ(tuple->items[0], c.get());
  EXPECT_EQ(tuple->items[2], Value::smallInt(21));
  auto* made = tuple->items[1].as<Tuple>();
  EXPECT_EQ(made->items[0], y.get());
  EXPECT_EQ(made->items[1], a.get());
  EXPECT_EQ(made->items[2], Value::smallInt(42));
  r = Result<Ref<>>(Ref<>());
  EXPECT_EQ(count(a), before[0]);
  EXPECT_EQ(count(c), before[1]);
  EXPECT_EQ(count(y), before[2]);
  EXPECT_EQ(count(Value(g)), functionWithTable);
  EXPECT_EQ(count(Value(f)), before[4]);
  EXPECT_EQ(t->recursionDepth, depth);
}

TEST_F(Deopt, inlinedInit_givesTheInstance) {
  load(
      "class C:\n"
      "  def __init__(self, x):\n"
      "    self.x = x\n"
      "make = C.__init__\n"
      "def f(x): return C(x)\n");
  Function *f = function("f"), *init = function("make");
  Value cls = dictGetStr(globals, internImmortal("C"));
  Ref<> x = object();
  i64 before = count(x), instances = count(cls);
  const Insn* call = find(f->code, Op::Call);
  u32 s = states.begin();
  states.addFrame({states.addCode(f->code), offset(f->code, call)});
  states.addRegister(0, gpr(7));
  FrameRecord inner{states.addCode(init->code),
                    offset(init->code, find(init->code, Op::StoreAttr))};
  inner.base = u32(call->b) + kFrameHeader;
  inner.kind = FrameKind::Init;
  inner.callable = gpr(8);
  inner.instance = gpr(9, true);
  states.addFrame(inner);
  states.addRegister(0, gpr(9));
  states.addRegister(1, gpr(7));
  machine.gpr[7] = x.get().bits();
  machine.gpr[8] = Value(init).bits();
  Object* instance = newInstance(cls.as<Type>());
  machine.gpr[9] = Value(instance).bits();
  Result<Ref<>> r = resume(enter(f), s);
  ASSERT_TRUE(r);
  EXPECT_EQ(r.peek().get(), Value(instance));
  EXPECT_EQ(count(r.peek()), 1);
  Result<Ref<>> got = getAttr(*t, r.peek(), internImmortal("x"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got.peek().get(), x.get());
  got = Result<Ref<>>(Ref<>());
  r = Result<Ref<>>(Ref<>());
  EXPECT_EQ(count(x), before);
  EXPECT_EQ(count(cls), instances);
}

TEST_F(Deopt, raisingInAnInlinedFrame_reachesTheCallersHandler) {
  load(
      "def g(x):\n"
      "  y = x\n"
      "  return y + 1\n"
      "def f(a):\n"
      "  try: return g(a)\n"
      "  except ValueError as e:\n"
      "    t = e.__traceback__\n"
      "    lines = []\n"
      "    while t: lines.append((t.tb_frame.f_code.co_name, t.tb_lineno)); t = t.tb_next\n"
      "    return (a, lines)\n");
  Function *f = function("f"), *g = function("g");
  const Insn* call = find(f->code, Op::Call);
  Ref<> a = object();
  i64 before = count(a);
  u32 s = states.begin(true);
  states.addFrame({states.addCode(f->code), offset(f->code, call)});
  states.addRegister(0, gpr(0));
  FrameRecord inner{states.addCode(g->code), offset(g->code, find(g->code, Op::AddInt))};
  inner.base = u32(call->b) + kFrameHeader;
  inner.callable = gpr(1, true);
  states.addFrame(inner);
  states.addRegister(0, gpr(0));
  states.addRegister(1, gpr(0));
  machine.gpr[0] = a.get().bits();
  machine.gpr[1] = Ref<>::retain(Value(g)).release().bits();
  Value* fp = enter(f);
  (void)t->raise(kValueError, "made up");
  Result<Ref<>> r = resume(fp, s);
  ASSERT_TRUE(r);
  EXPECT_EQ(r.peek().as<Tuple>()->items[0], a.get());
  Result<Ref<Str>> text = repr(*t, r.peek().as<Tuple>()->items[1]);
  ASSERT_TRUE(text);
  EXPECT_TRUE(equalAscii(text.peek().get(), "[('f', 5), ('g', 3)]"));
  r = Result<Ref<>>(Ref<>());
  EXPECT_EQ(count(a), before);
}

TEST_F(Deopt, threeFrames_seenByTheProgram) {
  load(
      "import sys\n"
      "def h(n):\n"
      "  f = sys._getframe()\n"
      "  return (f.f_locals, f.f_back.f_locals, f.f_back.f_back.f_locals, "
      "f.f_back.f_back.f_lineno)\n"
      "def g(n): return h(n + 1)\n"
      "def f(n):\n"
      "  m = n\n"
      "  return g(n + 1)\n");
  Function *f = function("f"), *g = function("g"), *h = function("h");
  const Insn *outer = find(f->code, Op::Call), *middle = find(g->code, Op::Call);
  u32 s = states.begin();
  states.addFrame({states.addCode(f->code), offset(f->code, outer)});
  states.addRegister(0, gpr(0, false, Form::Int));
  states.addRegister(1, gpr(0, false, Form::Int));
  FrameRecord record{states.addCode(g->code), offset(g->code, middle)};
  record.base = u32(outer->b) + kFrameHeader;
  record.callable = gpr(1);
  states.addFrame(record);
  states.addRegister(0, gpr(2, false, Form::Int));
  record.code = states.addCode(h->code);
  record.pcOffset = offset(h->code, find(h->code, Op::Enter));
  record.base = u32(middle->b) + kFrameHeader;
  record.callable = gpr(3);
  states.addFrame(record);
  states.addRegister(0, gpr(4, false, Form::Int));
  machine.gpr[0] = 1;
  machine.gpr[1] = Value(g).bits();
  machine.gpr[2] = 2;
  machine.gpr[3] = Value(h).bits();
  machine.gpr[4] = 3;
  i64 before[] = {count(Value(g)), count(Value(h))};
  Result<Ref<>> r = resume(enter(f), s);
  ASSERT_TRUE(r);
  auto* tuple = r.peek().as<Tuple>();
  auto local = [&](int i, const char* name) {
    Result<Ref<>> v = getItem(*t, tuple->items[i], Value(internImmortal(name)));
    EXPECT_TRUE(v);
    return v ? v.peek().get() : Value();
  };
  EXPECT_EQ(local(0, "n"), Value::smallInt(3));
  EXPECT_EQ(local(1, "n"), Value::smallInt(2));
  EXPECT_EQ(local(2, "m"), Value::smallInt(1));
  EXPECT_EQ(tuple->items[3], Value::smallInt(8));
  r = Result<Ref<>>(Ref<>());
  EXPECT_EQ(count(Value(g)), before[0]);
  EXPECT_EQ(count(Value(h)), before[1]);
}

TEST_F(Deopt, verify_refusesWhatIsOutOfBounds) {
  load(kInlined);
  Function *f = function("f"), *g = function("g");
  auto problem = [&](auto&& change) {
    FrameStates s;
    s.begin();
    const Insn* call = find(f->code, Op::Call);
    FrameRecord outer{s.addCode(f->code), offset(f->code, call)};
    FrameRecord inner{s.addCode(g->code), 0};
    inner.base = u32(call->b) + kFrameHeader;
    inner.callable = gpr(0);
    RegisterState reg{0, gpr(1)}, innerReg{0, gpr(1)};
    std::vector<Location> releases;
    change(outer, inner, reg, innerReg, releases);
    s.addFrame(outer);
    s.addRegister(reg.reg, reg.location);
    s.addFrame(inner);
    s.addRegister(innerReg.reg, innerReg.location);
    for (const Location& l : releases) s.addRelease(l);
    return s.verify(4);
  };
  using R = RegisterState;
  using L = std::vector<Location>;
  EXPECT_EQ(problem([](auto&, auto&, R&, R&, L&) {}), "");
  EXPECT_NE(problem([](auto& o, auto&, R&, R&, L&) { o.code = 7; }), "");
  EXPECT_NE(problem([](auto& o, auto&, R&, R&, L&) { o.pcOffset += 1; }), "");
  EXPECT_NE(problem([](auto& o, auto&, R&, R&, L&) { o.pcOffset = 1 << 20; }), "");
  EXPECT_NE(problem([](auto&, auto& i, R&, R&, L&) { i.base = 0; }), "");
  EXPECT_NE(problem([](auto&, auto& i, R&, R&, L&) { i.base = 1000; }), "");
  EXPECT_NE(problem([](auto&, auto& i, R&, R&, L&) { i.kind = FrameKind::Resume; }), "");
  EXPECT_NE(problem([](auto&, auto& i, R&, R&, L&) { i.kind = FrameKind::Init; }), "");
  EXPECT_NE(problem([](auto&, auto& i, R&, R&, L&) { i.callable = {}; }), "");
  EXPECT_NE(problem([](auto&, auto&, R& r, R&, L&) { r.reg = 1000; }), "");
  EXPECT_NE(problem([](auto&, auto& i, R& r, R&, L&) { r.reg = i.base - 1; }), "");
  EXPECT_NE(problem([](auto&, auto&, R&, R& r, L&) { r.location = gpr(16); }), "");
  EXPECT_NE(problem([](auto&, auto&, R&, R& r, L&) { r.location = spill(4); }), "");
  EXPECT_NE(problem([](auto&, auto&, R&, R& r, L&) { r.location = gpr(1, true, Form::Int); }), "");
  EXPECT_NE(problem([](auto&, auto&, R&, R& r, L&) {
              r.location = {Where::Constant, Form::Value, false, 0};
            }),
            "");
  EXPECT_NE(
      problem([](auto&, auto&, R&, R& r, L&) { r.location = {Where::Xmm, Form::Value, false, 0}; }),
      "");
  EXPECT_NE(problem([](auto&, auto&, R&, R&, L& l) { l.push_back(gpr(1)); }), "");
  EXPECT_EQ(problem([](auto&, auto&, R&, R&, L& l) { l.push_back(gpr(1, true)); }), "");
}

}  // namespace
}  // namespace dx::jit
