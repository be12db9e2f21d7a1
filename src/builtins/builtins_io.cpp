// print, input and breakpoint.
#include "builtins/builtins.gen.h"

namespace dx {

Result<void> callNoArgs(Thread& t, Value o, const char* method) {
  (void)TRY(callMethodWith(t, o, internImmortal(method)));
  return {};
}

static Result<void> writeTo(Thread& t, Value file, Value text) {
  (void)TRY(callMethodWith(t, file, DX_NAME("write"), text));
  return {};
}

Result<void> builtins_print(Thread& t, Value sep, Value end, Value file, Value flush, Values args) {
  Ref<> out = retain(file);
  if (isNone(file)) {
    Value standard = sysGet("stdout");
    if (!standard) return t.raise(kRuntimeError, "lost sys.stdout");
    if (isNone(standard)) return {};
    out = retain(standard);
  }
  if (sep && !isNone(sep) && !isStr(sep))
    return t.raise(kTypeError, "sep must be None or a string, not {}", typeOf(sep));
  if (end && !isNone(end) && !isStr(end))
    return t.raise(kTypeError, "end must be None or a string, not {}", typeOf(end));
  Value between = sep && !isNone(sep) ? sep : Value(DX_NAME(" "));
  for (size_t i = 0; i < args.size(); i++) {
    if (i > 0) TRY(writeTo(t, out, between));
    Ref<> text = isExactStr(args[i]) ? retain(args[i]) : Ref<>(TRY(str(t, args[i])));
    TRY(writeTo(t, out, text));
  }
  TRY(writeTo(t, out, end && !isNone(end) ? end : Value(DX_NAME("\n"))));
  if (flush && TRY(isTrue(t, flush))) TRY(callNoArgs(t, out, "flush"));
  return {};
}

static Result<Ref<>> standardStream(Thread& t, const char* name) {
  Value v = sysGet(name);
  if (!v || isNone(v)) return t.raise(kRuntimeError, "input(): lost sys.{}", name);
  return retain(v);
}

Result<Ref<>> builtins_input(Thread& t, Value prompt) {
  Ref<> in = TRY(standardStream(t, "stdin"));
  Ref<> out = TRY(standardStream(t, "stdout"));
  Ref<> err = TRY(standardStream(t, "stderr"));
  Value event = prompt ? prompt : none();
  TRY(audit(t, "builtins.input", Values(&event, 1)));
  if (!callNoArgs(t, err, "flush")) t.clearException();
  if (prompt) {
    Ref<> text = TRY(str(t, prompt));
    TRY(writeTo(t, out, text));
  }
  if (!callNoArgs(t, out, "flush")) t.clearException();
  Ref<> line = TRY(callMethodWith(t, in, DX_NAME("readline")));
  if (!isStr(line)) return t.raise(kTypeError, "object.readline() returned non-string");
  Str* s = line.as<Str>();
  if (s->length == 0) return t.raise(kEOFError, "EOF when reading a line");
  Ref<> result = s->at(s->length - 1) == '\n' ? Ref<>(substring(s, 0, s->length - 1)) : retain(s);
  event = result;
  TRY(audit(t, "builtins.input/result", Values(&event, 1)));
  return result;
}

Result<Ref<>> builtins_breakpoint(Thread& t, Values args, Dict* kws) {
  Ref<> hook = retain(sysGet("breakpointhook"));
  if (!hook) return t.raise(kRuntimeError, "lost sys.breakpointhook");
  TRY(audit(t, "builtins.breakpoint", {}));
  return callTupleDict(t, hook, makeTuple(args), kws);
}

}  // namespace dx
