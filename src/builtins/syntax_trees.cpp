// Syntax trees as objects, from the nodes of the front end: one loop over the descriptions in
// frontend/ast.h.
#include "builtins/syntax_trees.h"

#include "compiler/preprocess.h"
#include "runtime/attributes.h"
#include "runtime/compile.h"
#include "runtime/int.h"
#include "runtime/types.h"

namespace dx {
namespace {

class TreeMaker {
 public:
  TreeMaker(Thread& t, const SyntaxClasses& classes) : t_(t), classes_(classes) {}

  Result<Ref<>> node(const ast::Node* n) {
    if (!n) return noneRef();
    RecursionGuard guard(t_);
    TRY(guard.check(" during ast construction"));
    const ast::ClassInfo& info = ast::classInfo(n->kind);
    const SyntaxClasses::Class& c = classes_.of(ast::classIdOf(n->kind));
    Ref<> o = TRY(plainNew(t_, c.type, Args()));
    for (int i = 0; i < info.fieldCount; i++) {
      Ref<> value = TRY(field(n, info.fields[i]));
      TRY(set(o, c.fields[size_t(i)], value));
    }
    if (info.hasAttributes) {
      TRY(set(o, DX_NAME("lineno"), makeInt(n->line)));
      TRY(set(o, DX_NAME("col_offset"), makeInt(n->col)));
      TRY(set(o, DX_NAME("end_lineno"), makeInt(n->endLine)));
      TRY(set(o, DX_NAME("end_col_offset"), makeInt(n->endCol)));
    }
    return o;
  }

 private:
  // The object is new and its class ours: no descriptor is looked for.
  Result<void> set(Value o, Str* name, Value value) {
    bool found, hasDict;
    return instanceStore(t_, o.object(), name, value, &found, &hasDict);
  }

  template <class T, class F>
  Result<Ref<>> oneOrMany(const ast::Node* n, const ast::FieldInfo& f, F&& convert) {
    if (f.quantifier == ast::Quantifier::One || f.quantifier == ast::Quantifier::Optional)
      return convert(ast::fieldAs<T>(n, f));
    const auto& items = ast::fieldAs<ast::Seq<T>>(n, f);
    Ref<List> list = newList(items.size());
    for (const T& item : items) listAppend(list.get(), TRY(convert(item)));
    return list;
  }

  Result<Ref<>> field(const ast::Node* n, const ast::FieldInfo& f) {
    using ast::FieldType;
    switch (f.fieldType) {
      case FieldType::Node:
        return oneOrMany<ast::Node*>(n, f, [&](const ast::Node* child) { return node(child); });
      case FieldType::Enum:
        return oneOrMany<u8>(n, f, [&](u8 value) -> Result<Ref<>> {
          return retain(classes_.of(ast::classOfValue(f.type, value)).instance);
        });
      case FieldType::Identifier:
        return oneOrMany<ast::Identifier>(
            n, f, [&](ast::Identifier s) -> Result<Ref<>> { return identifier(s); });
      case FieldType::String:
        return oneOrMany<ast::String>(n, f, [&](ast::String s) -> Result<Ref<>> {
          return s ? Ref<>(makeStr(s->view())) : noneRef();
        });
      case FieldType::Constant:
        return constant(ast::fieldAs<ast::ConstantValue>(n, f));
      case FieldType::Int:
        return oneOrMany<i32>(n, f, [&](i32 v) -> Result<Ref<>> { return makeInt(v); });
    }
    __builtin_unreachable();
  }

  // Identifiers of one arena are numbered.
  Ref<> identifier(ast::Identifier s) {
    if (!s) return noneRef();
    if (s->id == 0) return Ref<>(intern(makeStr(s->view())));
    if (s->id >= names_.size()) names_.resize(s->id * 2);
    Ref<>& name = names_[s->id];
    if (!name) name = Ref<>(intern(makeStr(s->view())));
    return retain(name.get());
  }

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
      case Kind::Other:
        break;  // validated trees have none
    }
    __builtin_unreachable();
  }

  Thread& t_;
  const SyntaxClasses& classes_;
  std::vector<Ref<>> names_;
};

}  // namespace

Result<Ref<>> treeFromModule(Thread& t, const ast::Mod& mod) {
  return TreeMaker(t, *TRY(syntaxClasses(t))).node(&mod);
}

Result<Ref<>> parseToTree(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                          const CompileOptions& options, bool optimized) {
  frontend::ParseResult parsed;
  TRY(parseSource(t, source, isUtf8, filename, options, &parsed));
  TRY(preprocessTree(t, *parsed.module, *parsed.arena, filename, options, optimized));
  return treeFromModule(t, *parsed.module);
}

}  // namespace dx
