// Simple statements, if and loops.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

void Codegen::stmt(const Stmt* s) {
  Deeper deeper(*this);
  if (tooDeep(s)) return;
  CodeBuilder& b = u_->b;
  u32 top = u_->top;
  at(s);
  switch (s->kind) {
    case Kind::FunctionDef:
      functionDef(as<FunctionDef>(s), false);
      break;
    case Kind::AsyncFunctionDef:
      functionDef(as<AsyncFunctionDef>(s), true);
      break;
    case Kind::ClassDef:
      classDef(as<ClassDef>(s));
      break;
    case Kind::Return:
      returnStmt(as<ast::Return>(s));
      break;
    case Kind::Delete:
      for (const Expr* target : as<Delete>(s)->targets) deleteTarget(target);
      break;
    case Kind::Assign:
      assign(as<Assign>(s));
      break;
    case Kind::TypeAlias:
      typeAlias(as<ast::TypeAlias>(s));
      break;
    case Kind::AugAssign:
      augAssign(as<AugAssign>(s));
      break;
    case Kind::AnnAssign:
      annAssign(as<AnnAssign>(s));
      break;
    case Kind::For:
      forStmt(as<For>(s));
      break;
    case Kind::AsyncFor:
      asyncForStmt(as<AsyncFor>(s));
      break;
    case Kind::While:
      whileStmt(as<While>(s));
      break;
    case Kind::If:
      ifStmt(as<If>(s));
      break;
    case Kind::With:
      with(as<With>(s), 0, false);
      break;
    case Kind::AsyncWith:
      with(as<AsyncWith>(s), 0, true);
      break;
    case Kind::Match:
      matchStmt(as<Match>(s));
      break;
    case Kind::Raise:
      raiseStmt(as<ast::Raise>(s));
      break;
    case Kind::Try:
      tryStmt(as<Try>(s), false);
      break;
    case Kind::TryStar:
      tryStmt(as<TryStar>(s), true);
      break;
    case Kind::Assert:
      assertStmt(as<Assert>(s));
      break;
    case Kind::Import:
      import(as<ast::Import>(s));
      break;
    case Kind::ImportFrom:
      importFrom(as<ast::ImportFrom>(s));
      break;
    case Kind::ExprStmt:
      exprStmt(as<ExprStmt>(s));
      break;
    case Kind::Pass:
      b.Nop();
      break;
    case Kind::Break:
      jumpOut(s, true);
      break;
    case Kind::Continue:
      jumpOut(s, false);
      break;
    default:
      break;  // global, nonlocal
  }
  u_->top = top;
}

void Codegen::exprStmt(const ExprStmt* s) {
  CodeBuilder& b = u_->b;
  if (u_->interactive) {
    u32 use = operand(s->value);
    at(s);
    return b.PrintExpr(use);
  }
  if (folder_.constantOf(s->value) != nullptr) return b.Nop();
  if (auto* named = dynAs<NamedExpr>(s->value)) {
    u32 bound = operand(named);
    if (isTemp(bound)) b.Release(bound);
    return;
  }
  u32 use = operand(s->value);
  if (isTemp(use)) {
    b.setNoPosition();
    b.Release(use);
  } else {
    at(s);
    b.Nop();
  }
}

void Codegen::returnStmt(const ast::Return* s) {
  CodeBuilder& b = u_->b;
  bool inFunction = u_->kind == UnitKind::Function || u_->kind == UnitKind::AsyncFunction;
  if (!inFunction) return fail("'return' outside function", s->span());
  if (s->value != nullptr && u_->block->coroutine && u_->block->generator) {
    return fail("'return' with value in async generator", s->span());
  }
  bool runs = unwindRunsCode(0);
  const Const* c = s->value == nullptr ? nullptr : folder_.constantOf(s->value);
  bool isNone = s->value == nullptr || (c != nullptr && c->kind == Const::Kind::None);
  u32 use = kNoReg;
  if (!isNone && c == nullptr) {
    use = operand(s->value);
    // What runs on the way out may rebind the local.
    if (runs && !isTemp(use)) {
      u32 t = newTemp();
      b.Move(t, use);
      use = t | kKill;
    }
  }
  // Each line of the statement gets its event before anything runs on the way out.
  if (c != nullptr && s->value != nullptr) {
    at(s->value);
    b.Nop();
  }
  // A constant is the position's subject: nothing else is left of the statement.
  bool ownLine = s->value == nullptr || s->value->line != s->line;
  if (ownLine || c == nullptr) at(s);
  if (ownLine) b.Nop();
  u32 held = use != kNoReg && isTemp(use) ? keep(use) : u32(kNoReg);
  unwind(0, held, [&] {
    if (isNone) return b.ReturnNone();
    if (c != nullptr) {
      u32 t = newTemp();
      loadConst(*c, t);
      use = t | kKill;
    }
    b.Return(use);
  });
}

