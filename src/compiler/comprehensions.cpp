// Comprehensions, inlined (PEP 709) or as functions, and generator expressions.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

void Codegen::comprehension(CompParts parts, u32 dst) {
  CodeBuilder& b = u_->b;
  Block* block = blockOf(parts.e);
  if (block->inlined) return inlineComprehension(parts, block, dst);

  const Comprehension* first = parts.generators->front();
  bool isGenerator = parts.type == ComprehensionType::Generator;
  bool isAsync = block->coroutine && !isGenerator;
  u32 coroutine = isAsync ? newTemp() : 0;
  u32 window = newWindow();
  u32 callable = newTemp();
  u32 iterator = newTemp();

  UnitArgs args;
  args.argCount = 1;
  // Closures are taken from the unit around, so that comes last.
  enterUnit(UnitKind::Comprehension, id(parts.name), block, parts.e->line, args);
  CodeBuilder& inner = u_->b;
  if (isGenerator) {
    comprehensionLoops(parts, 0, kNoReg, 0);
    inner.ReturnNone();
  } else {
    u32 result = newTemp();
    at(parts.e);
    if (parts.type == ComprehensionType::List) inner.BuildList(result, result, 0);
    if (parts.type == ComprehensionType::Set) inner.BuildSet(result, result, 0);
    if (parts.type == ComprehensionType::Dict) inner.BuildMap(result, result, 0);
    comprehensionLoops(parts, 0, result, 0);
    at(parts.e);
    inner.Return(result | kKill);
  }
  u32 code = leaveUnit();
  at(parts.e);
  makeFunction(callable, code, *block, {}, kNoReg);

  u32 top = u_->top;
  u32 use = operand(first->iter);
  at(first->iter);
  if (first->isAsync) {
    b.GetAIter(iterator, use);
  } else {
    b.GetIter(iterator, use);
  }
  u_->top = top;
  at(parts.e);
  if (!isAsync) return b.Call(dst, window, 1);
  b.Call(coroutine, window, 1);
  u_->top = coroutine - b.localCount() + 1;
  u32 result = awaitInPlace(coroutine, 0);
  b.Move(dst, result | kKill);
}

void Codegen::inlineComprehension(const CompParts& parts, Block* block, u32 dst) {
  CodeBuilder& b = u_->b;
  const Comprehension* first = parts.generators->front();
  u32 iterator = newTemp();
  {
    u32 top = u_->top;
    u32 use = operand(first->iter);
    at(first->iter);
    if (first->isAsync) {
      b.GetAIter(iterator, use);
    } else {
      b.GetIter(iterator, use);
    }
    u_->top = top;
  }
  InlinedComp comp{block, {}};
  std::unordered_map<Identifier, u32> depth;
  for (const InlinedComp& outer : u_->inlined) {
    for (auto& [name, reg] : outer.regs) depth[name]++;
  }
  for (const Symbol& s : block->symbols) {
    if (!(s.flags & kDefLocal) || (s.flags & (kDefNonlocal | kDefGlobal | kDefParam))) continue;
    comp.regs.push_back({s.name, u_->hidden[s.name][depth[s.name]]});
  }
  at(parts.e);
  u32 result = workFor(dst);
  if (parts.type == ComprehensionType::List) b.BuildList(result, iterator, 0);
  if (parts.type == ComprehensionType::Set) b.BuildSet(result, iterator, 0);
  if (parts.type == ComprehensionType::Dict) b.BuildMap(result, iterator, 0);
  Label cleanup = b.newLabel(), end = b.newLabel();
  u32 exception = iterator;
  if (!comp.regs.empty()) b.pushHandler(cleanup, exception, exception);
  for (auto& [name, reg] : comp.regs) {
    if (block->scopeOf(name) == NameScope::Cell) b.MakeCell(reg);
  }
  u_->inlined.push_back(comp);
  comprehensionLoops(parts, 0, result, iterator);
  u_->inlined.pop_back();
  at(parts.e);
  if (!comp.regs.empty()) {
    b.popHandler();
    for (auto& [name, reg] : comp.regs) b.Release(reg);
  }
  finishWork(result, dst);
  if (comp.regs.empty()) return;
  b.jump(end);
  b.bindHandler(cleanup);
  at(first->iter);
  for (auto& [name, reg] : comp.regs) b.Release(reg);
  b.Reraise(exception | kKill, 0);
  b.bind(end);
}

// The loop of generator `index` and those inside it. `iterator` is the register of the first
// loop's iterator: argument 0 in a function of its own, otherwise a temporary.
void Codegen::comprehensionLoops(const CompParts& parts, u32 index, u32 result, u32 iterator) {
  CodeBuilder& b = u_->b;
  const Comprehension* g = (*parts.generators)[index];
  u32 top = u_->top;
  Label head = b.newLabel(), next = b.newLabel(), exhausted = b.newLabel();
  if (index > 0) {
    iterator = newTemp();
    u32 use = operand(g->iter);
    at(g->iter);
    if (g->isAsync) {
      b.GetAIter(iterator, use);
    } else {
      b.GetIter(iterator, use);
    }
    u_->top = iterator - b.localCount() + 1;
  }
  b.bindLoopHead(head);
  if (g->isAsync) {
    u32 item = newTemp();
    at(g->iter);
    // The iterator may be an argument; the exception then comes into the first free register.
    b.pushHandler(exhausted, item, item);
    b.GetANext(item, iterator);
    u32 value = delegate(item);
    b.popHandler();
    store(g->target, value | kKill);
  } else {
    int fast = fastTarget(g->target);
    at(g->iter);
    if (fast >= 0) {
      b.ForIter(u32(fast), iterator, exhausted);
    } else {
      u32 item = newTemp();
      b.ForIter(item, iterator, exhausted);
      store(g->target, item | kKill);
    }
  }
  u_->top = isTemp(iterator) ? std::max(iterator - b.localCount() + 1, top) : top;
  for (const Expr* condition : g->ifs) jumpIf(condition, next, false);
  if (index + 1 < parts.generators->count) {
    comprehensionLoops(parts, index + 1, result, 0);
  } else {
    comprehensionBody(parts, result);
  }
  b.bind(next);
  b.jump(head);
  b.bindHandler(exhausted);
  at(g->iter);
  if (g->isAsync) {
    u32 exception = tempAt(u_->top);
    b.EndAsyncFor(exception | kKill);
  }
  b.Release(iterator);
  u_->top = top;
}

void Codegen::comprehensionBody(const CompParts& parts, u32 result) {
  CodeBuilder& b = u_->b;
  u32 top = u_->top;
  switch (parts.type) {
    case ComprehensionType::Generator: {
      u32 use = operand(parts.elt);
      at(parts.elt);
      u32 t = newTemp();
      if (u_->block->coroutine) {
        b.AsyncGenWrap(t, use);
        use = t | kKill;
      }
      b.Yield(t, use, kNoReg, 0);
      b.Enter(1);
      b.Release(t);
      break;
    }
    case ComprehensionType::List: {
      u32 use = operand(parts.elt);
      at(parts.elt);
      b.ListAppend(result, use);
      break;
    }
    case ComprehensionType::Set: {
      u32 use = operand(parts.elt);
      at(parts.elt);
      b.SetAdd(result, use);
      break;
    }
    default: {
      u32 key = operandBefore(parts.elt, {parts.value});
      u32 value = operand(parts.value);
      at(Span{parts.elt->line, parts.elt->col, parts.value->endLine, parts.value->endCol});
      b.MapAdd(result, key, value);
    }
  }
  u_->top = top;
}

}  // namespace dx::compiler
