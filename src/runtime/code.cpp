// Code objects from images; constants made on first use; functions.
#include "runtime/code.h"

#include "bytecode/flow_check.h"
#include "bytecode/verifier.h"
#include "runtime/abstract.h"
#include "runtime/archive.h"
#include "runtime/compile.h"
#include "runtime/containers.h"
#include "runtime/frame.h"
#include "runtime/int.h"
#include "runtime/module.h"
#include "runtime/str.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::ConstKind;
using bytecode::ConstRecord;
using bytecode::ImageView;

static Result<Ref<>> makeConstant(Thread& t, Code* code, const ConstRecord& c);

static Result<Ref<>> makeTupleConstant(Thread& t, Code* code, const ConstRecord& c) {
  ImageView image = code->data->image->view();
  const u32* indices = &image.contents<u32>(c);
  u32 length = image.length(c);
  if (length == 0) return Ref<>::retain(emptyTuple());
  Ref<Tuple> tuple = newTuple(length);
  for (u32 i = 0; i < length; i++)
    tuple->items[i] = retain(TRY(codeConstant(t, code, indices[i]))).release();
  return Ref<>(std::move(tuple));
}

static Ref<Str> strConstant(const ImageView& image, const ConstRecord& c) {
  Ref<Str> s;
  u32 length = image.length(c);
  switch (c.kind()) {
    case ConstKind::Str1: {
      std::string_view text(&image.contents<char>(c), length);
      constexpr u8 kName = bytecode::kConstAscii | bytecode::kConstInterned;
      if ((c.flags() & kName) == kName) return internAscii(text);
      s = c.flags() & bytecode::kConstAscii ? makeAscii(text) : makeLatin1(text);
      break;
    }
    case ConstKind::Str2:
      s = makeStrFromUnits(&image.contents<u16>(c), length);
      break;
    default:
      s = makeStrFromUnits(&image.contents<u32>(c), length);
      break;
  }
  return c.flags() & bytecode::kConstInterned ? intern(std::move(s)) : std::move(s);
}

static Result<Ref<>> makeConstant(Thread& t, Code* code, const ConstRecord& c) {
  ImageView image = code->data->image->view();
  switch (c.kind()) {
    case ConstKind::None:
      return noneRef();
    case ConstKind::True:
      return boolRef(true);
    case ConstKind::False:
      return boolRef(false);
    case ConstKind::Ellipsis:
      return Ref<>::steal(ellipsis());
    case ConstKind::Int:
      return makeInt(image.intValue(c));
    case ConstKind::BigInt:
      return makeIntFromDigits(&image.contents<u32>(c), image.length(c),
                               c.flags() & bytecode::kConstNegative);
    case ConstKind::Float:
      return makeFloat(image.contents<double>(c));
    case ConstKind::Complex: {
      const double* parts = &image.contents<double>(c);
      return makeComplex(parts[0], parts[1]);
    }
    case ConstKind::Str1:
    case ConstKind::Str2:
    case ConstKind::Str4:
      return Ref<>(strConstant(image, c));
    case ConstKind::Bytes:
      return Ref<>(makeBytes({&image.contents<char>(c), image.length(c)}));
    case ConstKind::Tuple:
      return makeTupleConstant(t, code, c);
    case ConstKind::FrozenSet: {
      const u32* indices = &image.contents<u32>(c);
      Ref<Set> set = newSet(&PyFrozenSet_Type);
      for (u32 i = 0, n = image.length(c); i < n; i++)
        TRY(setAdd(t, set, TRY(codeConstant(t, code, indices[i]))));
      return Ref<>(std::move(set));
    }
    case ConstKind::Slice: {
      const u32* indices = &image.contents<u32>(c);
      Ref<> parts[3];
      for (int i = 0; i < 3; i++) parts[i] = retain(TRY(codeConstant(t, code, indices[i])));
      return Ref<>(makeSlice(parts[0], parts[1], parts[2]));
    }
    case ConstKind::Code:
      return TRY(makeCode(t, code->data->image, c.value));
  }
  return t.raise(kSystemError, "unknown constant kind {}", int(c.kind()));
}

