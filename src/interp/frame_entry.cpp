// Pushing and popping frames; binding arguments to the parameters of Python functions.
#include <algorithm>

#include "interp/entry.h"
#include "runtime/call.h"
#include "runtime/dict_keys.h"
#include "runtime/native.h"
#include "runtime/slot_dispatch.h"
#include "runtime/types.h"

namespace dx {

static void releaseValues(Value* v, u32 n) {
  for (u32 i = 0; i < n; i++) decref(std::exchange(v[i], Value()));
}

bool pushFrame(Thread& t, Value callableOwned, Code* code, Value* registers, const Insn* pc,
               Value* caller, FrameKind kind, Value extraOwned) {
  CodeData* data = code->data;
  if (registers + data->registerCount >= t.stackEnd || t.recursionDepth >= t.recursionLimit)
      [[unlikely]] {
    releaseValues(registers, data->argRegisters);
    decref(callableOwned);
    decref(extraOwned);
    (void)t.raise(kRecursionError, "maximum recursion depth exceeded");
    return false;
  }
  t.recursionDepth++;
  registers[kExtra] = extraOwned;
  registers[kObject] = Value();
  registers[kCode] = tagged(code);
  registers[kReturn] = tagged(pc);
  registers[kPrevious] = previousWord(caller, kind);
  registers[kCallable] = callableOwned;
  for (u32 i = data->argRegisters; i < data->registerCount; i++) registers[i] = Value();
  t.fp = registers;
  return true;
}

// Takes the frame's registers into its frame object, which outlives it.
static void detachFrameObject(Value* fp) {
  auto* f = fp[kObject].as<FrameObject>();
  Code* code = f->code;
  u32 n = code->data->localCount;
  f->pcOffset = pcOffset(code, f->frame ? thisThread().pc : nullptr);
  f->registers = static_cast<Value*>(allocate((n + 1) * sizeof(Value)));
  for (u32 i = 0; i < n; i++) f->registers[i] = std::exchange(fp[i], Value());
  f->frame = nullptr;
  Value* previous = framePrevious(fp);
  // f_back stays true after the frame has left when somebody holds the object.
  if (f->refcount > 1 && previous && !f->back)
    f->back = retain(Value(frameObject(thisThread(), previous))).release();
  fp[kObject] = Value();
  decrefObject(f);
}

void popFrame(Thread& t, Value* fp) {
  if (fp[kObject].isObject()) [[unlikely]]
    detachFrameObject(fp);
  CodeData* data = frameCode(fp)->data;
  // Returns leave temporaries empty (bytecode/flow_check.h); unwinding may come with some full.
  for (u32 i = 0, n = data->registerCount; i < n; i++) {
    Value v = fp[i];
    if (v.isObject()) {
      fp[i] = Value();
      decrefObject(v.object());
    }
  }
  if (fp[kObject].isObject()) [[unlikely]]
    detachFrameObject(fp);  // a finalizer asked for it
  // The words in front of a frame are registers of its caller again.
  Value extra = std::exchange(fp[kExtra], Value()),
        callable = std::exchange(fp[kCallable], Value());
  t.fp = framePrevious(fp);
  t.recursionDepth--;
  if (extra.isObject()) decref(extra);
  decref(callable);
}

// ---- binding ----

namespace {

// "'a', 'b', and 'c'" in the way of CPython's messages.
Ref<Str> quotedList(const std::vector<Str*>& names) {
  StrBuilder b;
  for (size_t i = 0; i < names.size(); i++) {
    if (i > 0) b.add(names.size() == 2 ? " and " : i + 1 == names.size() ? ", and " : ", ");
    b.add("'");
    b.add(names[i]);
    b.add("'");
  }
  return b.finish();
}

Str* parameterName(Code* code, u32 i) { return localNames(code)->items[i].as<Str>(); }

struct Binder {
  Thread& t;
  Function* f;
  Code* code;
  Value* out;
  u32 positional, keywordOnly, total;

