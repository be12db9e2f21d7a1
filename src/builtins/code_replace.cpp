// Code objects by hand: replace(). What the bytes of co_code mean is dxpy's own business; they are
// checked like those of any image.
#include "builtins/code.gen.h"
#include "builtins/location_table.h"
#include "bytecode/verifier.h"
#include "runtime/code.h"
#include "runtime/compile.h"
#include "runtime/monitoring.h"
#include "runtime/types.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::ImageView;
using bytecode::PositionRecord;

static const CodeRecord& recordOf(const Code& c) { return *c.data->record; }
static ImageView imageOf(const Code& c) { return c.data->image->view(); }

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
  if (!ensureVerified(t, c.data)) return Error{};
  // Code objects among the constants are shared, so they have to be there.
  for (u32 i = 0; i < recordOf(c).constCount; i++)
    if (imageOf(c).constant(recordOf(c), i).kind == bytecode::ConstKind::Code)
      (void)TRY(codeConstant(t, &c, i));
  Ref<Code> copy = make<Code>(&PyCode_Type);
  auto* data = static_cast<CodeData*>(allocate(sizeof(CodeData)));
  *data = *c.data;
  data->feedback = kZeroFeedback;
  data->nextWarm = data->previousWarm = nullptr;
  data->serial = newCodeSerial();
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
  data->code = copy;
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

// What replace() changes in the record.
struct Draft {
  bool changed = false;
  CodeRecord record;
  Ref<> insns, lines;  // bytes, or empty
};

// Gives the copy an image of its own: the old one with another record for this code object, and
// with what belongs to it at the end.
Result<void> applyDraft(Thread& t, Code& copy, const Draft& draft) {
  CodeData* data = copy.data;
  ImageView old = imageOf(copy);
  u32 index = u32(data->record - &old.code(0));
  std::vector<u8> bytes(old.bytes(), old.bytes() + old.header().size);
  auto append = [&](const void* from, size_t size) {
    bytes.resize((bytes.size() + 7) & ~size_t(7));
    u32 at = u32(bytes.size());
    bytes.insert(bytes.end(), static_cast<const u8*>(from), static_cast<const u8*>(from) + size);
    return at;
  };
  CodeRecord record = draft.record;
  std::string_view insns =
      draft.insns
          ? draft.insns.as<Bytes>()->view()
          : std::string_view(reinterpret_cast<const char*>(data->ownInsns), record.insnBytes);
  if (insns.size() % 4 != 0 || insns.size() > INT32_MAX)
    return t.raise(kValueError, "code: co_code is malformed");
  record.insnBytes = u32(insns.size());
  record.insns = append(insns.data(), insns.size());
  std::vector<PositionRecord> positions;
  if (draft.lines) {
    positions = decodeLocations(draft.lines.as<Bytes>()->view(), record.insnBytes, copy.firstLine);
  } else {
    const auto* p = &old.at<PositionRecord>(record.positions);
    for (u32 i = 0; i < record.positionCount && p[i].offset < record.insnBytes; i++)
      positions.push_back(p[i]);
  }
  record.positionCount = u32(positions.size());
  record.positions = append(positions.data(), positions.size() * sizeof(PositionRecord));
  bytes.resize((bytes.size() + 7) & ~size_t(7));
  u32 size = u32(bytes.size());
  memcpy(bytes.data() + offsetof(bytecode::ImageHeader, size), &size, sizeof size);
  memcpy(bytes.data() + old.header().codes + size_t(index) * sizeof record, &record, sizeof record);
  std::string problem = bytecode::verifyImage(bytes);
  if (!problem.empty()) return t.raise(kValueError, "code: {}", problem);

  auto* image = static_cast<ModuleImage*>(allocate(sizeof(ModuleImage)));
  auto* own = static_cast<u8*>(allocate(bytes.size()));
  memcpy(own, bytes.data(), bytes.size());
  *image = {own, 1, [](ModuleImage* self) {
              release(const_cast<u8*>(self->bytes));
              release(self);
            }};
  ModuleImage* before = std::exchange(data->image, image);
  dropImage(before);
  data->record = &image->view().code(index);
  release(std::exchange(data->ownInsns, nullptr));
  data->insns = &image->view().at<bytecode::Insn>(record.insns);
  setArgumentCounts(data);
  return {};
}