static Error damaged(Thread& t, const std::string& problem) {
  return t.raise(kImportError, "damaged bytecode: {}", problem);
}

bool hasSoundColdPart(ModuleImage* image) {
  if (image->coldUnchecked) image->coldUnchecked = !bytecode::isColdSealed(image->view());
  return !image->coldUnchecked;
}

bool isSound(CodeData* data, std::string* problem) {
  if (!data->unverified) return true;
  ImageView image = data->image->view();
  u32 index = image.indexOf(*data->record);
  // The library's archive is dxpy's own work: its instructions are in range, and what they do with
  // registers is taken on trust. Of other files nobody knows who wrote them.
  std::string found = isLibraryImage(image.bytes()) ? bytecode::verifyInstructions(image, index)
                                                    : bytecode::checkForeignCode(image, index);
  data->unverified = !found.empty();
  if (problem) *problem = std::move(found);
  return !data->unverified;
}

bool ensureVerified(Thread& t, CodeData* data) {
  std::string problem;
  if (isSound(data, &problem)) return true;
  (void)damaged(t, problem);
  return false;
}

void dropImage(ModuleImage* image) {
  if (--image->references != 0) return;
  if (Str* name = std::exchange(image->filename, nullptr)) decrefObject(name);
  if (image->destroy) image->destroy(image);
}

static bool checkConstant(Thread& t, ModuleImage* image, const CodeRecord& record, u32 i) {
  if (!image->untrusted) return true;
  ImageView view = image->view();
  if (bytecode::isSoundText(view, view.constant(record, i))) return true;
  if (view.constant(record, i).flags() & bytecode::kConstCold && !hasSoundColdPart(image))
    return (void)damaged(t, "the cold part's hash is another"), false;
  std::string problem = bytecode::verifyConstant(view, view.indexOf(record), i);
  if (!problem.empty()) return (void)damaged(t, problem), false;
  return true;
}

void makeRoomForConstants(CodeData* data) {
  if (data->constants) return;
  size_t size = (data->record->constCount + 1) * sizeof(Value);
  data->constants = static_cast<Value*>(allocate(size));
  memset(data->constants, 0, size);
}

Result<Value> codeConstant(Thread& t, Code* code, u32 i) {
  makeRoomForConstants(code->data);
  Value& slot = code->data->constants[i];
  if (!slot) {
    ModuleImage* image = code->data->image;
    const CodeRecord& record = *code->data->record;
    if (!checkConstant(t, image, record, i)) return Error{};
    Ref<> v = TRY(makeConstant(t, code, image->view().constant(record, i)));
    if (!slot) slot = v.release();
  }
  return slot;
}

void setArgumentCounts(CodeData* data) {
  const CodeRecord& r = *data->record;
  bool varArgs = r.flags & bytecode::kCodeVarArgs,
       varKeywords = r.flags & bytecode::kCodeVarKeywords;
  data->argRegisters = r.argCount + r.kwOnlyCount + varArgs + varKeywords;
  bool simple =
      !varArgs && !varKeywords && r.kwOnlyCount == 0 && !(r.flags & bytecode::kCodeAnyGenerator);
  data->simpleArgs = simple ? r.argCount : ~0u;
}

u32 newCodeSerial() {
  static u32 last = 0;
  return ++last;
}

