#include "runtime/code.h"

#include "builtins/code.gen.h"
#include "builtins/location_table.h"
#include "runtime/monitoring.h"
#include "runtime/types.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::ImageView;
using bytecode::PositionRecord;

static const CodeRecord& recordOf(const Code& c) { return *c.data->record; }
static ImageView imageOf(const Code& c) { return c.data->image->view(); }

static std::string_view bytecodeOf(const Code& c) {
  const CodeRecord& r = recordOf(c);
  return {reinterpret_cast<const char*>(builtInstructions(c.data)), r.insnBytes};
}
static std::span<const PositionRecord> positionsOf(const Code& c) {
  const CodeRecord& r = recordOf(c);
  return {&imageOf(c).at<PositionRecord>(r.positions), r.positionCount};
}

void code_dealloc(Object* o) {
  auto* c = static_cast<Code*>(o);
  if (CodeData* data = c->data) {
    dropMonitor(data);
    for (u32 i = 0; i < data->record->constCount; i++) clearField(data->constants[i]);
    release(data->constants);
    if (data->feedback != kZeroFeedback) release(data->feedback);
    if (data->ownInsns) release(data->ownInsns);
    if (--data->image->references == 0 && data->image->destroy) data->image->destroy(data->image);
    release(data);
  }
  clearOwned(c->consts);
  clearOwned(c->names);
  clearOwned(c->exceptionTable);
  clearOwned(c->localNames);
  clearOwned(c->localKinds);
  clearOwned(c->filename);
  clearOwned(c->name);
  clearOwned(c->qualname);
  clearOwned(c->lineTable);
  freeObject(o);
}

Result<Ref<>> code___repr__(Thread&, Code& c) {
  return formatStr("<code object {} at {}, file \"{}\", line {}>", Value(c.name), pointerText(&c),
                   Value(c.filename), c.firstLine ? c.firstLine : -1);
}

// ---- attributes made when asked for ----

// Constants [from, from + n) as a tuple, kept in `field`.
static Result<Ref<>> constantTuple(Thread& t, Code& c, Value& field, u32 from, u32 n) {
  if (!field) {
    Ref<Tuple> made = n ? newTuple(n) : retainObject(emptyTuple());
    for (u32 i = 0; i < n; i++)
      made->items[i] = retain(TRY(codeConstant(t, &c, from + i))).release();
    if (!field) field = Value(made.release());
  }
  return retain(field);
}

Result<Ref<>> code_get_co_names(Thread& t, Code& c) {
  return constantTuple(t, c, c.names, 0, recordOf(c).nameCount);
}
Result<Ref<>> code_get_co_consts(Thread& t, Code& c) {
  return constantTuple(t, c, c.consts, recordOf(c).nameCount, recordOf(c).plainCount);
}

static Ref<> localsOfKind(Code& c, u8 kind) {
  std::string_view kinds = c.localKinds.as<Bytes>()->view();
  Ref<List> names = newList();
  for (size_t i = 0; i < kinds.size(); i++)
    if (u8(kinds[i]) & kind) listAppend(names, c.localNames.as<Tuple>()->items[i]);
  return makeTuple(valuesOf(names));
}
Result<Ref<>> code_get_co_varnames(Thread&, Code& c) {
  return localsOfKind(c, bytecode::kLocalPlain);
}
Result<Ref<>> code_get_co_cellvars(Thread&, Code& c) {
  return localsOfKind(c, bytecode::kLocalCell);
}
Result<Ref<>> code_get_co_freevars(Thread&, Code& c) {
  return localsOfKind(c, bytecode::kLocalFree);
}
Result<Ref<>> code_get_co_nlocals(Thread&, Code& c) {
  i64 n = 0;
  for (char kind : c.localKinds.as<Bytes>()->view()) n += (u8(kind) & bytecode::kLocalPlain) != 0;
  return makeInt(n);
}

Result<Ref<>> code_get_co_code(Thread&, Code& c) { return makeBytes(bytecodeOf(c)); }
Result<Ref<>> code_get__co_code_adaptive(Thread&, Code& c) { return makeBytes(bytecodeOf(c)); }

Result<Ref<>> code_get_co_linetable(Thread&, Code& c) {
  if (!c.lineTable)
    c.lineTable =
        makeBytes(encodeLocations(positionsOf(c), recordOf(c).insnBytes, c.firstLine)).release();
  return retain(c.lineTable);
}

Result<Ref<>> code_get_co_lnotab(Thread& t, Code& c) {
  TRY(warn(t, kDeprecationWarning, "co_lnotab is deprecated, use co_lines instead."));
  return makeBytes(encodeLineNumbers(positionsOf(c), recordOf(c).insnBytes, c.firstLine));
}

