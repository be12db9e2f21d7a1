#include "bytecode/builder.h"

#include "bytecode/line_flow.h"
#include "bytecode/positions.h"

namespace dx::bytecode {
namespace {

constexpr u32 kUnpatched = 0;

bool looksLikeName(std::string_view text) {
  for (char c : text) {
    bool word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!word) return false;
  }
  return true;
}

}  // namespace

// --- registers -----------------------------------------------------------------------------

u32 CodeBuilder::addLocal(std::string_view name, u8 kind) {
  u32 reg = localCount();
  if (kind == kLocalHidden) {
    hiddenNames_.emplace_back(name);
  } else {
    DX_ASSERT(hiddenNames_.empty());
    Table& t = table(kLocals);
    t.values.push_back(Constant::str(name));
    t.items.emplace_back();
    t.interned.push_back(true);
  }
  localKinds_.push_back(kind);
  bound_.push_back(false);
  unbindable_.push_back(false);
  needRegisters(reg + 1);
  return reg;
}

u32 CodeBuilder::localName(u32 reg) {
  u32 variables = u32(table(kLocals).values.size());
  return reg < variables ? reg | kLocals : constant(Constant::str(hiddenNames_[reg - variables]));
}

void CodeBuilder::setBound(u32 reg, bool bound) {
  if (reg < bound_.size()) bound_[reg] = bound;
}

void CodeBuilder::setUnbindable(u32 reg) { unbindable_[reg] = true; }

// --- constants -----------------------------------------------------------------------------

u32 CodeBuilder::name(std::string_view text) {
  Table& t = table(kNames);
  auto [it, isNew] = t.index.try_emplace(std::string(text), u32(t.values.size()));
  if (isNew) {
    t.values.push_back(Constant::str(text));
    t.items.emplace_back();
    t.interned.push_back(true);
  }
  return it->second;
}

// Two constants share an entry only when nobody could tell them apart: the kind and, for
// floats, the very bits are part of the key.
std::string CodeBuilder::keyOf(const Constant& value) const {
  std::string key(1, char(value.kind));
  auto raw = [&](const void* data, size_t size) {
    key.append(static_cast<const char*>(data), size);
  };
  using K = Constant::Kind;
  switch (value.kind) {
    case K::Int:
    case K::Code:
      raw(&value.number, 8);
      break;
    case K::BigInt:
      key += value.negative ? '-' : '+';
      raw(value.digits.data(), value.digits.size() * 4);
      break;
    case K::Complex:
      raw(&value.imag, 8);
      [[fallthrough]];
    case K::Float:
      raw(&value.real, 8);
      break;
    case K::Str:
    case K::Bytes:
      key += value.text;
      break;
    case K::Tuple:
    case K::FrozenSet:
    case K::Slice:
      for (const Constant& item : value.items) {
        std::string inner = keyOf(item);
        u32 size = u32(inner.size());
        raw(&size, 4);
        key += inner;
      }
      break;
    default:
      break;
  }
  return key;
}

u32 CodeBuilder::constant(const Constant& value, ConstSection section) {
  std::string key = keyOf(value);
  {
    Table& t = table(section);
    auto found = t.index.find(key);
    if (found != t.index.end()) return found->second | section;
  }
  std::vector<u32> items;
  for (const Constant& item : value.items) items.push_back(constant(item, kAuxiliary));
  Table& t = table(section);
  u32 index = u32(t.values.size());
  t.index.emplace(std::move(key), index);
  t.values.push_back(value);
  t.values.back().items.clear();
  t.items.push_back(std::move(items));
  t.interned.push_back(value.isStr() && looksLikeName(value.text));
  return index | section;
}

void CodeBuilder::setDoc(std::string_view doc) { docConst_ = constant(Constant::str(doc)) + 1; }

u32 CodeBuilder::finalIndex(u32 index) const {
  u32 result = index & ~kSectionMask;
  for (u32 before = 0; before < index >> 30; before++) result += u32(tables_[before].values.size());
  return result;
}

// --- flow ----------------------------------------------------------------------------------

Label CodeBuilder::newLabel() {
  labels_.emplace_back();
  return Label{u32(labels_.size() - 1)};
}