  void missing(u32 from, u32 to, const char* kind) {
    std::vector<Str*> names;
    for (u32 i = from; i < to; i++)
      if (!out[i]) names.push_back(parameterName(code, i));
    Ref<Str> list = quotedList(names);
    (void)t.raise(kTypeError, "{}() missing {} required {} argument{}: {}", f->qualname,
                  u32(names.size()), kind, names.size() == 1 ? "" : "s", list);
  }

  void tooMany(u32 given) {
    u32 defaults = f->defaults ? u32(f->defaults.as<Tuple>()->size) : 0;
    u32 keywordGiven = 0;
    for (u32 i = positional; i < total; i++) keywordGiven += bool(out[i]);
    bool plural;
    Ref<Str> takes;
    if (defaults) {
      plural = true;
      takes = formatStr("from {} to {}", positional - defaults, positional);
    } else {
      plural = positional != 1;
      takes = formatStr("{}", positional);
    }
    Ref<Str> extra = emptyExtra();
    if (keywordGiven)
      extra = formatStr(" positional argument{} (and {} keyword-only argument{})",
                        given == 1 ? "" : "s", keywordGiven, keywordGiven == 1 ? "" : "s");
    (void)t.raise(kTypeError, "{}() takes {} positional argument{} but {}{} {} given", f->qualname,
                  takes, plural ? "s" : "", given, extra,
                  given == 1 && !keywordGiven ? "was" : "were");
  }
  static Ref<Str> emptyExtra() { return retainObject(emptyStr()); }

  bool bindKeyword(Str* name, Value& value, Dict* extra) {
    Tuple* names = localNames(code);
    u32 i = u32(code->posOnlyCount);
    while (i < total && names->items[i].as<Str>() != name) i++;
    if (i == total) {
      i = u32(code->posOnlyCount);
      while (i < total && !equalStr(names->items[i].as<Str>(), name)) i++;
    }
    if (i < total) {
      if (out[i]) {
        (void)t.raise(kTypeError, "{}() got multiple values for argument '{}'", f->qualname,
                      Value(name));
        return false;
      }
      out[i] = std::exchange(value, Value());
      return true;
    }
    if (extra) return bool(dictSet(t, extra, name, value));
    return false;
  }

