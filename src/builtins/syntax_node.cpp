// ast.AST: what all nodes of syntax trees share.
#include "builtins/builtins_parts.h"
#include "builtins/generic_alias.h"
#include "builtins/syntax_node.gen.h"
#include "builtins/syntax_trees.h"
#include "runtime/attributes.h"
#include "runtime/types.h"

namespace dx {

void syntaxNode_dealloc(Object* o) {
  if (gcIsTracked(o)) gcUntrack(o);
  if (o->type == &syntaxNodeType) clearManagedDict(o);
  freeObject(o);
}
// Classes below visit and clear their instances' dicts themselves.
void syntaxNode_traverse(Object* o, Visitor& v) {
  if (o->type == &syntaxNodeType) visitManagedDict(o, v);
}
void syntaxNode_clear(Object* o) {
  if (o->type == &syntaxNodeType) clearManagedDict(o);
}

Result<Ref<>> syntaxNode_get___dict__(Thread& t, Object& self) {
  return retain(Value(TRY(instanceDict(t, &self))));
}
Result<void> syntaxNode_set___dict__(Thread& t, Object& self, Value v) {
  if (!v) return t.raise(kTypeError, "cannot delete __dict__");
  if (!isDict(v))
    return t.raise(kTypeError, "__dict__ must be set to a dictionary, not a '{}'", typeOf(v));
  return setInstanceDict(t, &self, v);
}

// ---- the constructor ----

namespace {

// cls._fields, cls._attributes: any sequence.
Result<Ref<Tuple>> namesIn(Thread& t, Type* cls, Str* attribute) {
  Ref<> names = TRY(getAttr(t, cls, attribute));
  if (isExactTuple(names)) return std::move(names).cast<Tuple>();
  (void)TRY(length(t, names));
  return tupleFrom(t, names);
}

// `name` may be anything: f(**mapping) hands on whatever keys there are.
Result<i64> indexIn(Thread& t, Tuple* names, Value name) {
  for (i64 i = 0; i < names->size; i++)
    if (TRY(equal(t, names->items[i], name))) return i;
  return -1;
}

template <class... A>
Result<void> deprecated(Thread& t, const char* format, const A&... args) {
  return warn(t, kDeprecationWarning, format, args...);
}

// What a field that the constructor got no value for becomes.
Result<void> setDefault(Thread& t, Object& self, Value field, Value types) {
  Ref<> type;
  if (isDict(types)) {
    Value found = TRY(dictGet(t, types.as<Dict>(), field));
    if (found) type = retain(found);
  }
  if (!type) {
    return deprecated(t,
                      "Field {!r} is missing from {}._field_types. This will become an error in "
                      "Python 3.15.",
                      field, self.type);
  }
  if (typeOf(type) == &_PyUnion_Type) return ok();  // the class has None
  Str* name = TRY(attributeName(t, field));
  if (typeOf(type) == &Py_GenericAliasType) return setAttr(t, &self, name, newList().get());
  const auto& context = TRY(syntaxClasses(t))->of(ast::ClassId::expr_context);
  if (type.get() == Value(context.type))
    return setAttr(t, &self, name, TRY(syntaxClasses(t))->of(ast::ClassId::Load).instance);
  return deprecated(t,
                    "{}.__init__ missing 1 required positional argument: {!r}. This will become "
                    "an error in Python 3.15.",
                    self.type, field);
}

}  // namespace

Result<void> syntaxNode___init__(Thread& t, Object& self, const Args& args) {
  Type* cls = self.type;
  Ref<Tuple> fields = TRY(namesIn(t, cls, DX_NAME("_fields")));
  i64 most = fields->size;
  if (i64(args.count) > most) {
    return t.raise(kTypeError, "{} constructor takes at most {} positional argument{}",
                   typeName(cls), most, most == 1 ? "" : "s");
  }
  std::vector<bool> given(size_t(most), false);
  i64 missing = most;
  for (u32 i = 0; i < args.count; i++) {
    Str* name = TRY(attributeName(t, fields->items[i]));
    TRY(setAttr(t, &self, name, args[i]));
    given[i] = true;
    missing--;
  }
  Ref<Tuple> attributes;
  for (u32 k = 0; k < args.keywordCount(); k++) {
    Value key = args.names->items[k];
    i64 at = TRY(indexIn(t, fields, key));
    if (at >= 0) {
      if (given[size_t(at)])
        return t.raise(kTypeError, "{} got multiple values for argument {!r}", cls, key);
      given[size_t(at)] = true;
      missing--;
    } else {
      if (!attributes) attributes = TRY(namesIn(t, cls, DX_NAME("_attributes")));
      if (TRY(indexIn(t, attributes, key)) < 0) {
        TRY(deprecated(t,
                       "{}.__init__ got an unexpected keyword argument {!r}. Support for "
                       "arbitrary keyword arguments is deprecated and will be removed in Python "
                       "3.15.",
                       cls, key));
      }
    }
    TRY(setAttr(t, &self, TRY(attributeName(t, key)), args.v[args.count + k]));
  }
  if (missing == 0) return ok();
  Ref<> types;
  if (!TRY(lookupAttr(t, cls, DX_NAME("_field_types"), &types))) return ok();
  for (i64 i = 0; i < most; i++)
    if (!given[size_t(i)]) TRY(setDefault(t, self, fields->items[i], types));
  return ok();
}

// ---- repr ----

namespace {

// Nodes below the third level, and long lists, are left out.
class TreeRepr {
 public:
  explicit TreeRepr(Thread& t) : t_(t) {}

