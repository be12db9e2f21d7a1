// Expressions, without calls and comprehensions.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

namespace {

// Displays longer than this are built item by item, so that the frame stays small.
constexpr u32 kLongDisplay = 30;

bool isStarred(const Expr* e) { return e->kind == Kind::Starred; }

bool smallInt(const Const* c) { return c != nullptr && c->isInt() && c->number == i16(c->number); }

}  // namespace

// --- where values are ----------------------------------------------------------------------

bool Codegen::bindsNames(const Expr* e) const {
  if (e == nullptr) return false;
  if (e->kind == Kind::NamedExpr) return true;
  bool found = false;
  forEachChild(e, [&](const Node* child) {
    if (!found && is<Expr>(child)) found = bindsNames(static_cast<const Expr*>(child));
    if (!found && child->kind == Kind::Comprehension) {
      forEachChild(child, [&](const Node* c) {
        if (is<Expr>(c)) found = found || bindsNames(static_cast<const Expr*>(c));
      });
    }
    if (!found && child->kind == Kind::Keyword) {
      found = bindsNames(static_cast<const ast::Keyword*>(child)->value);
    }
  });
  return found;
}

u32 Codegen::operand(const Expr* e) {
  if (e->kind == Kind::Name) {
    int reg = fastTarget(e);
    if (reg >= 0 && !(*as<Name>(e)->id == "__debug__")) {
      at(e);
      return boundLocal(u32(reg));
    }
  } else if (auto* named = dynAs<NamedExpr>(e)) {
    int reg = fastTarget(named->target);
    if (reg >= 0) {
      exprTo(named->value, u32(reg));
      return u32(reg);
    }
  }
  return toTemp(e) | kKill;
}

u32 Codegen::operandBefore(const Expr* e, std::initializer_list<const Expr*> later) {
  u32 use = operand(e);
  if (isTemp(use) || !u_->block->hasNamedExpr) return use;
  for (const Expr* l : later) {
    if (!bindsNames(l)) continue;
    u32 t = newTemp();
    u_->b.Move(t, use);
    return t | kKill;
  }
  return use;
}

u32 Codegen::operandIn(const Expr* e, u32 dst, std::initializer_list<const Expr*> later) {
  if (e->kind == Kind::Name && fastTarget(e) >= 0) return operandBefore(e, later);
  if (!isTemp(dst)) return operandBefore(e, later);
  exprTo(e, dst);
  return dst | kKill;
}

void Codegen::exprTo(const Expr* e, u32 dst) {
  Deeper deeper(*this);
  if (tooDeep(e)) return;
  u32 top = u_->top;
  if (const Const* c = folder_.constantOf(e)) {
    at(e);
    loadConst(*c, dst);
  } else {
    exprToNow(e, dst);
  }
  u_->top = top;
}