// --- assignment ----------------------------------------------------------------------------

void Codegen::assign(const Assign* s) {
  CodeBuilder& b = u_->b;
  if (s->targets.count == 1) {
    const Expr* target = s->targets[0];
    int fast = fastTarget(target);
    if (fast >= 0) return exprTo(s->value, u32(fast));
    const Seq<Expr*>* to = nullptr;
    if (auto* t = dynAs<ast::Tuple>(target)) to = &t->elts;
    if (auto* t = dynAs<ast::List>(target)) to = &t->elts;
    auto* from = dynAs<ast::Tuple>(s->value);
    if (to != nullptr && from != nullptr && to->count == from->elts.count && to->count > 0 &&
        to->count <= 16 && folder_.constantOf(from) == nullptr) {
      // a, b = b, a: no tuple is needed.
      bool stars = false;
      for (u32 i = 0; i < to->count; i++) {
        stars = stars || (*to)[i]->kind == Kind::Starred || from->elts[i]->kind == Kind::Starred;
      }
      if (!stars) {
        u32 first = tempAt(u_->top);
        for (const Expr* e : from->elts) toTemp(e);
        for (u32 i = 0; i < to->count; i++) store((*to)[i], (first + i) | kKill);
        return;
      }
    }
    u32 use = operandBefore(s->value, {target});
    return store(target, use);
  }
  u32 use = operand(s->value);
  bool allNames = true;
  for (const Expr* t : s->targets) allNames = allNames && t->kind == Kind::Name;
  if (!isTemp(use) && !allNames) {
    u32 t = newTemp();
    b.Move(t, use);
    use = t | kKill;
  }
  for (u32 i = 0; i < s->targets.count; i++) {
    store(s->targets[i], i + 1 == s->targets.count ? use : keep(use));
  }
}

void Codegen::store(const Expr* target, u32 use) {
  CodeBuilder& b = u_->b;
  Deeper deeper(*this);
  if (tooDeep(target)) return;
  u32 top = u_->top;
  switch (target->kind) {
    case Kind::Name:
      at(target);
      storeName(as<Name>(target)->id, use);
      break;
    case Kind::Attribute: {
      auto* a = as<Attribute>(target);
      if (a->value->kind == Kind::Name && *as<Name>(a->value)->id == "self") {
        for (Unit* u = u_; u != nullptr; u = u->parent) {
          if (u->kind != UnitKind::Class) continue;
          u->staticAttributes.insert(std::string(a->attr->view()));
          break;
        }
      }
      u32 object = operand(a->value);
      at(attributeSpan(a, a->span()));
      b.StoreAttr(object, use, mangledIndex(a->attr));
      break;
    }
    case Kind::Subscript: {
      auto* s = as<Subscript>(target);
      u32 object = operandBefore(s->value, {s->slice});
      if (isPlainSlice(s->slice)) {
        u32 run = tempAt(u_->top);
        sliceParts(as<ast::Slice>(s->slice));
        at(target);
        b.SetSlice(object, run, use);
      } else {
        u32 index = operand(s->slice);
        at(target);
        b.SetItem(object, index, use);
      }
      break;
    }
    case Kind::List:
      unpack(target, as<ast::List>(target)->elts, use);
      break;
    case Kind::Tuple:
      unpack(target, as<ast::Tuple>(target)->elts, use);
      break;
    case Kind::Starred:
      fail("starred assignment target must be in a list or tuple", target->span());
      break;
    default:
      fail("cannot assign to expression", target->span());
  }
  u_->top = top;
}

void Codegen::unpack(const Expr* target, const Seq<Expr*>& elts, u32 use) {
  CodeBuilder& b = u_->b;
  int star = -1;
  for (u32 i = 0; i < elts.count; i++) {
    if (elts[i]->kind != Kind::Starred) continue;
    if (star >= 0) return fail("multiple starred expressions in assignment", target->span());
    if (i >= (1u << 8) || elts.count - i - 1 >= (1u << 23)) {
      return fail("too many expressions in star-unpacking assignment", target->span());
    }
    star = int(i);
  }
  u32 first = tempAt(u_->top);
  u_->top += elts.count;
  b.needRegisters(first + elts.count + 1);
  if (b.tooManyRegisters()) return;
  at(target);
  if (star >= 0) {
    b.UnpackEx(first, use, star, elts.count - u32(star) - 1);
  } else {
    b.UnpackSequence(first, use, elts.count);
  }
  for (u32 i = 0; i < elts.count; i++) {
    const Expr* e = elts[i];
    if (auto* starred = dynAs<Starred>(e)) e = starred->value;
    store(e, (first + i) | kKill);
  }
}

