// match statements.
//
// Temporaries of a case grow from `base` and stay until the pattern has matched or failed, so a
// failing test with n of them in use jumps to the n-th fail label, where they are released from
// the last to the first. Names are bound only when the whole pattern has matched.
#include "compiler/codegen.h"
#include "frontend/dump.h"

namespace dx::compiler {

using namespace bytecode;

struct Codegen::PatternState {
  u32 base;                  // u_->top at the start
  std::vector<Label> fails;  // by number of temporaries in use
  std::vector<std::pair<Identifier, u32>> captures;
  bool irrefutableAllowed = true;
};

namespace {

// Matches everything and binds at most one name.
bool isWildcard(const Pattern* p) {
  auto* as_ = dynAs<MatchAs>(p);
  return as_ != nullptr && as_->name == nullptr;
}
// As dict keys: 1, 1.0 and True are one.
bool equalKeys(const Const& a, const Const& b) {
  auto number = [](const Const& c, double* real, double* imag) {
    *imag = 0;
    switch (c.kind) {
      case Const::Kind::True:
        *real = 1;
        return true;
      case Const::Kind::False:
        *real = 0;
        return true;
      case Const::Kind::Int:
        *real = double(c.number);
        return i64(*real) == c.number;
      case Const::Kind::Float:
        *real = c.real;
        return true;
      case Const::Kind::Complex:
        *real = c.real, *imag = c.imag;
        return true;
      default:
        return false;
    }
  };
  double x, y, u, v;
  if (number(a, &x, &u) && number(b, &y, &v)) return x == y && u == v;
  return a.kind == b.kind && a.number == b.number && a.text == b.text && a.digits == b.digits &&
         a.negative == b.negative;
}

std::string reprOf(const Const& c) {
  switch (c.kind) {
    case Const::Kind::None:
      return "None";
    case Const::Kind::True:
      return "True";
    case Const::Kind::False:
      return "False";
    case Const::Kind::Int:
      return std::to_string(c.number);
    case Const::Kind::Float:
      return frontend::reprFloat(c.real);
    case Const::Kind::Str:
      return frontend::reprString(c.text);
    case Const::Kind::Bytes:
      return frontend::reprBytes(c.text);
    case Const::Kind::Complex: {
      ConstantValue value;
      value.kind = ConstantValue::Kind::Complex;
      value.real = c.real;
      value.imag = c.imag;
      return frontend::reprConstant(value);
    }
    default:
      return "...";
  }
}

bool isWildcardStar(const Pattern* p) {
  auto* star = dynAs<MatchStar>(p);
  return star != nullptr && star->name == nullptr;
}

}  // namespace

// Literals, also signed and complex ones, and dotted names.
bool Codegen::isPatternValue(const Expr* e) {
  switch (e->kind) {
    case Kind::Constant:
    case Kind::Attribute:
      return true;
    case Kind::UnaryOp:
    case Kind::BinOp:
      return folder_.constantOf(e) != nullptr;
    default:
      return false;
  }
}

Label Codegen::failLabel(PatternState& state) {
  u32 used = u_->top - state.base;
  while (state.fails.size() <= used) state.fails.push_back(u_->b.newLabel());
  return state.fails[used];
}

// Where all the fail labels end: nothing of the pattern is left.
void Codegen::finishPattern(PatternState& state) {
  CodeBuilder& b = u_->b;
  b.setNoPosition();
  for (u32 i = u32(state.fails.size()); i-- > 0;) {
    b.bind(state.fails[i]);
    if (i > 0) b.Release(tempAt(state.base + i - 1));
  }
}

void Codegen::matchStmt(const Match* s) {
  CodeBuilder& b = u_->b;
  Label end = b.newLabel();
  u32 subject = toTemp(s->subject);
  u32 top = u_->top;
  for (u32 i = 0; i < s->cases.count; i++) {
    const MatchCase* c = s->cases[i];
    bool last = i + 1 == s->cases.count;
    PatternState state;
    state.base = top;
    state.irrefutableAllowed = c->guard != nullptr || last;
    at(c->pattern);
    pattern(c->pattern, subject, state);
    for (size_t k = 0; k < state.captures.size(); k++) {
      auto [name, reg] = state.captures[k];
      bool again = reg < tempAt(top);
      for (size_t j = k + 1; j < state.captures.size(); j++)
        again = again || state.captures[j].second == reg;
      at(c->pattern);
      storeName(name, again ? reg : reg | kKill);
    }
    for (u32 t = u_->top; t-- > top;) b.Release(tempAt(t));
    u_->top = top;
    if (c->guard != nullptr) jumpIf(c->guard, failLabel(state), false);
    b.Release(subject);
    body(c->body);
    b.setNoPosition();
    b.jump(end);
    finishPattern(state);
  }
  b.setNoPosition();
  b.Release(subject);
  b.bind(end);
}

void Codegen::capture(Identifier name, u32 reg, PatternState& state, const Node* node) {
  for (auto& [other, unused] : state.captures) {
    if (other != name) continue;
    return fail("multiple assignments to name '" + std::string(name->view()) + "' in pattern",
                node->span());
  }
  state.captures.push_back({name, reg});
}

void Codegen::pattern(const Pattern* p, u32 subject, PatternState& state) {
  CodeBuilder& b = u_->b;
  Deeper deeper(*this);
  if (tooDeep(p)) return;
  bool allowed = state.irrefutableAllowed;
  at(p);
  switch (p->kind) {
    case Kind::MatchValue: {
      u32 top = u_->top;
      if (!isPatternValue(as<MatchValue>(p)->value)) {
        return fail("patterns may only match literals and attribute lookups", p->span());
      }
      u32 value = operand(as<MatchValue>(p)->value);
      at(p);
      u_->top = top;
      b.JumpEq(subject, value, failLabel(state), 0);
      break;
    }
    case Kind::MatchSingleton: {
      u32 top = u_->top;
      u32 t = newTemp();
      loadConst(Folder::fromLiteral(as<MatchSingleton>(p)->value), t);
      u_->top = top;
      b.JumpIs(subject, t | kKill, failLabel(state), 0);
      break;
    }
    case Kind::MatchSequence:
      patternSequence(as<ast::MatchSequence>(p), subject, state);
      break;
    case Kind::MatchMapping:
      patternMapping(as<ast::MatchMapping>(p), subject, state);
      break;
    case Kind::MatchClass:
      patternClass(as<ast::MatchClass>(p), subject, state);
      break;
    case Kind::MatchStar:
      if (as<MatchStar>(p)->name != nullptr) capture(as<MatchStar>(p)->name, subject, state, p);
      break;
    case Kind::MatchAs: {
      auto* m = as<MatchAs>(p);
      if (m->pattern == nullptr) {
        if (!allowed) {
          if (m->name == nullptr) {
            fail("wildcard makes remaining patterns unreachable", p->span());
          } else {
            fail("name capture '" + std::string(m->name->view()) +
                     "' makes remaining patterns unreachable",
                 p->span());
          }
        }
        if (m->name != nullptr) capture(m->name, subject, state, p);
        break;
      }
      pattern(m->pattern, subject, state);
      capture(m->name, subject, state, p);
      break;
    }
    case Kind::MatchOr:
      patternOr(as<MatchOr>(p), subject, state);
      break;
    default:
      DX_UNREACHABLE();
  }
  state.irrefutableAllowed = allowed;
}

void Codegen::patternSequence(const ast::MatchSequence* p, u32 subject, PatternState& state) {
  CodeBuilder& b = u_->b;
  u32 size = p->patterns.count;
  int star = -1;
  bool onlyWildcard = true, starWildcard = false;
  for (u32 i = 0; i < size; i++) {
    const Pattern* item = p->patterns[i];
    if (item->kind == Kind::MatchStar) {
      if (star >= 0) return fail("multiple starred names in sequence pattern", p->span());
      starWildcard = isWildcardStar(item);
      onlyWildcard = onlyWildcard && starWildcard;
      star = int(i);
      continue;
    }
    onlyWildcard = onlyWildcard && isWildcard(item);
  }
  u32 top = u_->top;
  u32 t = newTemp();
  b.MatchSequence(t, subject);
  u_->top = top;
  b.JumpIfFalse(t | kKill, failLabel(state));
  if (star < 0 || size > 1) {
    t = newTemp();
    u32 length = newTemp();
    b.GetLen(t, subject);
    b.LoadInt(length, star < 0 ? size : size - 1);
    u_->top = top;
    if (star < 0) {
      b.JumpEq(t | kKill, length | kKill, failLabel(state), 0);
    } else {
      b.JumpGe(t | kKill, length | kKill, failLabel(state), 0);
    }
  }
  if (onlyWildcard) return;
  state.irrefutableAllowed = true;
  if (starWildcard) {
    // Only the items that are looked at are fetched.
    for (u32 i = 0; i < size; i++) {
      const Pattern* item = p->patterns[i];
      if (int(i) == star || isWildcard(item)) continue;
      u32 value = newTemp();
      u32 index = newTemp();
      at(p);
      if (int(i) < star) {
        b.LoadInt(index, i);
      } else {
        b.GetLen(index, subject);
        b.SubInt(index, index | kKill, size - i, 0);
      }
      b.GetItem(value, subject, index | kKill);
      u_->top--;
      pattern(item, value, state);
    }
    return;
  }
  u32 first = tempAt(u_->top);
  u_->top += size;
  b.needRegisters(first + size + 1);
  if (star < 0) {
    b.UnpackSequence(first, subject, size);
  } else {
    b.UnpackEx(first, subject, star, size - u32(star) - 1);
  }
  for (u32 i = 0; i < size; i++) pattern(p->patterns[i], first + i, state);
}

void Codegen::patternMapping(const ast::MatchMapping* p, u32 subject, PatternState& state) {
  CodeBuilder& b = u_->b;
  u32 size = p->keys.count;
  u32 top = u_->top;
  u32 t = newTemp();
  b.MatchMapping(t, subject);
  u_->top = top;
  b.JumpIfFalse(t | kKill, failLabel(state));
  if (size == 0 && p->rest == nullptr) return;
  if (size > 0) {
    t = newTemp();
    u32 length = newTemp();
    b.GetLen(t, subject);
    b.LoadInt(length, size);
    u_->top = top;
    b.JumpGe(t | kKill, length | kKill, failLabel(state), 0);
  }
  // Keys that are the same constant twice can never match.
  for (u32 i = 0; i < size; i++) {
    const Const* key = folder_.constantOf(p->keys[i]);
    if (!isPatternValue(p->keys[i])) {
      return fail("mapping pattern keys may only match literals and attribute lookups", p->span());
    }
    for (u32 k = 0; key != nullptr && k < i; k++) {
      const Const* other = folder_.constantOf(p->keys[k]);
      if (other == nullptr || !equalKeys(*key, *other)) continue;
      return fail("mapping pattern checks duplicate key (" + reprOf(*key) + ")", p->span());
    }
  }
  u32 keys = newTemp();
  u32 run = tempAt(u_->top);
  for (const Expr* key : p->keys) toTemp(key);
  b.needRegisters(run + 1);
  at(p);
  b.BuildTuple(keys, run, size);
  u_->top = keys - b.localCount() + 1;
  u32 values = newTemp();
  b.MatchKeys(values, subject, keys);
  b.JumpIfNone(values, failLabel(state));
  u32 first = tempAt(u_->top);
  u_->top += size;
  b.needRegisters(first + size + 1);
  b.UnpackSequence(first, values | kKill, size);
  u32 rest = kNoReg;
  if (p->rest != nullptr) {
    rest = newTemp();
    b.BuildMap(rest, rest, 0);
    b.DictUpdate(rest, subject);
    u32 copies = tempAt(u_->top);
    u_->top += size;
    b.needRegisters(copies + size + 1);
    b.UnpackSequence(copies, keys | kKill, size);
    for (u32 i = 0; i < size; i++) b.DeleteItem(rest, (copies + i) | kKill);
    u_->top -= size;
  }
  state.irrefutableAllowed = true;
  for (u32 i = 0; i < size; i++) pattern(p->patterns[i], first + i, state);
  if (p->rest != nullptr) capture(p->rest, rest, state, p);
}

void Codegen::patternClass(const ast::MatchClass* p, u32 subject, PatternState& state) {
  CodeBuilder& b = u_->b;
  u32 positional = p->patterns.count, keywords = p->kwdAttrs.count;
  for (u32 i = 0; i < keywords; i++) {
    for (u32 k = i + 1; k < keywords; k++) {
      if (p->kwdAttrs[i] != p->kwdAttrs[k]) continue;
      return fail(
          "attribute name repeated in class pattern: " + std::string(p->kwdAttrs[i]->view()),
          p->kwdPatterns[k]->span());
    }
  }
  u32 values = newTemp();
  u32 run = toTemp(p->cls);
  u32 names = newTemp();
  Const c = Const::tuple({});
  for (Identifier attr : p->kwdAttrs) c.items.push_back(Const::str(attr->view()));
  at(p);
  loadConst(c, names);
  b.MatchClass(values, subject, run, positional);
  u_->top = values - b.localCount() + 1;
  b.JumpIfNone(values, failLabel(state));
  u32 size = positional + keywords;
  if (size == 0) return;
  u32 first = tempAt(u_->top);
  u_->top += size;
  b.needRegisters(first + size + 1);
  b.UnpackSequence(first, values | kKill, size);
  state.irrefutableAllowed = true;
  for (u32 i = 0; i < size; i++) {
    const Pattern* item = i < positional ? p->patterns[i] : p->kwdPatterns[i - positional];
    if (isWildcard(item)) continue;
    pattern(item, first + i, state);
  }
}

void Codegen::patternOr(const MatchOr* p, u32 subject, PatternState& state) {
  CodeBuilder& b = u_->b;
  Label end = b.newLabel();
  bool allowed = state.irrefutableAllowed;
  std::vector<std::pair<Identifier, u32>> outer = std::move(state.captures);
  std::vector<std::pair<Identifier, u32>> shared;
  // The names live in the same temporaries whichever alternative matched.
  u32 names = 0;
  {
    std::vector<Identifier> found;
    auto collect = [&](auto&& self, const Node* node) -> void {
      Identifier name = nullptr;
      if (auto* a = dynAs<MatchAs>(node)) name = a->name;
      if (auto* a = dynAs<MatchStar>(node)) name = a->name;
      if (auto* a = dynAs<ast::MatchMapping>(node)) name = a->rest;
      if (name != nullptr && std::find(found.begin(), found.end(), name) == found.end()) {
        found.push_back(name);
      }
      forEachChild(node, [&](const Node* child) {
        if (is<Pattern>(child)) self(self, child);
      });
    };
    collect(collect, p->patterns[0]);
    for (Identifier name : found) shared.push_back({name, newTemp()});
    names = u32(found.size());
  }
  u32 top = u_->top;
  for (u32 i = 0; i < p->patterns.count; i++) {
    const Pattern* alternative = p->patterns[i];
    state.irrefutableAllowed = i + 1 == p->patterns.count && allowed;
    PatternState inner;
    inner.base = top;
    inner.irrefutableAllowed = state.irrefutableAllowed;
    at(alternative);
    pattern(alternative, subject, inner);
    bool same = inner.captures.size() == names;
    for (auto& [name, reg] : inner.captures) {
      auto to =
          std::find_if(shared.begin(), shared.end(), [&](auto& s) { return s.first == name; });
      if (to == shared.end()) {
        same = false;
      } else {
        b.Move(to->second, reg);
      }
    }
    if (!same) return fail("alternative patterns bind different names", p->span());
    for (u32 t = u_->top; t-- > top;) b.Release(tempAt(t));
    u_->top = top;
    b.setNoPosition();
    b.jump(end);
    finishPattern(inner);
  }
  b.jump(failLabel(state));
  b.bind(end);
  state.captures = std::move(outer);
  for (auto& [name, reg] : shared) capture(name, reg, state, p);
}

}  // namespace dx::compiler