void Codegen::exprToNow(const Expr* e, u32 dst) {
  CodeBuilder& b = u_->b;
  switch (e->kind) {
    case Kind::BoolOp:
      return boolOp(as<BoolOp>(e), dst);
    case Kind::NamedExpr: {
      auto* n = as<NamedExpr>(e);
      int reg = fastTarget(n->target);
      if (reg >= 0) {
        exprTo(n->value, u32(reg));
        at(e);
        if (u32(reg) != dst) b.Move(dst, u32(reg));
        return;
      }
      u32 work = workFor(dst);
      exprTo(n->value, work);
      at(n->target);
      storeName(as<Name>(n->target)->id, work);
      at(e);
      return finishWork(work, dst);
    }
    case Kind::BinOp:
      return binOp(as<BinOp>(e), dst);
    case Kind::UnaryOp: {
      auto* u = as<UnaryOp>(e);
      u32 use = operandIn(u->operand, dst);
      at(e);
      switch (u->op) {
        case UnaryOperator::Invert:
          return b.Invert(dst, use);
        case UnaryOperator::Not:
          return b.Not(dst, use);
        case UnaryOperator::UAdd:
          return b.Pos(dst, use);
        case UnaryOperator::USub:
          return b.Neg(dst, use);
      }
      return;
    }
    case Kind::Lambda:
      return lambda(as<Lambda>(e), dst);
    case Kind::IfExp: {
      auto* i = as<IfExp>(e);
      Label orelse = b.newLabel(), end = b.newLabel();
      jumpIf(i->test, orelse, false);
      exprTo(i->body, dst);
      b.jump(end);
      b.bind(orelse);
      exprTo(i->orelse, dst);
      b.bind(end);
      return;
    }
    case Kind::Dict:
      return dict(as<ast::Dict>(e), dst);
    case Kind::Set:
      at(e);
      return display(as<ast::Set>(e)->elts, dst, Kind::Set);
    case Kind::List:
      at(e);
      return display(as<ast::List>(e)->elts, dst, Kind::List);
    case Kind::Tuple:
      at(e);
      return display(as<ast::Tuple>(e)->elts, dst, Kind::Tuple);
    case Kind::ListComp: {
      auto* c = as<ListComp>(e);
      return comprehension(
          {e, &c->generators, c->elt, nullptr, ComprehensionType::List, "<listcomp>"}, dst);
    }
    case Kind::SetComp: {
      auto* c = as<SetComp>(e);
      return comprehension(
          {e, &c->generators, c->elt, nullptr, ComprehensionType::Set, "<setcomp>"}, dst);
    }
    case Kind::DictComp: {
      auto* c = as<DictComp>(e);
      return comprehension(
          {e, &c->generators, c->key, c->value, ComprehensionType::Dict, "<dictcomp>"}, dst);
    }
    case Kind::GeneratorExp: {
      auto* c = as<GeneratorExp>(e);
      return comprehension(
          {e, &c->generators, c->elt, nullptr, ComprehensionType::Generator, "<genexpr>"}, dst);
    }
    case Kind::Await:
      return await(as<Await>(e), dst);
    case Kind::Yield:
      return yield(as<ast::Yield>(e), dst);
    case Kind::YieldFrom:
      return yieldFrom(as<YieldFrom>(e), dst);
    case Kind::Compare:
      return compare(as<Compare>(e), dst);
    case Kind::Call:
      return call(as<ast::Call>(e), dst);
    case Kind::FormattedValue:
      return formattedValue(as<FormattedValue>(e), dst);
    case Kind::Interpolation:
      return interpolation(as<Interpolation>(e), dst);
    case Kind::JoinedStr:
      at(e);
      return joinedStr(as<JoinedStr>(e)->values, dst);
    case Kind::TemplateStr:
      return templateStr(as<TemplateStr>(e), dst);
    case Kind::Attribute:
      return attribute(as<Attribute>(e), dst);
    case Kind::Subscript:
      return subscript(as<Subscript>(e), dst);
    case Kind::Starred:
      return fail("can't use starred expression here", e->span());
    case Kind::Name:
      at(e);
      return loadName(as<Name>(e)->id, dst);
    case Kind::Slice:
      return slice(as<ast::Slice>(e), dst);
    default:
      DX_UNREACHABLE();
  }
}

// --- operators -----------------------------------------------------------------------------

// Jumps to `target`, with the value in `work`, if its truth is `sense`. Otherwise falls through;
// then `work` may hold a value that nobody wants (the result) or is empty. No value is asked for
// its truth twice.
bool Codegen::valueOrJump(const Expr* e, u32 work, Label target, bool sense) {
  CodeBuilder& b = u_->b;
  Deeper deeper(*this);
  if (tooDeep(e)) return false;
  if (const Const* c = folder_.constantOf(e)) {
    if (Folder::isTrue(*c) != sense) return false;
    exprTo(e, work);
    b.jump(target);
    return false;
  }
  auto* o = dynAs<BoolOp>(e);
  if (o == nullptr) {
    exprTo(e, work);
    at(e);
    if (sense) {
      b.JumpIfTrue(work, target);
    } else {
      b.JumpIfFalse(work, target);
    }
    return true;
  }
  bool isOr = o->op == BoolOperator::Or;
  Label past = b.newLabel();
  u32 last = o->values.count - 1;
  for (u32 i = 0; i < last; i++) {
    if (valueOrJump(o->values[i], work, isOr == sense ? target : past, isOr)) b.Release(work);
  }
  bool full = valueOrJump(o->values[last], work, target, sense);
  full = full || b.isReached(past);
  b.bind(past);
  return full;
}

