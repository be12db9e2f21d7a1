// try, with, and what happens on the way out of blocks.
//
// Every block of code is covered by the innermost handler only. A clause that runs on several
// ways out (finally, __exit__) is emitted once for each.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

bool Codegen::unwindRunsCode(size_t downTo) const {
  for (size_t i = downTo; i < u_->blocks.size(); i++) {
    FrameBlock::Kind kind = u_->blocks[i].kind;
    if (kind != FrameBlock::Kind::Loop && kind != FrameBlock::Kind::TryExcept) return true;
  }
  return false;
}

// `leave` is emitted outside of the blocks. What runs code on the way leaves no position: the rest
// then belongs to the last line of that.
void Codegen::unwind(size_t downTo, u32 held, const std::function<void()>& leave) {
  CodeBuilder& b = u_->b;
  if (std::all_of(u_->blocks.begin() + long(downTo), u_->blocks.end(),
                  [this](const FrameBlock& block) { return isLoop(block); })) {
    for (size_t i = u_->blocks.size(); i-- > downTo;) unwindOne(u_->blocks[i], held);
    return leave();
  }
  std::vector<FrameBlock> blocks = u_->blocks;
  std::vector<CodeBuilder::Handler> handlers = b.handlers();
  for (size_t i = blocks.size(); i-- > downTo;) {
    u_->blocks.resize(i);
    b.setHandlers({handlers.begin(), handlers.begin() + long(blocks[i].handlers)});
    unwindOne(blocks[i], held);
  }
  leave();
  b.setHandlers(std::move(handlers));
  u_->blocks = std::move(blocks);
}

void Codegen::unwindOne(const FrameBlock& block, u32 held) {
  CodeBuilder& b = u_->b;
  switch (block.kind) {
    case FrameBlock::Kind::Loop:
      // A frame is left with its temporaries empty.
      if (block.reg != kNoReg) b.Release(block.reg);
      break;
    case FrameBlock::Kind::TryExcept:
      break;
    case FrameBlock::Kind::TryFinally:
      // The clause may leave by a jump of its own: then the value goes.
      if (held != kNoReg) {
        FrameBlock value{FrameBlock::Kind::HeldValue};
        value.reg = held;
        pushBlock(value);
      }
      quiet_++;
      body(*block.finalBody);
      quiet_--;
      if (held != kNoReg) u_->blocks.pop_back();
      b.setNoPosition();
      break;
    case FrameBlock::Kind::HeldValue:
      b.Release(block.reg);
      break;
    case FrameBlock::Kind::Handler:
    case FrameBlock::Kind::FinallyHandler:
      b.PopExc((block.reg + 1) | kKill);
      b.Release(block.reg);
      if (block.name != nullptr) unbindName(block.name);
      break;
    case FrameBlock::Kind::With:
    case FrameBlock::Kind::AsyncWith:
      at(block.span);
      callExitWithNone(block.reg, block.kind == FrameBlock::Kind::AsyncWith);
      b.setNoPosition();
      break;
    case FrameBlock::Kind::ExceptStar:
      fail("'break', 'continue' and 'return' cannot appear in an except* block",
           spanOf(b.position()));
      break;
  }
}

template <class T>
void Codegen::tryStmt(const T* s, bool star) {
  CodeBuilder& b = u_->b;
  auto inner = [&] {
    if (s->handlers.empty()) return body(s->body);
    if (star) return tryExceptStar(s->body, s->handlers, s->orelse);
    tryExcept(s->body, s->handlers, s->orelse);
  };
  b.Nop();
  if (s->finalbody.empty()) return inner();

  u32 saved = tempAt(u_->top);
  Label handler = b.newLabel(), cleanup = b.newLabel(), end = b.newLabel();
  FrameBlock block{FrameBlock::Kind::TryFinally, {}, {}};
  block.finalBody = &s->finalbody;
  pushBlock(block);
  b.pushHandler(handler, saved, saved);
  inner();
  if (s->handlers.empty()) body(s->orelse);
  b.popHandler();
  u_->blocks.pop_back();
  body(s->finalbody);
  b.setNoPosition();
  b.jump(end);

  b.bindHandler(handler);
  b.setNoPosition();
  u32 exception = newTemp(), previous = newTemp();
  b.PushExc(previous, exception);
  FrameBlock inHandler{FrameBlock::Kind::FinallyHandler, {}, {}};
  inHandler.reg = exception;
  pushBlock(inHandler);
  b.pushHandler(cleanup, previous + 1, previous + 1);
  quiet_++;
  body(s->finalbody);
  quiet_--;
  b.popHandler();
  u_->blocks.pop_back();
  b.setNoPosition();
  b.PopExc(previous | kKill);
  b.Reraise(exception | kKill, 0);
  restoreAndReraise(cleanup, previous);
  b.bind(end);
  u_->top -= 2;
}

template void Codegen::tryStmt(const Try*, bool);
template void Codegen::tryStmt(const TryStar*, bool);

