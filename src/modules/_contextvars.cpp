// Module _contextvars: contexts and context variables (PEP 567).
#include "modules/_contextvars.gen.h"
#include "runtime/types.h"

namespace dx {

static Context* newContext(Dict* vars) {
  Ref<Context> c = make<Context>(&PyContext_Type);
  c->vars = vars ? retainObject(vars).release() : newDict().release();
  gcTrack(c);
  return c.release();
}
static Context* currentContext(Thread& t) {
  if (!t.context) t.context = Value(newContext(nullptr));
  return t.context.as<Context>();
}

// The variables for writing: a copy of its own if somebody shares them.
static Dict* writableVars(Context* c) {
  if (c->vars->refcount != 1) {
    Ref<Dict> copy = dictCopy(c->vars);
    Dict* old = std::exchange(c->vars, copy.release());
    decrefObject(old);
  }
  return c->vars;
}

Value contextVarValue(Thread& t, ContextVar* var) {
  if (!t.context) return Value();
  Result<Value> v = dictGet(t, t.context.as<Context>()->vars, Value(var));
  return v ? *v : Value();
}
Ref<> makeContextVar(const char* name) {
  Ref<ContextVar> v = make<ContextVar>(&PyContextVar_Type);
  v->name = Value(internImmortal(name));
  gcTrack(v);
  return Ref<>(std::move(v));
}

static Value tokenMissing() {
  static Object* missing = [] {
    Object* o = newObject(&PyContextTokenMissing_Type, sizeof(Object));
    o->refcount = kImmortalCount;
    return o;
  }();
  return Value(missing);
}

// ---- Context ----

Result<Ref<>> Context___new__(Thread& t, Type&, const Args& args) {
  if (args.total()) return t.raise(kTypeError, "Context() does not accept any arguments");
  return Ref<>::steal(Value(newContext(nullptr)));
}
static Result<void> checkKey(Thread& t, Value key) {
  if (typeOf(key) == &PyContextVar_Type) return {};
  return t.raise(kTypeError, "a ContextVar key was expected, got {!r}", key);
}
static Result<Value> find(Thread& t, Context& self, Value key) {
  TRY(checkKey(t, key));
  return dictGet(t, self.vars, key);
}
Result<i64> Context___len__(Thread&, Context& self) { return self.vars->used; }
Result<Ref<>> Context___getitem__(Thread& t, Context& self, Value key) {
  Value v = TRY(find(t, self, key));
  if (!v) return raiseKeyError(t, key);
  return retain(v);
}
Result<bool> Context___contains__(Thread& t, Context& self, Value key) {
  return bool(TRY(find(t, self, key)));
}
Result<Ref<>> Context_get(Thread& t, Context& self, Value key, Value fallback) {
  Value v = TRY(find(t, self, key));
  return retain(v ? v : fallback);
}
Result<Ref<>> Context_copy(Thread&, Context& self) {
  return Ref<>::steal(Value(newContext(self.vars)));
}

// Iterators over what is there now; later changes make a copy.
static Result<Ref<>> iterate(Thread& t, Context& self, Str* method) {
  Ref<Dict> vars = retainObject(self.vars);
  Ref<> view = TRY(callMethod(t, vars, method, {}));
  return iter(t, view);
}
Result<Ref<>> Context___iter__(Thread& t, Context& self) {
  return iterate(t, self, DX_NAME("keys"));
}
Result<Ref<>> Context_keys(Thread& t, Context& self) { return iterate(t, self, DX_NAME("keys")); }
Result<Ref<>> Context_values(Thread& t, Context& self) {
  return iterate(t, self, DX_NAME("values"));
}
Result<Ref<>> Context_items(Thread& t, Context& self) { return iterate(t, self, DX_NAME("items")); }

Result<Ref<>> Context___richcompare__(Thread& t, Context& self, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &PyContext_Type)
    return notImplementedRef();
  Ref<Dict> a = retainObject(self.vars), b = retainObject(other.as<Context>()->vars);
  return compare(t, a, b, op);
}

Result<Ref<>> Context_run(Thread& t, Context& self, const Args& args) {
  if (args.count < 1) return t.raise(kTypeError, "run() missing 1 required positional argument");
  if (self.entered)
    return t.raise(kRuntimeError, "cannot enter context: {!r} is already entered", Value(&self));
  Ref<Context> held = retainObject(&self);
  self.entered = true;
  Ref<> previous = Ref<>::steal(t.context);
  t.context = retain(Value(&self)).release();
  Result<Ref<>> r = call(t, args[0], Args(args.v + 1, args.count - 1, args.names));
  Value left = t.context;
  t.context = previous.release();
  self.entered = false;
  decref(left);
  return r;
}

// ---- ContextVar ----

