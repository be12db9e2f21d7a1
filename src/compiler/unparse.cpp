#include "compiler/unparse.h"

#include "frontend/dump.h"

namespace dx::compiler {

using namespace ast;

namespace {

// How tightly an expression binds, loosest first.
enum Level {
  kTuple,
  kTest,
  kOr,
  kAnd,
  kNot,
  kCompare,
  kBitOr,
  kBitXor,
  kBitAnd,
  kShift,
  kArith,
  kTerm,
  kFactor,
  kPower,
  kAwait,
  kAtom,
};

class Unparser {
 public:
  std::string out;

  void expr(const Expr* e, int level) {
    switch (e->kind) {
      case Kind::BoolOp: {
        auto* o = as<BoolOp>(e);
        bool isOr = o->op == BoolOperator::Or;
        int own = isOr ? kOr : kAnd;
        open(level > own);
        for (u32 i = 0; i < o->values.count; i++) {
          if (i > 0) out += isOr ? " or " : " and ";
          expr(o->values[i], own + 1);
        }
        close(level > own);
        return;
      }
      case Kind::NamedExpr:
        open(level > kTuple);
        expr(as<NamedExpr>(e)->target, kAtom);
        out += " := ";
        expr(as<NamedExpr>(e)->value, kAtom);
        close(level > kTuple);
        return;
      case Kind::BinOp:
        return binOp(as<BinOp>(e), level);
      case Kind::UnaryOp: {
        auto* u = as<UnaryOp>(e);
        int own = u->op == UnaryOperator::Not ? kNot : kFactor;
        open(level > own);
        out += u->op == UnaryOperator::Not      ? "not "
               : u->op == UnaryOperator::Invert ? "~"
               : u->op == UnaryOperator::UAdd   ? "+"
                                                : "-";
        expr(u->operand, own);
        close(level > own);
        return;
      }
      case Kind::Lambda: {
        auto* l = as<Lambda>(e);
        open(level > kTest);
        out += l->args->args.count + l->args->posonlyargs.count > 0 ? "lambda " : "lambda";
        arguments(l->args);
        out += ": ";
        expr(l->body, kTest);
        close(level > kTest);
        return;
      }
      case Kind::IfExp:
        open(level > kTest);
        expr(as<IfExp>(e)->body, kTest + 1);
        out += " if ";
        expr(as<IfExp>(e)->test, kTest + 1);
        out += " else ";
        expr(as<IfExp>(e)->orelse, kTest);
        close(level > kTest);
        return;
      case Kind::Dict: {
        auto* d = as<Dict>(e);
        out += "{";
        for (u32 i = 0; i < d->values.count; i++) {
          if (i > 0) out += ", ";
          if (d->keys[i] == nullptr) {
            out += "**";
            expr(d->values[i], kBitOr);
          } else {
            expr(d->keys[i], kTest);
            out += ": ";
            expr(d->values[i], kTest);
          }
        }
        out += "}";
        return;
      }
      case Kind::Set:
        return list("{", as<Set>(e)->elts, "}");
      case Kind::ListComp:
        return comprehension("[", as<ListComp>(e)->elt, nullptr, as<ListComp>(e)->generators, "]");
      case Kind::SetComp:
        return comprehension("{", as<SetComp>(e)->elt, nullptr, as<SetComp>(e)->generators, "}");
      case Kind::DictComp: {
        auto* c = as<DictComp>(e);
        return comprehension("{", c->key, c->value, c->generators, "}");
      }
      case Kind::GeneratorExp:
        return comprehension("(", as<GeneratorExp>(e)->elt, nullptr,
                             as<GeneratorExp>(e)->generators, ")");
      case Kind::Await:
        open(level > kAwait);
        out += "await ";
        expr(as<Await>(e)->value, kAtom);
        close(level > kAwait);
        return;
      case Kind::Yield:
        out += as<Yield>(e)->value == nullptr ? "(yield" : "(yield ";
        if (as<Yield>(e)->value != nullptr) expr(as<Yield>(e)->value, kTest);
        out += ")";
        return;
      case Kind::YieldFrom:
        out += "(yield from ";
        expr(as<YieldFrom>(e)->value, kTest);
        out += ")";
        return;
      case Kind::Compare: {
        static const char* const kNames[] = {" == ", " != ", " < ",      " <= ", " > ",
                                             " >= ", " is ", " is not ", " in ", " not in "};
        auto* c = as<Compare>(e);
        open(level > kCompare);
        expr(c->left, kCompare + 1);
        for (u32 i = 0; i < c->ops.count; i++) {
          out += kNames[int(c->ops[i])];
          expr(c->comparators[i], kCompare + 1);
        }
        close(level > kCompare);
        return;
      }
      case Kind::Call:
        return call(as<Call>(e));
      case Kind::FormattedValue:
      case Kind::Interpolation: {
        std::string body;
        replacement(e, &body);
        out += (e->kind == Kind::Interpolation ? "t" : "f") + frontend::reprString(body);
        return;
      }
      case Kind::JoinedStr:
        return fString("f", as<JoinedStr>(e)->values);
      case Kind::TemplateStr:
        return fString("t", as<TemplateStr>(e)->values);
      case Kind::Constant:
        return constant(as<Constant>(e));
      case Kind::Attribute: {
        auto* a = as<Attribute>(e);
        expr(a->value, kAtom);
        // `1 .real`: the dot would belong to the number.
        auto* c = dynAs<Constant>(a->value);
        bool isInt = c != nullptr && c->value.kind == ConstantValue::Kind::Int;
        out += isInt ? " ." : ".";
        out += a->attr->view();
        return;
      }
      case Kind::Subscript:
        expr(as<Subscript>(e)->value, kAtom);
        out += "[";
        expr(as<Subscript>(e)->slice, kTuple);
        out += "]";
        return;
      case Kind::Starred:
        out += "*";
        return expr(as<Starred>(e)->value, kBitOr);
      case Kind::Name:
        out += as<Name>(e)->id->view();
        return;
      case Kind::List:
        return list("[", as<List>(e)->elts, "]");
      case Kind::Tuple: {
        auto* t = as<Tuple>(e);
        if (t->elts.empty()) {
          out += "()";
          return;
        }
        open(level > kTuple);
        for (u32 i = 0; i < t->elts.count; i++) {
          if (i > 0) out += ", ";
          expr(t->elts[i], kTest);
        }
        if (t->elts.count == 1) out += ",";
        close(level > kTuple);
        return;
      }
      case Kind::Slice: {
        auto* s = as<Slice>(e);
        if (s->lower != nullptr) expr(s->lower, kTest);
        out += ":";
        if (s->upper != nullptr) expr(s->upper, kTest);
        if (s->step != nullptr) {
          out += ":";
          expr(s->step, kTest);
        }
        return;
      }
      default:
        return;
    }
  }

