// Code objects by hand. Each has an image of its own: its record, its instructions and tables, and
// as constants what the verifier wants to know of them; the objects themselves are in the code
// object from the start. Other code objects among the constants are stood in for by records that
// have as many free variables.
#include "builtins/code_parts.h"

#include <map>

#include "builtins/code.gen.h"
#include "builtins/location_table.h"
#include "bytecode/builder.h"
#include "bytecode/flow_check.h"
#include "bytecode/verifier.h"
#include "runtime/compile.h"
#include "runtime/monitoring.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::Constant;
using bytecode::ImageView;
using bytecode::Insn;
using bytecode::Operand;
using bytecode::OpInfo;

Result<CodeParts> partsOf(Thread& t, Code& c) {
  if (!ensureVerified(t, c.data)) return Error{};
  CodeParts p;
  p.argCount = c.argCount;
  p.posOnlyCount = c.posOnlyCount;
  p.kwOnlyCount = c.kwOnlyCount;
  p.stackSize = c.stackSize;
  p.firstLine = c.firstLine;
  p.flags = u32(c.flags);
  p.code = TRY(code_get_co_code(t, c));
  p.lineTable = TRY(code_get_co_linetable(t, c));
  p.exceptionTable = TRY(code_get_co_exceptiontable(t, c));
  p.consts = TRY(code_get_co_consts(t, c));
  p.names = TRY(code_get_co_names(t, c));
  p.localNames = Ref<>::retain(localNames(&c));
  p.localKinds.assign(reinterpret_cast<const char*>(localKinds(&c)), size_t(c.localsPlusCount));
  p.filename = retain(Value(c.filename));
  p.name = retain(Value(c.name));
  p.qualname = retain(Value(c.qualname));
  return p;
}

bool isBuiltByHand(const Code& code) {
  return code.data->image->view().header().flags & bytecode::kImageByHand;
}

namespace {

// A tuple of exact, interned str.
Result<Ref<Tuple>> nameTuple(Thread& t, Value v) {
  Tuple* given = v.as<Tuple>();
  Ref<Tuple> names = given->size ? newTuple(given->size) : retainObject(emptyTuple());
  for (i64 i = 0; i < given->size; i++) {
    Value item = given->items[i];
    if (!isStr(item))
      return t.raise(kTypeError, "name tuples must contain only strings, not '{}'", typeOf(item));
    Ref<Str> name =
        isExactStr(item) ? retainObject(item.as<Str>()) : makeStr(toUtf8(item.as<Str>()));
    names->items[i] = Value(intern(std::move(name)).release());
  }
  return names;
}

// Fills one code object's constants.
struct Table {
  bytecode::FinishedCode& code;
  std::vector<std::vector<Constant>> pending;  // items of tuples, which come after everything else

  void add(Constant value, bool interned = false) {
    std::vector<Constant> items = std::move(value.items);
    value.items.clear();
    code.constants.push_back(std::move(value));
    code.constantItems.emplace_back();
    code.interned.push_back(interned);
    pending.push_back(std::move(items));
  }
  u32 addText(Value text) {
    add(Constant::str(toUtf8(text.as<Str>())));
    return u32(code.constants.size() - 1);
  }
  void addItems() {
    for (size_t i = 0; i < pending.size(); i++) {
      for (Constant& item : std::vector<Constant>(std::move(pending[i]))) {
        code.constantItems[i].push_back(u32(code.constants.size()));
        code.constants.push_back(std::move(item));
        code.constantItems.emplace_back();
        code.interned.push_back(false);
      }
    }
  }
};

// As much of a constant as the checks look at; Ellipsis stands for anything.
Constant outline(Value v) {
  if (isNone(v)) return Constant::none();
  if (isExactStr(v)) return Constant::str(toUtf8(v.as<Str>()));
  if (isExactTuple(v)) {
    Constant c = Constant::tuple({});
    for (Value item : valuesOf(v.as<Tuple>()))
      c.items.push_back(isExactStr(item) ? Constant::str(toUtf8(item.as<Str>()))
                                         : Constant::of(Constant::Kind::Ellipsis));
    return c;
  }
  return Constant::of(Constant::Kind::Ellipsis);
}

// A code object with that many free variables that does nothing.
bytecode::FinishedCode standIn(u32 free) {
  bytecode::CodeBuilder b({"", "", "", 1, 0, 0, 0, 0});
  for (u32 i = 0; i < free; i++) b.addLocal("free", bytecode::kLocalFree);
  b.Enter(0);
  if (free) b.CopyFreeVars(0, free);
  b.ReturnNone();
  return b.finish();
}

// The number of feedback slots that the instructions name; they need not be valid.
u32 slotsIn(std::string_view code) {
  u32 count = 1;
  for (size_t at = 0; at < code.size();) {
    u8 op = u8(code[at]);
    if (op >= bytecode::kOpCount || bytecode::kOpInfo[op].size > code.size() - at) break;
    const OpInfo& info = bytecode::kOpInfo[op];
    Insn i{};
    memcpy(&i, code.data() + at, info.size);
    if (info.b == Operand::Slot) count = std::max(count, i.b + 1u);
    if (info.c == Operand::Slot) count = std::max(count, i.c + 1u);
    if (info.d == Operand::Slot && i.d < code.size()) count = std::max(count, i.d + 1);
    at += info.size;
  }
  return count;
}

}  // namespace

