// SyntaxWarnings: code that is allowed and surely not meant.
#include "compiler/codegen.h"

namespace dx::compiler {

namespace {

enum class Shape : u8 { Other, Literal, IntLike };

const char* typeName(const Const& c) {
  switch (c.kind) {
    case Const::Kind::None:
      return "NoneType";
    case Const::Kind::True:
    case Const::Kind::False:
      return "bool";
    case Const::Kind::Ellipsis:
      return "ellipsis";
    case Const::Kind::Int:
    case Const::Kind::BigInt:
      return "int";
    case Const::Kind::Float:
      return "float";
    case Const::Kind::Complex:
      return "complex";
    case Const::Kind::Str:
      return "str";
    case Const::Kind::Bytes:
      return "bytes";
    case Const::Kind::Tuple:
      return "tuple";
    case Const::Kind::FrozenSet:
      return "frozenset";
    default:
      return "object";
  }
}

// The type that the value of `e` surely has, or null.
const char* inferredType(const Expr* e, Folder& folder) {
  if (const Const* c = folder.constantOf(e)) return typeName(*c);
  switch (e->kind) {
    case Kind::Tuple:
      return "tuple";
    case Kind::List:
    case Kind::ListComp:
      return "list";
    case Kind::Dict:
    case Kind::DictComp:
      return "dict";
    case Kind::Set:
    case Kind::SetComp:
      return "set";
    case Kind::GeneratorExp:
      return "generator";
    case Kind::Lambda:
      return "function";
    case Kind::TemplateStr:
      return "string.templatelib.Template";
    case Kind::Interpolation:
      return "string.templatelib.Interpolation";
    case Kind::JoinedStr:
    case Kind::FormattedValue:
      return "str";
    default:
      return nullptr;
  }
}

}  // namespace

// `is` with a literal.
void Codegen::checkCompare(const Compare* e) {
  auto suspicious = [&](const Expr* operand, std::string* type) {
    const Const* c = folder_.constantOf(operand);
    if (c == nullptr) return false;
    switch (c->kind) {
      case Const::Kind::None:
      case Const::Kind::True:
      case Const::Kind::False:
      case Const::Kind::Ellipsis:
        return false;
      default:
        *type = typeName(*c);
        return true;
    }
  };
  const Expr* left = e->left;
  for (u32 i = 0; i < e->ops.count; i++) {
    const Expr* right = e->comparators[i];
    bool isNot = e->ops[i] == CmpOperator::IsNot;
    if (isNot || e->ops[i] == CmpOperator::Is) {
      std::string type;
      bool rightBad = suspicious(right, &type);
      if (rightBad || suspicious(left, &type)) {
        warn(std::string(isNot ? "\"is not\"" : "\"is\"") + " with '" + type +
                 "' literal. Did you mean \"" + (isNot ? "!=" : "==") + "\"?",
             e->span());
      }
    }
    left = right;
  }
}

void Codegen::checkCaller(const Expr* func, Span span) {
  switch (func->kind) {
    case Kind::Constant:
    case Kind::Tuple:
    case Kind::List:
    case Kind::ListComp:
    case Kind::Dict:
    case Kind::DictComp:
    case Kind::Set:
    case Kind::SetComp:
    case Kind::GeneratorExp:
    case Kind::JoinedStr:
    case Kind::FormattedValue:
    case Kind::TemplateStr:
    case Kind::Interpolation:
      warn("'" + std::string(inferredType(func, folder_)) +
               "' object is not callable; perhaps you missed a comma?",
           span);
      break;
    default:
      break;
  }
}

void Codegen::checkSubscripter(const Expr* value, Span span) {
  switch (value->kind) {
    case Kind::Constant: {
      const Const* c = folder_.constantOf(value);
      switch (c->kind) {
        case Const::Kind::None:
        case Const::Kind::True:
        case Const::Kind::False:
        case Const::Kind::Ellipsis:
        case Const::Kind::Int:
        case Const::Kind::BigInt:
        case Const::Kind::Float:
        case Const::Kind::Complex:
        case Const::Kind::FrozenSet:
          break;
        default:
          return;
      }
      break;
    }
    case Kind::Set:
    case Kind::SetComp:
    case Kind::GeneratorExp:
    case Kind::TemplateStr:
    case Kind::Interpolation:
    case Kind::Lambda:
      break;
    default:
      return;
  }
  warn("'" + std::string(inferredType(value, folder_)) +
           "' object is not subscriptable; perhaps you missed a comma?",
       span);
}

void Codegen::checkIndex(const Expr* value, const Expr* index, Span span) {
  const char* type = inferredType(index, folder_);
  if (type == nullptr || index->kind == Kind::Slice) return;
  std::string_view t = type;
  if (t == "int" || t == "bool" || t == "object") return;
  switch (value->kind) {
    case Kind::Constant: {
      const Const* c = folder_.constantOf(value);
      if (c->kind != Const::Kind::Str && c->kind != Const::Kind::Bytes &&
          c->kind != Const::Kind::Tuple)
        return;
      break;
    }
    case Kind::Tuple:
    case Kind::List:
    case Kind::ListComp:
    case Kind::JoinedStr:
    case Kind::FormattedValue:
      break;
    default:
      return;
  }
  warn(std::string(inferredType(value, folder_)) + " indices must be integers or slices, not " +
           type + "; perhaps you missed a comma?",
       span);
}

// PEP 765: a jump out of a finally clause swallows the exception.
void Codegen::checkFinally(const Seq<Stmt*>& stmts, bool inFinally, bool inLoop) {
  for (const Stmt* s : stmts) {
    auto same = [&](const Seq<Stmt*>& body) { checkFinally(body, inFinally, inLoop); };
    auto loop = [&](const Seq<Stmt*>& body, const Seq<Stmt*>& orelse) {
      checkFinally(body, inFinally, true);
      same(orelse);
    };
    auto tryParts = [&](const auto* t) {
      same(t->body);
      for (const ast::Handler* h : t->handlers) same(as<ExceptHandler>(h)->body);
      same(t->orelse);
      checkFinally(t->finalbody, true, false);
    };
    auto jump = [&](const char* what) {
      warn(std::string("'") + what + "' in a 'finally' block", s->span());
    };
    switch (s->kind) {
      case Kind::Return:
        if (inFinally) jump("return");
        break;
      case Kind::Break:
        if (inFinally && !inLoop) jump("break");
        break;
      case Kind::Continue:
        if (inFinally && !inLoop) jump("continue");
        break;
      case Kind::FunctionDef:
        checkFinally(as<FunctionDef>(s)->body, false, false);
        break;
      case Kind::AsyncFunctionDef:
        checkFinally(as<AsyncFunctionDef>(s)->body, false, false);
        break;
      case Kind::ClassDef:
        checkFinally(as<ClassDef>(s)->body, false, false);
        break;
      case Kind::For:
        loop(as<For>(s)->body, as<For>(s)->orelse);
        break;
      case Kind::AsyncFor:
        loop(as<AsyncFor>(s)->body, as<AsyncFor>(s)->orelse);
        break;
      case Kind::While:
        loop(as<While>(s)->body, as<While>(s)->orelse);
        break;
      case Kind::If: {
        auto* i = as<If>(s);
        for (; i != nullptr;) {
          same(i->body);
          auto* elif = i->orelse.count == 1 ? dynAs<If>(i->orelse[0]) : nullptr;
          if (elif == nullptr) same(i->orelse);
          i = elif;
        }
        break;
      }
      case Kind::With:
        same(as<With>(s)->body);
        break;
      case Kind::AsyncWith:
        same(as<AsyncWith>(s)->body);
        break;
      case Kind::Match:
        for (const MatchCase* c : as<Match>(s)->cases) same(c->body);
        break;
      case Kind::Try:
        tryParts(as<Try>(s));
        break;
      case Kind::TryStar:
        tryParts(as<TryStar>(s));
        break;
      default:
        break;
    }
  }
}

}  // namespace dx::compiler
