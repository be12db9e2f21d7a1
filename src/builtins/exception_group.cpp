// Exception groups (PEP 654): the class, and what `except*` does.
#include "builtins/exceptions.h"
#include "runtime/lifecycle.h"
#include "runtime/types.h"

namespace dx {

static ExceptionGroup* groupOf(Value v) { return v.as<ExceptionGroup>(); }
static Tuple* exceptionsOf(Value v) { return groupOf(v)->exceptions.as<Tuple>(); }
static bool isGroup(Value v) { return isInstanceOf(v, kBaseExceptionGroup); }

static Result<Ref<>> groupNew(Thread& t, Type* cls, const Args& args) {
  if (args.names && args.names->size && cls->type == &PyType_Type && !cls->has(kTypeHeap))
    return t.raise(kTypeError, "{}.__new__() takes no keyword arguments", cls);
  if (args.count != 2)
    return t.raise(kTypeError, "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
                   args.count);
  if (!isStr(args[0]))
    return t.raise(kTypeError, "argument 1 must be str, not {}", typeOf(args[0]));
  Value sequence = args[1];
  if (!isTuple(sequence) && !isList(sequence) && !slotsOf(sequence).seqItem &&
      !slotsOf(sequence).getItem)
    return t.raise(kTypeError, "second argument (exceptions) must be a sequence");
  Ref<Tuple> list = TRY(tupleFrom(t, sequence));
  if (list->size == 0)
    return t.raise(kValueError, "second argument (exceptions) must be a non-empty sequence");
  bool nestedBase = false;
  for (i64 i = 0; i < list->size; i++) {
    if (!isExceptionInstance(list->items[i]))
      return t.raise(kValueError, "Item {} of second argument (exceptions) is not an exception", i);
    nestedBase |= !isInstanceOf(list->items[i], kException);
  }
  if (cls == kExceptionGroup && nestedBase)
    return t.raise(kTypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
  if (cls == kBaseExceptionGroup && !nestedBase) cls = kExceptionGroup;
  if (nestedBase && cls != kBaseExceptionGroup && isSubtype(cls, kException))
    return t.raise(kTypeError, "Cannot nest BaseExceptions in '{}'", cls);
  Ref<> o = Ref<>::steal(Value(newInstance(cls)));
  auto* g = o.as<ExceptionGroup>();
  g->args = Value(makeTuple(Values(args.v, 2)).release());
  g->message = retain(args[0]).release();
  g->exceptions = Value(list.release());
  if (!gcIsTracked(g)) gcTrack(g);
  // What another kind of sequence holds later is its own affair.
  if (!isTuple(sequence) && !isList(sequence)) g->excsStr = Value(TRY(repr(t, sequence)).release());
  return o;
}
static Result<void> groupInit(Thread& t, Value self, const Args& args) {
  if (args.names && args.names->size)
    return t.raise(kTypeError, "{}() takes no keyword arguments", typeOf(self));
  setField(self.as<BaseException>()->args, makeTuple(Values(args.v, args.count)));
  return {};
}
static Result<Ref<>> groupStr(Thread&, Value self) {
  i64 n = exceptionsOf(self)->size;
  return Ref<>(formatStr("{} ({} sub-exception{})", groupOf(self)->message, n, n == 1 ? "" : "s"));
}
static Result<Ref<>> groupRepr(Thread& t, Value self) {
  Ref<Str> message = TRY(repr(t, groupOf(self)->message));
  Ref<> text = retain(groupOf(self)->excsStr);
  if (!text) {
    bool asList = exceptionArgs(self)->size == 2 && isList(exceptionArgs(self)->items[1]);
    Ref<> exceptions = retain(Value(exceptionsOf(self)));
    if (asList) exceptions = TRY(listFrom(t, exceptions));
    text = TRY(repr(t, exceptions));
  }
  std::string_view name = typeNameOf(self);
  return Ref<>(formatStr("{}({}, {})", name.substr(name.rfind('.') + 1), message, text));
}

// A group like `self` of other exceptions, through its derive method, with self's context.
static Result<Ref<>> derived(Thread& t, Value self, List* exceptions) {
  Ref<> g = TRY(callMethodWith(t, self, DX_NAME("derive"), Value(exceptions)));
  if (!isGroup(g))
    return t.raise(kTypeError, "derive must return an instance of BaseExceptionGroup");
  auto *from = self.as<BaseException>(), *to = g.as<BaseException>();
  setField(to->traceback, retain(from->traceback));
  setField(to->context, retain(from->context));
  setField(to->cause, retain(from->cause));
  to->suppressContext = from->suppressContext;
  Ref<> notes;
  if (TRY(lookupAttr(t, self, DX_NAME("__notes__"), &notes))) {
    if (isList(notes) || isTuple(notes))
      TRY(setAttr(t, g, DX_NAME("__notes__"), TRY(listFrom(t, notes))));
  }
  return g;
}

struct Matcher {
  Value condition;  // class, tuple of classes or callable
  bool callable;
  Result<bool> operator()(Thread& t, Value e) const {
    if (!callable) return exceptionMatches(t, e, condition);
    Ref<> r = TRY(callWith(t, condition, e));
    return isTrue(t, r);
  }
};

static Result<void> splitBy(Thread& t, Value e, const Matcher& matches, bool wantRest, Ref<>* match,
                            Ref<>* rest) {
  RecursionGuard guard(t);
  TRY(guard.check(" in exception group split"));
  if (TRY(matches(t, e))) {
    *match = retain(e);
    return {};
  }
  if (!isGroup(e)) {
    *rest = retain(e);
    return {};
  }
  Ref<List> yes = newList(), no = newList();
  Ref<> held = retain(e);
  for (i64 i = 0; i < exceptionsOf(e)->size; i++) {
    Ref<> m, r;
    TRY(splitBy(t, exceptionsOf(e)->items[i], matches, wantRest, &m, &r));
    if (m) listAppend(yes, std::move(m));
    if (r) listAppend(no, std::move(r));
  }
  if (yes->size) *match = TRY(derived(t, e, yes));
  if (wantRest && no->size) *rest = TRY(derived(t, e, no));
  return {};
}

static Result<Matcher> matcherOf(Thread& t, Value condition) {
  if (isExceptionClass(condition)) return Matcher{condition, false};
  if (isTuple(condition)) {
    for (Value v : valuesOf(condition.as<Tuple>()))
      if (!isExceptionClass(v))
        return t.raise(kTypeError,
                       "expected an exception type, a tuple of exception types, or a callable "
                       "(other than a class)");
    return Matcher{condition, false};
  }
  if (!isType(condition) && isCallable(condition)) return Matcher{condition, true};
  return t.raise(
      kTypeError,
      "expected an exception type, a tuple of exception types, or a callable (other than a class)");
}

static Result<Ref<>> groupSplit(Thread& t, Value self, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError, "BaseExceptionGroup.split() takes exactly one argument ({} given)",
                   args.total());
  Matcher m = TRY(matcherOf(t, args[0]));
  Ref<> match, rest;
  TRY(splitBy(t, self, m, true, &match, &rest));
  return Ref<>(tupleOf(match ? match.get() : none(), rest ? rest.get() : none()));
}
static Result<Ref<>> groupSubgroup(Thread& t, Value self, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError,
                   "BaseExceptionGroup.subgroup() takes exactly one argument ({} given)",
                   args.total());
  Matcher m = TRY(matcherOf(t, args[0]));
  Ref<> match, rest;
  TRY(splitBy(t, self, m, false, &match, &rest));
  return match ? std::move(match) : noneRef();
}
static Result<Ref<>> groupDerive(Thread& t, Value self, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError, "BaseExceptionGroup.derive() takes exactly one argument ({} given)",
                   args.total());
  return callWith(t, Value(kBaseExceptionGroup), groupOf(self)->message, args[0]);
}