void CodeBuilder::reach(Label label, const Bits& bound) {
  LabelState& state = labels_[label.id];
  if (!state.reached) {
    state.reached = true;
    state.bound = bound;
    return;
  }
  for (size_t i = 0; i < bound.size(); i++) state.bound[i] = state.bound[i] && bound[i];
}

void CodeBuilder::bind(Label label) {
  if (reachable_) reach(label, bound_);
  LabelState& state = labels_[label.id];
  DX_ASSERT(state.at == ~0u);
  state.at = offset();
  reachable_ = state.reached;
  if (reachable_) bound_ = state.bound;
  for (u32 at : state.jumps) patchJump(at, state.at);
  state.jumps.clear();
}

void CodeBuilder::bindLoopHead(Label label) {
  bind(label);
  for (size_t i = 0; i < bound_.size(); i++) {
    if (unbindable_[i]) bound_[i] = false;
  }
}

void CodeBuilder::jump(Label label) {
  if (labels_[label.id].at != ~0u) {
    JumpBack(label);
  } else {
    Jump(label);
  }
}

void CodeBuilder::closeRange() {
  u32 start = rangeStart_;
  rangeStart_ = offset();
  if (handlers_.empty() || start == offset()) return;
  const Handler& top = handlers_.back();
  labels_[top.label.id].reached = true;
  if (!exceptions_.empty()) {
    ExceptionRecord& last = exceptions_.back();
    if (last.end == start && last.target == top.label.id) {
      last.end = offset();
      return;
    }
  }
  exceptions_.push_back({start, offset(), top.label.id, u16(top.keep), u16(top.reg)});
}

void CodeBuilder::pushHandler(Label label, u32 keep, u32 reg) {
  closeRange();
  handlers_.push_back({label, keep, reg});
  needRegisters(reg + 1);
  LabelState& state = labels_[label.id];
  if (state.bound.empty()) {
    state.bound = bound_;
  } else {
    for (size_t i = 0; i < bound_.size(); i++) state.bound[i] = state.bound[i] && bound_[i];
  }
  for (size_t i = 0; i < bound_.size(); i++) {
    if (unbindable_[i]) state.bound[i] = false;
  }
}

void CodeBuilder::popHandler() {
  closeRange();
  handlers_.pop_back();
}

void CodeBuilder::setHandlers(std::vector<Handler> handlers) {
  closeRange();
  handlers_ = std::move(handlers);
}

// --- instructions --------------------------------------------------------------------------

void CodeBuilder::emit(Op op, const u32* values) {
  if (!reachable_) return;
  const OpInfo& info = kOpInfo[int(op)];
  u32 at = offset();
  Insn insn{};
  insn.op = u8(op);

  auto slot = [&](bool wide) -> u32 {
    u32 number = slotCount_;
    if (!wide && number > 0xFFFF) return 0;
    slotCount_++;
    return number;
  };
  auto wide = [&](u32 v) {
    insn.b = u16(v);
    insn.c = u16(v >> 16);
  };
  Label target;
  auto take = [&](Operand kind) -> u32 {
    if (kind == Operand::None) return 0;
    u32 v = *values++;
    if (kind == Operand::Jump || kind == Operand::Jump32) {
      target = Label{v};
      return kUnpatched;
    }
    if (kind == Operand::Dst || kind == Operand::Out) needRegisters(v + 1);
    return v;
  };
  insn.a = u16(take(info.a));
  switch (info.b) {
    case Operand::Const32:
    case Operand::Imm32:
    case Operand::Jump32:
    case Operand::Name32:
      wide(take(info.b));
      break;
    default:
      insn.b = info.b == Operand::Slot ? u16(slot(false)) : u16(take(info.b));
      insn.c = info.c == Operand::Slot ? u16(slot(false)) : u16(take(info.c));
  }
  insn.d = info.d == Operand::Slot ? slot(true) : take(info.d);
  insn.x = u8(take(info.x));

  if (positions_.empty() ||
      !(Position{positions_.back().line, positions_.back().endLine, positions_.back().col,
                 positions_.back().endCol} == position_)) {
    positions_.push_back({at, position_.line, position_.endLine, position_.col, position_.endCol});
  }
  const u8* bytes = reinterpret_cast<const u8*>(&insn);
  code_.insert(code_.end(), bytes, bytes + info.size);

  if (target.id != ~0u) {
    LabelState& state = labels_[target.id];
    if (state.at != ~0u) {
      patchJump(at, state.at);
    } else {
      reach(target, bound_);
      state.jumps.push_back(at);
    }
  }
  if (info.a == Operand::Dst) setBound(insn.a, true);
  switch (op) {
    case Op::DeleteLocal:
    case Op::Release:
      setBound(insn.a & ~kKill, false);
      break;
    case Op::CheckBound:
    case Op::MakeCell:
      setBound(insn.a, true);
      break;
    case Op::Jump:
    case Op::JumpBack:
    case Op::Return:
    case Op::ReturnNone:
    case Op::Raise:
    case Op::Reraise:
      reachable_ = false;
      break;
    case Op::CleanupThrow:
      reachable_ = false;
      break;
    default:
      break;
  }
}