void Codegen::augAssign(const AugAssign* s) {
  CodeBuilder& b = u_->b;
  switch (s->target->kind) {
    case Kind::Name: {
      int fast = fastTarget(s->target);
      if (fast >= 0) {
        u32 left = operandBefore(s->target, {s->value});
        return augOp(s->op, u32(fast), left, s->value, s);
      }
      u32 left = newTemp();
      at(s->target);
      loadName(as<Name>(s->target)->id, left);
      augOp(s->op, left, left | kKill, s->value, s);
      at(s->target);
      return storeName(as<Name>(s->target)->id, left | kKill);
    }
    case Kind::Attribute: {
      auto* a = as<Attribute>(s->target);
      u32 object = operandBefore(a->value, {s->value});
      u32 value = newTemp();
      at(attributeSpan(a, a->span()));
      b.LoadAttr(value, keep(object), mangledIndex(a->attr));
      augOp(s->op, value, value | kKill, s->value, s);
      at(attributeSpan(a, a->span()));
      return b.StoreAttr(object, value | kKill, mangledIndex(a->attr));
    }
    case Kind::Subscript: {
      auto* sub = as<Subscript>(s->target);
      u32 object = operandBefore(sub->value, {sub->slice, s->value});
      u32 index = operandBefore(sub->slice, {s->value});
      u32 value = newTemp();
      at(s->target);
      b.GetItem(value, keep(object), keep(index));
      augOp(s->op, value, value | kKill, s->value, s);
      at(s->target);
      return b.SetItem(object, index, value | kKill);
    }
    default:
      fail("invalid augmented assignment target", s->target->span());
  }
}

void Codegen::deleteTarget(const Expr* target) {
  CodeBuilder& b = u_->b;
  Deeper deeper(*this);
  if (tooDeep(target)) return;
  u32 top = u_->top;
  switch (target->kind) {
    case Kind::Name:
      at(target);
      deleteName(as<Name>(target)->id);
      break;
    case Kind::Attribute: {
      auto* a = as<Attribute>(target);
      u32 object = operand(a->value);
      at(attributeSpan(a, a->span()));
      b.DeleteAttr(object, mangledIndex(a->attr));
      break;
    }
    case Kind::Subscript: {
      auto* s = as<Subscript>(target);
      u32 object = operandBefore(s->value, {s->slice});
      u32 index = operand(s->slice);
      at(target);
      b.DeleteItem(object, index);
      break;
    }
    case Kind::List:
      for (const Expr* e : as<ast::List>(target)->elts) deleteTarget(e);
      break;
    case Kind::Tuple:
      for (const Expr* e : as<ast::Tuple>(target)->elts) deleteTarget(e);
      break;
    default:
      fail("can't use starred expression here", target->span());
  }
  u_->top = top;
}

// --- control flow --------------------------------------------------------------------------

void Codegen::ifStmt(const If* s) {
  CodeBuilder& b = u_->b;
  Label end = b.newLabel();
  // An elif chain is a loop here, however long it is.
  for (;;) {
    Label next = s->orelse.empty() ? end : b.newLabel();
    jumpIf(s->test, next, false);
    body(s->body);
    if (s->orelse.empty()) break;
    b.setNoPosition();
    b.jump(end);
    b.bind(next);
    auto* elif = s->orelse.count == 1 ? dynAs<If>(s->orelse[0]) : nullptr;
    if (elif == nullptr) {
      body(s->orelse);
      break;
    }
    s = elif;
    at(s);
  }
  b.bind(end);
}

void Codegen::whileStmt(const While* s) {
  CodeBuilder& b = u_->b;
  Label head = b.newLabel(), exhausted = b.newLabel(), end = b.newLabel();
  b.bindLoopHead(head);
  FrameBlock block{FrameBlock::Kind::Loop, end, head};
  block.span = s->span();
  pushBlock(block);
  jumpIf(s->test, exhausted, false);
  body(s->body);
  b.setNoPosition();
  b.jump(head);
  u_->blocks.pop_back();
  b.bind(exhausted);
  body(s->orelse);
  b.bind(end);
}