void Codegen::boolOp(const BoolOp* e, u32 dst) {
  CodeBuilder& b = u_->b;
  bool isOr = e->op == BoolOperator::Or;
  Label end = b.newLabel();
  u32 work = workFor(dst);
  u32 last = e->values.count - 1;
  for (u32 i = 0; i < last; i++) {
    if (valueOrJump(e->values[i], work, end, isOr)) b.Release(work);
  }
  exprTo(e->values[last], work);
  b.bind(end);
  finishWork(work, dst);
}

void Codegen::emitBinary(Operator op, u32 dst, u32 l, u32 r, bool inPlace) {
  CodeBuilder& b = u_->b;
  switch (op) {
    case Operator::Add:
      return b.Add(dst, l, r, inPlace);
    case Operator::Sub:
      return b.Sub(dst, l, r, inPlace);
    case Operator::Mult:
      return b.Mul(dst, l, r, inPlace);
    case Operator::MatMult:
      return b.MatMul(dst, l, r, inPlace);
    case Operator::Div:
      return b.TrueDiv(dst, l, r, inPlace);
    case Operator::Mod:
      return b.Mod(dst, l, r, inPlace);
    case Operator::Pow:
      return b.Pow(dst, l, r, inPlace);
    case Operator::LShift:
      return b.LShift(dst, l, r, inPlace);
    case Operator::RShift:
      return b.RShift(dst, l, r, inPlace);
    case Operator::BitOr:
      return b.Or(dst, l, r, inPlace);
    case Operator::BitXor:
      return b.Xor(dst, l, r, inPlace);
    case Operator::BitAnd:
      return b.And(dst, l, r, inPlace);
    case Operator::FloorDiv:
      return b.FloorDiv(dst, l, r, inPlace);
  }
}

// dst = left op value; `left` was evaluated before.
void Codegen::augOp(Operator op, u32 dst, u32 left, const Expr* value, const Node* pos) {
  CodeBuilder& b = u_->b;
  const Const* c = folder_.constantOf(value);
  if ((op == Operator::Add || op == Operator::Sub) && smallInt(c)) {
    at(pos);
    if (op == Operator::Add) return b.AddInt(dst, left, u16(c->number), 1);
    return b.SubInt(dst, left, u16(c->number), 1);
  }
  u32 right = operand(value);
  at(pos);
  emitBinary(op, dst, left, right, true);
}

void Codegen::binOp(const BinOp* e, u32 dst) {
  CodeBuilder& b = u_->b;
  const Const* c = folder_.constantOf(e->right);
  u32 l = operandIn(e->left, dst, {e->right});
  if ((e->op == Operator::Add || e->op == Operator::Sub) && smallInt(c)) {
    at(e);
    if (e->op == Operator::Add) return b.AddInt(dst, l, u16(c->number), 0);
    return b.SubInt(dst, l, u16(c->number), 0);
  }
  u32 r = operand(e->right);
  at(e);
  emitBinary(e->op, dst, l, r, false);
}

void Codegen::emitCompare(CmpOperator op, u32 dst, u32 l, u32 r) {
  CodeBuilder& b = u_->b;
  switch (op) {
    case CmpOperator::Eq:
      return b.Eq(dst, l, r);
    case CmpOperator::NotEq:
      return b.Ne(dst, l, r);
    case CmpOperator::Lt:
      return b.Lt(dst, l, r);
    case CmpOperator::LtE:
      return b.Le(dst, l, r);
    case CmpOperator::Gt:
      return b.Gt(dst, l, r);
    case CmpOperator::GtE:
      return b.Ge(dst, l, r);
    case CmpOperator::Is:
      return b.Is(dst, l, r, 0);
    case CmpOperator::IsNot:
      return b.Is(dst, l, r, 1);
    case CmpOperator::In:
      return b.In(dst, l, r, 0);
    case CmpOperator::NotIn:
      return b.In(dst, l, r, 1);
  }
}

