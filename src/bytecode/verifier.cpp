#include "bytecode/verifier.h"

#include "bytecode/positions.h"

namespace dx::bytecode {
namespace {

class Verifier {
 public:
  explicit Verifier(const ImageView& view) : view_(view) {}

  std::string run(std::span<const u8> bytes) {
    header(bytes.size());
    for (u32 i = 0; error_.empty() && i < view_.header().codeCount; i++) code(i);
    return std::move(error_);
  }
  std::string runHeader(size_t size) {
    header(size);
    return std::move(error_);
  }
  // In two pieces.
  std::string runHeader(size_t hot, size_t cold) {
    if (hot < sizeof(ImageHeader) || view_.header().cold != hot)
      fail("the cold part is not where the header has it");
    else
      header(hot + cold);
    return std::move(error_);
  }
  std::string runCode(u32 index) {
    record(index);
    return std::move(error_);
  }
  std::string runConstant(u32 index, u32 number) {
    codeIndex_ = index;
    c_ = &view_.code(index);
    constant(number);
    return std::move(error_);
  }
  std::string runInstructions(u32 index) {
    codeIndex_ = index;
    c_ = &view_.code(index);
    body();
    return std::move(error_);
  }

 private:
  bool fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return false;
  }
  bool failAt(u32 at, const char* what) {
    return fail("code " + std::to_string(codeIndex_) + ", offset " + std::to_string(at) + ": " +
                what);
  }

  bool inside(u64 offset, u64 count, u64 size, u64 align = 8) const {
    u64 end = view_.header().cold;
    return offset % align == 0 && offset <= end && count <= (end - offset) / size;
  }
  bool insideCold(u64 offset, u64 count, u64 size, u64 align = 1) const {
    u64 end = view_.header().size;
    return offset % align == 0 && offset >= view_.header().cold && offset <= end &&
           count <= (end - offset) / size;
  }

  void header(size_t size) {
    if (size < kCodes) return void(fail("image is shorter than its header"));
    const ImageHeader& h = view_.header();
    if (h.magic != kImageMagic) return void(fail("bad magic number"));
    if (h.version != kFormatVersion) return void(fail("format version is not this program's"));
    if (h.flags != 0) return void(fail("unknown flags"));
    if (h.size != size) return void(fail("size differs from the header's"));
    if (h.cold < kCodes || h.cold > h.size || h.cold % 8 != 0)
      return void(fail("the cold part is outside of the image"));
    if (h.codeCount == 0 || !inside(kCodes, h.codeCount, sizeof(CodeRecord))) {
      return void(fail("code table is outside of the image"));
    }
    if (!inside(h.constants, h.constCount, sizeof(ConstRecord))) {
      return void(fail("constant table is outside of the image"));
    }
  }

  bool isStr(u32 index) const {
    return index < c_->constCount && view_.constant(*c_, index).isStr();
  }

  void code(u32 index) {
    if (!record(index)) return;
    for (u32 i = 0; i < c_->constCount; i++) {
      if (!constant(i)) return;
    }
    body();
    PositionReader reader(view_, *c_);
    for (PositionRecord p; reader.next(&p);) {
    }
    if (!reader.isWhole()) failAt(0, "positions are malformed");
  }