  Result<void> node(Value node, int depth) {
    RecursionGuard guard(t_);
    TRY(guard.check(" while getting the repr of an object"));
    Type* cls = typeOf(node);
    std::string_view name = cls == &syntaxNodeType ? "ast.AST" : typeName(cls);
    b_.add(name);
    b_.add("(");
    if (depth <= 0 || !enterRepr(t_, node.object())) {
      b_.add("...)");
      return ok();
    }
    Result<void> done = fields(node, depth);
    leaveRepr(t_, node.object());
    TRY(done);
    b_.add(")");
    return ok();
  }
  Ref<Str> finish() { return b_.finish(); }

 private:
  Result<void> fields(Value node, int depth) {
    Ref<Tuple> names = TRY(namesIn(t_, typeOf(node), DX_NAME("_fields")));
    for (i64 i = 0; i < names->size; i++) {
      Str* name = TRY(attributeName(t_, names->items[i]));
      Ref<> value = TRY(getAttr(t_, node, name));
      if (i != 0) b_.add(", ");
      b_.add(name);
      b_.add("=");
      if (isList(value) || isTuple(value))
        TRY(items(value, depth - 1));
      else
        TRY(item(value, depth - 1));
    }
    return ok();
  }
  Result<void> item(Value v, int depth) {
    if (isSyntaxNode(v)) return node(v, depth);
    b_.add(TRY(repr(t_, v)).get());
    return ok();
  }
  Result<void> items(Value sequence, int depth) {
    Ref<Tuple> all = TRY(tupleFrom(t_, sequence));
    if (all->size == 0) {
      b_.add(TRY(repr(t_, sequence)).get());
      return ok();
    }
    bool list = isList(sequence);
    b_.add(list ? "[" : "(");
    TRY(item(all->items[0], depth));
    if (all->size > 1) {
      b_.add(all->size > 2 ? ", ..., " : ", ");
      TRY(item(all->items[all->size - 1], depth));
    }
    b_.add(list ? "]" : ")");
    return ok();
  }

  Thread& t_;
  StrBuilder b_;
};

}  // namespace

Result<Ref<>> syntaxNode___repr__(Thread& t, Object& self) {
  TreeRepr r(t);
  TRY(r.node(&self, 3));
  return r.finish();
}

// ---- copies ----

// The leading fields are passed as None, so that making the copy warns of none that is missing.
Result<Ref<>> syntaxNode___reduce__(Thread& t, Object& self) {
  Ref<Dict> state = dictCopy(TRY(instanceDict(t, &self)));
  Ref<Tuple> fields = TRY(namesIn(t, self.type, DX_NAME("_fields")));
  i64 leading = 0;
  while (leading < fields->size && TRY(dictGet(t, state, fields->items[leading]))) leading++;
  Ref<Tuple> args = newTuple(leading);
  for (i64 i = 0; i < leading; i++) args->items[i] = none();
  return tupleOf(Value(self.type), Value(args), Value(state));
}

Result<Ref<>> syntaxNode___replace__(Thread& t, Object& self, const Args& args) {
  if (args.count != 0) return t.raise(kTypeError, "__replace__() takes no positional arguments");
  Type* cls = self.type;
  Ref<Tuple> fields = TRY(namesIn(t, cls, DX_NAME("_fields")));
  Ref<Tuple> attributes = TRY(namesIn(t, cls, DX_NAME("_attributes")));
  for (u32 k = 0; k < args.keywordCount(); k++) {
    Value key = args.names->items[k];
    if (TRY(indexIn(t, fields, key)) < 0 && TRY(indexIn(t, attributes, key)) < 0) {
      return t.raise(kTypeError, "{}.__replace__ got an unexpected keyword argument {!r}.", cls,
                     key);
    }
  }
  Ref<> types;
  (void)TRY(lookupAttr(t, cls, DX_NAME("_field_types"), &types));
  Ref<Dict> state = retainObject(TRY(instanceDict(t, &self)));
  Ref<Dict> kept = newDict();
  Ref<Dict> absent = newDict();  // as a set: what no value is known for
  for (i64 i = 0; i < fields->size + attributes->size; i++) {
    bool isField = i < fields->size;
    Value name = isField ? fields->items[i] : attributes->items[i - fields->size];
    bool changed = false;
    for (u32 k = 0; k < args.keywordCount() && !changed; k++)
      changed = TRY(equal(t, args.names->items[k], name));
    if (changed) continue;
    Ref<> value = retain(TRY(dictGet(t, state, name)));
    if (value) {
      TRY(dictSet(t, kept, name, value));
    } else if (isField && TRY(indexIn(t, attributes, name)) < 0) {
      Value type = types && isDict(types) ? TRY(dictGet(t, types.as<Dict>(), name)) : Value();
      if (!type || typeOf(type) != &_PyUnion_Type)
        TRY(dictSet(t, absent, TRY(repr(t, name)), none()));
    }
  }
  Ref<List> missing = TRY(listFrom(t, absent));
  if (missing->size != 0) {
    (void)TRY(callMethodWith(t, missing, DX_NAME("sort")));
    Ref<Str> joined = TRY(joinStrs(t, DX_NAME(", "), valuesOf(missing)));
    return t.raise(kTypeError, "{}.__replace__ missing {} keyword argument{}: {}.", cls,
                   missing->size, missing->size == 1 ? "" : "s", joined);
  }
  for (u32 k = 0; k < args.keywordCount(); k++)
    TRY(dictSet(t, kept, args.names->items[k], args.v[args.count + k]));
  return callTupleDict(t, cls, emptyTuple(), kept);
}

}  // namespace dx