// The comparison with a small int, when there is an instruction for it.
bool Codegen::emitCompareJumpInt(CmpOperator op, u32 l, i64 number, Label target, bool sense) {
  CodeBuilder& b = u_->b;
  u16 r = u16(number);
  switch (op) {
    case CmpOperator::Eq:
      b.JumpEqInt(l, r, target, sense);
      return true;
    case CmpOperator::NotEq:
      b.JumpNeInt(l, r, target, sense);
      return true;
    case CmpOperator::Lt:
      b.JumpLtInt(l, r, target, sense);
      return true;
    case CmpOperator::LtE:
      b.JumpLeInt(l, r, target, sense);
      return true;
    case CmpOperator::Gt:
      b.JumpGtInt(l, r, target, sense);
      return true;
    case CmpOperator::GtE:
      b.JumpGeInt(l, r, target, sense);
      return true;
    default:
      return false;
  }
}

void Codegen::emitCompareJump(CmpOperator op, u32 l, u32 r, Label target, bool sense) {
  CodeBuilder& b = u_->b;
  switch (op) {
    case CmpOperator::Eq:
      return b.JumpEq(l, r, target, sense);
    case CmpOperator::NotEq:
      return b.JumpNe(l, r, target, sense);
    case CmpOperator::Lt:
      return b.JumpLt(l, r, target, sense);
    case CmpOperator::LtE:
      return b.JumpLe(l, r, target, sense);
    case CmpOperator::Gt:
      return b.JumpGt(l, r, target, sense);
    case CmpOperator::GtE:
      return b.JumpGe(l, r, target, sense);
    case CmpOperator::Is:
      return b.JumpIs(l, r, target, sense);
    case CmpOperator::IsNot:
      return b.JumpIs(l, r, target, !sense);
    case CmpOperator::In:
      return b.JumpIn(l, r, target, sense);
    case CmpOperator::NotIn:
      return b.JumpIn(l, r, target, !sense);
  }
}

// The right side of a comparison; a display of constants behind `in` becomes one constant.
u32 Codegen::comparator(const Compare* e, u32 i) {
  const Expr* right = e->comparators[i];
  CmpOperator op = e->ops[i];
  if (op == CmpOperator::In || op == CmpOperator::NotIn) {
    const Seq<Expr*>* elts = nullptr;
    if (auto* l = dynAs<ast::List>(right)) elts = &l->elts;
    if (auto* s = dynAs<ast::Set>(right)) elts = &s->elts;
    if (elts != nullptr) {
      Const c = Const::of(right->kind == Kind::Set ? Const::Kind::FrozenSet : Const::Kind::Tuple);
      for (const Expr* item : *elts) {
        const Const* value = folder_.constantOf(item);
        if (value == nullptr) return operand(right);
        c.items.push_back(*value);
      }
      u32 t = newTemp();
      at(right);
      loadConst(c, t);
      return t | kKill;
    }
  }
  return operand(right);
}

// The middle value of a chain of comparisons as the left one of the next. The chain's first
// temporary is empty by now; going back to it keeps long chains to two of them.
u32 Codegen::chainLeft(u32 middle, u32 firstTop) {
  if (!isTemp(middle)) {
    u_->top = firstTop;
    return middle;
  }
  u32 first = tempAt(firstTop);
  if (keep(middle) != first) u_->b.Move(first, middle);
  u_->top = firstTop + 1;
  return first | kKill;
}

void Codegen::compare(const Compare* e, u32 dst) {
  CodeBuilder& b = u_->b;
  checkCompare(e);
  u32 last = e->ops.count - 1;
  if (last == 0) {
    u32 l = operandIn(e->left, dst, {e->comparators[0]});
    u32 r = comparator(e, 0);
    at(e);
    return emitCompare(e->ops[0], dst, l, r);
  }
  u32 work = workFor(dst), firstTop = u_->top;
  u32 l = operandBefore(e->left, {e->comparators[0]});
  Label cleanup = b.newLabel(), end = b.newLabel();
  std::set<u32> middles;
  for (u32 i = 0; i < last; i++) {
    u32 r = comparator(e, i);
    if (!isTemp(r) && u_->block->hasNamedExpr && bindsNames(e->comparators[i + 1])) {
      u32 t = newTemp();
      b.Move(t, r);
      r = t | kKill;
    }
    if (isTemp(r)) middles.insert(keep(r));
    at(e);
    emitCompare(e->ops[i], work, l, keep(r));
    b.JumpIfFalse(work, cleanup);
    l = i + 1 < last ? chainLeft(r, firstTop) : r;
  }
  u32 r = comparator(e, last);
  at(e);
  emitCompare(e->ops[last], work, l, r);
  if (!middles.empty()) b.jump(end);
  b.bind(cleanup);
  for (u32 t : middles) b.Release(t);
  b.bind(end);
  finishWork(work, dst);
}