Result<void> mustEqual(Thread& t, const char* name, Value own, Value given) {
  if (TRY(equal(t, own, given))) return ok();
  return t.raise(kValueError, "code: {} cannot be changed", name);
}

Result<i32> positiveNumber(Thread& t, const char* name, Value v) {
  i32 n = TRY(argI32(t, v));
  if (n < 0) return t.raise(kValueError, "{} must be a positive integer", name);
  return n;
}

Result<void> replaceOne(Thread& t, Code& c, Draft& draft, Code& original, Str* key, Value v) {
  const CodeRecord& r = recordOf(c);
  std::string name = toUtf8(key);
  const char* n = name.c_str();
  if (name == "co_name") return replaceText(t, n, c.name, v);
  if (name == "co_qualname") return replaceText(t, n, c.qualname, v);
  if (name == "co_filename") return replaceText(t, n, c.filename, v);
  if (name == "co_firstlineno") {
    c.firstLine = TRY(positiveNumber(t, n, v));
    return ok();
  }
  if (name == "co_stacksize") {
    c.stackSize = TRY(positiveNumber(t, n, v));
    return ok();
  }
  struct Count {
    const char* name;
    i32 Code::* field;
    u32 CodeRecord::* record;
  };
  static constexpr Count kCounts[] = {
      {"co_argcount", &Code::argCount, &CodeRecord::argCount},
      {"co_posonlyargcount", &Code::posOnlyCount, &CodeRecord::posOnlyCount},
      {"co_kwonlyargcount", &Code::kwOnlyCount, &CodeRecord::kwOnlyCount}};
  for (const Count& count : kCounts) {
    if (name != count.name) continue;
    c.*count.field = TRY(positiveNumber(t, n, v));
    draft.record.*count.record = u32(c.*count.field);
    draft.changed = true;
    return ok();
  }
  if (name == "co_flags") {
    i32 flags = TRY(argI32(t, v));
    if ((c.flags & bytecode::kCodeAnyGenerator) && !(u32(flags) & bytecode::kCodeAnyGenerator))
      return t.raise(kValueError, "code: a generator cannot become a function");
    c.flags = draft.record.flags = u32(flags);
    draft.changed = true;
    return ok();
  }
  if (name == "co_code" || name == "co_linetable") {
    if (!isBytes(v)) return wrongType(t, n, "bytes", v);
    (name == "co_code" ? draft.insns : draft.lines) = retain(v);
    draft.changed = true;
    return ok();
  }
  if (name == "co_nlocals") {
    i32 given = TRY(positiveNumber(t, n, v));
    i64 own = 0;
    for (char kind : c.localKinds.as<Bytes>()->view())
      own += (u8(kind) & bytecode::kLocalPlain) != 0;
    if (given != own) return t.raise(kValueError, "code: co_nlocals != len(co_varnames)");
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
  if (name == "co_exceptiontable") {
    if (!isBytes(v)) return wrongType(t, n, "bytes", v);
    Ref<> own = TRY(getAttr(t, &original, key));
    return mustEqual(t, n, own, v);
  }
  return t.raise(kTypeError, "replace() got an unexpected keyword argument '{}'", Value(key));
}

Result<Ref<>> replaceAll(Thread& t, Code& c, const Args& args, const char* method) {
  if (args.count) return t.raise(kTypeError, "{}() takes no positional arguments", method);
  Ref<Code> copy = TRY(cloneCode(t, c));
  Draft draft;
  draft.record = recordOf(c);
  for (u32 i = 0; i < args.keywordCount(); i++)
    TRY(replaceOne(t, *copy, draft, c, args.names->items[i].as<Str>(), args.v[i]));
  if (!draft.changed) return copy;
  const CodeRecord& r = draft.record;
  if (r.posOnlyCount > r.argCount)
    return t.raise(kSystemError, "bad argument to internal function");
  u32 arguments = r.argCount + r.kwOnlyCount + ((r.flags & bytecode::kCodeVarArgs) != 0) +
                  ((r.flags & bytecode::kCodeVarKeywords) != 0);
  u32 plain = 0;
  for (char kind : copy->localKinds.as<Bytes>()->view())
    plain += (u8(kind) & bytecode::kLocalPlain) != 0;
  if (arguments > plain) return t.raise(kValueError, "code: co_varnames is too small");
  TRY(applyDraft(t, *copy, draft));
  if (draft.lines) copy->lineTable = retain(draft.lines.get()).release();
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