Result<Ref<>> code_get_co_exceptiontable(Thread&, Code& c) {
  if (!c.exceptionTable) {
    const CodeRecord& r = recordOf(c);
    const auto* handlers = &imageOf(c).at<bytecode::ExceptionRecord>(r.exceptions);
    c.exceptionTable = makeBytes(encodeHandlers({handlers, r.exceptionCount})).release();
  }
  return retain(c.exceptionTable);
}

Result<i64> code___sizeof__(Thread&, Code& c) {
  return i64(sizeof(Code) + sizeof(CodeData)) + recordOf(c).insnBytes;
}

Result<Ref<>> code__varname_from_oparg(Thread& t, Code& c, i32 oparg) {
  Tuple* names = c.localNames.as<Tuple>();
  if (oparg < 0 || oparg >= names->size) return t.raise(kIndexError, "tuple index out of range");
  return retain(names->items[oparg]);
}

// ---- positions ----

static Ref<> orNone(i32 value, bool absent) { return absent ? noneRef() : makeInt(i64(value)); }

// One tuple per two bytes of co_code, the unit that co_positions() counts in.
Result<Ref<>> code_co_positions(Thread& t, Code& c) {
  Ref<List> list = newList();
  std::span<const PositionRecord> positions = positionsOf(c);
  u32 end = recordOf(c).insnBytes;
  u32 offset = 0;
  auto fill = [&](u32 until, const PositionRecord* p) {
    bool none = !p || p->isNone();
    Ref<Tuple> entry = tupleOf(orNone(p ? p->line : 0, none), orNone(p ? p->endLine : 0, none),
                               orNone(p ? p->col : 0, none || p->col < 0),
                               orNone(p ? p->endCol : 0, none || p->endCol < 0));
    for (; offset < until; offset += 2) listAppend(list, Value(entry));
  };
  if (!positions.empty()) fill(positions[0].offset, nullptr);
  for (size_t i = 0; i < positions.size(); i++)
    fill(i + 1 < positions.size() ? positions[i + 1].offset : end, &positions[i]);
  if (positions.empty()) fill(end, nullptr);
  return iter(t, list);
}

Result<Ref<>> code_co_lines(Thread& t, Code& c) {
  Ref<List> list = newList();
  std::span<const PositionRecord> positions = positionsOf(c);
  u32 end = recordOf(c).insnBytes;
  for (size_t i = 0; i < positions.size();) {
    size_t j = i + 1;
    while (j < positions.size() && positions[j].line == positions[i].line &&
           positions[j].isNone() == positions[i].isNone())
      j++;
    u32 until = j < positions.size() ? positions[j].offset : end;
    listAppend(list, Value(tupleOf(makeInt(i64(positions[i].offset)), makeInt(i64(until)),
                                   orNone(positions[i].line, positions[i].isNone()))));
    i = j;
  }
  return iter(t, list);
}

Result<Ref<>> code_co_branches(Thread& t, Code&) {
  Ref<List> none = newList();
  return iter(t, none);
}

// ---- equality ----

// Equal and of the same types all the way down: 1, True, 1.0, 0.0 and -0.0 are different constants.
static Result<bool> sameConstant(Thread& t, Value a, Value b) {
  if (sameValue(a, b)) return true;
  if (typeOf(a) != typeOf(b)) return false;
  if (isExactTuple(a)) {
    Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
    if (x->size != y->size) return false;
    for (i64 i = 0; i < x->size; i++)
      if (!TRY(sameConstant(t, x->items[i], y->items[i]))) return false;
    return true;
  }
  if (isExactFloat(a))
    return std::bit_cast<u64>(floatValue(a)) == std::bit_cast<u64>(floatValue(b));
  if (typeOf(a) == &PyComplex_Type)
    return memcmp(&a.as<Complex>()->real, &b.as<Complex>()->real, 2 * sizeof(double)) == 0;
  return equal(t, a, b);
}

static Result<bool> equalCode(Thread& t, Code& a, Code& b) {
  if (!equalStr(a.name, b.name) || a.argCount != b.argCount || a.posOnlyCount != b.posOnlyCount ||
      a.kwOnlyCount != b.kwOnlyCount || a.flags != b.flags || a.firstLine != b.firstLine)
    return false;
  if (bytecodeOf(a) != bytecodeOf(b) || !equalStr(a.qualname, b.qualname)) return false;
  Ref<> namesA = TRY(code_get_co_names(t, a)), namesB = TRY(code_get_co_names(t, b));
  Ref<> constsA = TRY(code_get_co_consts(t, a)), constsB = TRY(code_get_co_consts(t, b));
  if (!TRY(equal(t, namesA, namesB)) || !TRY(sameConstant(t, constsA, constsB))) return false;
  if (!TRY(equal(t, a.localNames, b.localNames)) || !TRY(equal(t, a.localKinds, b.localKinds)))
    return false;
  Ref<> linesA = TRY(code_get_co_linetable(t, a)), linesB = TRY(code_get_co_linetable(t, b));
  return equal(t, linesA, linesB);
}