 private:
  void open(bool parenthesized) {
    if (parenthesized) out += "(";
  }
  void close(bool parenthesized) {
    if (parenthesized) out += ")";
  }

  void list(const char* before, const Seq<Expr*>& items, const char* after) {
    out += before;
    for (u32 i = 0; i < items.count; i++) {
      if (i > 0) out += ", ";
      expr(items[i], kTest);
    }
    out += after;
  }

  void binOp(const BinOp* e, int level) {
    static const struct {
      const char* text;
      int level;
    } kOps[] = {{" + ", kArith},  {" - ", kArith}, {" * ", kTerm},   {" @ ", kTerm},
                {" / ", kTerm},   {" % ", kTerm},  {" ** ", kPower}, {" << ", kShift},
                {" >> ", kShift}, {" | ", kBitOr}, {" ^ ", kBitXor}, {" & ", kBitAnd},
                {" // ", kTerm}};
    auto [text, own] = kOps[int(e->op)];
    bool power = e->op == Operator::Pow;
    open(level > own);
    expr(e->left, own + power);
    out += text;
    expr(e->right, own + !power);
    close(level > own);
  }

  void arguments(const Arguments* a) {
    bool first = true;
    auto comma = [&] {
      if (!first) out += ", ";
      first = false;
    };
    u32 positional = a->posonlyargs.count + a->args.count;
    u32 required = positional - a->defaults.count;
    for (u32 i = 0; i < positional; i++) {
      comma();
      const Arg* p =
          i < a->posonlyargs.count ? a->posonlyargs[i] : a->args[i - a->posonlyargs.count];
      arg(p);
      if (i >= required) {
        out += "=";
        expr(a->defaults[i - required], kTest);
      }
      if (a->posonlyargs.count > 0 && i + 1 == a->posonlyargs.count) out += ", /";
    }
    if (a->vararg != nullptr || !a->kwonlyargs.empty()) {
      comma();
      out += "*";
      if (a->vararg != nullptr) arg(a->vararg);
    }
    for (u32 i = 0; i < a->kwonlyargs.count; i++) {
      comma();
      arg(a->kwonlyargs[i]);
      if (i < a->kwDefaults.count && a->kwDefaults[i] != nullptr) {
        out += "=";
        expr(a->kwDefaults[i], kTest);
      }
    }
    if (a->kwarg != nullptr) {
      comma();
      out += "**";
      arg(a->kwarg);
    }
  }