void Codegen::jumpIf(const Expr* e, Label target, bool sense) {
  CodeBuilder& b = u_->b;
  Deeper deeper(*this);
  if (tooDeep(e)) return;
  u32 top = u_->top;
  if (const Const* c = folder_.constantOf(e)) {
    at(e);
    b.Nop();
    if (Folder::isTrue(*c) == sense) b.jump(target);
    return;
  }
  switch (e->kind) {
    case Kind::UnaryOp:
      if (as<UnaryOp>(e)->op != UnaryOperator::Not) break;
      return jumpIf(as<UnaryOp>(e)->operand, target, !sense);
    case Kind::BoolOp: {
      auto* o = as<BoolOp>(e);
      bool isOr = o->op == BoolOperator::Or;
      // What decides early goes to the target, or past the whole when that is the other outcome.
      Label past = b.newLabel();
      Label early = isOr == sense ? target : past;
      u32 last = o->values.count - 1;
      for (u32 i = 0; i < last; i++) jumpIf(o->values[i], early, isOr);
      jumpIf(o->values[last], target, sense);
      b.bind(past);
      return;
    }
    case Kind::IfExp: {
      auto* i = as<IfExp>(e);
      Label orelse = b.newLabel(), end = b.newLabel();
      jumpIf(i->test, orelse, false);
      jumpIf(i->body, target, sense);
      b.jump(end);
      b.bind(orelse);
      jumpIf(i->orelse, target, sense);
      b.bind(end);
      return;
    }
    case Kind::Compare: {
      auto* c = as<Compare>(e);
      checkCompare(c);
      u32 last = c->ops.count - 1;
      if (last == 0) {
        CmpOperator op = c->ops[0];
        bool isNone = false;
        const Const* right = folder_.constantOf(c->comparators[0]);
        if (op == CmpOperator::Is || op == CmpOperator::IsNot)
          isNone = right != nullptr && right->kind == Const::Kind::None;
        u32 l = operandBefore(c->left, {c->comparators[0]});
        if (isNone) {
          at(e);
          if ((op == CmpOperator::Is) == sense) {
            b.JumpIfNone(l, target);
          } else {
            b.JumpIfNotNone(l, target);
          }
        } else if (at(e); smallInt(right) &&
                          emitCompareJumpInt(op, l, i64(right->number), target, sense)) {
        } else {
          u32 r = comparator(c, 0);
          at(e);
          emitCompareJump(op, l, r, target, sense);
        }
        u_->top = top;
        return;
      }
      u32 l = operandBefore(c->left, {c->comparators[0]});
      Label cleanup = b.newLabel(), end = b.newLabel();
      std::set<u32> middles;
      for (u32 i = 0; i < last; i++) {
        u32 r = comparator(c, i);
        if (!isTemp(r) && u_->block->hasNamedExpr && bindsNames(c->comparators[i + 1])) {
          u32 t = newTemp();
          b.Move(t, r);
          r = t | kKill;
        }
        if (isTemp(r)) middles.insert(keep(r));
        at(e);
        emitCompareJump(c->ops[i], l, keep(r), cleanup, false);
        l = i + 1 < last ? chainLeft(r, top) : r;
      }
      u32 r = comparator(c, last);
      at(e);
      emitCompareJump(c->ops[last], l, r, target, sense);
      if (middles.empty() && sense) {
        b.bind(cleanup);
      } else {
        b.jump(end);
        b.bind(cleanup);
        for (u32 t : middles) b.Release(t);
        if (!sense) b.jump(target);
        b.bind(end);
      }
      u_->top = top;
      return;
    }
    default:
      break;
  }
  u32 use = operand(e);
  at(e);
  if (sense) {
    b.JumpIfTrue(use, target);
  } else {
    b.JumpIfFalse(use, target);
  }
  u_->top = top;
}