Result<Ref<Code>> makeCode(Thread& t, ModuleImage* image, u32 index) {
  if (image->untrusted) {
    std::string problem = bytecode::verifyCode(image->view(), index);
    if (!problem.empty()) return damaged(t, problem);
  }
  const CodeRecord& r = image->view().code(index);
  auto* data = static_cast<CodeData*>(allocate(sizeof(CodeData)));
  memset(data, 0, sizeof *data);
  data->insns = &image->view().at<bytecode::Insn>(r.insns);
  data->feedback = kZeroFeedback;
  data->record = &r;
  data->image = image;
  image->references++;
  data->registerCount = r.registerCount;
  data->localCount = r.localCount;
  data->unverified = image->untrusted;
  setArgumentCounts(data);

  Ref<Code> code = make<Code>(&PyCode_Type);
  code->data = data;
  data->code = code;
  data->serial = newCodeSerial();
  code->flags = r.flags;
  code->argCount = i32(r.argCount);
  code->posOnlyCount = i32(r.posOnlyCount);
  code->kwOnlyCount = i32(r.kwOnlyCount);
  code->firstLine = i32(r.firstLine);
  // Temporaries, without the scratch words of a call window: all code that calls has those.
  code->stackSize =
      std::max(i32(r.registerCount - image->view().variableCount(r)) - bytecode::kFrameHeader, 0);
  code->localsPlusCount = i32(r.localCount);
  code->frameSize = i32(r.registerCount + bytecode::kFrameHeader);
  // Constants of the table are made and kept when code runs; many functions never do.
  const u32* names = &image->view().at<u32>(r.localNames);
  const u8* kinds = localKinds(code);
  for (u32 i = 0; i < r.localCount; i++) {
    if (!checkConstant(t, image, r, names[i])) return Error{};
    if (kinds[i] & bytecode::kLocalFree)
      code->freeCount++;
    else if (kinds[i] & bytecode::kLocalCell)
      code->cellCount++;
    if (!(kinds[i] & bytecode::kLocalFree) && (kinds[i] & (bytecode::kLocalPlain)))
      code->localCount++;
  }
  auto text = [&](u32 i) -> Result<Ref<Str>> {
    if (!checkConstant(t, image, r, i)) return Error{};
    return strConstant(image->view(), image->view().constant(r, i));
  };
  Ref<Str> filename =
      image->filename ? retainObject(image->filename) : Ref<Str>(TRY(text(r.filename)));
  code->filename = filename.release();
  code->name = TRY(text(r.name)).release();
  code->qualname = TRY(text(r.qualname)).release();
  return code;
}

Tuple* localNames(Code* code) {
  if (!code->localNames) {
    // They were looked at when the code object was made.
    const CodeRecord& r = *code->data->record;
    ImageView image = code->data->image->view();
    const u32* names = &image.at<u32>(r.localNames);
    Ref<Tuple> tuple = r.localCount ? newTuple(r.localCount) : retainObject(emptyTuple());
    for (u32 i = 0; i < r.localCount; i++)
      tuple->items[i] = strConstant(image, image.constant(r, names[i])).release();
    code->localNames = Value(tuple.release());
  }
  return code->localNames.as<Tuple>();
}

const u8* localKinds(const Code* code) {
  return &code->data->image->view().at<u8>(code->data->record->localKinds);
}

bytecode::PositionReader positionsOf(const CodeData* data) {
  if (!hasSoundColdPart(data->image)) return {};
  return {data->image->view(), *data->record};
}

SourcePosition positionAt(const Code* code, const bytecode::Insn* pc) {
  u32 at = pcOffset(code, pc);
  SourcePosition found = {0, 0, -1, -1};
  bytecode::PositionReader positions = positionsOf(code->data);
  for (bytecode::PositionRecord p; positions.next(&p) && p.offset <= at;)
    found = {p.line, p.endLine, p.col, p.endCol};
  return found;
}

Ref<Function> makeFunction(Code* code, Dict* globals) {
  Ref<Function> f = make<Function>(&PyFunction_Type);
  f->globals = retainObject(globals).release();
  Value builtins = dictGetStr(globals, DX_NAME("__builtins__"));
  if (builtins && isInstanceOf(builtins, &PyModule_Type))
    builtins = Value(builtins.as<Module>()->dict);
  f->builtins = retain(builtins ? builtins : currentBuiltins(thisThread())).release();
  f->name = retain(code->name).release();
  f->qualname = retain(code->qualname).release();
  f->code = retainObject(code).release();
  Value module = dictGetStr(globals, DX_NAME("__name__"));
  f->module = retain(module).release();
  gcTrack(f);
  return f;
}

Value functionDoc(Function* f) {
  if (!f->doc) {
    u32 number = f->code->data->record->docConst;
    Result<Value> doc =
        number ? codeConstant(thisThread(), f->code, number - 1) : Result<Value>(none());
    if (!doc) thisThread().clearException();
    f->doc = doc ? retain(*doc).release() : none();
  }
  return f->doc;
}

}  // namespace dx
