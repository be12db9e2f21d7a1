#include "compiler/preprocess.h"

#include "compiler/compiler.h"

namespace dx::compiler {

using namespace ast;

namespace {

bool isStr(const Expr* e) {
  return e->kind == Kind::Constant && as<Constant>(e)->value.kind == ConstantValue::Kind::Str;
}
bool startsWithStr(const Seq<Stmt*>& body) {
  return !body.empty() && body[0]->kind == Kind::ExprStmt && isStr(as<ExprStmt>(body[0])->value);
}

}  // namespace

Futures readFutures(const Mod& mod) {
  Futures futures;
  Seq<Stmt*> stmts;
  if (auto* m = dynAs<Module>(&mod)) stmts = m->body;
  if (auto* m = dynAs<Interactive>(&mod)) stmts = m->body;
  auto fail = [&](std::string message, Span span) {
    if (!futures.error)
      futures.error = {CompileError::Kind::Syntax, std::move(message), span, true};
  };
  for (u32 i = 0; i < stmts.size(); i++) {
    auto* f = dynAs<ImportFrom>(stmts[i]);
    if (f == nullptr) {
      if (i == 0 && startsWithStr(stmts)) continue;
      break;
    }
    if (f->module == nullptr || !(*f->module == "__future__") || f->level != 0) break;
    for (const Alias* a : f->names) {
      i64 flag = futureFeature(a->name->view());
      if (*a->name == "braces") {
        fail("not a chance", a->span());
      } else if (flag < 0) {
        fail("future feature " + std::string(a->name->view()) + " is not defined", a->span());
      } else {
        futures.flags |= u32(flag);
      }
    }
    futures.last = f->span();
  }
  return futures;
}

namespace {

class Optimizer {
 public:
  Optimizer(Arena& arena, int optimize, bool futureAnnotations)
      : arena_(arena), optimize_(optimize), futureAnnotations_(futureAnnotations) {}

  void node(Node* n) {
    if (depth_ > kMaxTreeDepth) return;
    depth_++;
    Seq<Stmt*>* body = documented(n);
    bool hasDoc = body != nullptr && startsWithStr(*body);
    if (hasDoc && optimize_ >= 2) {
      removeFirst(body);
      hasDoc = false;
    }
    children(n);
    if (body != nullptr && !hasDoc && startsWithStr(*body)) wrapFirst(*body);
    if (n->kind == Kind::MatchValue) constantPattern(as<MatchValue>(n)->value);
    if (n->kind == Kind::MatchMapping) {
      for (Expr*& key : as<MatchMapping>(n)->keys) constantPattern(key);
    }
    depth_--;
  }

 private:
  static Seq<Stmt*>* documented(Node* n) {
    switch (n->kind) {
      case Kind::Module:
        return &as<Module>(n)->body;
      case Kind::FunctionDef:
        return &as<FunctionDef>(n)->body;
      case Kind::AsyncFunctionDef:
        return &as<AsyncFunctionDef>(n)->body;
      case Kind::ClassDef:
        return &as<ClassDef>(n)->body;
      default:
        return nullptr;
    }
  }

  void removeFirst(Seq<Stmt*>* body) {
    if (body->count == 1) {
      Span at = (*body)[0]->span();
      (*body)[0] = arena_.make<Pass>(Span{at.line, at.col, at.line, at.col + 4});
      return;
    }
    body->items++;
    body->count--;
  }
  // What follows a doc string that went must not become one.
  void wrapFirst(Seq<Stmt*>& body) {
    auto* s = as<ExprStmt>(body[0]);
    Expr** values = arena_.array<Expr*>(1);
    values[0] = s->value;
    s->value = arena_.make<JoinedStr>(s->value->span(), Seq<Expr*>{values, 1});
  }

  bool isAnnotation(const FieldInfo& f) const {
    std::string_view name = f.name;
    return name == "annotation" || name == "returns";
  }

  void children(Node* n) {
    const ClassInfo& info = classInfo(n->kind);
    for (int i = 0; i < info.fieldCount; i++) {
      const FieldInfo& f = info.fields[i];
      if (f.fieldType != FieldType::Node) continue;
      if (futureAnnotations_ && isAnnotation(f)) continue;
      if (f.quantifier == Quantifier::One || f.quantifier == Quantifier::Optional) {
        child(fieldAs<Node*>(n, f));
      } else {
        for (Node*& item : fieldAs<Seq<Node*>>(n, f)) child(item);
      }
    }
  }

  void child(Node*& n) {
    if (n == nullptr) return;
    node(n);
    if (auto* name = dynAs<Name>(n)) {
      if (name->ctx == ExprContext::Load && *name->id == "__debug__") {
        ConstantValue value;
        value.kind = optimize_ == 0 ? ConstantValue::Kind::True : ConstantValue::Kind::False;
        n = arena_.make<Constant>(n->span(), value, nullptr);
      }
    } else if (auto* b = dynAs<BinOp>(n)) {
      if (b->op == Operator::Mod && isStr(b->left) && b->right->kind == Kind::Tuple) {
        if (Expr* made =
                format(b, as<Constant>(b->left)->value.text->view(), as<Tuple>(b->right)->elts)) {
          n = made;
        }
      }
    }
  }