  // What making a code object needs: the record's numbers and places, and its texts.
  bool record(u32 index) {
    codeIndex_ = index;
    if (index >= view_.header().codeCount) return failAt(0, "no such code object");
    c_ = &view_.code(index);
    const CodeRecord& c = *c_;
    if (c.constBase > view_.header().constCount ||
        c.constCount > view_.header().constCount - c.constBase) {
      return failAt(0, "constants are outside of the table");
    }
    if (c.registerCount > u32(kMaxRegisters) || c.localCount > c.registerCount) {
      return failAt(0, "too many registers");
    }
    if (!inside(c.localNames, c.localCount, 4, 4) || !inside(c.localKinds, c.localCount, 1, 1)) {
      return failAt(0, "local names are outside of the image");
    }
    if (inOrder() > c.constCount) return failAt(0, "too many names");
    if (!isStr(c.name) || !isStr(c.qualname) || !isStr(c.filename)) {
      return failAt(0, "name, qualname or filename is not a str");
    }
    if (c.docConst != 0 && !isStr(c.docConst - 1)) return failAt(0, "doc string is not a str");
    u64 args = u64(c.argCount) + c.kwOnlyCount + ((c.flags & kCodeVarArgs) != 0) +
               ((c.flags & kCodeVarKeywords) != 0);
    if (args > c.localCount || c.posOnlyCount > c.argCount) {
      return failAt(0, "too many arguments");
    }
    for (u32 i = 0; i < c.localCount; i++) {
      if (!isStr((&view_.at<u32>(c.localNames))[i]))
        return failAt(0, "a local's name is not a str");
    }
    // Free variables are the last of the variables: the closure's cells. Comprehensions' come then.
    const u8* kinds = &view_.at<u8>(c.localKinds);
    u32 variables = view_.variableCount(c);
    for (u32 i = 1; i < c.localCount; i++) {
      bool misplaced = i < variables ? (kinds[i - 1] & kLocalFree) && !(kinds[i] & kLocalFree)
                                     : kinds[i] != kLocalHidden;
      if (misplaced) return failAt(0, "a local is out of order");
    }
    if (c.slotCount == 0 || c.slotCount > c.insnBytes / 4 + 1) {
      return failAt(0, "feedback slots do not fit the instructions");
    }
    if (!inside(c.insns, c.insnBytes, 1) || c.insnBytes == 0 || c.insnBytes % 4 != 0) {
      return failAt(0, "instructions are outside of the image");
    }
    if (Op(view_.at<u8>(c.insns)) != Op::Enter) {
      return failAt(0, "code does not begin with Enter");
    }
    if (!inside(c.exceptions, c.exceptionCount, sizeof(ExceptionRecord), 4) ||
        !insideCold(c.positions, c.positionBytes, 1)) {
      return failAt(0, "tables are outside of the image");
    }
    return true;
  }

  // What running needs.
  void body() {
    for (u32 i = 0; i < c_->nameCount; i++) {
      if (!isStr(i)) return void(failAt(0, "a name is not a str"));
    }
    if (instructions()) tables();
  }

  // Names, names of variables and plain constants; what comes after them serves the tables.
  u64 inOrder() const { return u64(c_->nameCount) + view_.variableCount(*c_) + c_->plainCount; }

  bool constant(u32 index) {
    const ConstRecord& r = view_.constant(*c_, index);
    u8 flags = r.flags();
    bool ok = true;
    switch (r.kind()) {
      case ConstKind::None:
      case ConstKind::True:
      case ConstKind::False:
      case ConstKind::Ellipsis:
        break;
      case ConstKind::Int:
        ok = !(flags & kConstWide) || inside(r.value, 1, 8);
        break;
      case ConstKind::Float:
        ok = inside(r.value, 1, 8);
        break;
      case ConstKind::BigInt:
        ok = contentsInside(r, 4) && view_.length(r) > 0;
        for (u32 d : ok ? itemsOf(r) : std::span<const u32>()) ok = ok && d < 1u << 30;
        ok = ok && itemsOf(r).back() != 0;
        break;
      case ConstKind::Complex:
        ok = inside(r.value, 2, 8);
        break;
      case ConstKind::Str1:
        ok = contentsInside(r, 1);
        if (ok && (flags & kConstAscii)) {
          const u8* units = &view_.contents<u8>(r);
          u8 all = 0;
          for (u32 i = 0, n = view_.length(r); i < n; i++) all |= units[i];
          ok = all < 0x80;
        }
        break;
      case ConstKind::Str2:
        ok = contentsInside(r, 2);
        break;
      case ConstKind::Str4:
        ok = contentsInside(r, 4);
        for (u32 c : ok ? itemsOf(r) : std::span<const u32>()) ok = ok && c <= 0x10FFFF;
        break;
      case ConstKind::Bytes:
        ok = contentsInside(r, 1);
        break;
      case ConstKind::Tuple:
      case ConstKind::FrozenSet:
      case ConstKind::Slice: {
        ok = contentsInside(r, 4) && (r.kind() != ConstKind::Slice || view_.length(r) == 3);
        // Items come first, except that the plain section precedes the auxiliary one; a cycle
        // would need an item that contains its container.
        u64 tables = inOrder();
        for (u32 item : ok ? itemsOf(r) : std::span<const u32>()) {
          ok = item < c_->constCount && item != index;
          if (!ok) break;
          ConstKind kind = view_.constant(*c_, item).kind();
          bool composite =
              kind == ConstKind::Tuple || kind == ConstKind::FrozenSet || kind == ConstKind::Slice;
          bool auxiliary = index >= tables;
          if (composite) ok = auxiliary ? item < index : item >= tables;
          if (kind == ConstKind::Code) ok = false;
          if (!ok) break;
        }
        break;
      }
      case ConstKind::Code:
        // Inner code follows what contains it, so there are no cycles.
        ok = r.value < view_.header().codeCount && r.value > codeIndex_;
        break;
    }
    if (flags & kConstCold) ok = ok && r.isStr();
    return ok || failAt(0, ("constant " + std::to_string(index) + " is malformed").c_str());
  }