// --- subscripts ----------------------------------------------------------------------------

// A slice of two parts of which not both are constants: it needs no slice object.
bool Codegen::isPlainSlice(const Expr* e) {
  auto* s = dynAs<ast::Slice>(e);
  if (s == nullptr || s->step != nullptr) return false;
  bool constant = (s->lower == nullptr || folder_.constantOf(s->lower) != nullptr) &&
                  (s->upper == nullptr || folder_.constantOf(s->upper) != nullptr);
  return !constant;
}

void Codegen::sliceParts(const ast::Slice* s) {
  auto part = [&](const Expr* e) {
    u32 t = newTemp();
    if (e != nullptr) {
      exprTo(e, t);
    } else {
      at(s);
      u_->b.LoadNone(t);
    }
  };
  part(s->lower);
  part(s->upper);
  if (s->step != nullptr) part(s->step);
}

void Codegen::slice(const ast::Slice* s, u32 dst) {
  Const c = Const::of(Const::Kind::Slice);
  bool constant = true;
  for (const Expr* e : {s->lower, s->upper, s->step}) {
    const Const* value = e == nullptr ? nullptr : folder_.constantOf(e);
    if (e != nullptr && value == nullptr) constant = false;
    c.items.push_back(value == nullptr ? Const::none() : *value);
  }
  if (constant) {
    at(s);
    return loadConst(c, dst);
  }
  u32 run = tempAt(u_->top);
  sliceParts(s);
  at(s);
  u_->b.BuildSlice(dst, run, s->step != nullptr ? 3 : 2);
}

void Codegen::subscript(const Subscript* e, u32 dst) {
  CodeBuilder& b = u_->b;
  checkSubscripter(e->value, e->span());
  checkIndex(e->value, e->slice, e->span());
  u32 object = operandIn(e->value, dst, {e->slice});
  if (isPlainSlice(e->slice)) {
    u32 run = tempAt(u_->top);
    sliceParts(as<ast::Slice>(e->slice));
    at(e);
    return b.GetSlice(dst, object, run);
  }
  u32 index = operand(e->slice);
  at(e);
  b.GetItem(dst, object, index);
}

// --- displays ------------------------------------------------------------------------------

// List, tuple and set displays. The position is the display's.
void Codegen::display(const Seq<Expr*>& elts, u32 dst, Kind kind) {
  CodeBuilder& b = u_->b;
  Position position = b.position();
  bool stars = false, constant = elts.count >= 3 && kind != Kind::Tuple;
  for (const Expr* e : elts) {
    stars = stars || isStarred(e);
    constant = constant && folder_.constantOf(e) != nullptr;
  }
  bool isSet = kind == Kind::Set;
  if (constant) {
    u32 work = workFor(dst), t = newTemp();
    Const c = Const::of(isSet ? Const::Kind::FrozenSet : Const::Kind::Tuple);
    for (const Expr* e : elts) c.items.push_back(*folder_.constantOf(e));
    if (isSet) {
      b.BuildSet(work, t, 0);
      loadConst(c, t);
      b.SetUpdate(work, t | kKill);
    } else {
      b.BuildList(work, t, 0);
      loadConst(c, t);
      b.ListExtend(work, t | kKill);
    }
    return finishWork(work, dst);
  }
  if (!stars && elts.count <= kLongDisplay) {
    u32 run = tempAt(u_->top);
    for (const Expr* e : elts) toTemp(e);
    b.needRegisters(run + 1);
    b.setPosition(position);
    if (isSet) return b.BuildSet(dst, run, elts.count);
    if (kind == Kind::List) return b.BuildList(dst, run, elts.count);
    return b.BuildTuple(dst, run, elts.count);
  }
  u32 work = workFor(dst);
  starDisplay(elts, work, isSet, 0, 0);
  b.setPosition(position);
  if (kind == Kind::Tuple) return b.ListToTuple(dst, work | kKill);
  finishWork(work, dst);
}