template <class F>
void Codegen::forStmt(const F* s) {
  CodeBuilder& b = u_->b;
  Label head = b.newLabel(), exhausted = b.newLabel(), end = b.newLabel();
  u32 iterator = newTemp();
  u32 top = u_->top;
  // A list display that is only iterated over may as well be a tuple.
  const ast::List* list = dynAs<ast::List>(s->iter);
  Const tuple = Const::tuple({});
  bool constant = list != nullptr && !list->elts.empty();
  if (constant) {
    for (const Expr* e : list->elts) {
      const Const* c = folder_.constantOf(e);
      if (c == nullptr) {
        constant = false;
        break;
      }
      tuple.items.push_back(*c);
    }
  }
  u32 use;
  if (constant) {
    at(s->iter);
    loadConst(tuple, iterator);
    use = iterator | kKill;
  } else {
    use = operand(s->iter);
  }
  at(s->iter);
  b.GetIter(iterator, use);
  u_->top = top;
  b.bindLoopHead(head);
  FrameBlock block{FrameBlock::Kind::Loop, end, head};
  block.reg = iterator;
  block.span = s->span();
  pushBlock(block);
  at(s->iter);
  int fast = fastTarget(s->target);
  if (fast >= 0) {
    b.ForIter(u32(fast), iterator, exhausted);
  } else {
    u32 item = newTemp();
    b.ForIter(item, iterator, exhausted);
    store(s->target, item | kKill);
    u_->top = top;
  }
  body(s->body);
  b.setNoPosition();
  b.jump(head);
  u_->blocks.pop_back();
  b.bind(exhausted);
  at(s->iter);
  b.Release(iterator);
  body(s->orelse);
  b.bind(end);
}

void Codegen::asyncForStmt(const AsyncFor* s) {
  CodeBuilder& b = u_->b;
  Label head = b.newLabel(), finished = b.newLabel(), end = b.newLabel();
  u32 iterator = newTemp();
  u32 top = u_->top;
  u32 use = operand(s->iter);
  at(s->iter);
  b.GetAIter(iterator, use);
  u_->top = top;
  b.bindLoopHead(head);
  FrameBlock block{FrameBlock::Kind::Loop, end, head};
  block.reg = iterator;
  block.span = s->span();
  pushBlock(block);
  at(s->iter);
  u32 item = newTemp();
  b.pushHandler(finished, item, item);
  b.GetANext(item, iterator);
  u32 value = delegate(item);
  b.popHandler();
  store(s->target, value | kKill);
  u_->top = top;
  body(s->body);
  b.setNoPosition();
  b.jump(head);
  u_->blocks.pop_back();
  b.bindHandler(finished);
  at(s->iter);
  b.EndAsyncFor(item | kKill);
  b.Release(iterator);
  body(s->orelse);
  b.bind(end);
}

void Codegen::jumpOut(const Stmt* s, bool isBreak) {
  CodeBuilder& b = u_->b;
  for (size_t i = u_->blocks.size(); i-- > 0;) {
    FrameBlock block = u_->blocks[i];
    if (block.kind == FrameBlock::Kind::ExceptStar) {
      return fail("'break', 'continue' and 'return' cannot appear in an except* block", s->span());
    }
    if (block.kind != FrameBlock::Kind::Loop) continue;
    b.Nop();
    return unwind(i + 1, kNoReg, [&] {
      if (isBreak && block.reg != kNoReg) b.Release(block.reg);
      b.jump(isBreak ? block.breakTo : block.continueTo);
    });
  }
  fail(isBreak ? "'break' outside loop" : "'continue' not properly in loop", s->span());
}

// --- the rest ------------------------------------------------------------------------------

void Codegen::assertStmt(const Assert* s) {
  CodeBuilder& b = u_->b;
  auto* tuple = dynAs<ast::Tuple>(s->test);
  bool constantTuple = false;
  if (const Const* c = folder_.constantOf(s->test)) {
    constantTuple = c->kind == Const::Kind::Tuple && !c->items.empty();
  }
  if ((tuple != nullptr && !tuple->elts.empty()) || constantTuple) {
    warn("assertion is always true, perhaps remove parentheses?", s->span());
  }
  if (options_.optimize > 0) return;
  Label end = b.newLabel();
  jumpIf(s->test, end, true);
  u32 error = newTemp();
  if (s->msg == nullptr) {
    at(s->test);
    b.LoadCommon(error, 0);
  } else {
    u32 window = newWindow();
    u32 callable = newTemp();
    at(s->test);
    b.LoadCommon(callable, 0);
    toTemp(s->msg);
    at(s->test);
    b.Call(error, window, 1);
  }
  at(s->test);
  b.Raise(error | kKill, kNoReg, 1);
  b.bind(end);
}

