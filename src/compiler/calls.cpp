// Calls and attributes.
#include <algorithm>

#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

namespace {

// Calls with more arguments go through a tuple and a dict.
constexpr u32 kManyArguments = 64;

}  // namespace

bool Codegen::hasStars(const Seq<Expr*>& args, const Seq<Keyword*>& keywords) const {
  for (const Expr* a : args) {
    if (a->kind == Kind::Starred) return true;
  }
  for (const Keyword* k : keywords) {
    if (k->arg == nullptr) return true;
  }
  return args.count + keywords.count > kManyArguments;
}

void Codegen::checkKeywords(const Seq<Keyword*>& keywords) {
  for (u32 i = 0; i < keywords.count; i++) {
    if (keywords[i]->arg == nullptr) continue;
    for (u32 k = 0; k < i; k++) {
      if (keywords[k]->arg != keywords[i]->arg) continue;
      return fail("keyword argument repeated: " + std::string(keywords[i]->arg->view()),
                  keywords[i]->span());
    }
  }
}

// Where a method call or attribute is said to be: on the attribute's line.
Span Codegen::attributeSpan(const Attribute* e, Span whole) {
  if (whole.line == e->endLine) return whole;
  whole.line = e->endLine;
  i32 length = i32(e->attr->size);
  if (length <= e->endCol) {
    whole.col = e->endCol - length;
  } else {
    whole.col = whole.endCol = -1;
  }
  whole.endLine = std::max(whole.endLine, whole.line);
  return whole;
}

// `super` is the builtin and the arguments are ones that LoadSuperAttr takes.
bool Codegen::isSuperCall(const Expr* value) {
  auto* c = dynAs<ast::Call>(value);
  if (c == nullptr || !c->keywords.empty()) return false;
  auto* name = dynAs<Name>(c->func);
  if (name == nullptr || !(*name->id == "super")) return false;
  if (resolve(name->id).kind != Var::Kind::Global) return false;
  if (u_->block->scopeOf(name->id) == NameScope::GlobalExplicit) return false;
  const Symbol* atTop = symtable_->top()->find(name->id);
  if (atTop != nullptr && (atTop->flags & (kDefBound | kDefGlobal))) return false;
  if (c->args.count == 2) {
    return c->args[0]->kind != Kind::Starred && c->args[1]->kind != Kind::Starred;
  }
  if (!c->args.empty()) return false;
  if (u_->kind != UnitKind::Function && u_->kind != UnitKind::AsyncFunction &&
      u_->kind != UnitKind::Lambda) {
    return false;
  }
  return u_->b.info().argCount > 0 && u_->block->scopeOf(id("__class__")) == NameScope::Free;
}

// The three operands of LoadSuperAttr in temporaries from `run` on.
void Codegen::superOperands(const ast::Call* c, u32 run) {
  CodeBuilder& b = u_->b;
  at(c->func);
  loadName(as<Name>(c->func)->id, run);
  if (c->args.count == 2) {
    exprTo(c->args[0], run + 1);
    exprTo(c->args[1], run + 2);
    return;
  }
  at(c);
  b.LoadCell(run + 1, u_->regs[id("__class__")], b.localName(u_->regs[id("__class__")]), 1);
  u32 self = 0;
  if (b.localKind(self) & kLocalCell) {
    b.LoadCell(run + 2, self, b.localName(self), 0);
  } else {
    b.Move(run + 2, boundLocal(self));
  }
}

void Codegen::attribute(const Attribute* e, u32 dst) {
  CodeBuilder& b = u_->b;
  if (isSuperCall(e->value)) {
    auto* c = as<ast::Call>(e->value);
    u32 run = newTemp();
    newTemp();
    newTemp();
    superOperands(c, run);
    at(attributeSpan(e, e->span()));
    return b.LoadSuperAttr(dst, run, mangledIndex(e->attr), c->args.empty() ? 0 : 2);
  }
  u32 object = operandIn(e->value, dst);
  at(attributeSpan(e, e->span()));
  b.LoadAttr(dst, object, mangledIndex(e->attr));
}

