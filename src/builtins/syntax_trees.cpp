// Syntax trees as the objects of the module _ast: one loop over the descriptions in frontend/ast.h.
#include <map>

#include "builtins/builtins_parts.h"
#include "runtime/compile.h"
#include "runtime/int.h"

namespace dx {
namespace {

class TreeMaker {
 public:
  TreeMaker(Thread& t, Value module) : t_(t), module_(retain(module)) {}

  Result<Ref<>> node(const ast::Node* n) {
    if (!n) return noneRef();
    if (++depth_ > kMaxDepth)
      return t_.raise(kRecursionError, "maximum recursion depth exceeded during ast construction");
    const ast::ClassInfo& info = ast::classInfo(n->kind);
    Ref<> o = TRY(instance(info));
    for (int i = 0; i < info.fieldCount; i++) {
      const ast::FieldInfo& f = info.fields[i];
      Ref<> value = TRY(field(n, f));
      TRY(setAttr(t_, o, f.name, value));
    }
    if (info.hasAttributes) {
      TRY(setAttr(t_, o, "lineno", makeInt(n->line)));
      TRY(setAttr(t_, o, "col_offset", makeInt(n->col)));
      TRY(setAttr(t_, o, "end_lineno", makeInt(n->endLine)));
      TRY(setAttr(t_, o, "end_col_offset", makeInt(n->endCol)));
    }
    depth_--;
    return o;
  }

 private:
  static constexpr int kMaxDepth = 5000;

  // An object of a class of the module, its __init__ not called.
  Result<Ref<>> instance(const ast::ClassInfo& info) {
    Ref<> cls = TRY(getAttr(t_, module_, info.name));
    return callMethodWith(t_, cls, DX_NAME("__new__"), cls);
  }

  // The one instance of Add, Load, ... in this tree.
  Result<Ref<>> enumValue(ast::ClassId type, u8 value) {
    ast::ClassId id = ast::classOfValue(type, value);
    Ref<>& o = values_[id];
    if (!o) o = TRY(instance(ast::classInfo(id)));
    return retain(o.get());
  }

  template <class T, class F>
  Result<Ref<>> listOf(const ast::Node* n, const ast::FieldInfo& f, F&& convert) {
    const auto& items = ast::fieldAs<ast::Seq<T>>(n, f);
    Ref<List> list = newList(items.size());
    for (const T& item : items) listAppend(list.get(), TRY(convert(item)));
    return list;
  }
  template <class T, class F>
  Result<Ref<>> oneOrMany(const ast::Node* n, const ast::FieldInfo& f, F&& convert) {
    if (f.quantifier == ast::Quantifier::Sequence ||
        f.quantifier == ast::Quantifier::OptionalSequence)
      return listOf<T>(n, f, convert);
    return convert(ast::fieldAs<T>(n, f));
  }

  Result<Ref<>> field(const ast::Node* n, const ast::FieldInfo& f) {
    using ast::FieldType;
    switch (f.fieldType) {
      case FieldType::Node:
        return oneOrMany<ast::Node*>(n, f, [&](const ast::Node* child) { return node(child); });
      case FieldType::Enum:
        return oneOrMany<u8>(n, f, [&](u8 value) { return enumValue(f.type, value); });
      case FieldType::Identifier:
        return oneOrMany<ast::Identifier>(
            n, f, [&](ast::Identifier s) -> Result<Ref<>> { return text(s); });
      case FieldType::String:
        return oneOrMany<ast::String>(n, f,
                                      [&](ast::String s) -> Result<Ref<>> { return text(s); });
      case FieldType::Constant:
        return constant(ast::fieldAs<ast::ConstantValue>(n, f));
      case FieldType::Int:
        return oneOrMany<i32>(n, f, [&](i32 v) -> Result<Ref<>> { return makeInt(v); });
    }
    __builtin_unreachable();
  }

  static Ref<> text(const ast::Str* s) { return s ? Ref<>(intern(makeStr(s->view()))) : noneRef(); }

  Result<Ref<>> constant(const ast::ConstantValue& v) {
    using Kind = ast::ConstantValue::Kind;
    switch (v.kind) {
      case Kind::None:
        return noneRef();
      case Kind::True:
        return boolRef(true);
      case Kind::False:
        return boolRef(false);
      case Kind::Ellipsis:
        return retain(ellipsis());
      case Kind::Int:
        if (v.isSmall) return makeInt(v.small);
        return intFromText(t_, makeStr(v.text->view()), v.text->view(), v.base);
      case Kind::Float:
        return makeFloat(v.real);
      case Kind::Complex:
        return makeComplex(v.real, v.imag);
      case Kind::Str:
        return Ref<>(makeStr(v.text->view()));
      case Kind::Bytes:
        return Ref<>(makeBytes(v.text->view()));
      case Kind::Tuple:
      case Kind::FrozenSet: {
        Ref<List> items = newList(v.itemCount);
        for (u32 i = 0; i < v.itemCount; i++) listAppend(items.get(), TRY(constant(v.items[i])));
        return callWith(t_, Value(v.kind == Kind::Tuple ? &PyTuple_Type : &PyFrozenSet_Type),
                        items);
      }
    }
    __builtin_unreachable();
  }

  Thread& t_;
  Ref<> module_;
  std::map<ast::ClassId, Ref<>> values_;
  int depth_ = 0;
};

}  // namespace

Result<Ref<>> parseToTree(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                          const CompileOptions& options) {
  Ref<> module = TRY(importModule(t, "_ast"));
  frontend::ParseResult parsed;
  TRY(parseSource(t, source, isUtf8, filename, options, &parsed));
  return TreeMaker(t, module).node(parsed.module);
}

}  // namespace dx
