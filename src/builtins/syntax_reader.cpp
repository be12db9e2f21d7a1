// Trees of objects, which programs build by hand, into nodes of the front end. The order of checks
// and the texts are those of CPython's compile().
#include "builtins/syntax_trees.h"
#include "compiler/error.h"
#include "frontend/validate.h"
#include "runtime/compile.h"
#include "runtime/int.h"

namespace dx {
namespace {

using ast::ClassId;
using ast::ClassInfo;
using ast::FieldInfo;
using ast::FieldType;
using ast::Quantifier;

class TreeReader {
 public:
  TreeReader(Thread& t, const SyntaxClasses& classes, ast::Arena& arena)
      : t_(t), classes_(classes), arena_(arena) {}

  // An instance of `type` (expr, arguments, ...); null for None where that type has variants.
  Result<ast::Node*> node(Value o, ClassId type) {
    const ClassInfo& wanted = ast::classInfo(type);
    if (wanted.role == ClassInfo::Role::Node) return fields(o, type, type);
    if (isNone(o)) return nullptr;
    return fields(o, type, variantOf(o, type));
  }

 private:
  Error unexpected(const ClassInfo& wanted, Value o) {
    return t_.raise(kTypeError, "expected some sort of {}, but got {!r}", wanted.name, o);
  }

  // Which constructor of `type` the object is of; AST when of none.
  ClassId variantOf(Value o, ClassId type) {
    auto exact = classes_.byType.find(typeOf(o));
    if (exact != classes_.byType.end()) {
      const ClassInfo& info = ast::classInfo(exact->second);
      return info.base == type ? exact->second : ClassId::AST;
    }
    for (Type* variant : classes_.of(type).variants)
      if (isSubtype(typeOf(o), variant)) return classes_.byType.find(variant)->second;
    return ClassId::AST;
  }

  Result<ast::Node*> fields(Value o, ClassId type, ClassId id) {
    RecursionGuard guard(t_);
    const ClassInfo& info = ast::classInfo(id);
    TRY(guard.check(" during ast construction"));
    if (++depth_ > 2 * compiler::kMaxTreeDepth) return tooDeep(ast::classInfo(type).name);
    const ClassInfo& declared = ast::classInfo(type);  // has the attributes
    bool attributesFirst = declared.role != ClassInfo::Role::Node;
    ast::Span span;
    if (declared.hasAttributes && attributesFirst) span = TRY(position(o, declared));
    if (id == ClassId::AST) return unexpected(declared, o);
    ast::Node* n = ast::newNode(arena_, info.kind);
    const SyntaxClasses::Class& c = classes_.of(id);
    for (int i = 0; i < info.fieldCount; i++)
      TRY(field(o, info, info.fields[i], c.fields[size_t(i)], n));
    if (declared.hasAttributes && !attributesFirst) span = TRY(position(o, declared));
    n->setSpan(span);
    depth_--;
    return n;
  }
  Error tooDeep(const char* name) {
    return t_.raise(kRecursionError, "maximum recursion depth exceeded while traversing '{}' node",
                    name);
  }

  Error missing(const ClassInfo& info, const char* what) {
    return t_.raise(kTypeError, "required field \"{}\" missing from {}", what, info.name);
  }

  // The attribute, or nothing when it is missing or, if optional, None.
  Result<bool> attribute(Value o, Str* name, bool noneIsMissing, Ref<>* out) {
    if (!TRY(lookupAttr(t_, o, name, out))) return false;
    return !noneIsMissing || !isNone(*out);
  }

  Result<ast::Span> position(Value o, const ClassInfo& info) {
    ast::Span span;
    bool optionalEnd = info.endMayBeMissing;
    TRY(number(o, info, DX_NAME("lineno"), "lineno", nullptr, &span.line));
    TRY(number(o, info, DX_NAME("col_offset"), "col_offset", nullptr, &span.col));
    TRY(number(o, info, DX_NAME("end_lineno"), "end_lineno", optionalEnd ? &span.line : nullptr,
               &span.endLine));
    TRY(number(o, info, DX_NAME("end_col_offset"), "end_col_offset",
               optionalEnd ? &span.col : nullptr, &span.endCol));
    return span;
  }
  Result<void> number(Value o, const ClassInfo& info, Str* name, const char* text,
                      const i32* fallback, i32* out) {
    Ref<> v;
    if (!TRY(attribute(o, name, fallback, &v))) {
      if (!fallback) return missing(info, text);
      *out = *fallback;
      return ok();
    }
    *out = TRY(integer(v));
    return ok();
  }

