// code(...) and code.replace(): the parts of a code object, some of them given, put together again.
#include "builtins/code.gen.h"
#include "builtins/code_parts.h"

namespace dx {

namespace {

using CountField = i32 CodeParts::*;
using ValueField = Ref<> CodeParts::*;
enum class Kind : u8 { Count, Flags, Bytes, Tuple, Str };

// The arguments of code(...), in their order. The number of locals and the three tuples of
// variables have no field of their own.
struct Part {
  const char* name;
  Kind kind;
  CountField count;
  ValueField value;
};
constexpr Part kParts[] = {
    {"co_argcount", Kind::Count, &CodeParts::argCount, nullptr},
    {"co_posonlyargcount", Kind::Count, &CodeParts::posOnlyCount, nullptr},
    {"co_kwonlyargcount", Kind::Count, &CodeParts::kwOnlyCount, nullptr},
    {"co_nlocals", Kind::Count, nullptr, nullptr},
    {"co_stacksize", Kind::Count, &CodeParts::stackSize, nullptr},
    {"co_flags", Kind::Flags, nullptr, nullptr},
    {"co_code", Kind::Bytes, nullptr, &CodeParts::code},
    {"co_consts", Kind::Tuple, nullptr, &CodeParts::consts},
    {"co_names", Kind::Tuple, nullptr, &CodeParts::names},
    {"co_varnames", Kind::Tuple, nullptr, nullptr},
    {"co_filename", Kind::Str, nullptr, &CodeParts::filename},
    {"co_name", Kind::Str, nullptr, &CodeParts::name},
    {"co_qualname", Kind::Str, nullptr, &CodeParts::qualname},
    {"co_firstlineno", Kind::Count, &CodeParts::firstLine, nullptr},
    {"co_linetable", Kind::Bytes, nullptr, &CodeParts::lineTable},
    {"co_exceptiontable", Kind::Bytes, nullptr, &CodeParts::exceptionTable},
    {"co_freevars", Kind::Tuple, nullptr, nullptr},
    {"co_cellvars", Kind::Tuple, nullptr, nullptr},
};
constexpr size_t kLocals = 3, kVarNames = 9, kFreeVars = 16, kCellVars = 17;

// What was given of the parts without a field.
struct Given {
  i64 locals = -1;
  bool code = false;
  Ref<> varNames, freeVars, cellVars;
};

const char* kindName(Kind kind) {
  return kind == Kind::Bytes ? "bytes" : kind == Kind::Tuple ? "tuple" : "str";
}

bool isOfKind(Value v, Kind kind) {
  return kind == Kind::Bytes ? isBytes(v) : kind == Kind::Tuple ? isTuple(v) : isStr(v);
}

void put(CodeParts& p, Given& given, size_t index, i32 number, Value v) {
  const Part& part = kParts[index];
  if (part.count)
    p.*part.count = number;
  else if (part.value)
    p.*part.value = retain(v);
  else if (part.kind == Kind::Flags)
    p.flags = u32(number);
  else if (index == kLocals)
    given.locals = number;
  else
    (index == kVarNames   ? given.varNames
     : index == kFreeVars ? given.freeVars
                          : given.cellVars) = retain(v);
  given.code = given.code || part.value == &CodeParts::code;
}

i64 plainLocals(const CodeParts& p) {
  i64 n = 0;
  for (char kind : p.localKinds) n += (u8(kind) & bytecode::kLocalPlain) != 0;
  return n;
}

Result<void> checkLocals(Thread& t, const CodeParts& p, const Given& given) {
  i64 plain = plainLocals(p);
  if (TRY(argumentCount(t, p)) > plain)
    return t.raise(kValueError, "code: co_varnames is too small");
  if (given.locals != plain) return t.raise(kValueError, "code: co_nlocals != len(co_varnames)");
  return {};
}

// Other names for the same variables: each stays what it is.
bool renameVariables(CodeParts& p, u8 kind, Tuple* names) {
  i64 count = 0;
  for (char k : p.localKinds) count += (u8(k) & kind) != 0;
  if (count != names->size) return false;
  Ref<Tuple> all = makeTuple(valuesOf(p.localNames.as<Tuple>()));
  i64 next = 0;
  for (size_t i = 0; i < p.localKinds.size(); i++)
    if (u8(p.localKinds[i]) & kind) setField(all->items[i], retain(names->items[next++]));
  p.localNames = std::move(all);
  return true;
}

Result<Ref<>> replaceAll(Thread& t, Code& c, const Args& args, const char* method) {
  if (args.count) return t.raise(kTypeError, "{}() takes no positional arguments", method);
  CodeParts p = TRY(partsOf(t, c));
  u32 oldNames = u32(p.names.as<Tuple>()->size), oldVariables = p.variableCount();
  Given given;
  given.locals = plainLocals(p);
  for (u32 i = 0; i < args.keywordCount(); i++) {
    Value key = args.names->items[i], v = args.v[i];
    std::string name = toUtf8(key.as<Str>());
    size_t index = 0;
    while (index < std::size(kParts) && name != kParts[index].name) index++;
    if (index == std::size(kParts))
      return t.raise(kTypeError, "replace() got an unexpected keyword argument '{}'", key);
    const Part& part = kParts[index];
    i32 number = 0;
    if (part.kind == Kind::Count || part.kind == Kind::Flags) {
      number = TRY(argI32(t, v));
      if (number < 0) return t.raise(kValueError, "{} must be a positive integer", part.name);
    } else if (!isOfKind(v, part.kind)) {
      return t.raise(kTypeError, "replace() argument '{}' must be {}, not {}", part.name,
                     kindName(part.kind), typeOf(v));
    }
    put(p, given, index, number, v);
  }
  if (given.varNames || given.cellVars || given.freeVars) {
    Ref<> plain = given.varNames ? retain(given.varNames) : TRY(code_get_co_varnames(t, c));
    Ref<> cells = given.cellVars ? retain(given.cellVars) : TRY(code_get_co_cellvars(t, c));
    Ref<> frees = given.freeVars ? retain(given.freeVars) : TRY(code_get_co_freevars(t, c));
    // A name of an argument that is a cell stands in two tuples.
    bool renamed = false;
    if (!given.cellVars)
      renamed =
          (!given.varNames ||
           renameVariables(p, bytecode::kLocalPlain, given.varNames.as<Tuple>())) &&
          (!given.freeVars || renameVariables(p, bytecode::kLocalFree, given.freeVars.as<Tuple>()));
    if (!renamed) TRY(setVariables(t, p, plain.as<Tuple>(), cells.as<Tuple>(), frees.as<Tuple>()));
  }
  TRY(checkLocals(t, p, given));
  if (!given.code) renumberConstants(p, oldNames, oldVariables);
  return Ref<>(TRY(buildCode(t, p)));
}

}  // namespace

Result<Ref<>> code___new__(Thread& t, Type&, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "code() takes no keyword arguments");
  if (args.count < 16)
    return t.raise(kTypeError, "code expected at least 16 arguments, got {}", args.count);
  if (args.count > 18)
    return t.raise(kTypeError, "code expected at most 18 arguments, got {}", args.count);
  CodeParts p;
  Given given;
  for (u32 i = 0; i < args.count; i++) {
    const Part& part = kParts[i];
    i32 number = 0;
    if (part.kind == Kind::Count || part.kind == Kind::Flags)
      number = TRY(argI32(t, args.v[i]));
    else if (!isOfKind(args.v[i], part.kind))
      return t.raise(kTypeError, "code() argument {} must be {}, not {}", i + 1,
                     kindName(part.kind), typeOf(args.v[i]));
    put(p, given, i, number, args.v[i]);
  }
  for (size_t i = 0; i <= kLocals; i++) {
    i64 number = i == kLocals ? given.locals : p.*kParts[i].count;
    if (number < 0)
      return t.raise(kValueError, "code: {} must not be negative", kParts[i].name + 3);
  }
  Tuple* cells = given.cellVars ? given.cellVars.as<Tuple>() : emptyTuple();
  Tuple* frees = given.freeVars ? given.freeVars.as<Tuple>() : emptyTuple();
  TRY(setVariables(t, p, given.varNames.as<Tuple>(), cells, frees));
  TRY(checkLocals(t, p, given));
  return Ref<>(TRY(buildCode(t, p)));
}

Result<Ref<>> code_replace(Thread& t, Code& c, const Args& args) {
  return replaceAll(t, c, args, "replace");
}
Result<Ref<>> code___replace__(Thread& t, Code& c, const Args& args) {
  return replaceAll(t, c, args, "__replace__");
}

}  // namespace dx