Result<Ref<>> code___richcompare__(Thread& t, Code& c, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &PyCode_Type)
    return notImplementedRef();
  bool same = &c == other.as<Code>() || TRY(equalCode(t, c, *other.as<Code>()));
  return boolRef(same == (op == CompareOp::Eq));
}

Result<i64> code___hash__(Thread& t, Code& c) {
  Ref<Bytes> bytes = makeBytes(bytecodeOf(c));
  u64 h = u64(hashStr(c.name));
  auto mix = [&](u64 x) { h = (h ^ x) * 1000003; };
  mix(u64(TRY(hash(t, bytes))));
  mix(u64(TRY(hash(t, c.localNames))));
  Ref<> names = TRY(code_get_co_names(t, c));
  mix(u64(TRY(hash(t, names))));
  mix(u64(c.argCount) << 32 | u64(c.firstLine));
  mix(c.flags);
  return i64(h) == -1 ? -2 : i64(h);
}

// ---- copies ----

Result<Ref<>> code___new__(Thread& t, Type&, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "code() takes no keyword arguments");
  if (args.count < 16)
    return t.raise(kTypeError, "code expected at least 16 arguments, got {}", args.count);
  if (args.count > 18)
    return t.raise(kTypeError, "code expected at most 18 arguments, got {}", args.count);
  return t.raise(kValueError, "code: code objects are made by compile() and code.replace() only");
}