void Codegen::raiseStmt(const ast::Raise* s) {
  CodeBuilder& b = u_->b;
  if (s->exc == nullptr) return b.Raise(kNoReg, kNoReg, 0);
  if (s->cause == nullptr) {
    u32 exc = operand(s->exc);
    at(s);
    return b.Raise(exc, kNoReg, 1);
  }
  u32 exc = operandBefore(s->exc, {s->cause});
  u32 cause = operand(s->cause);
  at(s);
  b.Raise(exc, cause, 2);
}

void Codegen::import(const ast::Import* s) {
  CodeBuilder& b = u_->b;
  for (const Alias* a : s->names) {
    std::string_view name = a->name->view();
    u32 module = newTemp();
    at(s);
    b.LoadNone(module);
    b.ImportName(module, module | kKill, 0, nameIndex(a->name));
    size_t dot = name.find('.');
    if (a->asname == nullptr) {
      Identifier first = dot == name.npos ? a->name : id(name.substr(0, dot));
      storeName(first, module | kKill);
    } else {
      // import a.b.c as d: the attributes, one by one.
      while (dot != name.npos) {
        name = name.substr(dot + 1);
        dot = name.find('.');
        u32 next = newTemp();
        b.ImportFrom(next, module, b.name(name.substr(0, dot)));
        b.Release(module);
        b.Move(module, next | kKill);
        u_->top--;
      }
      storeName(a->asname, module | kKill);
    }
    u_->top--;
  }
}

void Codegen::importFrom(const ast::ImportFrom* s) {
  CodeBuilder& b = u_->b;
  u32 module = newTemp();
  Const names = Const::tuple({});
  for (const Alias* a : s->names) names.items.push_back(Const::str(a->name->view()));
  loadConst(names, module);
  Identifier from = s->module != nullptr ? s->module : id("");
  b.ImportName(module, module | kKill, s->level, nameIndex(from));
  if (s->names.count == 1 && *s->names[0]->name == "*") return b.ImportStar(module | kKill);
  for (const Alias* a : s->names) {
    Identifier target = a->asname != nullptr ? a->asname : a->name;
    u32 item = newTemp();
    b.ImportFrom(item, module, nameIndex(a->name));
    storeName(target, item | kKill);
    u_->top--;
  }
  b.Release(module);
}

// --- doc strings ---------------------------------------------------------------------------

bool Codegen::hasDoc(const Seq<Stmt*>& stmts) const {
  if (stmts.empty()) return false;
  auto* e = dynAs<ExprStmt>(stmts[0]);
  auto* c = e == nullptr ? nullptr : dynAs<ast::Constant>(e->value);
  return c != nullptr && c->value.kind == ConstantValue::Kind::Str;
}

// Without the indentation that its lines have in common (PEP 257).
std::string Codegen::docOf(const Seq<Stmt*>& stmts) const {
  std::string_view raw = as<ast::Constant>(as<ExprStmt>(stmts[0])->value)->value.text->view();
  std::string text;
  size_t column = 0;
  for (char c : raw) {
    if (c == '\t') {
      size_t spaces = 8 - column % 8;
      text.append(spaces, ' ');
      column += spaces;
      continue;
    }
    text += c;
    if ((u8(c) & 0xC0) != 0x80) column++;
    if (c == '\n' || c == '\r') column = 0;
  }
  auto indentAt = [&](size_t from) {
    size_t i = from;
    while (i < text.size() && text[i] == ' ') i++;
    return i - from;
  };
  size_t margin = text.npos;
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1)) {
    size_t indent = indentAt(end + 1);
    size_t after = end + 1 + indent;
    if (after < text.size() && text[after] != '\n') margin = std::min(margin, indent);
  }
  std::string out;
  size_t start = indentAt(0);
  for (;;) {
    size_t end = text.find('\n', start);
    if (end == text.npos) {
      out.append(text, start);
      return out;
    }
    out.append(text, start, end - start + 1);
    size_t indent = indentAt(end + 1);
    start = end + 1 + (margin == text.npos ? indent : std::min(indent, margin));
  }
}

}  // namespace dx::compiler