void Codegen::call(const ast::Call* e, u32 dst) {
  CodeBuilder& b = u_->b;
  checkCaller(e->func, e->span());
  checkKeywords(e->keywords);
  u32 window = newWindow();
  u32 callable = newTemp();
  auto* method = dynAs<Attribute>(e->func);
  if (method != nullptr && !hasStars(e->args, e->keywords)) {
    newTemp();  // self
    u32 top = u_->top;
    if (isSuperCall(method->value)) {
      auto* c = as<ast::Call>(method->value);
      u32 run = newTemp();
      newTemp();
      newTemp();
      superOperands(c, run);
      at(attributeSpan(method, method->span()));
      b.LoadSuperAttr(callable, run, mangledIndex(method->attr), c->args.empty() ? 1 : 3);
    } else {
      u32 object = operand(method->value);
      at(attributeSpan(method, method->span()));
      b.LoadMethod(callable, object, mangledIndex(method->attr));
    }
    u_->top = top;
    return finishCall(dst, window, 0, e->args, kNoReg, e->keywords, true,
                      attributeSpan(method, e->span()));
  }
  exprTo(e->func, callable);
  finishCall(dst, window, 0, e->args, kNoReg, e->keywords, false, e->span());
}

// Arguments and the call itself. The callable stands in the window, and so do the first
// `prefix` arguments; `extra`, if not kNoReg, is a local that follows the positional ones.
void Codegen::finishCall(u32 dst, u32 window, u32 prefix, const Seq<Expr*>& args, u32 extra,
                         const Seq<Keyword*>& keywords, bool method, Span span) {
  CodeBuilder& b = u_->b;
  u32 first = window + kFrameHeader;
  if (hasStars(args, keywords)) {
    u32 callable = window + kFrameHeader - 1;
    if (prefix == 0) newTemp();
    while (u_->top < first + 2 - b.localCount()) newTemp();
    at(span);
    argumentTuple(first, first, prefix, args, extra);
    if (!keywords.empty()) {
      at(span);
      keywordDict(first + 1, callable, keywords);
    }
    at(span);
    return b.CallEx(dst, window);
  }
  u32 count = prefix + args.count;
  for (const Expr* a : args) toTemp(a);
  if (extra != kNoReg) {
    u32 t = newTemp();
    b.Move(t, extra);
    count++;
  }
  if (keywords.empty()) {
    at(span);
    if (method) return b.CallMethod(dst, window, count);
    return b.Call(dst, window, count);
  }
  Const names = Const::of(Const::Kind::Tuple);
  for (const Keyword* k : keywords) {
    names.items.push_back(Const::str(k->arg->view()));
    toTemp(k->value);
  }
  at(span);
  b.CallKw(dst, window, count + keywords.count, b.constant(names), method);
}

void Codegen::argumentTuple(u32 dst, u32 first, u32 prefix, const Seq<Expr*>& args, u32 extra) {
  CodeBuilder& b = u_->b;
  u32 top = u_->top;
  if (prefix == 0 && extra == kNoReg && args.count == 1 && args[0]->kind == Kind::Starred) {
    return exprTo(as<Starred>(args[0])->value, dst);
  }
  if (prefix == 0 && args.empty() && extra == kNoReg) return loadConst(Const::tuple({}), dst);
  u32 list = newTemp();
  starDisplay(args, list, false, first, prefix);
  if (extra != kNoReg) b.ListAppend(list, extra);
  b.ListToTuple(dst, list | kKill);
  u_->top = top;
}

void Codegen::keywordDict(u32 dst, u32 callable, const Seq<Keyword*>& keywords) {
  CodeBuilder& b = u_->b;
  Position position = b.position();
  u32 top = u_->top;
  b.BuildMap(dst, tempAt(top) - 1, 0);
  for (const Keyword* k : keywords) {
    if (k->arg == nullptr) {
      u32 use = operand(k->value);
      b.setPosition(position);
      b.DictMerge(dst, use, callable);
    } else {
      // A name that a mapping before it has given is an error, so merge there too.
      bool merged = false;
      for (const Keyword* before : keywords) {
        if (before == k) break;
        merged = merged || before->arg == nullptr;
      }
      u32 key = newTemp();
      loadStr(k->arg->view(), key);
      u32 value = toTemp(k->value);
      b.setPosition(position);
      if (merged) {
        b.BuildMap(key, key, 1);
        b.DictMerge(dst, key | kKill, callable);
      } else {
        b.MapAdd(dst, key | kKill, value | kKill);
      }
    }
    u_->top = top;
  }
}

}  // namespace dx::compiler