namespace {

// A code object over the same record with constants and instructions of its own: the latter are
// patched while events are reported.
Result<Ref<Code>> cloneCode(Thread& t, Code& c) {
  // Code objects among the constants are shared, so they have to be there.
  for (u32 i = 0; i < recordOf(c).constCount; i++)
    if (imageOf(c).constant(recordOf(c), i).kind == bytecode::ConstKind::Code)
      (void)TRY(codeConstant(t, &c, i));
  Ref<Code> copy = make<Code>(&PyCode_Type);
  auto* data = static_cast<CodeData*>(allocate(sizeof(CodeData)));
  *data = *c.data;
  data->feedback = kZeroFeedback;
  data->heat = 0;
  data->monitor = nullptr;
  u32 bytes = data->record->insnBytes;
  data->ownInsns = static_cast<u8*>(allocate(bytes));
  memcpy(data->ownInsns, builtInstructions(c.data), bytes);
  data->insns = reinterpret_cast<const bytecode::Insn*>(data->ownInsns);
  data->image->references++;
  u32 n = data->record->constCount;
  data->constants = static_cast<Value*>(allocate((n + 1) * sizeof(Value)));
  for (u32 i = 0; i < n; i++) data->constants[i] = retain(c.data->constants[i]).release();
  data->constants[n] = Value();
  copy->data = data;
  copy->flags = c.flags;
  copy->argCount = c.argCount;
  copy->posOnlyCount = c.posOnlyCount;
  copy->kwOnlyCount = c.kwOnlyCount;
  copy->stackSize = c.stackSize;
  copy->firstLine = c.firstLine;
  copy->localsPlusCount = c.localsPlusCount;
  copy->frameSize = c.frameSize;
  copy->localCount = c.localCount;
  copy->cellCount = c.cellCount;
  copy->freeCount = c.freeCount;
  copy->localNames = retain(c.localNames).release();
  copy->localKinds = retain(c.localKinds).release();
  copy->filename = retainObject(c.filename).release();
  copy->name = retainObject(c.name).release();
  copy->qualname = retainObject(c.qualname).release();
  return copy;
}

Error wrongType(Thread& t, const char* name, const char* expected, Value v) {
  return t.raise(kTypeError, "replace() argument '{}' must be {}, not {}", name, expected,
                 typeOf(v));
}

Result<void> replaceText(Thread& t, const char* name, Str*& field, Value v) {
  if (!isStr(v)) return wrongType(t, name, "str", v);
  Str* old = field;
  field = retainObject(v.as<Str>()).release();
  decrefObject(old);
  return ok();
}

// New values for a range of constants; the instructions refer to them by number, so there may be
// more than before, but not fewer.
Result<void> replaceConstants(Thread& t, Code& c, const char* name, Value v, u32 from, u32 n) {
  if (!isTuple(v)) return wrongType(t, name, "tuple", v);
  Tuple* items = v.as<Tuple>();
  if (items->size < n)
    return t.raise(kValueError, "code: {} must have {} items, not {}", name, n, items->size);
  for (u32 i = 0; i < n; i++) setField(c.data->constants[from + i], retain(items->items[i]));
  return ok();
}

// Variables keep their number and kinds; their names may change.
Result<void> replaceLocals(Thread& t, Code& c, const char* name, Value v, u8 kind) {
  if (!isTuple(v)) return wrongType(t, name, "tuple", v);
  Tuple* given = v.as<Tuple>();
  std::string_view kinds = c.localKinds.as<Bytes>()->view();
  Ref<Tuple> names = makeTuple(valuesOf(c.localNames.as<Tuple>()));
  i64 used = 0;
  for (size_t i = 0; i < kinds.size(); i++) {
    if (!(u8(kinds[i]) & kind)) continue;
    if (used < given->size) {
      if (!isStr(given->items[used]))
        return t.raise(kTypeError, "name tuples must contain only strings, not '{}'",
                       typeOf(given->items[used]));
      setField(names->items[i], retain(given->items[used]));
    }
    used++;
  }
  if (used != given->size) {
    if (kind == bytecode::kLocalPlain && given->size < used)
      return t.raise(kValueError, "code: co_nlocals != len(co_varnames)");
    return t.raise(kValueError, "code: {} must have {} items, not {}", name, used, given->size);
  }
  setField(c.localNames, std::move(names));
  return ok();
}

Result<void> mustEqual(Thread& t, const char* name, Value own, Value given) {
  if (TRY(equal(t, own, given))) return ok();
  return t.raise(kValueError, "code: {} cannot be changed", name);
}

Result<void> replaceNumber(Thread& t, const char* name, i32& field, Value v) {
  i32 n = TRY(argI32(t, v));
  if (n < 0) return t.raise(kValueError, "code: {} must not be negative", name);
  field = n;
  return ok();
}

Result<void> replaceOne(Thread& t, Code& c, Code& original, Str* key, Value v) {
  const CodeRecord& r = recordOf(c);
  std::string name = toUtf8(key);
  const char* n = name.c_str();
  if (name == "co_name") return replaceText(t, n, c.name, v);
  if (name == "co_qualname") return replaceText(t, n, c.qualname, v);
  if (name == "co_filename") return replaceText(t, n, c.filename, v);
  if (name == "co_firstlineno") return replaceNumber(t, n, c.firstLine, v);
  if (name == "co_stacksize") return replaceNumber(t, n, c.stackSize, v);
  if (name == "co_flags") {
    i32 flags = TRY(argI32(t, v));
    c.flags = u32(flags);
    return ok();
  }
  if (name == "co_consts") {
    TRY(replaceConstants(t, c, n, v, r.nameCount, r.plainCount));
    setField(c.consts, retain(v));
    return ok();
  }
  if (name == "co_names") {
    TRY(replaceConstants(t, c, n, v, 0, r.nameCount));
    setField(c.names, retain(v));
    return ok();
  }
  if (name == "co_varnames") return replaceLocals(t, c, n, v, bytecode::kLocalPlain);
  if (name == "co_cellvars") return replaceLocals(t, c, n, v, bytecode::kLocalCell);
  if (name == "co_freevars") return replaceLocals(t, c, n, v, bytecode::kLocalFree);
  static const char* const kFixed[] = {
      "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals",
      "co_code",     "co_linetable",       "co_exceptiontable"};
  for (const char* fixed : kFixed) {
    if (name != fixed) continue;
    if (name == "co_code" || name == "co_linetable" || name == "co_exceptiontable") {
      if (!isBytes(v)) return wrongType(t, n, "bytes", v);
    } else {
      i32 number = TRY(argI32(t, v));
      if (number < 0) return t.raise(kValueError, "code: {} must not be negative", n + 3);
    }
    Ref<> own = TRY(getAttr(t, &original, key));
    return mustEqual(t, n, own, v);
  }
  return t.raise(kTypeError, "replace() got an unexpected keyword argument '{}'", Value(key));
}

Result<Ref<>> replaceAll(Thread& t, Code& c, const Args& args, const char* method) {
  if (args.count) return t.raise(kTypeError, "{}() takes no positional arguments", method);
  Ref<Code> copy = TRY(cloneCode(t, c));
  for (u32 i = 0; i < args.keywordCount(); i++)
    TRY(replaceOne(t, *copy, c, args.names->items[i].as<Str>(), args.v[i]));
  return copy;
}

}  // namespace

Result<Ref<>> code_replace(Thread& t, Code& c, const Args& args) {
  return replaceAll(t, c, args, "replace");
}
Result<Ref<>> code___replace__(Thread& t, Code& c, const Args& args) {
  return replaceAll(t, c, args, "__replace__");
}

}  // namespace dx