static const NativeFunction kMethods[] = {
    {"split", nullptr, kNativeOneArg, nullptr, groupSplit},
    {"subgroup", nullptr, kNativeOneArg, nullptr, groupSubgroup},
    {"derive", nullptr, kNativeOneArg, nullptr, groupDerive},
    {"__class_getitem__", nullptr, kNativeClass | kNativeOneArg, "See PEP 585",
     genericClassGetItem},
};
static const NativeMember kMembers[] = {
    {"message", offsetof(ExceptionGroup, message), MemberKind::Object, true, "exception message"},
    {"exceptions", offsetof(ExceptionGroup, exceptions), MemberKind::Object, true,
     "nested exceptions"}};
static const char* const kSlots[] = {"__new__", "__init__", "__str__", "__repr__"};

ExceptionGroupParts exceptionGroupParts() {
  return {kMethods, kMembers, kSlots, groupInit, groupNew, groupStr, groupRepr};
}

Result<void> initExceptions(Thread& t) {
  Ref<Dict> ns = newDict();
  dictSetStr(ns, "__module__", Value(DX_NAME("builtins")));
  Ref<Tuple> bases = tupleOf(Value(kBaseExceptionGroup), Value(kException));
  Value args[] = {Value(DX_NAME("ExceptionGroup")), bases, ns};
  Ref<> cls = TRY(call(t, Value(&PyType_Type), Args(args, 3)));
  kExceptionGroup = cls.release().as<Type>();
  return {};
}

// ---- except* ----