  Result<i32> integer(Value v) {
    if (!isInt(v)) return t_.raise(kValueError, "invalid integer value: {!r}", v);
    i64 n;
    if (!intToI64(v, &n) || n != i32(n))
      return t_.raise(kOverflowError, "Python int too large to convert to C int");
    return i32(n);
  }

  Result<ast::Identifier> identifier(Value v) {
    if (isNone(v)) return nullptr;
    if (!isExactStr(v)) return t_.raise(kTypeError, "AST identifier must be of type str");
    return arena_.intern(toUtf8(v.as<Str>()));
  }
  Result<ast::String> string(Value v) {
    if (isExactStr(v)) return arena_.string(toUtf8(v.as<Str>()));
    if (typeOf(v) == &PyBytes_Type) return arena_.string(v.as<Bytes>()->view());
    return t_.raise(kTypeError, "AST string must be of type str");
  }

  Result<ast::ConstantValue> constant(Value v) {
    using Kind = ast::ConstantValue::Kind;
    RecursionGuard guard(t_);
    TRY(guard.check(" during compilation"));
    ast::ConstantValue c;
    if (isNone(v)) {
      c.kind = Kind::None;
    } else if (v == trueValue() || v == falseValue()) {
      c.kind = v == trueValue() ? Kind::True : Kind::False;
    } else if (v == ellipsis()) {
      c.kind = Kind::Ellipsis;
    } else if (typeOf(v) == &PyLong_Type) {
      c.kind = Kind::Int;
      c.isSmall = intToI64(v, &c.small);
      if (!c.isSmall) {
        c.base = 16;
        c.text = arena_.string(intToText(v, 16));
      }
    } else if (isFloat(v)) {
      c.kind = Kind::Float;
      c.real = floatValue(v);
    } else if (typeOf(v) == &PyComplex_Type) {
      c.kind = Kind::Complex;
      c.real = v.as<Complex>()->real;
      c.imag = v.as<Complex>()->imag;
    } else if (isExactStr(v)) {
      c.kind = Kind::Str;
      c.text = arena_.string(toUtf8(v.as<Str>()));
    } else if (typeOf(v) == &PyBytes_Type) {
      c.kind = Kind::Bytes;
      c.text = arena_.string(v.as<Bytes>()->view());
    } else if (isExactTuple(v) || typeOf(v) == &PyFrozenSet_Type) {
      // Iterating runs no Python: both types are exact.
      c.kind = isExactTuple(v) ? Kind::Tuple : Kind::FrozenSet;
      Ref<Tuple> items = TRY(tupleFrom(t_, v));
      auto* made = arena_.array<ast::ConstantValue>(size_t(items->size));
      c.itemCount = u32(items->size);
      for (i64 i = 0; i < items->size; i++) made[i] = TRY(constant(items->items[i]));
      c.items = made;
    } else {
      c.kind = Kind::Other;
      c.text = arena_.string(typeName(typeOf(v)));
    }
    return c;
  }

  Result<u8> enumValue(Value o, ClassId type) {
    ClassId id = variantOf(o, type);
    if (id == ClassId::AST) return unexpected(ast::classInfo(type), o);
    return ast::classInfo(id).value;
  }

  Result<void> field(Value o, const ClassInfo& info, const FieldInfo& f, Str* name, ast::Node* n) {
    switch (f.fieldType) {
      case FieldType::Node:
        return store<ast::Node*>(o, info, f, name, n, [&](Value v) { return node(v, f.type); });
      case FieldType::Enum:
        return store<u8>(o, info, f, name, n, [&](Value v) { return enumValue(v, f.type); });
      case FieldType::Identifier:
        return store<ast::Identifier>(o, info, f, name, n, [&](Value v) { return identifier(v); });
      case FieldType::String:
        return store<ast::String>(o, info, f, name, n, [&](Value v) { return string(v); });
      case FieldType::Constant:
        return store<ast::ConstantValue>(o, info, f, name, n, [&](Value v) { return constant(v); });
      case FieldType::Int:
        return store<i32>(o, info, f, name, n, [&](Value v) { return integer(v); });
    }
    __builtin_unreachable();
  }

