// Annotations: evaluated on demand by __annotate__ functions (PEP 649, 749), or kept as text
// under `from __future__ import annotations`.
#include "compiler/codegen.h"
#include "compiler/unparse.h"

namespace dx::compiler {

using namespace bytecode;

// A function of one argument, the format: it refuses all but VALUE and VALUE_WITH_FAKE_GLOBALS.
void Codegen::enterAnnotationUnit(Identifier name, Block* block, Span span, std::string qualname) {
  UnitArgs args;
  args.qualname = std::move(qualname);
  args.argCount = args.posOnlyCount = 1;
  enterUnit(UnitKind::Annotation, name, block, span.line, args);
  CodeBuilder& b = u_->b;
  at(span);
  u32 t = newTemp();
  Label fine = b.newLabel();
  u32 format = 0;
  if (b.localKind(0) & kLocalCell) {
    format = newTemp();
    b.LoadCell(format, 0, b.localName(0), 0);
    format |= kKill;
  }
  b.LoadInt(t, 2);
  b.JumpGt(format, t | kKill, fine, 0);
  b.LoadCommon(t, 1);
  b.Raise(t | kKill, kNoReg, 1);
  b.bind(fine);
  u_->top = 0;
}

void Codegen::annotationValue(const Expr* e, u32 dst) {
  if (futureFlags_ & kCodeFutureAnnotations) {
    at(e);
    loadStr(unparse(e), dst);
  } else if (auto* starred = dynAs<Starred>(e)) {
    // *args: *Ts
    u32 use = operand(starred->value);
    at(e);
    u32 item = newTemp();
    u_->b.UnpackSequence(item, use, 1);
    u_->b.Move(dst, item | kKill);
    u_->top--;
  } else {
    exprTo(e, dst);
  }
}

u32 Codegen::functionAnnotations(const Arguments* args, const Expr* returns, Span span,
                                 Identifier function) {
  struct Item {
    Identifier name;
    const Expr* value;
  };
  std::vector<Item> items;
  auto add = [&](const Arg* a) {
    if (a != nullptr && a->annotation != nullptr) items.push_back({mangled(a->arg), a->annotation});
  };
  for (const Arg* a : args->posonlyargs) add(a);
  for (const Arg* a : args->args) add(a);
  add(args->vararg);
  for (const Arg* a : args->kwonlyargs) add(a);
  add(args->kwarg);
  if (returns != nullptr) items.push_back({id("return"), returns});
  if (items.empty()) return kNoReg;

  u32 result = newTemp();
  Block* block = blockOf(args, BlockRole::Annotations);
  enterAnnotationUnit(id("__annotate__"), block, span,
                      qualnameOf(UnitKind::Function, function) + ".__annotate__");
  CodeBuilder& b = u_->b;
  u32 map = newTemp();
  b.BuildMap(map, map, 0);
  for (const Item& item : items) {
    u32 top = u_->top;
    u32 key = newTemp(), value = newTemp();
    at(item.value);
    loadStr(item.name->view(), key);
    annotationValue(item.value, value);
    at(item.value);
    b.MapAdd(map, key | kKill, value | kKill);
    u_->top = top;
  }
  at(span);
  b.Return(map | kKill);
  u32 code = leaveUnit();
  at(span);
  makeFunction(result, code, *block, {}, kNoReg);
  return result;
}

// The annotated names of a class or module body, in order, through compound statements.
void Codegen::collectAnnotations(const Seq<Stmt*>& stmts, bool conditional,
                                 std::vector<const AnnAssign*>* out) {
  for (const Stmt* s : stmts) {
    auto inner = [&](const Seq<Stmt*>& body) { collectAnnotations(body, true, out); };
    auto handlers = [&](const Seq<ast::Handler*>& list) {
      for (const ast::Handler* h : list) inner(as<ExceptHandler>(h)->body);
    };
    switch (s->kind) {
      case Kind::AnnAssign: {
        auto* a = as<AnnAssign>(s);
        if (a->target->kind != Kind::Name || !a->simple) break;
        if (conditional || u_->kind == UnitKind::Module) {
          int number = int(u_->annotationIndex.size());
          u_->annotationIndex.try_emplace(a, number);
        }
        out->push_back(a);
        break;
      }
      case Kind::For:
        inner(as<For>(s)->body), inner(as<For>(s)->orelse);
        break;
      case Kind::AsyncFor:
        inner(as<AsyncFor>(s)->body), inner(as<AsyncFor>(s)->orelse);
        break;
      case Kind::While:
        inner(as<While>(s)->body), inner(as<While>(s)->orelse);
        break;
      case Kind::If:
        inner(as<If>(s)->body), inner(as<If>(s)->orelse);
        break;
      case Kind::With:
        inner(as<With>(s)->body);
        break;
      case Kind::AsyncWith:
        inner(as<AsyncWith>(s)->body);
        break;
      case Kind::Match:
        for (const MatchCase* c : as<Match>(s)->cases) inner(c->body);
        break;
      case Kind::Try: {
        auto* t = as<Try>(s);
        inner(t->body), handlers(t->handlers), inner(t->orelse), inner(t->finalbody);
        break;
      }
      case Kind::TryStar: {
        auto* t = as<TryStar>(s);
        inner(t->body), handlers(t->handlers), inner(t->orelse), inner(t->finalbody);
        break;
      }
      default:
        break;
    }
  }
}

void Codegen::numberAnnotations(const Seq<Stmt*>& stmts) {
  std::vector<const AnnAssign*> found;
  collectAnnotations(stmts, false, &found);
}

// The __annotate__ function of a class or module in `dst`; false when nothing is annotated.
bool Codegen::deferredAnnotations(const Seq<Stmt*>& stmts, Span span, u32 dst) {
  std::vector<const AnnAssign*> found;
  collectAnnotations(stmts, false, &found);
  Block* block = u_->block->annotations;
  if (found.empty() || block == nullptr) return false;
  std::unordered_map<const AnnAssign*, int> numbers = u_->annotationIndex;
  enterAnnotationUnit(id("__annotate__"), block, span);
  CodeBuilder& b = u_->b;
  u32 map = newTemp();
  b.BuildMap(map, map, 0);
  for (const AnnAssign* a : found) {
    u32 top = u_->top;
    Label skip = b.newLabel();
    auto number = numbers.find(a);
    if (number != numbers.end()) {
      u32 index = newTemp(), set = newTemp();
      at(a->annotation);
      b.LoadInt(index, u32(number->second));
      loadName(id("__conditional_annotations__"), set);
      b.JumpIn(index | kKill, set | kKill, skip, 0);
      u_->top = top;
    }
    u32 key = newTemp(), value = newTemp();
    annotationValue(a->annotation, value);
    at(span);
    loadStr(mangled(as<Name>(a->target)->id)->view(), key);
    b.MapAdd(map, key | kKill, value | kKill);
    b.bind(skip);
    u_->top = top;
  }
  at(span);
  b.Return(map | kKill);
  u32 code = leaveUnit();
  at(span);
  makeFunction(dst, code, *block, {}, kNoReg);
  return true;
}

void Codegen::annAssign(const AnnAssign* s) {
  CodeBuilder& b = u_->b;
  u32 top = u_->top;
  bool bodyUnit = u_->kind == UnitKind::Module || u_->kind == UnitKind::Class;
  bool future = futureFlags_ & kCodeFutureAnnotations;
  if (s->value != nullptr) {
    int fast = fastTarget(s->target);
    if (fast >= 0) {
      exprTo(s->value, u32(fast));
    } else {
      u32 use = operandBefore(s->value, {s->target});
      store(s->target, use);
    }
    u_->top = top;
  }
  auto evaluate = [&](const Expr* e) {
    u32 use = operand(e);
    at(e);
    if (isTemp(use)) b.Release(use);
    u_->top = top;
  };
  switch (s->target->kind) {
    case Kind::Name: {
      if (!s->simple || !bodyUnit) break;
      if (future) {
        u32 map = newTemp(), key = newTemp(), value = newTemp();
        annotationValue(s->annotation, value);
        at(s);
        b.LoadName(map, nameIndex(id("__annotations__")));
        loadStr(mangled(as<Name>(s->target)->id)->view(), key);
        b.SetItem(map | kKill, key | kKill, value | kKill);
        break;
      }
      auto number = u_->annotationIndex.find(s);
      if (number == u_->annotationIndex.end()) break;
      u32 set = newTemp(), index = newTemp();
      at(s);
      Identifier name = id("__conditional_annotations__");
      if (u_->kind == UnitKind::Class) {
        b.LoadCell(set, u_->regs[name], b.localName(u_->regs[name]), 0);
      } else {
        b.LoadName(set, nameIndex(name));
      }
      b.LoadInt(index, u32(number->second));
      b.SetAdd(set, index | kKill);
      b.Release(set);
      break;
    }
    case Kind::Attribute:
      if (s->value == nullptr) evaluate(as<Attribute>(s->target)->value);
      break;
    case Kind::Subscript:
      if (s->value == nullptr) {
        evaluate(as<Subscript>(s->target)->value);
        evaluate(as<Subscript>(s->target)->slice);
      }
      break;
    default:
      fail("invalid annotation target", s->target->span());
  }
  u_->top = top;
}

}  // namespace dx::compiler