  // Length and contents of a constant that has them.
  bool contentsInside(const ConstRecord& r, u32 size) const {
    bool isLong = r.head >> 8 == kLongLength;
    if (r.flags() & kConstCold) return !isLong && insideCold(r.value, r.head >> 8, size, size);
    if (isLong && (r.value < 4 || !inside(r.value - 4, 1, 4, 4))) return false;
    return inside(r.value, view_.length(r), size, size);
  }
  std::span<const u32> itemsOf(const ConstRecord& r) const {
    return {&view_.contents<u32>(r), view_.length(r)};
  }

  u32 freeCount() const {
    const u8* kinds = &view_.at<u8>(c_->localKinds);
    u32 variables = view_.variableCount(*c_), n = 0;
    while (n < variables && (kinds[variables - 1 - n] & kLocalFree)) n++;
    return n;
  }

  const Insn& insn(u32 at) const { return view_.at<Insn>(u64(c_->insns) + at); }

  bool instructions() {
    starts_.assign(c_->insnBytes / 4, false);
    u32 at = 0, last = 0;
    while (at < c_->insnBytes) {
      u8 op = view_.at<u8>(u64(c_->insns) + at);
      if (op >= kFirstInstrumented) return failAt(at, "unknown opcode");
      u32 size = kOpInfo[op].size;
      if (size > c_->insnBytes - at) return failAt(at, "instruction is cut off");
      starts_[at / 4] = true;
      last = at;
      at += size;
    }
    Op op = Op(view_.at<u8>(u64(c_->insns) + last));
    bool ends = op == Op::Jump || op == Op::JumpBack || op == Op::Return || op == Op::ReturnNone ||
                op == Op::Raise || op == Op::Reraise || op == Op::CleanupThrow;
    if (!ends) return failAt(last, "control runs over the end");
    for (at = 0; at < c_->insnBytes;) {
      u8 number = view_.at<u8>(u64(c_->insns) + at);
      bool ok = false;
      switch (Op(number)) {
#define DX_OP(name, size, x, a, b, c, d, effects, doc)                                             \
  case Op::name:                                                                                   \
    ok = operands<Op::name, size, Operand::x, Operand::a, Operand::b, Operand::c, Operand::d>(at); \
    break;
#include "bytecode/opcodes.def"
#undef DX_OP
        default:
          break;
      }
      if (!ok) return failAt(at, "unknown opcode");
      at += kOpInfo[number].size;
    }
    return true;
  }

  bool reg(u32 at, u32 v, bool mayKill) {
    if (mayKill) v &= ~u32(kKill);
    return v < c_->registerCount || failAt(at, "register out of range");
  }
  bool run(u32 at, u32 first, u64 length) {
    return first + length <= c_->registerCount || failAt(at, "registers out of range");
  }
  bool target(u32 at, i32 distance) {
    i64 to = i64(at) + distance;
    bool ok = to >= 0 && to < i64(c_->insnBytes) && to % 4 == 0 && starts_[size_t(to / 4)];
    return ok || failAt(at, "jump into nowhere");
  }