// A list or set in `work`, of `prefix` temporaries from `first` and then `elts`.
void Codegen::starDisplay(const Seq<Expr*>& elts, u32 work, bool isSet, u32 first, u32 prefix) {
  CodeBuilder& b = u_->b;
  Position position = b.position();
  u32 i = 0;
  u32 run = prefix == 0 ? tempAt(u_->top) : first;
  u32 top = u_->top;
  if (elts.count <= kLongDisplay && prefix == 0) {
    for (; i < elts.count && !isStarred(elts[i]); i++) toTemp(elts[i]);
  }
  b.needRegisters(run + 1);
  b.setPosition(position);
  if (isSet) {
    b.BuildSet(work, run, prefix + i);
  } else {
    b.BuildList(work, run, prefix + i);
  }
  u_->top = top;
  for (; i < elts.count; i++) {
    bool star = isStarred(elts[i]);
    u32 use = operand(star ? as<Starred>(elts[i])->value : elts[i]);
    b.setPosition(position);
    if (isSet) {
      if (star)
        b.SetUpdate(work, use);
      else
        b.SetAdd(work, use);
    } else {
      if (star)
        b.ListExtend(work, use);
      else
        b.ListAppend(work, use);
    }
    u_->top = top;
  }
}

void Codegen::dict(const ast::Dict* e, u32 dst) {
  CodeBuilder& b = u_->b;
  u32 n = e->values.count;
  u32 prefix = 0;
  while (n <= kLongDisplay / 2 && prefix < n && e->keys[prefix] != nullptr) prefix++;
  u32 work = prefix == n ? dst : workFor(dst);
  u32 top = u_->top;
  u32 run = tempAt(top);
  for (u32 i = 0; i < prefix; i++) {
    toTemp(e->keys[i]);
    toTemp(e->values[i]);
  }
  b.needRegisters(run + 1);
  at(e);
  b.BuildMap(work, run, prefix);
  u_->top = top;
  for (u32 i = prefix; i < n; i++) {
    if (e->keys[i] == nullptr) {
      u32 use = operand(e->values[i]);
      at(e);
      b.DictUpdate(work, use);
    } else {
      u32 key = operandBefore(e->keys[i], {e->values[i]});
      u32 value = operand(e->values[i]);
      at(e);
      b.MapAdd(work, key, value);
    }
    u_->top = top;
  }
  if (work != dst) finishWork(work, dst);
}

// --- f-strings and t-strings ---------------------------------------------------------------

void Codegen::joinedStr(const Seq<Expr*>& values, u32 dst) {
  CodeBuilder& b = u_->b;
  Position position = b.position();
  if (values.empty()) return loadStr("", dst);
  if (values.count == 1 && values[0]->kind == Kind::FormattedValue) return exprTo(values[0], dst);
  u32 run = tempAt(u_->top);
  u32 pending = 0;
  for (u32 i = 0; i < values.count; i++) {
    toTemp(values[i]);
    pending++;
    if (pending < kLongDisplay || i + 1 == values.count) continue;
    // Fold a long f-string piece by piece.
    b.setPosition(position);
    b.BuildString(run, run, pending);
    u_->top = run - b.localCount() + 1;
    pending = 1;
  }
  b.setPosition(position);
  b.BuildString(dst, run, pending);
}

void Codegen::formattedValue(const FormattedValue* e, u32 dst) {
  u32 value = operandIn(e->value, dst, {e->formatSpec});
  u32 spec = e->formatSpec == nullptr ? u32(kNoReg) : operand(e->formatSpec);
  at(e);
  u_->b.FormatValue(dst, value, spec, e->conversion < 0 ? 0 : e->conversion);
}