void CodeBuilder::patchJump(u32 at, u32 target) {
  i32 distance = i32(target) - i32(at);
  const OpInfo& info = kOpInfo[code_[at]];
  memcpy(code_.data() + at + (info.b == Operand::Jump32 ? 4 : 8), &distance, 4);
}

FinishedCode CodeBuilder::finish() {
  DX_ASSERT(handlers_.empty());
  FinishedCode out;
  // A label may stand at the very end; whatever jumps there needs an instruction.
  if (code_.empty() || reachable_) {
    reachable_ = true;
    setPosition({});
    ReturnNone();
  }

  std::vector<u32> localNames;
  for (u32 i = 0; i < localCount() - hiddenNames_.size(); i++) localNames.push_back(i | kLocals);
  for (const std::string& hidden : hiddenNames_) localNames.push_back(auxiliary(hidden));
  u32 filename = auxiliary(info_.filename);
  u32 name = auxiliary(info_.name);
  u32 qualname = auxiliary(info_.qualname);

  for (u32 at = 0; at < offset(); at += kOpInfo[code_[at]].size) {
    const OpInfo& info = kOpInfo[code_[at]];
    bool in32 = info.b == Operand::Const32 || info.b == Operand::Name32;
    bool inD = info.d == Operand::Const || info.d == Operand::Name || info.d == Operand::Code;
    if (!in32 && !inD) continue;
    u32 index;
    u8* field = code_.data() + at + (in32 ? 4 : 8);
    memcpy(&index, field, 4);
    index = finalIndex(index);
    memcpy(field, &index, 4);
  }
  for (ExceptionRecord& e : exceptions_) e.target = labels_[e.target].at;
  arrangeLines(&code_, &positions_, &exceptions_);
  for (u32 i : localNames) out.localNames.push_back(finalIndex(i));

  for (Table& t : tables_) {
    for (size_t i = 0; i < t.values.size(); i++) {
      for (u32& item : t.items[i]) item = finalIndex(item);
      out.constants.push_back(std::move(t.values[i]));
      out.constantItems.push_back(std::move(t.items[i]));
      out.interned.push_back(t.interned[i]);
    }
  }
  CodeRecord& r = out.record;
  r.name = finalIndex(name);
  r.qualname = finalIndex(qualname);
  r.filename = finalIndex(filename);
  r.firstLine = info_.firstLine;
  r.flags = info_.flags;
  r.argCount = info_.argCount;
  r.posOnlyCount = info_.posOnlyCount;
  r.kwOnlyCount = info_.kwOnlyCount;
  r.localCount = localCount();
  r.registerCount = registerCount_;
  r.slotCount = slotCount_;
  r.nameCount = u32(tables_[0].values.size());
  r.plainCount = u32(table(kPlain).values.size());
  r.docConst = docConst_ == 0 ? 0 : finalIndex(docConst_ - 1) + 1;
  out.insns = std::move(code_);
  out.exceptions = std::move(exceptions_);
  out.positions = std::move(positions_);
  out.localKinds = std::move(localKinds_);
  return out;
}