  // How many registers a Run, Out or Win operand covers.
  static u64 runLength(const Insn& i) {
    switch (i.opcode()) {
      case Op::CopyFreeVars:
        return i.b;
      case Op::LoadMethod:
      case Op::LoadSpecial:
      case Op::GetSlice:
      case Op::SetSlice:
      case Op::MatchExcGroup:
      case Op::MatchClass:
        return 2;
      case Op::LoadSuperAttr:
        return 3;
      case Op::Call:
      case Op::CallKw:
        return u64(kFrameHeader) + i.c + (i.opcode() == Op::CallKw && (i.x & 1));
      case Op::CallMethod:
        return u64(kFrameHeader) + 1 + i.c;
      case Op::CallEx:
        return u64(kFrameHeader) + 2;
      case Op::BuildTuple:
      case Op::BuildList:
      case Op::BuildSet:
      case Op::BuildString:
        return i.c;
      case Op::BuildMap:
        return 2 * u64(i.c);
      case Op::BuildSlice:
        return i.x;
      case Op::BuildInterpolation:
        return 2 + u64(i.c);
      case Op::UnpackSequence:
        return i.c;
      case Op::UnpackEx:
        return u64(i.c) + 1 + i.d;
      case Op::TypeParam:
        return i.x == 1 || i.x == 2 ? 2 : 1;
      case Op::TypeAlias:
        return 3;
      default:
        return 1;
    }
  }

  bool operand(u32 at, const Insn& i, Operand kind, u32 v) {
    switch (kind) {
      case Operand::None:
        return v == 0 || failAt(at, "unused operand is not 0");
      case Operand::Dst:
        return reg(at, v, false);
      case Operand::Reg:
        return reg(at, v, true);
      case Operand::Opt:
        return v == kNoReg || reg(at, v, true);
      case Operand::Win:
      case Operand::Run:
      case Operand::Out:
        return run(at, v, runLength(i));
      case Operand::Imm:
      case Operand::Int:
      case Operand::Imm32:
        return true;
      case Operand::Slot:
        return v < c_->slotCount || failAt(at, "feedback slot out of range");
      case Operand::Const:
      case Operand::Const32:
        if (v >= c_->constCount) return failAt(at, "constant out of range");
        if (i.opcode() == Op::CallKw) return keywords(at, i, v);
        return view_.constant(*c_, v).kind() != ConstKind::Code || failAt(at, "code is no value");
      case Operand::Name:
      case Operand::Name32:
        return isStr(v) || failAt(at, "name is not a str");
      case Operand::Code:
        return (v < c_->constCount && view_.constant(*c_, v).kind() == ConstKind::Code) ||
               failAt(at, "constant is not code");
      case Operand::Jump:
      case Operand::Jump32:
        return target(at, i32(v));
    }
    return failAt(at, "unknown operand kind");
  }

  bool keywords(u32 at, const Insn& i, u32 v) {
    if (!constant(v)) return false;  // it may not have been looked at yet
    const ConstRecord& r = view_.constant(*c_, v);
    if (r.kind() != ConstKind::Tuple || view_.length(r) > i.c)
      return failAt(at, "bad keyword names");
    for (u32 k = 0; k < view_.length(r); k++) {
      if (!isStr((&view_.contents<u32>(r))[k])) return failAt(at, "keyword name is not a str");
    }
    return true;
  }