Result<void> setVariables(Thread& t, CodeParts& p, Tuple* plainGiven, Tuple* cellsGiven,
                          Tuple* freesGiven) {
  Ref<Tuple> plain = TRY(nameTuple(t, Value(plainGiven)));
  Ref<Tuple> cells = TRY(nameTuple(t, Value(cellsGiven)));
  Ref<Tuple> frees = TRY(nameTuple(t, Value(freesGiven)));
  i64 positional = p.argCount, named = positional + p.kwOnlyCount;
  i64 varArgs = p.flags & bytecode::kCodeVarArgs ? named : -1;
  i64 varKeywords = p.flags & bytecode::kCodeVarKeywords ? named + (varArgs >= 0) : -1;
  i64 args = named + (varArgs >= 0) + (varKeywords >= 0);
  Ref<List> names = newList();
  std::string kinds;
  for (i64 i = 0; i < plain->size; i++) {
    u8 kind = bytecode::kLocalPlain;
    if (i < p.posOnlyCount)
      kind |= bytecode::kLocalArgPos;
    else if (i < positional)
      kind |= bytecode::kLocalArgPos | bytecode::kLocalArgKw;
    else if (i < named)
      kind |= bytecode::kLocalArgKw;
    else if (i == varArgs)
      kind |= bytecode::kLocalArgVar | bytecode::kLocalArgPos;
    else if (i == varKeywords)
      kind |= bytecode::kLocalArgVar | bytecode::kLocalArgKw;
    kinds += char(kind);
    listAppend(names, plain->items[i]);
  }
  for (Value cell : valuesOf(cells.get())) {
    i64 i = 0;
    while (i < std::min(args, plain->size) && plain->items[i] != cell) i++;
    if (i < std::min(args, plain->size)) {
      kinds[size_t(i)] = char(u8(kinds[size_t(i)]) | bytecode::kLocalCell);
      continue;
    }
    kinds += char(bytecode::kLocalCell);
    listAppend(names, cell);
  }
  for (Value free : valuesOf(frees.get())) {
    kinds += char(bytecode::kLocalFree);
    listAppend(names, free);
  }
  p.localNames = makeTuple(valuesOf(names.get()));
  p.localKinds = std::move(kinds);
  return {};
}

void renumberConstants(CodeParts& p, u32 oldNames, u32 oldVariables) {
  u32 names = u32(p.names.as<Tuple>()->size), variables = p.variableCount();
  if (names == oldNames && variables == oldVariables) return;
  std::string code(p.code.as<Bytes>()->view());
  for (size_t at = 0; at < code.size();) {
    const OpInfo& info = bytecode::kOpInfo[u8(code[at])];
    bool in32 = info.b == Operand::Const32 || info.b == Operand::Name32;
    bool inD = info.d == Operand::Const || info.d == Operand::Name || info.d == Operand::Code;
    if (in32 || inD) {
      u32 index;
      char* field = code.data() + at + (in32 ? 4 : 8);
      memcpy(&index, field, 4);
      if (index >= oldNames + oldVariables)
        index = index - oldNames - oldVariables + names + variables;
      else if (index >= oldNames)
        index = index - oldNames + names;
      memcpy(field, &index, 4);
    }
    at += info.size;
  }
  p.code = makeBytes(code);
}

Result<i64> argumentCount(Thread& t, const CodeParts& p) {
  if (p.argCount < p.posOnlyCount || p.posOnlyCount < 0 || p.kwOnlyCount < 0 || p.stackSize < 0 ||
      i32(p.flags) < 0)
    return t.raise(kSystemError, "bad argument to internal function");
  return i64(p.argCount) + p.kwOnlyCount + ((p.flags & bytecode::kCodeVarArgs) != 0) +
         ((p.flags & bytecode::kCodeVarKeywords) != 0);
}

