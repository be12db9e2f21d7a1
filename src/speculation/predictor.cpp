#include "speculation/predictor.h"

#include "runtime/containers.h"
#include "runtime/native.h"
#include "runtime/str.h"
#include "runtime/types.h"
#include "speculation/polymorphic.h"
#include "speculation/profile.h"

namespace dx {

using bytecode::Insn;
using bytecode::Op;
using bytecode::Operand;
using bytecode::OpInfo;

SlotFamily slotFamily(Op op) {
  switch (op) {
    case Op::LoadAttr:
    case Op::StoreAttr:
    case Op::DeleteAttr:
    case Op::LoadMethod:
    case Op::LoadSuperAttr:
      return SlotFamily::Attribute;
    case Op::LoadGlobal:
    case Op::StoreGlobal:
    case Op::LoadName:
    case Op::StoreName:
    case Op::LoadFromDictOrGlobal:
      return SlotFamily::Global;
    case Op::Call:
    case Op::CallMethod:
      return SlotFamily::Call;
    case Op::ForIter:
      return SlotFamily::Iteration;
    default:
      break;
  }
  const OpInfo& info = bytecode::kOpInfo[int(op)];
  if (info.c != Operand::Slot && info.d != Operand::Slot) return SlotFamily::None;
  return info.d == Operand::Jump ? SlotFamily::Branch : SlotFamily::Operands;
}

u32 slotIndex(const Insn* insn) {
  const OpInfo& info = bytecode::kOpInfo[insn->op];
  if (info.c == Operand::Slot) return insn->c;
  return info.d == Operand::Slot ? insn->d : 0;
}

Confidence confidenceOf(const Statistics& s) {
  constexpr u32 kFew = 8, kMany = 64;
  u64 seen = u64(s.hits) + s.misses;
  if (seen < kFew || u64(s.misses) * 4 > seen) return Confidence::Low;
  if (seen >= kMany && u64(s.misses) * 64 <= seen && s.changes <= 1) return Confidence::Stable;
  return Confidence::Likely;
}

std::string textOf(Str* s) {
  Result<std::string_view> r = utf8(thisThread(), s);
  if (r) return std::string(*r);
  thisThread().clearException();
  return "?";
}

std::string qualifiedName(const Type* type) {
  if (!type->has(kTypeHeap)) {
    std::string name = type->name;
    return name.find('.') == name.npos ? "builtins." + name : name;
  }
  auto* heap = static_cast<const HeapType*>(type);
  Value module = type->dict ? dictGetStr(type->dict, DX_NAME("__module__")) : Value();
  std::string out = module && isStr(module) ? textOf(module.as<Str>()) + "." : "";
  return out + (heap->htQualname ? textOf(heap->htQualname) : std::string(type->name));
}

Predictor::Predictor(const Profile* profile) : profile_(profile) {
  addTypes(&PyBaseObject_Type);
  for (CodeData* c = firstWarmCode(); c; c = c->nextWarm) codes_.emplace(c->serial, c);
}

void Predictor::addTypes(Type* root) {
  std::vector<Type*> rest = {root};
  while (!rest.empty()) {
    Type* type = rest.back();
    rest.pop_back();
    if (type->versionTag) types_.emplace(type->versionTag, type);
    for (Type* sub : subclassesOf(type)) rest.push_back(sub);
  }
}

Type* Predictor::typeOfVersion(u32 version) const {
  auto found = types_.find(version);
  return found != types_.end() && found->second->versionTag == version ? found->second : nullptr;
}

Type* Predictor::typeNamed(const std::string& name) const {
  if (named_.empty())
    for (auto& [version, type] : types_) named_.emplace(qualifiedName(type), type);
  auto found = named_.find(name);
  return found == named_.end() ? nullptr : found->second;
}

CodeData* Predictor::codeOfSerial(u32 serial) const {
  auto found = codes_.find(serial);
  return found == codes_.end() ? nullptr : found->second;
}

u32 Predictor::executions(const CodeData* data) {
  if (data->feedback == kZeroFeedback) return 0;
  const CodeCounters& c = data->feedback[0].counters;
  u64 sum = u64(c.calls) + c.turns;
  return sum > ~u32(0) ? ~u32(0) : u32(sum);
}

namespace {

bool usesShape(CacheKind kind) {
  return kind == CacheKind::InlineSlot || kind == CacheKind::AddSlot ||
         kind == CacheKind::TypeValueShape || kind == CacheKind::MethodShape ||
         kind == CacheKind::StaticMethod || kind == CacheKind::ClassMethod;
}
bool holdsClassValue(CacheKind kind) {
  return kind == CacheKind::TypeValue || kind == CacheKind::TypeValueShape ||
         kind == CacheKind::Method || kind == CacheKind::CalledMethod ||
         kind == CacheKind::MethodShape || kind == CacheKind::Property ||
         kind == CacheKind::Getter || kind == CacheKind::StaticMethod ||
         kind == CacheKind::ClassMethod;
}
bool onClass(CacheKind kind) {
  return kind == CacheKind::ClassValue || kind == CacheKind::ClassStaticMethod ||
         kind == CacheKind::ClassClassMethod;
}

// The count of executions that is left for hits. Not counted at all: the few that warmed the code.
u32 hitsOf(u32 executions, u32 misses) { return executions > misses ? executions - misses : 2; }

bool oneBit(u16 kinds) { return (kinds & (kinds - 1)) == 0; }

// Empty: the class has changed since, or is gone; then so may be what the entry points to.
AttributeCase readEntry(const Predictor& predictor, const AttrCache& cache) {
  AttributeCase a;
  if (cache.kind == CacheKind::Empty) return a;
  // A class as the receiver is known by its own version.
  a.type = predictor.typeOfVersion(onClass(cache.kind) ? u32(cache.keysVersion) : cache.versionTag);
  if (!a.type) return a;
  a.access = cache.kind;
  if (usesShape(cache.kind) && cache.shape) a.shape = reinterpret_cast<Shape*>(cache.shape);
  if (cache.kind == CacheKind::AddSlot) a.newShape = reinterpret_cast<Shape*>(cache.payload);
  if (isField(cache.kind)) a.offset = cache.offset;
  if (holdsClassValue(cache.kind) || onClass(cache.kind)) a.value = Value::fromBits(cache.payload);
  return a;
}

void readAttribute(const Predictor& predictor, const AttrCache& cache, u32 executions,
                   Prediction* p) {
  std::vector<AttributeCase> cases;
  auto add = [&](const AttrCache& entry) {
    AttributeCase a = readEntry(predictor, entry);
    if (a.access != CacheKind::Empty) cases.push_back(a);
  };
  add(cache);
  if (isOfInstances(cache.kind) && cache.more)
    for (u8 i = 0; i < cache.more->count; i++) add(cache.more->entries[i]);
  if (cases.empty()) return;
  p->attribute = cases[0];
  p->others.assign(cases.begin() + 1, cases.end());
  p->type = p->attribute.type;
  u32 misses = p->others.empty() ? cache.misses : 0;  // else it counts the turns of the others
  p->statistics = {hitsOf(executions, misses), misses, u32(p->others.size())};
  p->confidence = confidenceOf(p->statistics);
  if (!p->others.empty()) p->confidence = std::min(p->confidence, Confidence::Likely);
}

void readOperands(const Predictor& predictor, const OperandFeedback& slot, u32 executions,
                  Prediction* p) {
  p->taken = slot.taken;
  p->notTaken = slot.notTaken;
  u32 seen = slot.taken + slot.notTaken ? slot.taken + slot.notTaken : executions;
  p->left = slot.left;
  p->right = slot.right;
  if (!slot.left && !slot.right) {
    // Only small ints, or it never ran: a count of its own tells the two apart.
    if (slot.taken + slot.notTaken == 0 && executions == 0) return;
    p->left = p->right = kKindInt;
    p->statistics = {seen, 0, 0};
    p->confidence = slot.taken + slot.notTaken ? confidenceOf(p->statistics) : Confidence::Low;
    return;
  }
  if (slot.left == kKindInstance && slot.leftVersion != OperandFeedback::kMixed)
    p->type = predictor.typeOfVersion(slot.leftVersion);
  u32 changes = slot.changes > 1 ? slot.changes - 1u : 0;
  p->statistics = {seen ? seen : slot.slow, 0, changes};
  bool one = oneBit(slot.left) && oneBit(slot.right);
  p->confidence = one ? confidenceOf(p->statistics) : Confidence::Low;
}

void readTarget(const Predictor& predictor, const TargetFeedback& slot, Prediction* p) {
  if (slot.kind == TargetKind::None) return;
  p->target = slot.kind;
  switch (slot.kind) {
    case TargetKind::Code:
    case TargetKind::Generator:
      p->code = predictor.codeOfSerial(slot.serial);
      break;
    case TargetKind::Class:
      p->type = predictor.typeOfVersion(slot.serial);
      break;
    case TargetKind::StaticType:
    case TargetKind::Iterator:
      p->type = reinterpret_cast<Type*>(slot.target);  // static data
      break;
    case TargetKind::Native:
      p->native = reinterpret_cast<const NativeFunction*>(slot.target);
      break;
    default:
      break;
  }
  p->statistics = {slot.hits, slot.misses, slot.changes};
  bool known = p->code || p->type || p->native;
  p->confidence = known ? confidenceOf(p->statistics) : Confidence::Low;
}

}  // namespace

Prediction Predictor::fromSlot(const CodeData* data, const Insn* insn) const {
  Prediction p;
  p.family = slotFamily(insn->opcode());
  u32 index = slotIndex(insn);
  if (p.family == SlotFamily::None || index == 0 || data->feedback == kZeroFeedback ||
      index >= data->record->slotCount)
    return p;
  const FeedbackSlot& slot = data->feedback[index];
  u32 runs = executions(data);
  switch (p.family) {
    case SlotFamily::Attribute:
      readAttribute(*this, slot.attr, runs, &p);
      break;
    case SlotFamily::Global:
      if (slot.global.globalsVersion == 0) break;
      p.builtin = slot.global.builtinsVersion != 0;
      p.statistics = {hitsOf(runs, 0), 0, 0};
      p.confidence = confidenceOf(p.statistics);
      break;
    case SlotFamily::Operands:
    case SlotFamily::Branch:
      readOperands(*this, slot.operands, runs, &p);
      break;
    case SlotFamily::Call:
    case SlotFamily::Iteration:
      readTarget(*this, slot.target, &p);
      break;
    case SlotFamily::None:
      break;
  }
  return p;
}

Prediction Predictor::fromProfile(const CodeData* data, const Insn* insn) const {
  Prediction p;
  const ProfiledCode* code = profile_->find(data);
  if (!code) return p;
  const ProfiledSlot* slot = code->slot(slotIndex(insn));
  if (!slot || slot->family != slotFamily(insn->opcode())) return p;
  p.family = slot->family;
  p.fromProfile = true;
  p.statistics = slot->statistics;
  p.left = slot->left;
  p.right = slot->right;
  p.taken = slot->taken;
  p.notTaken = slot->notTaken;
  p.attribute.access = slot->access;
  p.builtin = slot->builtin;
  p.target = slot->target;
  if (!slot->typeName.empty()) p.type = p.attribute.type = typeNamed(slot->typeName);
  if (slot->hasCode)
    for (auto& [serial, c] : codes_)
      if (profile_->keyOf(c) == slot->code) p.code = c;
  // An older run's answer is a reason to specialize, not to leave out what it did not see.
  p.confidence = std::min(slot->confidence, Confidence::Likely);
  return p;
}

Prediction Predictor::at(const CodeData* data, const Insn* insn) const {
  Prediction p = fromSlot(data, insn);
  if (p.confidence >= Confidence::Likely || !profile_) return p;
  Prediction older = fromProfile(data, insn);
  return older.confidence > p.confidence ? older : p;
}

// ---- for people ----

const char* kindName(CacheKind kind) {
  static const char* const names[] = {"empty",           "slot",
                                      "new slot",        "member",
                                      "class attribute", "class attribute",
                                      "method",          "method",
                                      "property",        "static method",
                                      "class method",    "module attribute",
                                      "class method",    "static method",
                                      "class attribute", "attribute in a dict",
                                      "method"};
  return size_t(kind) < std::size(names) ? names[size_t(kind)] : "?";
}
const char* kindName(TargetKind kind) {
  static const char* const names[] = {"none", "function", "class",     "native",
                                      "type", "iterator", "generator", "other"};
  return size_t(kind) < std::size(names) ? names[size_t(kind)] : "?";
}
const char* confidenceName(Confidence confidence) {
  static const char* const names[] = {"none", "low", "likely", "stable"};
  return names[size_t(confidence)];
}

std::string operandKindNames(u16 kinds) {
  static const char* const names[] = {"int",     "float",       "bool",  "None",     "str",
                                      "list",    "tuple",       "dict",  "set",      "bytes",
                                      "big int", "boxed float", "range", "instance", "other"};
  std::string out;
  for (size_t i = 0; i < std::size(names); i++)
    if (kinds >> i & 1) out += (out.empty() ? "" : " or ") + std::string(names[i]);
  return out.empty() ? "-" : out;
}

static std::string shapeText(const Shape* shape) {
  std::string out = "(";
  for (u32 i = 0; i < shape->count; i++) out += (i ? ", " : "") + textOf(shape->names[i]);
  return out + ")";
}

static std::string caseText(const AttributeCase& a) {
  std::string out = kindName(a.access);
  if (a.type) out += " of " + qualifiedName(a.type);
  if (a.shape) out += shapeText(a.shape);
  if (a.newShape) out += " -> " + shapeText(a.newShape);
  if (a.offset) out += " at " + std::to_string(a.offset);
  return out;
}

std::string describe(const Prediction& p) {
  std::string out;
  auto add = [&](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
  switch (p.family) {
    case SlotFamily::None:
      return "";
    case SlotFamily::Attribute:
      if (p.attribute.access == CacheKind::Empty) break;
      add(caseText(p.attribute));
      for (const AttributeCase& other : p.others) out += " | " + caseText(other);
      break;
    case SlotFamily::Global:
      if (p.confidence != Confidence::None) add(p.builtin ? "builtin" : "global");
      break;
    case SlotFamily::Operands:
    case SlotFamily::Branch:
      if (p.left || p.right) {
        add(operandKindNames(p.left));
        if (p.right) add(operandKindNames(p.right));
        if (p.type) out += " " + qualifiedName(p.type);
      }
      if (p.taken || p.notTaken)
        add("jumps " + std::to_string(p.taken) + " of " +
            std::to_string(u64(p.taken) + p.notTaken));
      break;
    case SlotFamily::Call:
    case SlotFamily::Iteration:
      if (p.target == TargetKind::None) break;
      add(kindName(p.target));
      if (p.code) out += " " + textOf(p.code->code->qualname);
      if (p.type) out += " " + qualifiedName(p.type);
      if (p.native) out += std::string(" ") + p.native->name;
      break;
  }
  if (p.confidence == Confidence::None && out.empty()) return "nothing yet";
  const Statistics& s = p.statistics;
  out += std::string("; ") + confidenceName(p.confidence) + ", " + std::to_string(s.hits) + " hits";
  if (s.misses) out += ", " + std::to_string(s.misses) + " misses";
  if (s.changes) out += ", " + std::to_string(s.changes) + " changes";
  if (p.fromProfile) out += ", from the profile";
  return out;
}

}  // namespace dx