Result<Ref<>> ContextVar___new__(Thread& t, Type&, const Args& args) {
  if (args.count != 1)
    return t.raise(kTypeError, "ContextVar() takes {} 1 positional argument ({} given)",
                   args.count ? "at most" : "exactly", args.count);
  Value fallback;
  for (u32 i = 0; i < args.keywordCount(); i++) {
    Str* name = args.names->items[i].as<Str>();
    if (!equalAscii(name, "default"))
      return t.raise(kTypeError, "ContextVar() got an unexpected keyword argument '{}'",
                     Value(name));
    fallback = args.v[args.count + i];
  }
  if (!isStr(args[0])) return t.raise(kTypeError, "context variable name must be a str");
  (void)TRY(hash(t, args[0]));
  Ref<ContextVar> v = make<ContextVar>(&PyContextVar_Type);
  v->name = retain(args[0]).release();
  v->fallback = retain(fallback).release();
  gcTrack(v);
  return Ref<>(std::move(v));
}
Result<Ref<>> ContextVar___repr__(Thread& t, ContextVar& self) {
  Ref<Str> name = TRY(repr(t, self.name));
  if (!self.fallback)
    return Ref<>(formatStr("<ContextVar name={} at {}>", name, pointerText(&self)));
  Ref<Str> fallback = TRY(repr(t, self.fallback));
  return Ref<>(
      formatStr("<ContextVar name={} default={} at {}>", name, fallback, pointerText(&self)));
}
Result<Ref<>> ContextVar_get(Thread& t, ContextVar& self, Value fallback) {
  Value v = contextVarValue(t, &self);
  if (!v) v = fallback ? fallback : self.fallback;
  if (!v) return t.raiseValue(kLookupError, Value(&self));
  return retain(v);
}
Result<Ref<>> ContextVar_set(Thread& t, ContextVar& self, Value value) {
  Context* c = currentContext(t);
  Ref<ContextToken> token = make<ContextToken>(&PyContextToken_Type);
  token->context = retainObject(c).release();
  token->var = retainObject(&self).release();
  token->old = retain(contextVarValue(t, &self)).release();
  gcTrack(token);
  TRY(dictSet(t, writableVars(c), Value(&self), value));
  return Ref<>(std::move(token));
}
Result<Ref<>> ContextVar_reset(Thread& t, ContextVar& self, Value v) {
  if (typeOf(v) != &PyContextToken_Type)
    return t.raise(kTypeError, "expected an instance of Token, got {!r}", v);
  auto* token = v.as<ContextToken>();
  if (token->used) return t.raise(kRuntimeError, "{!r} has already been used once", v);
  if (token->var != &self)
    return t.raise(kValueError, "{!r} was created by a different ContextVar", v);
  Context* c = currentContext(t);
  if (token->context != c)
    return t.raise(kValueError, "{!r} was created in a different Context", v);
  token->used = true;
  if (token->old) {
    TRY(dictSet(t, writableVars(c), Value(&self), token->old));
  } else if (!TRY(dictDelete(t, writableVars(c), Value(&self)))) {
    return t.raiseValue(kLookupError, Value(&self));
  }
  return noneRef();
}

// ---- Token ----

Result<Ref<>> ContextToken___new__(Thread& t, Type&, const Args&) {
  return t.raise(kRuntimeError, "Tokens can only be created by ContextVars");
}
Result<Ref<>> ContextToken___repr__(Thread& t, ContextToken& self) {
  Ref<Str> var = TRY(repr(t, Value(self.var)));
  return Ref<>(
      formatStr("<Token{} var={} at {}>", self.used ? " used" : "", var, pointerText(&self)));
}
Result<Ref<>> ContextToken___enter__(Thread&, ContextToken& self) { return Ref<>::retain(&self); }
Result<Ref<>> ContextToken___exit__(Thread& t, ContextToken& self, Value, Value, Value) {
  return ContextVar_reset(t, *self.var, Value(&self));
}
Result<Ref<>> ContextToken_get_var(Thread&, ContextToken& self) { return Ref<>::retain(self.var); }
Result<Ref<>> ContextToken_get_old_value(Thread&, ContextToken& self) {
  return retain(self.old ? self.old : tokenMissing());
}
Result<Ref<>> missing___repr__(Thread&, Object&) { return Ref<>(makeAscii("<Token.MISSING>")); }

// ---- module ----

Result<Ref<>> _contextvars_copy_context(Thread& t) {
  return Ref<>::steal(Value(newContext(currentContext(t)->vars)));
}
Result<void> _contextvars_exec(Thread&, Module&) {
  dictSetStr(typeDict(&PyContextToken_Type), "MISSING", tokenMissing());
  return {};
}

}  // namespace dx