// The end of every handler of a handler: the exception is in the register after `saved`.
void Codegen::restoreAndReraise(Label cleanup, u32 saved) {
  CodeBuilder& b = u_->b;
  b.bindHandler(cleanup);
  b.setNoPosition();
  b.needRegisters(saved + 2);
  b.PopExc(saved | kKill);
  b.Reraise((saved + 1) | kKill, 1);
}

// The end of `except ... as name`.
void Codegen::unbindName(Identifier name) {
  CodeBuilder& b = u_->b;
  u32 t = newTemp();
  b.LoadNone(t);
  storeName(name, t | kKill);
  u_->top--;
  deleteName(name);
}

void Codegen::tryExcept(const Seq<Stmt*>& stmts, const Seq<ast::Handler*>& handlers,
                        const Seq<Stmt*>& orelse) {
  CodeBuilder& b = u_->b;
  u32 saved = tempAt(u_->top);
  Label handler = b.newLabel(), cleanup = b.newLabel(), end = b.newLabel();
  pushBlock({FrameBlock::Kind::TryExcept});
  b.pushHandler(handler, saved, saved);
  body(stmts);
  b.popHandler();
  u_->blocks.pop_back();
  body(orelse);
  b.setNoPosition();
  b.jump(end);

  b.bindHandler(handler);
  b.setNoPosition();
  u32 exception = newTemp(), previous = newTemp();
  b.PushExc(previous, exception);
  b.pushHandler(cleanup, previous + 1, previous + 1);
  bool caughtAll = false;
  for (u32 i = 0; i < handlers.count; i++) {
    auto* h = as<ExceptHandler>(handlers[i]);
    Label next = b.newLabel();
    if (h->type == nullptr && i + 1 < handlers.count) {
      return fail("default 'except:' must be last", h->span());
    }
    at(h);
    if (h->type != nullptr) {
      u32 top = u_->top;
      u32 type = operand(h->type);
      u32 matches = newTemp();
      at(h->type);
      b.MatchExc(matches, exception, type);
      b.JumpIfFalse(matches | kKill, next);
      u_->top = top;
    } else {
      caughtAll = true;
    }
    at(h);
    b.Nop();
    FrameBlock block{FrameBlock::Kind::Handler, {}, {}};
    block.reg = exception;
    block.name = h->name;
    std::vector<CodeBuilder::Handler> outer = b.handlers();
    outer.pop_back();
    pushBlock(block);
    u_->blocks.back().handlers = outer.size();
    if (h->name != nullptr) {
      storeName(h->name, exception);
      Label named = b.newLabel();
      b.pushHandler(named, previous + 1, previous + 1);
      body(h->body);
      b.popHandler();
      u_->blocks.pop_back();
      std::vector<CodeBuilder::Handler> inside = b.handlers();
      b.setHandlers(outer);
      b.setNoPosition();
      b.PopExc(previous | kKill);
      b.Release(exception);
      unbindName(h->name);
      b.jump(end);
      b.setHandlers(inside);
      b.bindHandler(named);
      b.setNoPosition();
      newTemp();  // the exception
      unbindName(h->name);
      u_->top--;
      b.Reraise((previous + 1) | kKill, 1);
    } else {
      body(h->body);
      u_->blocks.pop_back();
      std::vector<CodeBuilder::Handler> inside = b.handlers();
      b.setHandlers(outer);
      b.setNoPosition();
      b.PopExc(previous | kKill);
      b.Release(exception);
      b.jump(end);
      b.setHandlers(inside);
    }
    b.bind(next);
  }
  b.popHandler();
  if (!caughtAll) {
    b.setNoPosition();
    b.PopExc(previous | kKill);
    b.Reraise(exception | kKill, 0);
  }
  restoreAndReraise(cleanup, previous);
  b.bind(end);
  u_->top -= 2;
}