// --- the image -----------------------------------------------------------------------------

namespace {

class Writer {
 public:
  explicit Writer(std::vector<u8>* out) : out_(out) {}

  u32 align(size_t to) {
    out_->resize((out_->size() + to - 1) & ~(to - 1));
    return u32(out_->size());
  }
  u32 append(const void* data, size_t size, size_t alignment) {
    u32 at = align(alignment);
    const u8* bytes = static_cast<const u8*>(data);
    out_->insert(out_->end(), bytes, bytes + size);
    return at;
  }
  template <class T>
  u32 appendAll(const std::vector<T>& items) {
    return append(items.data(), items.size() * sizeof(T), alignof(T));
  }
  // The contents of a constant; the same bytes stand there once.
  template <class T>
  u32 contents(std::span<const T> items) {
    u32 count = u32(items.size());
    if (count >= kLongLength) {
      static_assert(alignof(T) <= sizeof count || sizeof(T) == 8);
      append(&count, sizeof count, sizeof count);
      return append(items.data(), items.size_bytes(), 1);
    }
    std::string key(reinterpret_cast<const char*>(items.data()), items.size_bytes());
    key += char(sizeof(T));
    auto [place, isNew] = known_.try_emplace(std::move(key), 0);
    if (isNew) place->second = append(items.data(), items.size_bytes(), sizeof(T));
    return place->second;
  }

 private:
  std::vector<u8>* out_;
  std::unordered_map<std::string, u32> known_;
};

// WTF-8 to code points. What is not well formed becomes U+FFFD: the parser lets none through.
std::vector<u32> decode(std::string_view text) {
  std::vector<u32> out;
  for (size_t i = 0; i < text.size();) {
    u8 c = u8(text[i]);
    int more = c < 0x80 ? 0 : c < 0xC0 ? -1 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    if (more < 0 || i + size_t(more) >= text.size()) {
      out.push_back(0xFFFD);
      i++;
      continue;
    }
    u32 point = more == 0 ? c : c & (0x3Fu >> more);
    for (int k = 1; k <= more; k++) point = point << 6 | (u8(text[i + size_t(k)]) & 0x3F);
    out.push_back(point > 0x10FFFF ? 0xFFFD : point);
    i += size_t(more) + 1;
  }
  return out;
}

ConstRecord strRecord(Writer& writer, std::string_view text, u8 flags) {
  bool ascii = true;
  for (char c : text) ascii = ascii && u8(c) < 0x80;
  if (ascii)
    return ConstRecord::of(ConstKind::Str1, flags | kConstAscii, u32(text.size()),
                           writer.contents(std::span(text)));
  std::vector<u32> points = decode(text);
  u32 largest = 0, length = u32(points.size());
  for (u32 p : points) largest = std::max(largest, p);
  if (largest < 0x100) {
    std::vector<u8> units(points.begin(), points.end());
    return ConstRecord::of(ConstKind::Str1, flags, length,
                           writer.contents(std::span<const u8>(units)));
  }
  if (largest < 0x10000) {
    std::vector<u16> units(points.begin(), points.end());
    return ConstRecord::of(ConstKind::Str2, flags, length,
                           writer.contents(std::span<const u16>(units)));
  }
  return ConstRecord::of(ConstKind::Str4, flags, length,
                         writer.contents(std::span<const u32>(points)));
}

ConstRecord record(Writer& writer, const Constant& c, const std::vector<u32>& items,
                   bool interned) {
  using K = Constant::Kind;
  auto simple = [](ConstKind kind, u32 value = 0) { return ConstRecord::of(kind, 0, 0, value); };
  auto listed = [&](ConstKind kind) {
    return ConstRecord::of(kind, 0, u32(items.size()),
                           writer.contents(std::span<const u32>(items)));
  };
  switch (c.kind) {
    case K::None:
      return simple(ConstKind::None);
    case K::True:
      return simple(ConstKind::True);
    case K::False:
      return simple(ConstKind::False);
    case K::Ellipsis:
      return simple(ConstKind::Ellipsis);
    case K::Int:
      if (c.number == i32(c.number)) return simple(ConstKind::Int, u32(c.number));
      return ConstRecord::of(ConstKind::Int, kConstWide, 0,
                             writer.contents(std::span(&c.number, 1)));
    case K::BigInt:
      return ConstRecord::of(ConstKind::BigInt, c.negative ? kConstNegative : 0,
                             u32(c.digits.size()), writer.contents(std::span<const u32>(c.digits)));
    case K::Float:
      return simple(ConstKind::Float, writer.contents(std::span(&c.real, 1)));
    case K::Complex: {
      const double parts[] = {c.real, c.imag};
      return simple(ConstKind::Complex, writer.contents(std::span<const double>(parts)));
    }
    case K::Str:
      return strRecord(writer, c.text, interned ? kConstInterned : 0);
    case K::Bytes:
      return ConstRecord::of(ConstKind::Bytes, 0, u32(c.text.size()),
                             writer.contents(std::span(std::string_view(c.text))));
    case K::Tuple:
      return listed(ConstKind::Tuple);
    case K::FrozenSet:
      return listed(ConstKind::FrozenSet);
    case K::Slice:
      return listed(ConstKind::Slice);
    case K::Code:
      return simple(ConstKind::Code, u32(c.number));
  }
  return simple(ConstKind::None);
}

}  // namespace