  // The common kinds here, where they are constants; everything else in operand().
  template <Operand kind>
  DX_INLINE bool check(u32 at, const Insn& i, u32 v) {
    if constexpr (kind == Operand::None)
      return v == 0 || failAt(at, "unused operand is not 0");
    else if constexpr (kind == Operand::Dst || kind == Operand::Reg)
      return reg(at, v, kind == Operand::Reg);
    else if constexpr (kind == Operand::Imm || kind == Operand::Int || kind == Operand::Imm32)
      return true;
    else if constexpr (kind == Operand::Slot)
      return v < c_->slotCount || failAt(at, "feedback slot out of range");
    else if constexpr (kind == Operand::Name || kind == Operand::Name32)
      return isStr(v) || failAt(at, "name is not a str");
    else
      return operand(at, i, kind, v);
  }
  template <Op op, u32 size, Operand x, Operand a, Operand b, Operand c, Operand d>
  DX_INLINE bool operands(u32 at) {
    Insn i{};
    memcpy(&i, view_.bytes() + c_->insns + at, size);
    i.op = u8(op);
    constexpr bool pair = b == Operand::Const32 || b == Operand::Imm32 || b == Operand::Jump32 ||
                          b == Operand::Name32;
    if (!check<x>(at, i, i.x) || !check<a>(at, i, i.a)) return false;
    if constexpr (pair) {
      if (!check<b>(at, i, i.bc())) return false;
    } else if constexpr (size > 4) {
      if (!check<b>(at, i, i.b) || !check<c>(at, i, i.c)) return false;
    }
    if constexpr (size == 12)
      if (!check<d>(at, i, i.d)) return false;
    return extras(at, i);
  }

  // What the kinds alone do not say.
  DX_INLINE bool extras(u32 at, const Insn& i) {
    switch (i.opcode()) {
      case Op::Jump:
        return i.jump32() > 0 || failAt(at, "forward jump goes backward");
      case Op::JumpBack:
        return i.jump32() <= 0 || failAt(at, "backward jump goes forward");
      case Op::Raise:
        if (i.x > 2) return failAt(at, "bad raise form");
        if ((i.x >= 1 && i.a == kNoReg) || (i.x == 2 && i.b == kNoReg))
          return failAt(at, "nothing to raise");
        return true;
      case Op::BuildSlice:
        return i.x == 2 || i.x == 3 || failAt(at, "bad slice");
      case Op::CopyFreeVars:
        return (i.b == freeCount() && i.a + u64(i.b) == view_.variableCount(*c_)) ||
               failAt(at, "not the closure's cells");
      case Op::CallExit:
        return run(at, i.b & ~u32(kKill), 2);
      case Op::LoadSpecial:
        return i.x < 4 || failAt(at, "bad special method");
      case Op::TypeParam:
        return i.x < 5 || failAt(at, "bad type parameter");
      case Op::SetFunctionAttr:
        return i.x < 5 || failAt(at, "bad function attribute");
      case Op::BuildInterpolation:
        return i.c < 2 || failAt(at, "bad interpolation");
      default:
        return true;
    }
  }

  void tables() {
    const CodeRecord& c = *c_;
    const ExceptionRecord* e = &view_.at<ExceptionRecord>(c.exceptions);
    u32 previous = 0;
    for (u32 i = 0; i < c.exceptionCount; i++) {
      bool ok = e[i].start >= previous && e[i].start < e[i].end && e[i].end <= c.insnBytes &&
                e[i].start % 4 == 0 && e[i].end % 4 == 0 && starts_[e[i].start / 4] &&
                (e[i].end == c.insnBytes || starts_[e[i].end / 4]);
      ok = ok && target(0, i32(e[i].target)) && e[i].keep <= e[i].reg &&
           e[i].reg < c.registerCount && e[i].keep >= c.localCount;
      if (!ok) return void(failAt(e[i].start, "bad exception range"));
      previous = e[i].end;
    }
  }

  ImageView view_;
  std::string error_;
  const CodeRecord* c_ = nullptr;
  u32 codeIndex_ = 0;
  std::vector<u8> starts_;
};

}  // namespace

std::string verifyImage(std::span<const u8> bytes) { return Verifier(bytes.data()).run(bytes); }
std::string verifyHeader(std::span<const u8> bytes) {
  return Verifier(bytes.data()).runHeader(bytes.size());
}
std::string verifyHeader(std::span<const u8> hot, std::span<const u8> cold) {
  return Verifier(hot.data()).runHeader(hot.size(), cold.size());
}
std::string verifyCode(const ImageView& image, u32 index) { return Verifier(image).runCode(index); }
std::string verifyConstant(const ImageView& image, u32 code, u32 index) {
  return Verifier(image).runConstant(code, index);
}
std::string verifyInstructions(const ImageView& image, u32 code) {
  return Verifier(image).runInstructions(code);
}

}  // namespace dx::bytecode