Result<Ref<Code>> buildCode(Thread& t, const CodeParts& p) {
  i64 arguments = TRY(argumentCount(t, p));
  std::string_view code = p.code.as<Bytes>()->view();
  if (code.empty() || code.size() % 4 != 0 || code.size() > INT32_MAX)
    return t.raise(kValueError, "code: co_code is malformed");
  if (arguments > i64(p.localKinds.size()))
    return t.raise(kValueError, "code: co_varnames is too small");

  Ref<Tuple> names = TRY(nameTuple(t, p.names));
  Ref<Tuple> localNames = TRY(nameTuple(t, p.localNames));
  Tuple* consts = p.consts.as<Tuple>();
  if (localNames->size > bytecode::kMaxRegisters || consts->size > INT32_MAX / 2 ||
      names->size > INT32_MAX / 2)
    return t.raise(kOverflowError, "code: too many names or constants");

  bytecode::ImageBuilder builder;
  bytecode::FinishedCode own;
  builder.reserveCode();
  Table table{own, {}};
  std::map<u32, u32> standIns;
  for (Value name : valuesOf(names.get())) table.add(Constant::str(toUtf8(name.as<Str>())), true);
  u32 variables = p.variableCount();
  for (u32 i = 0; i < variables; i++) {
    own.localNames.push_back(table.addText(localNames->items[i]));
    own.interned.back() = true;
  }
  for (Value v : valuesOf(consts)) {
    if (typeOf(v) != &PyCode_Type) {
      table.add(outline(v));
      continue;
    }
    u32 free = u32(v.as<Code>()->freeCount);
    auto [place, isNew] = standIns.try_emplace(free, 0);
    if (isNew) {
      place->second = builder.reserveCode();
      builder.setCode(place->second, standIn(free));
    }
    Constant c = Constant::of(Constant::Kind::Code);
    c.number = place->second;
    table.add(std::move(c));
  }
  CodeRecord& r = own.record;
  r.filename = table.addText(p.filename);
  r.name = table.addText(p.name);
  r.qualname = table.addText(p.qualname);
  for (u32 i = variables; i < p.localKinds.size(); i++)
    own.localNames.push_back(table.addText(localNames->items[i]));
  table.addItems();
  r.firstLine = u32(p.firstLine);
  r.flags = p.flags;
  r.argCount = u32(p.argCount);
  r.posOnlyCount = u32(p.posOnlyCount);
  r.kwOnlyCount = u32(p.kwOnlyCount);
  r.localCount = u32(localNames->size);
  r.registerCount = variables + u32(p.stackSize) + u32(bytecode::kFrameHeader);
  r.slotCount = slotsIn(code);
  r.nameCount = u32(names->size);
  r.plainCount = u32(consts->size);
  bool hasDoc =
      (p.flags & bytecode::kCodeHasDocstring) && consts->size && isExactStr(consts->items[0]);
  r.docConst = hasDoc ? r.nameCount + variables + 1 : 0;
  own.insns.assign(code.begin(), code.end());
  own.localKinds.assign(p.localKinds.begin(), p.localKinds.end());
  own.positions = decodeLocations(p.lineTable.as<Bytes>()->view(), u32(code.size()), p.firstLine);
  if (!decodeHandlers(p.exceptionTable.as<Bytes>()->view(), variables, &own.exceptions))
    return t.raise(kValueError, "code: co_exceptiontable is malformed");
  builder.setCode(0, std::move(own));

  std::vector<u8> image = builder.finish();
  std::string problem = bytecode::verifyImage(image);
  if (problem.empty()) problem = bytecode::checkRegisterFlow(image.data(), 0);
  if (!problem.empty()) return t.raise(kValueError, "code: {}", problem);
  u32 flags = bytecode::kImageByHand;
  memcpy(image.data() + offsetof(bytecode::ImageHeader, flags), &flags, sizeof flags);

  Ref<Code> made = TRY(codeFromImage(t, std::move(image)));
  makeRoomForConstants(made->data);
  Value* constants = made->data->constants;
  for (Value name : valuesOf(names.get())) setField(*constants++, retain(name));
  for (u32 i = 0; i < variables; i++) setField(*constants++, retain(localNames->items[i]));
  for (Value v : valuesOf(consts)) setField(*constants++, retain(v));
  setField(made->names, Ref<>(std::move(names)));
  setField(made->localNames, Ref<>(std::move(localNames)));
  setField(made->consts, retain(p.consts));
  setField(made->lineTable, retain(p.lineTable));
  setField(made->exceptionTable, retain(p.exceptionTable));
  auto text = [](Str*& field, Value v) {
    decrefObject(std::exchange(field, retainObject(v.as<Str>()).release()));
  };
  text(made->filename, p.filename);
  text(made->name, p.name);
  text(made->qualname, p.qualname);
  return made;
}

}  // namespace dx