std::vector<u8> ImageBuilder::finish(bool columns) {
  std::vector<u8> out(kCodes), cold;
  Writer writer(&out), coldWriter(&cold);

  std::vector<CodeRecord> records;
  u32 constCount = 0;
  for (const FinishedCode& code : codes_) {
    CodeRecord r = code.record;
    r.constBase = constCount;
    r.constCount = u32(code.constants.size());
    constCount += r.constCount;
    records.push_back(r);
  }
  u32 codesAt = writer.appendAll(records);
  DX_ASSERT(codesAt == kCodes);
  u32 constsAt = writer.align(8);
  std::vector<ConstRecord> constants(constCount);
  out.resize(out.size() + constants.size() * sizeof(ConstRecord));

  u32 next = 0;
  for (size_t i = 0; i < codes_.size(); i++) {
    FinishedCode& code = codes_[i];
    CodeRecord& r = records[i];
    r.insns = writer.append(code.insns.data(), code.insns.size(), 8);
    r.insnBytes = u32(code.insns.size());
    r.exceptions = writer.appendAll(code.exceptions);
    r.exceptionCount = u32(code.exceptions.size());
    for (PositionRecord& p : code.positions)
      if (!columns && p.line > 0) p.endLine = p.line, p.col = p.endCol = -1;
    std::vector<u8> positions = packPositions(code.positions, r.firstLine);
    r.positions = coldWriter.appendAll(positions);
    r.positionBytes = u32(positions.size());
    r.localNames = writer.appendAll(code.localNames);
    r.localKinds = writer.appendAll(code.localKinds);
    for (size_t k = 0; k < code.constants.size(); k++) {
      const Constant& value = code.constants[k];
      // A function's doc string is rarely asked for.
      bool isCold = k + 1 == r.docConst && value.isStr() && value.text.size() < kLongLength;
      ConstRecord& c = constants[next++];
      c = record(isCold ? coldWriter : writer, value, code.constantItems[k], code.interned[k]);
      if (isCold) c.head |= u32(kConstCold) << 4;
    }
  }
  u32 coldAt = writer.align(8);
  coldWriter.align(8);
  for (CodeRecord& r : records) r.positions += coldAt;
  for (ConstRecord& c : constants)
    if (c.flags() & kConstCold) c.value += coldAt;
  memcpy(out.data() + codesAt, records.data(), records.size() * sizeof(CodeRecord));
  memcpy(out.data() + constsAt, constants.data(), constants.size() * sizeof(ConstRecord));
  out.insert(out.end(), cold.begin(), cold.end());

  ImageHeader header{};
  header.magic = kImageMagic;
  header.version = kFormatVersion;
  header.size = u32(out.size());
  header.cold = coldAt;
  header.codeCount = u32(records.size());
  header.constants = constsAt;
  header.constCount = constCount;
  memcpy(out.data(), &header, sizeof header);
  return out;
}

}  // namespace dx::bytecode