  template <class T>
  static bool isAbsent(const T& value) {
    if constexpr (std::is_pointer_v<T>) return value == nullptr;
    return false;
  }

  template <class T, class F>
  Result<void> store(Value o, const ClassInfo& info, const FieldInfo& f, Str* name, ast::Node* n,
                     F&& convert) {
    Ref<> v;
    bool many =
        f.quantifier == Quantifier::Sequence || f.quantifier == Quantifier::OptionalSequence;
    bool there = TRY(attribute(o, name, f.quantifier == Quantifier::Optional, &v));
    if (many) return there ? storeList<T>(v, info, f, n, convert) : ok();
    if (!there) return f.quantifier == Quantifier::Optional ? ok() : missing(info, f.name);
    T& out = ast::fieldAs<T>(n, f);
    out = TRY(convert(v.get()));
    if (f.quantifier == Quantifier::One && isAbsent(out))
      return t_.raise(kValueError, "field '{}' is required for {}", f.name, info.name);
    return ok();
  }

  template <class T, class F>
  Result<void> storeList(Value v, const ClassInfo& info, const FieldInfo& f, ast::Node* n,
                         F&& convert) {
    if (!isList(v)) {
      return t_.raise(kTypeError, "{} field \"{}\" must be a list, not a {}", info.name, f.name,
                      typeName(typeOf(v)));
    }
    auto* list = v.as<List>();
    i64 size = list->size;
    T* items = arena_.array<T>(size_t(size));
    for (i64 i = 0; i < size; i++) {
      Ref<> item = retain(list->items[i]);
      items[i] = TRY(convert(item.get()));
      if (isAbsent(items[i]) && f.fieldType == FieldType::Identifier)
        return t_.raise(kTypeError, "AST identifier must be of type str");
      if (list->size != size) {
        return t_.raise(kRuntimeError, "{} field \"{}\" changed size during iteration", info.name,
                        f.name);
      }
    }
    ast::fieldAs<ast::Seq<T>>(n, f) = {items, u32(size)};
    return ok();
  }

  Thread& t_;
  const SyntaxClasses& classes_;
  ast::Arena& arena_;
  int depth_ = 0;
};

}  // namespace

Result<void> checkTreeMode(Thread& t, Value tree, CompileMode mode) {
  const SyntaxClasses* classes = TRY(syntaxClasses(t));
  ClassId wanted = mode == CompileMode::Exec     ? ClassId::Module
                   : mode == CompileMode::Eval   ? ClassId::Expression
                   : mode == CompileMode::Single ? ClassId::Interactive
                                                 : ClassId::FunctionType;
  if (!isInstanceOf(tree, classes->of(wanted).type)) {
    return t.raise(kTypeError, "expected {} node, got {}", ast::classInfo(wanted).name,
                   typeName(typeOf(tree)));
  }
  return ok();
}

Result<ast::Mod*> moduleFromTree(Thread& t, Value tree, CompileMode mode, ast::Arena& arena) {
  const SyntaxClasses* classes = TRY(syntaxClasses(t));
  Value arguments[] = {tree, none()};
  TRY(audit(t, "compile", arguments));
  TRY(checkTreeMode(t, tree, mode));
  ast::Node* n = TRY(TreeReader(t, *classes, arena).node(tree, ClassId::mod));
  auto* mod = ast::as<ast::Mod>(n);
  frontend::TreeError error = frontend::validate(*mod, compiler::kMaxTreeDepth);
  using Kind = frontend::TreeError::Kind;
  switch (error.kind) {
    case Kind::None:
      return mod;
    case Kind::Type:
      return t.raise(kTypeError, "{}", error.message);
    case Kind::Value:
      return t.raise(kValueError, "{}", error.message);
    case Kind::System:
      return t.raise(kSystemError, "{}", error.message);
    case Kind::Recursion:
      return t.raise(kRecursionError, "{}", error.message);
  }
  __builtin_unreachable();
}

}  // namespace dx