void Codegen::templateStr(const TemplateStr* e, u32 dst) {
  CodeBuilder& b = u_->b;
  // One string before, between and after the interpolations.
  Const strings = Const::of(Const::Kind::Tuple);
  std::string text;
  u32 count = 0;
  for (const Expr* part : e->values) {
    if (part->kind == Kind::Interpolation) {
      strings.items.push_back(Const::str(text));
      text.clear();
      count++;
    } else if (const Const* c = folder_.constantOf(part); c != nullptr && c->isStr()) {
      text += c->text;
    }
  }
  strings.items.push_back(Const::str(text));
  u32 list = newTemp(), tuple = newTemp();
  at(e);
  loadConst(strings, list);
  if (count <= kLongDisplay) {
    u32 run = tempAt(u_->top);
    for (const Expr* part : e->values) {
      if (part->kind == Kind::Interpolation) toTemp(part);
    }
    b.needRegisters(run + 1);
    at(e);
    b.BuildTuple(tuple, run, count);
  } else {
    b.BuildList(tuple, tuple, 0);
    for (const Expr* part : e->values) {
      if (part->kind != Kind::Interpolation) continue;
      u32 use = operand(part);
      b.ListAppend(tuple, use);
      u_->top--;
    }
    b.ListToTuple(tuple, tuple | kKill);
  }
  at(e);
  b.BuildTemplate(dst, list | kKill, tuple | kKill);
}

void Codegen::interpolation(const Interpolation* e, u32 dst) {
  CodeBuilder& b = u_->b;
  u32 run = toTemp(e->value);
  u32 text = newTemp();
  at(e);
  loadConst(Folder::fromLiteral(e->str), text);
  if (e->formatSpec != nullptr) toTemp(e->formatSpec);
  at(e);
  b.BuildInterpolation(dst, run, e->formatSpec != nullptr, e->conversion < 0 ? 0 : e->conversion);
}

// --- generators and coroutines -------------------------------------------------------------

void Codegen::yield(const ast::Yield* e, u32 dst) {
  CodeBuilder& b = u_->b;
  if (!u_->block->isFunctionLike()) return fail("'yield' outside function", e->span());
  u32 use;
  if (e->value != nullptr) {
    use = operandIn(e->value, dst);
  } else {
    u32 t = newTemp();
    at(e);
    b.LoadNone(t);
    use = t | kKill;
  }
  at(e);
  if (u_->block->coroutine) {
    u32 t = isTemp(use) ? keep(use) : newTemp();
    b.AsyncGenWrap(t, use);
    use = t | kKill;
  }
  b.Yield(dst, use, kNoReg, 0);
  b.Enter(1);
}

// Drives the iterator in temporary `receiver` until it finishes; its result is then in the
// temporary that is returned (the one above).
u32 Codegen::delegate(u32 receiver) {
  CodeBuilder& b = u_->b;
  u32 value = newTemp();
  Label head = b.newLabel(), done = b.newLabel(), thrown = b.newLabel();
  b.LoadNone(value);
  b.bindLoopHead(head);
  b.Send(value, receiver, value | kKill, done);
  b.pushHandler(thrown, value, value);
  b.Yield(value, value | kKill, receiver, 1);
  b.Enter(2);
  b.popHandler();
  b.jump(head);
  b.bindHandler(thrown);
  b.CleanupThrow(value, value | kKill, done);
  b.bind(done);
  b.Release(receiver);
  return value;
}

u32 Codegen::awaitInPlace(u32 value, u32 what) {
  u_->b.GetAwaitable(value, value | kKill, what);
  return delegate(value);
}

void Codegen::await(const Await* e, u32 dst) {
  CodeBuilder& b = u_->b;
  u32 use = operand(e->value);
  u32 receiver = isTemp(use) ? keep(use) : newTemp();
  at(e);
  b.GetAwaitable(receiver, use, 0);
  u32 value = delegate(receiver);
  b.Move(dst, value | kKill);
}

void Codegen::yieldFrom(const YieldFrom* e, u32 dst) {
  CodeBuilder& b = u_->b;
  if (!u_->block->isFunctionLike()) return fail("'yield from' outside function", e->span());
  if (u_->kind == UnitKind::AsyncFunction) {
    return fail("'yield from' inside async function", e->span());
  }
  u32 use = operand(e->value);
  u32 receiver = isTemp(use) ? keep(use) : newTemp();
  at(e);
  b.GetYieldFromIter(receiver, use);
  u32 value = delegate(receiver);
  b.Move(dst, value | kKill);
}

}  // namespace dx::compiler
