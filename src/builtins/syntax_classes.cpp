// The classes of syntax trees, made from the table in frontend/ast.asdl.
#include "builtins/generic_alias.h"
#include "builtins/syntax_node.gen.h"
#include "builtins/syntax_trees.h"
#include "object/shape.h"
#include "runtime/types.h"
#include "runtime/union.h"

namespace dx {

using ast::ClassId;
using ast::ClassInfo;
using ast::FieldInfo;
using ast::FieldType;
using ast::Quantifier;

namespace {

constexpr const char* kAttributes[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};

Ref<Tuple> namesOf(const ClassInfo& info) {
  Ref<Tuple> names = newTuple(info.fieldCount);
  for (int i = 0; i < info.fieldCount; i++)
    names->items[i] = Value(internImmortal(info.fields[i].name));
  return names;
}

Value plainTypeOf(const SyntaxClasses& all, const FieldInfo& f) {
  switch (f.fieldType) {
    case FieldType::Node:
    case FieldType::Enum:
      return Value(all.of(f.type).type);
    case FieldType::Identifier:
    case FieldType::String:
      return Value(&PyUnicode_Type);
    case FieldType::Constant:
      return Value(&PyBaseObject_Type);
    case FieldType::Int:
      return Value(&PyLong_Type);
  }
  __builtin_unreachable();
}

Result<void> setFieldTypes(Thread& t, const SyntaxClasses& all, ClassId id) {
  const ClassInfo& info = ast::classInfo(id);
  Ref<Dict> types = newDict();
  for (int i = 0; i < info.fieldCount; i++) {
    const FieldInfo& f = info.fields[i];
    Ref<> type = retain(plainTypeOf(all, f));
    if (f.quantifier == Quantifier::Optional)
      type = TRY(unionOr(t, type, none()));
    else if (f.quantifier != Quantifier::One)
      type = makeGenericAlias(&PyList_Type, tupleOf(type.get()));
    dictSetStr(types, f.name, type);
  }
  Dict* dict = all.of(id).type->dict;
  dictSetStr(dict, "_field_types", types);
  dictSetStr(dict, "__annotations_cache__", types);
  return ok();
}

Result<void> makeClass(Thread& t, SyntaxClasses& all, ClassId id) {
  const ClassInfo& info = ast::classInfo(id);
  SyntaxClasses::Class& c = all.classes[int(id)];
  SyntaxClasses::Class& base = all.classes[int(info.base)];
  Ref<Dict> ns = newDict();
  Ref<Tuple> names = namesOf(info);
  dictSetStr(ns, "_fields", names);
  dictSetStr(ns, "__match_args__", names);
  dictSetStr(ns, "__module__", DX_NAME("ast"));
  dictSetStr(ns, "__doc__", makeStr(info.doc));
  if (info.base == ClassId::AST) {
    Ref<Tuple> attributes = newTuple(info.hasAttributes ? 4 : 0);
    for (i64 i = 0; i < attributes->size; i++)
      attributes->items[i] = Value(internImmortal(kAttributes[i]));
    dictSetStr(ns, "_attributes", attributes);
    if (info.endMayBeMissing) {
      dictSetStr(ns, "end_lineno", none());
      dictSetStr(ns, "end_col_offset", none());
    }
  }
  for (int i = 0; i < info.fieldCount; i++)
    if (info.fields[i].quantifier == Quantifier::Optional)
      dictSetStr(ns, info.fields[i].name, none());
  Ref<Tuple> bases = tupleOf(Value(base.type));
  Ref<Type> type = TRY(makeType(t, &PyType_Type, internImmortal(info.name), bases, ns, Args()));
  c.type = type.release();
  for (Value name : valuesOf(names)) c.fields.push_back(name.as<Str>());
  if (info.base != ClassId::AST) base.variants.push_back(c.type);
  all.byType[c.type] = id;
  // Room for all fields and attributes in every instance.
  destroyShapes(c.type->data->rootShape);
  c.type->data->rootShape =
      newRootShape(c.type, u32(info.fieldCount) + (info.hasAttributes ? 4 : 0));
  if (info.role == ClassInfo::Role::Value) c.instance = TRY(plainNew(t, c.type, Args())).release();
  return ok();
}

Result<void> makeClasses(Thread& t, SyntaxClasses& all) {
  Type* top = &syntaxNodeType;
  all.classes[int(ClassId::AST)].type = top;
  all.byType[top] = ClassId::AST;
  for (const char* name : {"_fields", "_attributes", "__match_args__"})
    dictSetStr(typeDict(top), name, Value(emptyTuple()));
  typeModified(top);
  for (int i = 1; i < ast::kClassCount; i++) TRY(makeClass(t, all, ClassId(i)));
  for (int i = 1; i < ast::kClassCount; i++)
    if (ast::classInfo(ClassId(i)).role != ClassInfo::Role::Abstract)
      TRY(setFieldTypes(t, all, ClassId(i)));
  return ok();
}

}  // namespace

Result<const SyntaxClasses*> syntaxClasses(Thread& t) {
  static SyntaxClasses* made = nullptr;
  if (made) [[likely]]
    return static_cast<const SyntaxClasses*>(made);
  auto all = std::make_unique<SyntaxClasses>();
  TRY(makeClasses(t, *all));
  made = all.release();
  return static_cast<const SyntaxClasses*>(made);
}

bool isSyntaxNode(Value v) { return isInstanceOf(v, &syntaxNodeType); }

}  // namespace dx