void Codegen::tryExceptStar(const Seq<Stmt*>& stmts, const Seq<ast::Handler*>& handlers,
                            const Seq<Stmt*>& orelse) {
  CodeBuilder& b = u_->b;
  u32 saved = tempAt(u_->top);
  Label handler = b.newLabel(), cleanup = b.newLabel(), end = b.newLabel();
  pushBlock({FrameBlock::Kind::TryExcept});
  b.pushHandler(handler, saved, saved);
  body(stmts);
  b.popHandler();
  u_->blocks.pop_back();
  body(orelse);
  b.setNoPosition();
  b.jump(end);

  b.bindHandler(handler);
  b.setNoPosition();
  u32 top = u_->top;
  u32 exception = newTemp(), previous = newTemp(), results = newTemp(), rest = newTemp();
  b.PushExc(previous, exception);
  b.pushHandler(cleanup, previous + 1, previous + 1);
  b.BuildList(results, rest, 0);
  b.Move(rest, exception);
  for (u32 i = 0; i < handlers.count; i++) {
    auto* h = as<ExceptHandler>(handlers[i]);
    Label next = b.newLabel();
    u32 pair = newTemp(), match = newTemp();
    u32 type = operand(h->type);
    at(h);
    b.MatchExcGroup(pair, rest | kKill, type);
    u_->top = match - b.localCount() + 1;
    b.Move(rest, pair | kKill);
    Label matched = b.newLabel();
    b.JumpIfNotNone(match, matched);
    b.Release(match);
    b.jump(next);
    b.bind(matched);
    at(h);
    b.PushExc(pair, match);
    b.Release(pair);
    FrameBlock block{FrameBlock::Kind::ExceptStar, {}, {}};
    pushBlock(block);
    Label raised = b.newLabel();
    if (h->name != nullptr) storeName(h->name, match);
    b.pushHandler(raised, match, match);
    body(h->body);
    b.popHandler();
    u_->blocks.pop_back();
    b.setNoPosition();
    if (h->name != nullptr) unbindName(h->name);
    b.Release(match);
    b.jump(next);
    b.bindHandler(raised);
    b.setNoPosition();
    if (h->name != nullptr) unbindName(h->name);
    b.ListAppend(results, match | kKill);
    b.bind(next);
    u_->top = pair - b.localCount();
  }
  b.setNoPosition();
  b.ListAppend(results, rest | kKill);
  b.MakeExcGroup(results, exception, results | kKill);
  Label reraise = b.newLabel();
  b.JumpIfNotNone(results, reraise);
  b.popHandler();
  b.PopExc(previous | kKill);
  b.Release(results);
  b.Release(exception);
  b.jump(end);
  b.bind(reraise);
  b.PopExc(previous | kKill);
  b.Release(exception);
  b.Reraise(results | kKill, 0);
  restoreAndReraise(cleanup, previous);
  b.bind(end);
  u_->top = top;
}

// --- with ----------------------------------------------------------------------------------

// exit(None, None, None); the two registers are then empty.
void Codegen::callExitWithNone(u32 exit, bool isAsync) {
  CodeBuilder& b = u_->b;
  u32 top = u_->top;
  u32 none = newTemp();
  b.LoadNone(none);
  b.CallExit(none, exit, none | kKill);
  if (isAsync) none = awaitInPlace(none, 2);
  b.Release(none);
  b.Release(exit);
  b.Release(exit + 1);
  u_->top = top;
}

template <class W>
void Codegen::with(const W* s, u32 index, bool isAsync) {
  CodeBuilder& b = u_->b;
  Deeper deeper(*this);
  if (tooDeep(s)) return;
  const WithItem* item = s->items[index];
  Span span = item->contextExpr->span();
  u32 top = u_->top;
  u32 exit = newTemp();
  newTemp();
  u32 entered = newTemp();
  {
    u32 window = newWindow();
    u32 callable = newTemp();
    newTemp();
    u32 manager = operand(item->contextExpr);
    at(span);
    b.LoadSpecial(exit, keep(manager), isAsync ? 3 : 1);
    b.LoadSpecial(callable, manager, isAsync ? 2 : 0);
    b.CallMethod(entered, window, 0);
  }
  u_->top = entered - b.localCount() + 1;
  if (isAsync) {
    u32 value = awaitInPlace(entered, 1);
    b.Move(entered, value | kKill);
    u_->top = entered - b.localCount() + 1;
  }
  Label handler = b.newLabel(), cleanup = b.newLabel(), suppress = b.newLabel(), end = b.newLabel();
  FrameBlock block{isAsync ? FrameBlock::Kind::AsyncWith : FrameBlock::Kind::With, {}, {}};
  block.reg = exit;
  block.span = span;
  pushBlock(block);
  b.pushHandler(handler, exit + 2, exit + 2);
  if (item->optionalVars != nullptr) {
    store(item->optionalVars, entered | kKill);
  } else {
    b.Release(entered);
  }
  u_->top = entered - b.localCount();
  if (index + 1 < s->items.count) {
    with(s, index + 1, isAsync);
  } else {
    body(s->body);
  }
  b.popHandler();
  u_->blocks.pop_back();
  at(span);
  callExitWithNone(exit, isAsync);
  b.setNoPosition();
  b.jump(end);

  b.bindHandler(handler);
  at(span);
  u32 exception = newTemp(), previous = newTemp();
  b.PushExc(previous, exception);
  b.pushHandler(cleanup, previous + 1, previous + 1);
  u32 result = newTemp();
  b.CallExit(result, exit, exception);
  if (isAsync) {
    u32 value = awaitInPlace(result, 2);
    b.Move(result, value | kKill);
  }
  b.JumpIfTrue(result | kKill, suppress);
  b.popHandler();
  b.PopExc(previous | kKill);
  b.Reraise(exception | kKill, 1);
  restoreAndReraise(cleanup, previous);
  b.bind(suppress);
  b.setNoPosition();
  b.PopExc(previous | kKill);
  b.Release(exception);
  b.Release(exit);
  b.Release(exit + 1);
  b.bind(end);
  u_->top = top;
}

template void Codegen::with(const With*, u32, bool);
template void Codegen::with(const AsyncWith*, u32, bool);

}  // namespace dx::compiler