  // --- "%s" % (a, b) ---

  Constant* text(std::string_view value, Span at) {
    ConstantValue v;
    v.kind = ConstantValue::Kind::Str;
    v.text = arena_.string(value);
    return arena_.make<Constant>(at, v, nullptr);
  }

  Expr* format(const BinOp* e, std::string_view format, const Seq<Expr*>& items) {
    for (const Expr* item : items) {
      if (item->kind == Kind::Starred) return nullptr;
    }
    Expr** values = arena_.array<Expr*>(2 * items.count + 1);
    u32 count = 0, used = 0;
    size_t pos = 0;
    for (;;) {
      std::string literal;
      while (pos < format.size()) {
        if (format[pos] == '%') {
          if (pos + 1 >= format.size() || format[pos + 1] != '%') break;
          pos++;
        }
        literal += format[pos++];
      }
      if (!literal.empty()) values[count++] = text(literal, {-1, -1, -1, -1});
      if (pos >= format.size()) break;
      if (used >= items.count) return nullptr;
      pos++;
      Expr* value = formatUnit(format, &pos, items[used++]);
      if (value == nullptr) return nullptr;
      values[count++] = value;
    }
    if (used < items.count) return nullptr;
    return arena_.make<JoinedStr>(e->span(), Seq<Expr*>{values, count});
  }

  // At most two digits; false when there are more or the format ends.
  static bool number(std::string_view format, size_t* pos, int* out) {
    int digits = 0;
    for (; *pos < format.size() && format[*pos] >= '0' && format[*pos] <= '9'; ++*pos) {
      if (++digits > 2) return false;
      *out = (*out < 0 ? 0 : *out) * 10 + (format[*pos] - '0');
    }
    return *pos < format.size();
  }

  // What follows a '%': only s, r and a, with width and precision.
  Expr* formatUnit(std::string_view format, size_t* pos, Expr* value) {
    bool left = false;
    while (*pos < format.size() && std::string_view("-+ #0").find(format[*pos]) != format.npos)
      left = format[(*pos)++] == '-' || left;
    int width = -1, precision = -1;
    if (!number(format, pos, &width)) return nullptr;
    if (format[*pos] == '.') {
      precision = 0;
      ++*pos;
      if (!number(format, pos, &precision)) return nullptr;
    }
    char conversion = format[(*pos)++];
    if (conversion != 's' && conversion != 'r' && conversion != 'a') return nullptr;
    std::string spec;
    if (!left && width > 0) spec += '>';
    if (width >= 0) spec += std::to_string(width);
    if (precision >= 0) spec += "." + std::to_string(precision);
    Expr* formatSpec = spec.empty() ? nullptr : text(spec, value->span());
    return arena_.make<FormattedValue>(value->span(), value, conversion, formatSpec);
  }

  // --- -1 and 1+2j in patterns ---

  static bool isInt(const ConstantValue& v) { return v.kind == ConstantValue::Kind::Int; }

  ConstantValue negative(ConstantValue v) {
    if (!isInt(v)) {
      v.real = -v.real;
      if (v.kind == ConstantValue::Kind::Complex) v.imag = -v.imag;
    } else if (v.isSmall && v.small != INT64_MIN) {
      v.small = -v.small;
    } else if (!v.isSmall) {
      v.text = arena_.string("-" + std::string(v.text->view()));
    }
    return v;
  }

  void constantPattern(Expr*& e) {
    ConstantValue value;
    if (auto* u = dynAs<UnaryOp>(e)) {
      if (u->op != UnaryOperator::USub || u->operand->kind != Kind::Constant) return;
      value = negative(as<Constant>(u->operand)->value);
    } else if (auto* b = dynAs<BinOp>(e)) {
      constantPattern(b->left);
      if (b->left->kind != Kind::Constant || b->right->kind != Kind::Constant) return;
      const ConstantValue& real = as<Constant>(b->left)->value;
      const ConstantValue& imaginary = as<Constant>(b->right)->value;
      if (isInt(real) && !real.isSmall) return;
      double left = isInt(real) ? double(real.small) : real.real;
      bool plus = b->op == Operator::Add;
      value.kind = ConstantValue::Kind::Complex;
      value.real = plus ? left + imaginary.real : left - imaginary.real;
      value.imag = plus ? imaginary.imag : -imaginary.imag;
    } else {
      return;
    }
    e = arena_.make<Constant>(e->span(), value, nullptr);
  }

  Arena& arena_;
  int optimize_;
  bool futureAnnotations_;
  int depth_ = 0;
};

}  // namespace

void optimizeTree(Mod& mod, Arena& arena, int optimize, bool futureAnnotations) {
  Optimizer(arena, optimize, futureAnnotations).node(&mod);
}

}  // namespace dx::compiler