  void unexpectedKeyword(const Tuple* given, Str* name) {
    std::vector<Str*> wrong;
    for (i64 k = 0; k < given->size; k++)
      for (u32 i = 0; i < u32(code->posOnlyCount); i++)
        if (equalStr(parameterName(code, i), given->items[k].as<Str>()))
          wrong.push_back(parameterName(code, i));
    if (!wrong.empty()) {
      StrBuilder b;
      for (size_t i = 0; i < wrong.size(); i++) {
        if (i) b.add(", ");
        b.add(wrong[i]);
      }
      Ref<Str> list = b.finish();
      (void)t.raise(kTypeError,
                    "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                    f->qualname, list);
      return;
    }
    (void)t.raise(kTypeError, "{}() got an unexpected keyword argument '{}'", f->qualname,
                  Value(name));
  }
};

// The general case: everything from `args` (owned; what is taken leaves an empty place) into fresh
// registers.
bool bindGeneral(Thread& t, Function* f, Value* args, u32 argc, const Tuple* names, Value* out) {
  Code* code = f->code;
  u32 positional = u32(code->argCount), keywordOnly = u32(code->kwOnlyCount),
      total = positional + keywordOnly;
  bool varArgs = code->flags & bytecode::kCodeVarArgs,
       varKeywords = code->flags & bytecode::kCodeVarKeywords;
  Binder b{t, f, code, out, positional, keywordOnly, total};
  for (u32 i = 0; i < code->data->argRegisters; i++) out[i] = Value();

  u32 taken = std::min(argc, positional);
  for (u32 i = 0; i < taken; i++) out[i] = std::exchange(args[i], Value());
  if (varArgs) {
    Ref<Tuple> rest = newTuple(argc > positional ? argc - positional : 0);
    for (u32 i = positional; i < argc; i++)
      rest->items[i - positional] = std::exchange(args[i], Value());
    out[total] = Value(rest.release());
  }
  Dict* extra = nullptr;
  if (varKeywords) {
    extra = newDict().release();
    out[total + varArgs] = Value(extra);
  }
  if (names) {
    for (i64 k = 0; k < names->size; k++) {
      Str* name = names->items[k].as<Str>();
      if (b.bindKeyword(name, args[argc + k], extra)) continue;
      if (!t.hasException()) b.unexpectedKeyword(names, name);
      return false;
    }
  }
  if (argc > positional && !varArgs) {
    b.tooMany(argc);
    return false;
  }
  u32 defaultCount = f->defaults ? u32(f->defaults.as<Tuple>()->size) : 0;
  u32 required = positional > defaultCount ? positional - defaultCount : 0;
  for (u32 i = taken; i < required; i++)
    if (!out[i]) {
      b.missing(0, required, "positional");
      return false;
    }
  for (u32 i = std::max(taken, required); i < positional; i++)
    if (!out[i])
      out[i] = retain(f->defaults.as<Tuple>()->items[i + defaultCount - positional]).release();
  bool lacking = false;
  for (u32 i = positional; i < total; i++) {
    if (out[i]) continue;
    Value v;
    if (f->kwdefaults) {
      Result<Value> r = dictGet(t, f->kwdefaults.as<Dict>(), localNames(b.code)->items[i]);
      if (!r) return false;
      v = *r;
    }
    if (v)
      out[i] = retain(v).release();
    else
      lacking = true;
  }
  if (lacking) {
    b.missing(positional, total, "keyword-only");
    return false;
  }
  return true;
}

}  // namespace

// What needs no error text: keyword names that are the parameters' own or go to **, defaults where
// something is missing. False: the general way (nothing has happened).
bool bindQuickly(Function* f, Value* args, u32 argc, const Tuple* names, Value* registers) {
  constexpr u32 kMost = 16, kExtra = 255;
  Code* code = f->code;
  u32 positional = u32(code->argCount), total = positional + u32(code->kwOnlyCount);
  u32 given = names ? u32(names->size) : 0;
  bool varArgs = code->flags & bytecode::kCodeVarArgs,
       varKeywords = code->flags & bytecode::kCodeVarKeywords;
  if (given > kMost || total > 24 || (argc > positional && !varArgs)) return false;
  const Value* parameters = localNames(code)->items;
  u32 taken = std::min(argc, positional);
  u8 place[kMost];
  u64 bound = (u64(1) << taken) - 1;
  for (u32 k = 0; k < given; k++) {
    Value name = names->items[k];
    u32 i = u32(code->posOnlyCount);
    while (i < total && parameters[i] != name) i++;
    if (i == total) {
      if (!varKeywords || !isExactStr(name)) return false;
      for (i = u32(code->posOnlyCount); i < total; i++)
        if (equalStr(parameters[i].as<Str>(), name.as<Str>())) return false;
      place[k] = kExtra;
      continue;
    }
    if (bound >> i & 1) return false;
    bound |= u64(1) << i;
    place[k] = u8(i);
  }
  u32 defaults = f->defaults ? u32(f->defaults.as<Tuple>()->size) : 0;
  u64 fill[24], values[kMost];  // bits of Values, not initialized
  u64 all = (u64(1) << total) - 1;
  if (bound != all) {
    for (u32 i = taken; i < total; i++) {
      if (bound >> i & 1) continue;
      Value v;
      if (i >= positional) {
        if (f->kwdefaults) v = dictGetStr(f->kwdefaults.as<Dict>(), parameters[i].as<Str>());
      } else if (i + defaults >= positional) {
        v = f->defaults.as<Tuple>()->items[i + defaults - positional];
      }
      if (!v) return false;
      fill[i] = v.bits();
    }
  }
  // Everything has a place. Taken out first: registers may be where the arguments are.
  for (u32 k = 0; k < given; k++) values[k] = std::exchange(args[argc + k], Value()).bits();
  Ref<Tuple> rest;
  if (varArgs) {
    rest = newTuple(argc - taken);
    for (u32 i = taken; i < argc; i++) rest->items[i - taken] = std::exchange(args[i], Value());
  }
  if (registers != args)
    for (u32 i = 0; i < taken; i++) registers[i] = std::exchange(args[i], Value());
  if (bound != all) {
    for (u32 i = taken; i < total; i++) {
      if (bound >> i & 1) continue;
      registers[i] = Value::fromBits(fill[i]);
      incref(registers[i]);
    }
  }
  Dict* extra = nullptr;
  if (varArgs) registers[total] = Value(rest.release());
  if (varKeywords) {
    extra = newDict().release();
    registers[total + varArgs] = Value(extra);
  }
  for (u32 k = 0; k < given; k++) {
    if (place[k] != kExtra) {
      registers[place[k]] = Value::fromBits(values[k]);
      continue;
    }
    auto* name = names->items[k].as<Str>();
    dictInsertNew(extra, retain(name), hashStr(name), Ref<>::steal(Value::fromBits(values[k])));
  }
  return true;
}

bool bindParameters(Thread& t, Function* f, Value* args, u32 argc, const Tuple* names,
                    Value* registers) {
  Code* code = f->code;
  CodeData* data = code->data;
  u32 positional = u32(code->argCount);
  constexpr u32 kComplex = bytecode::kCodeVarArgs | bytecode::kCodeVarKeywords;
  if (!names && !(code->flags & kComplex) && code->kwOnlyCount == 0 && argc <= positional) {
    u32 defaults = f->defaults ? u32(f->defaults.as<Tuple>()->size) : 0;
    if (argc + defaults >= positional) {
      if (registers != args)
        for (u32 i = 0; i < argc; i++) registers[i] = std::exchange(args[i], Value());
      for (u32 i = argc; i < positional; i++)
        registers[i] = retain(f->defaults.as<Tuple>()->items[i + defaults - positional]).release();
      return true;
    }
  }
  if (bindQuickly(f, args, argc, names, registers)) return true;
  u32 total = argc + (names ? u32(names->size) : 0);
  constexpr u32 kInline = 16;
  Value small[kInline];
  Value* copy = total <= kInline ? small : static_cast<Value*>(allocate(total * sizeof(Value)));
  for (u32 i = 0; i < total; i++) copy[i] = std::exchange(args[i], Value());
  bool ok = bindGeneral(t, f, copy, argc, names, registers);
  if (!ok) releaseValues(registers, data->argRegisters);
  releaseValues(copy, total);
  if (copy != small) release(copy);
  return ok;
}

// ---- calls from bytecode ----

// The Python __init__ that calling cls runs after object.__new__, or null: another way to make
// instances, no Python __init__, or an abstract class.
static Function* initFunction(Type* cls) {
  TypeData* data = cls->data;
  if (cls->versionTag != 0 && data->initVersion == cls->versionTag) return data->initFunction;
  Function* f = nullptr;
  if (data->slots.construct == &objectNew && !cls->has(kTypeAbstract)) {
    Value init = typeLookup(cls, DX_NAME("__init__"));
    if (init && typeOf(init) == &PyFunction_Type &&
        !(init.as<Function>()->code->flags & bytecode::kCodeAnyGenerator))
      f = init.as<Function>();
  }
  if (typeVersion(cls) != 0) {
    data->initFunction = f;
    data->initVersion = cls->versionTag;
  }
  return f;
}

CallOutcome callPython(Thread* t, const Insn* pc, Value* fp, Value* args, u32 argc,
                       const Tuple* names, FrameKind kind, Value extraOwned) {
  Value callee = args[-1];
  Function* f = callee.as<Function>();
  u32 total = argc + (names ? u32(names->size) : 0);
  Code* code = f->code;
  // Where they are, when nothing can be wrong.
  if (onStack(t, fp) && !(code->flags & bytecode::kCodeAnyGenerator) &&
      args + total + 64 < t->stackEnd && roomForFrame(t, args, code->data) &&
      ((code->data->simpleArgs == argc && !names) || bindQuickly(f, args, argc, names, args))) {
    pushPlainFrame(t, pc, fp, args, code->data->argRegisters, code, code->data, kind, extraOwned);
    return CallOutcome::Frame;
  }
  args[-1] = Value();
  Value* registers = onStack(t, fp) ? args : calleeBase(*t, fp);
  if (registers + std::max<u32>(code->data->registerCount, total) + 64 >= t->stackEnd) {
    releaseValues(args, total);
    decref(callee);
    decref(extraOwned);
    (void)t->raise(kRecursionError, "maximum recursion depth exceeded");
    return CallOutcome::Error;
  }
  if (!bindParameters(*t, f, args, argc, names, registers)) {
    decref(callee);
    decref(extraOwned);
    return CallOutcome::Error;
  }
  if (code->flags & bytecode::kCodeAnyGenerator) [[unlikely]] {
    Ref<> g = makeGenerator(*t, f, registers);
    decref(callee);
    decref(extraOwned);
    t->returnValue = g.release();
    return CallOutcome::Value;
  }
  return pushFrame(*t, callee, code, registers, pc, fp, kind, extraOwned) ? CallOutcome::Frame
                                                                          : CallOutcome::Error;
}

DX_SLOW CallOutcome callWindow(Thread* t, const Insn* pc, Value* fp, Value* args, u32 argc,
                               const Tuple* names) {
  t->pc = pc;
  for (;;) {
    Value callee = args[-1];
    if (callee.isObject()) {
      Type* type = callee.object()->type;
      if (type == &PyFunction_Type)
        return callPython(t, pc, fp, args, argc, names, FrameKind::Call, Value());
      if (type == &PyMethod_Type) {
        u32 total = argc + (names ? u32(names->size) : 0);
        auto* m = callee.as<Method>();
        memmove(args + 1, args, total * sizeof(Value));
        args[0] = retain(m->self).release();
        args[-1] = retain(m->function).release();
        decref(callee);
        argc++;
        continue;
      }
      if (type->data->slots.call == &dispatchCall && args + argc + 64 < t->stackEnd) {
        Value f = typeLookup(type, DX_NAME("__call__"));
        if (f && typeOf(f) == &PyFunction_Type) {
          memmove(args + 1, args, (argc + (names ? u32(names->size) : 0)) * sizeof(Value));
          args[0] = callee;
          args[-1] = retain(f).release();
          argc++;
          continue;
        }
      }
      if (type == &PyType_Type) {
        if (Function* init = initFunction(callee.as<Type>())) {
          Result<Ref<>> self = objectNew(*t, callee.as<Type>(), Args(args, argc, names));
          u32 total = argc + (names ? u32(names->size) : 0);
          if (!self) {
            releaseValues(args, total);
            args[-1] = Value();
            decref(callee);
            return CallOutcome::Error;
          }
          memmove(args + 1, args, total * sizeof(Value));
          args[0] = retain(self.peek().get()).release();
          args[-1] = Ref<>::retain(init).release();
          decref(callee);
          return callPython(t, pc, fp, args, argc + 1, names, FrameKind::Init,
                            std::move(self).take().release());
        }
      }
    }
    u32 total = argc + (names ? u32(names->size) : 0);
    // Arguments past this frame (callSpread) lie where Python that the callee runs puts its
    // frames: they move away first.
    std::vector<Value> moved;
    if (args >= calleeBase(*t, fp) && args < t->stackEnd) [[unlikely]] {
      moved.assign(args, args + total);
      std::fill(args, args + total, Value());
      args[-1] = Value();
    }
    Value* home = args;
    if (!moved.empty()) args = moved.data();
    Args list(args, argc, names);
    Result<Ref<>> r = [&]() -> Result<Ref<>> {
      Type* type = typeOf(callee);
      if (type == &PyCFunction_Type)
        return callee.as<CFunction>()->def->fn(*t, callee.as<CFunction>()->self, list);
      if (type == &PyMethodDescr_Type && argc > 0 &&
          typeOf(args[0]) == callee.as<MethodDescriptor>()->owner)
        return callee.as<MethodDescriptor>()->def->fn(*t, args[0], Args(args + 1, argc - 1, names));
      return call(*t, callee, list);
    }();
    releaseValues(args, total);
    home[-1] = Value();
    decref(callee);
    if (!r) return CallOutcome::Error;
    t->returnValue = std::move(r).take().release();
    return CallOutcome::Value;
  }
}

DX_SLOW CallOutcome callSpread(Thread* t, const Insn* pc, Value* fp, Value calleeOwned, Tuple* args,
                               Dict* keywords) {
  t->pc = pc;
  // The arguments go where the callee's frame will be, past this one.
  Value* base = calleeBase(*t, fp);
  i64 positional = args->size, named = keywords ? keywords->used : 0;
  if (positional + named + 64 >= t->stackEnd - base) {
    decref(calleeOwned);
    (void)t->raise(kRecursionError, "maximum recursion depth exceeded");
    return CallOutcome::Error;
  }
  Ref<Tuple> names;
  if (named) {
    names = newTuple(named);
    i64 position = 0, i = 0;
    Value key, value;
    while (i < named && dictNext(keywords, &position, &key, &value)) {
      if (!isStr(key)) {
        releaseValues(base + positional, u32(i));
        decref(calleeOwned);
        (void)t->raise(kTypeError, "keywords must be strings");
        return CallOutcome::Error;
      }
      names->items[i] = retain(key).release();
      base[positional + i++] = retain(value).release();
    }
  }
  for (i64 i = 0; i < positional; i++) base[i] = retain(args->items[i]).release();
  base[-1] = calleeOwned;
  if (typeOf(calleeOwned) == &PyFunction_Type) {
    Function* f = calleeOwned.as<Function>();
    Code* code = f->code;
    if (!(code->flags & bytecode::kCodeAnyGenerator) && roomForFrame(t, base, code->data) &&
        bindQuickly(f, base, u32(positional), names, base)) {
      pushPlainFrame(t, pc, fp, base, code->data->argRegisters, code, code->data);
      return CallOutcome::Frame;
    }
  }
  return callWindow(t, pc, fp, base, u32(positional), names);
}

// ---- calls from C++ ----

Result<Ref<>> functionCall(Thread& t, Value callee, const Args& args) {
  Function* f = callee.as<Function>();
  Value* registers = calleeBase(t, t.fp);
  u32 total = args.total();
  CodeData* data = f->code->data;
  if (data->simpleArgs == total && !args.names && roomForFrame(&t, registers, data)) [[likely]] {
    for (u32 i = 0; i < total; i++) {
      incref(args.v[i]);
      registers[i] = args.v[i];
    }
    increfObject(f);
    registers[-1] = callee;
    pushPlainFrame(&t, t.pc, t.fp, registers, total, f->code, data, FrameKind::Entry);
    return enterInterpreter(t);
  }
  if (registers + total + 64 >= t.stackEnd)
    return t.raise(kRecursionError, "maximum recursion depth exceeded");
  for (u32 i = 0; i < total; i++) registers[i] = retain(args.v[i]).release();
  if (!bindParameters(t, f, registers, args.count, args.names, registers)) return Error{};
  if (f->code->flags & bytecode::kCodeAnyGenerator) return makeGenerator(t, f, registers);
  if (!pushFrame(t, retain(callee).release(), f->code, registers, t.pc, t.fp, FrameKind::Entry))
    return Error{};
  return enterInterpreter(t);
}

static Result<Ref<>> runInNamespace(Thread& t, Function* f, Value ns) {
  Value* registers = calleeBase(t, t.fp);
  if (!pushFrame(t, retain(Value(f)).release(), f->code, registers, t.pc, t.fp, FrameKind::Entry,
                 retain(ns).release()))
    return Error{};
  return enterInterpreter(t);
}

Result<Ref<>> runClassBody(Thread& t, Function* body, Value ns) {
  return runInNamespace(t, body, ns);
}

Result<Ref<>> evalCode(Thread& t, Code* code, Dict* globals, Value locals, Value closure) {
  Ref<Function> f = makeFunction(code, globals);
  if (closure) setField(f->closure, retain(closure));
  if (code->flags & bytecode::kCodeAnyGenerator) return functionCall(t, f, Args());
  return runInNamespace(t, f, locals ? locals : Value(globals));
}

}  // namespace dx