  void arg(const Arg* a) {
    out += a->arg->view();
    if (a->annotation == nullptr) return;
    out += ": ";
    expr(a->annotation, kTest);
  }

  void comprehension(const char* before, const Expr* elt, const Expr* value,
                     const Seq<Comprehension*>& generators, const char* after) {
    out += before;
    expr(elt, kTest);
    if (value != nullptr) {
      out += ": ";
      expr(value, kTest);
    }
    for (const Comprehension* g : generators) {
      out += g->isAsync ? " async for " : " for ";
      expr(g->target, kTuple);
      out += " in ";
      expr(g->iter, kTest + 1);
      for (const Expr* condition : g->ifs) {
        out += " if ";
        expr(condition, kTest + 1);
      }
    }
    out += after;
  }

  void call(const Call* e) {
    expr(e->func, kAtom);
    if (e->args.count == 1 && e->keywords.empty() && e->args[0]->kind == Kind::GeneratorExp) {
      return expr(e->args[0], kTest);
    }
    out += "(";
    bool first = true;
    for (const Expr* a : e->args) {
      if (!first) out += ", ";
      first = false;
      expr(a, kTest);
    }
    for (const Keyword* k : e->keywords) {
      if (!first) out += ", ";
      first = false;
      if (k->arg == nullptr) {
        out += "**";
      } else {
        out += k->arg->view();
        out += "=";
      }
      expr(k->value, kTest);
    }
    out += ")";
  }

  void constant(const Constant* e) {
    if (e->value.kind == ConstantValue::Kind::Ellipsis) {
      out += "...";
      return;
    }
    if (e->kind != nullptr) out += e->kind->view();
    std::string text = frontend::reprConstant(e->value);
    // What no literal spells: a number that overflows to infinity.
    using K = ConstantValue::Kind;
    bool number = e->value.kind == K::Float || e->value.kind == K::Complex;
    for (size_t at; number && (at = text.find("inf")) != text.npos;) text.replace(at, 3, "1e309");
    out += text;
  }

  // The parts of an f-string or t-string inside its quotes.
  void parts(const Seq<Expr*>& values, std::string* body) {
    for (const Expr* v : values) {
      if (auto* c = dynAs<Constant>(v)) {
        if (c->value.kind != ConstantValue::Kind::Str) continue;
        for (char ch : c->value.text->view()) {
          *body += ch;
          if (ch == '{' || ch == '}') *body += ch;
        }
      } else if (auto* nested = dynAs<JoinedStr>(v)) {
        parts(nested->values, body);
      } else {
        replacement(v, body);
      }
    }
  }

  void replacement(const Expr* e, std::string* body) {
    const Expr* value;
    const Expr* spec;
    int conversion;
    std::string text;
    if (auto* f = dynAs<FormattedValue>(e)) {
      value = f->value, spec = f->formatSpec, conversion = f->conversion;
      Unparser inner;
      inner.expr(value, kTest + 1);
      text = inner.out;
    } else {
      auto* i = as<Interpolation>(e);
      spec = i->formatSpec, conversion = i->conversion;
      if (i->str.kind == ConstantValue::Kind::Str) text = i->str.text->view();
    }
    *body += text.starts_with("{") ? "{ " : "{";
    *body += text;
    if (conversion > 0) {
      *body += '!';
      *body += char(conversion);
    }
    if (auto* joined = dynAs<JoinedStr>(spec)) {
      *body += ':';
      parts(joined->values, body);
    } else if (auto* c = dynAs<Constant>(spec)) {
      *body += ':';
      if (c->value.kind == ConstantValue::Kind::Str) *body += c->value.text->view();
    }
    *body += '}';
  }

  void fString(const char* prefix, const Seq<Expr*>& values) {
    std::string body;
    parts(values, &body);
    out += prefix;
    out += frontend::reprString(body);
  }
};

}  // namespace

std::string unparse(const Expr* e) {
  Unparser u;
  u.expr(e, kTest);
  return std::move(u.out);
}

}  // namespace dx::compiler
