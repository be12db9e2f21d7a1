#include "runtime/code.h"

#include "builtins/code.gen.h"
#include "builtins/location_table.h"
#include "runtime/monitoring.h"
#include "runtime/types.h"
#include "speculation/feedback.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::ImageView;
using bytecode::PositionRecord;

static const CodeRecord& recordOf(const Code& c) { return *c.data->record; }
static ImageView imageOf(const Code& c) { return c.data->image->view(); }

// These are empty when the image is damaged.
static std::string_view bytecodeOf(const Code& c) {
  if (!isSound(c.data)) return {};
  const CodeRecord& r = recordOf(c);
  return {reinterpret_cast<const char*>(builtInstructions(c.data)), r.insnBytes};
}
static std::vector<PositionRecord> positionsOf(const Code& c) {
  if (!isSound(c.data)) return {};
  return bytecode::readPositions(positionsOf(c.data));
}

void code_dealloc(Object* o) {
  auto* c = static_cast<Code*>(o);
  if (CodeData* data = c->data) {
    dropMonitor(data);
    if (data->constants) {
      for (u32 i = 0; i < data->record->constCount; i++) clearField(data->constants[i]);
      release(data->constants);
    }
    detachFeedback(data);
    if (data->ownInsns) release(data->ownInsns);
    dropImage(data->image);
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
  return constantTuple(t, c, c.consts,
                       recordOf(c).nameCount + imageOf(c).variableCount(recordOf(c)),
                       recordOf(c).plainCount);
}

static Ref<> localsOfKind(Code& c, u8 kind) {
  const u8* kinds = localKinds(&c);
  Ref<List> names = newList();
  for (i32 i = 0; i < c.localsPlusCount; i++)
    if (kinds[i] & kind) listAppend(names, localNames(&c)->items[i]);
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
  for (i32 i = 0; i < c.localsPlusCount; i++) n += (localKinds(&c)[i] & bytecode::kLocalPlain) != 0;
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
    u32 count = isSound(c.data) ? r.exceptionCount : 0;
    c.exceptionTable =
        makeBytes(encodeHandlers({handlers, count}, imageOf(c).variableCount(r))).release();
  }
  return retain(c.exceptionTable);
}

Result<i64> code___sizeof__(Thread&, Code& c) {
  return i64(sizeof(Code) + sizeof(CodeData)) + recordOf(c).insnBytes;
}

Result<Ref<>> code__varname_from_oparg(Thread& t, Code& c, i32 oparg) {
  Tuple* names = localNames(&c);
  if (oparg < 0 || oparg >= i32(imageOf(c).variableCount(recordOf(c))))
    return t.raise(kIndexError, "tuple index out of range");
  return retain(names->items[oparg]);
}

// ---- positions ----

static Ref<> orNone(i32 value, bool absent) { return absent ? noneRef() : makeInt(i64(value)); }

// One tuple per two bytes of co_code, the unit that co_positions() counts in.
Result<Ref<>> code_co_positions(Thread& t, Code& c) {
  Ref<List> list = newList();
  std::vector<PositionRecord> positions = positionsOf(c);
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
  std::vector<PositionRecord> positions = positionsOf(c);
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

// (branch, where it goes on, where it jumps to) of each instruction with two ways on.
Result<Ref<>> code_co_branches(Thread& t, Code& c) {
  Ref<List> list = newList();
  std::string_view code = bytecodeOf(c);
  for (u32 at = 0; at < code.size();) {
    bytecode::Insn insn{};
    const bytecode::OpInfo& info = bytecode::kOpInfo[u8(code[at])];
    memcpy(&insn, code.data() + at, info.size);
    bytecode::Op op = insn.opcode();
    bool branches = info.d == bytecode::Operand::Jump && op != bytecode::Op::Send &&
                    op != bytecode::Op::CleanupThrow;
    if (branches)
      listAppend(list, Value(tupleOf(makeInt(i64(at)), makeInt(i64(at + info.size)),
                                     makeInt(i64(at) + insn.jump()))));
    at += info.size;
  }
  return iter(t, list);
}

// ---- equality ----

static Ref<Tuple> variableNames(Code& c) {
  return makeTuple(valuesOf(localNames(&c)).first(imageOf(c).variableCount(recordOf(c))));
}

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
  if (bytecodeOf(a) != bytecodeOf(b)) return false;
  Ref<> namesA = TRY(code_get_co_names(t, a)), namesB = TRY(code_get_co_names(t, b));
  Ref<> constsA = TRY(code_get_co_consts(t, a)), constsB = TRY(code_get_co_consts(t, b));
  if (!TRY(equal(t, namesA, namesB)) || !TRY(sameConstant(t, constsA, constsB))) return false;
  if (!TRY(equal(t, variableNames(a), variableNames(b)))) return false;
  Ref<> linesA = TRY(code_get_co_linetable(t, a)), linesB = TRY(code_get_co_linetable(t, b));
  if (!TRY(equal(t, linesA, linesB))) return false;
  Ref<> handlersA = TRY(code_get_co_exceptiontable(t, a)),
        handlersB = TRY(code_get_co_exceptiontable(t, b));
  return equal(t, handlersA, handlersB);
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
  mix(u64(TRY(hash(t, variableNames(c)))));
  Ref<> names = TRY(code_get_co_names(t, c)), consts = TRY(code_get_co_consts(t, c));
  mix(u64(TRY(hash(t, names))));
  mix(u64(TRY(hash(t, consts))));
  mix(u64(c.argCount) << 32 | u64(c.firstLine));
  mix(u64(c.posOnlyCount) << 32 | u64(c.kwOnlyCount));
  mix(c.flags);
  return i64(h) == -1 ? -2 : i64(h);
}

}  // namespace dx