Result<void> splitExceptionGroup(Thread& t, Value exception, Value types, Ref<>* rest,
                                 Ref<>* match) {
  if (isNone(exception)) {
    *rest = noneRef();
    *match = noneRef();
    return {};
  }
  auto check = [&](Value v) -> Result<void> {
    if (!isExceptionClass(v))
      return t.raise(kTypeError,
                     "catching classes that do not inherit from BaseException is not allowed");
    if (isSubtype(v.as<Type>(), kBaseExceptionGroup))
      return t.raise(kTypeError,
                     "catching ExceptionGroup with except* is not allowed. Use except instead.");
    return {};
  };
  if (isTuple(types)) {
    for (Value v : valuesOf(types.as<Tuple>())) TRY(check(v));
  } else {
    TRY(check(types));
  }
  if (TRY(exceptionMatches(t, exception, types))) {
    if (isGroup(exception)) {
      *match = retain(exception);
    } else {
      // A naked exception is caught as a group of one.
      Ref<Tuple> one = tupleOf(exception);
      *match = TRY(callWith(t, Value(kBaseExceptionGroup), Value(emptyStr()), Value(one)));
      Ref<> tb = retain(exception.as<BaseException>()->traceback);
      setField(match->as<BaseException>()->traceback, std::move(tb));
    }
    *rest = noneRef();
    return {};
  }
  if (!isGroup(exception)) {
    *rest = retain(exception);
    *match = noneRef();
    return {};
  }
  Ref<> pair = TRY(callMethodWith(t, exception, DX_NAME("split"), types));
  if (!isTuple(pair))
    return t.raise(kTypeError, "{}.split must return a tuple, not {}", typeOf(exception),
                   typeOf(pair));
  if (pair.as<Tuple>()->size < 2)
    return t.raise(kTypeError, "{}.split must return a 2-tuple, got tuple of size {}",
                   typeOf(exception), pair.as<Tuple>()->size);
  *match = retain(pair.as<Tuple>()->items[0]);
  *rest = retain(pair.as<Tuple>()->items[1]);
  return {};
}

// The leaves of a group, by identity.
static void collectLeaves(Value e, std::vector<Value>* out) {
  if (!isGroup(e)) {
    out->push_back(e);
    return;
  }
  for (Value v : valuesOf(exceptionsOf(e))) collectLeaves(v, out);
}

// Raised in a handler of its own, or part of the original group that was not handled?
static bool isFromOriginal(Value e, Value original) {
  auto *a = e.as<BaseException>(), *b = original.as<BaseException>();
  return a->traceback == b->traceback && a->context == b->context && a->cause == b->cause &&
         a->notes == b->notes;
}

// The part of `original` whose leaves are in `keep`.
static Result<Ref<>> projectOnto(Thread& t, Value original, const std::vector<Value>& keep) {
  struct Walk {
    static Result<Ref<>> run(Thread& t, Value e, const std::vector<Value>& keep) {
      RecursionGuard guard(t);
      TRY(guard.check(" in exception group projection"));
      if (!isGroup(e)) {
        for (Value k : keep)
          if (k == e) return retain(e);
        return Ref<>();
      }
      Ref<List> kept = newList();
      for (i64 i = 0; i < exceptionsOf(e)->size; i++) {
        Result<Ref<>> part = run(t, exceptionsOf(e)->items[i], keep);
        if (!part && t.hasException()) return Error{};
        if (part) listAppend(kept, std::move(part).take());
      }
      if (kept->size == 0) return Ref<>();
      if (kept->size == exceptionsOf(e)->size) return retain(e);
      return derived(t, e, kept);
    }
  };
  return Walk::run(t, original, keep);
}

Result<Ref<>> mergeExceptionGroup(Thread& t, Value original, List* raised) {
  Ref<List> others = newList(), reraised = newList();
  for (i64 i = 0; i < raised->size; i++) {
    Value e = raised->items[i];
    if (isNone(e)) continue;
    if (isGroup(original) ? isGroup(e) && isFromOriginal(e, original) : e == original)
      listAppend(reraised, e);
    else
      listAppend(others, e);
  }
  if (!isGroup(original)) {
    // Either it was re-raised as it is, or handlers raised something.
    if (others->size == 0) return reraised->size ? retain(reraised->items[0]) : noneRef();
    if (others->size == 1 && reraised->size == 0) return retain(others->items[0]);
    for (i64 i = 0; i < reraised->size; i++) listAppend(others, reraised->items[i]);
    return callWith(t, Value(kBaseExceptionGroup), Value(emptyStr()), Value(others.get()));
  }
  Ref<> rest;
  if (reraised->size) {
    std::vector<Value> leaves;
    for (Value e : valuesOf(reraised.get())) collectLeaves(e, &leaves);
    Result<Ref<>> r = projectOnto(t, original, leaves);
    if (!r && t.hasException()) return Error{};
    rest = std::move(r).take();
  }
  if (others->size == 0) return rest ? std::move(rest) : noneRef();
  if (rest) listAppend(others, std::move(rest));
  if (others->size == 1) return retain(others->items[0]);
  return callWith(t, Value(kBaseExceptionGroup), Value(emptyStr()), Value(others.get()));
}

}  // namespace dx
