// Builds images: one CodeBuilder per code object, all of them in one ImageBuilder.
//
// A CodeBuilder offers one method per opcode, generated from opcodes.def. Its arguments are the
// row's operands in the order A, B, C, D, X, without the unused ones and without feedback slots,
// which are numbered here:
//
//   b.Add(dst, left, right, 0);   b.JumpLt(left, right, label, 1);   b.LoadAttr(dst, object, name);
//
// Two things happen on the way. Code that cannot be reached is not emitted. And the builder
// follows which local registers are certainly bound, so that `isBound` answers for the place
// where the next instruction will stand: state flows along jumps, loop heads and handlers lose
// the locals that are unbound anywhere (`setUnbindable`).
#pragma once
#include <unordered_map>

#include "bytecode/constant.h"

namespace dx::bytecode {

struct Position {
  i32 line = 0, endLine = 0, col = -1, endCol = -1;
  bool operator==(const Position&) const = default;
};

struct Label {
  u32 id = ~0u;
  explicit operator u32() const { return id; }
};

// Indices of constants while the code grows: names come first in the table, then the names
// of the variables in their order, plain constants, and what only tables refer to. Their numbers
// are not yet known, so the two top bits tell the section.
enum ConstSection : u32 {
  kNames = 0,
  kLocals = 1u << 30,
  kPlain = 2u << 30,
  kAuxiliary = 3u << 30
};
constexpr u32 kSectionMask = 3u << 30;

// How often each operand kind takes an argument of the generated methods.
constexpr int operandArgs(Operand kind) {
  return kind == Operand::None || kind == Operand::Slot ? 0 : 1;
}

struct FinishedCode {
  CodeRecord record{};
  std::vector<u8> insns;
  std::vector<ExceptionRecord> exceptions;
  std::vector<PositionRecord> positions;
  std::vector<Constant> constants;  // composite ones hold indices, see `items` of the table
  std::vector<std::vector<u32>> constantItems;
  std::vector<bool> interned;
  std::vector<u32> localNames;
  std::vector<u8> localKinds;
};

class CodeBuilder {
 public:
  // Everything that CodeRecord takes as it is.
  struct Info {
    std::string name, qualname, filename;
    u32 firstLine = 1, flags = 0, argCount = 0, posOnlyCount = 0, kwOnlyCount = 0;
  };

  explicit CodeBuilder(Info info) : info_(std::move(info)) {}

  Info& info() { return info_; }

  // --- registers --------------------------------------------------------------------------
  u32 addLocal(std::string_view name, u8 kind);
  u32 localCount() const { return u32(localKinds_.size()); }
  // Registers below this are in use somewhere.
  void needRegisters(u32 count) { registerCount_ = std::max(registerCount_, count); }
  bool tooManyRegisters() const { return registerCount_ > u32(kMaxRegisters); }
  // The constant that names it in an instruction. Registers of comprehensions come last.
  u32 localName(u32 reg);
  u8 localKind(u32 reg) const { return localKinds_[reg]; }

  bool isBound(u32 reg) const { return reg < bound_.size() && bound_[reg]; }
  void setBound(u32 reg, bool bound);
  void setUnbindable(u32 reg);  // some instruction unbinds it

  // --- constants --------------------------------------------------------------------------
  u32 name(std::string_view text);
  u32 constant(const Constant& value, ConstSection section = kPlain);
  u32 auxiliary(std::string_view text) { return constant(Constant::str(text), kAuxiliary); }
  void setDoc(std::string_view doc);

  // --- flow -------------------------------------------------------------------------------
  bool reachable() const { return reachable_; }
  u32 offset() const { return u32(code_.size()); }
  Label newLabel();
  bool isReached(Label label) const { return labels_[label.id].reached; }
  void bind(Label label);
  void bindLoopHead(Label label);
  // Jump, or JumpBack when the label is already bound.
  void jump(Label label);

  // Handlers: what is emitted while one is on top is covered by it. The label is bound with
  // bindHandler after the last covered instruction.
  void pushHandler(Label label, u32 keep, u32 reg);
  void popHandler();
  void bindHandler(Label label) { bind(label); }
  struct Handler {
    Label label;
    u32 keep, reg;
  };
  // The active ones, innermost last; a copy can be set again after code that runs outside of them.
  const std::vector<Handler>& handlers() const { return handlers_; }
  void setHandlers(std::vector<Handler> handlers);

  void setPosition(const Position& position) { position_ = position; }
  // What follows belongs to no line of its own (bytecode/line_flow.h).
  void setNoPosition() { position_ = {}; }
  const Position& position() const { return position_; }

  // --- instructions -----------------------------------------------------------------------
#define DX_OP(name, size, x, a, b, c, d, effects, doc)                                       \
  template <class... Args>                                                                   \
  void name(Args... args) {                                                                  \
    static_assert(sizeof...(Args) == operandArgs(Operand::x) + operandArgs(Operand::a) +     \
                                         operandArgs(Operand::b) + operandArgs(Operand::c) + \
                                         operandArgs(Operand::d));                           \
    const u32 values[] = {u32(args)..., 0};                                                  \
    emit(Op::name, values);                                                                  \
  }
#include "bytecode/opcodes.def"
#undef DX_OP

  // `values` are the operands that take arguments, in the order A, B, C, D, X.
  void emit(Op op, const u32* values);

  FinishedCode finish();

 private:
  using Bits = std::vector<bool>;
  struct LabelState {
    u32 at = ~0u;  // offset once bound
    bool reached = false;
    Bits bound;
    std::vector<u32> jumps;  // offsets of instructions that want this label
  };

  void reach(Label label, const Bits& bound);
  void closeRange();
  void patchJump(u32 at, u32 target);
  u32 finalIndex(u32 index) const;
  std::string keyOf(const Constant& value) const;
  struct Table {
    std::vector<Constant> values;
    std::vector<std::vector<u32>> items;
    std::vector<bool> interned;
    std::unordered_map<std::string, u32> index;
  };
  Table& table(ConstSection section) { return tables_[section >> 30]; }

  Info info_;
  std::vector<u8> code_;
  std::vector<PositionRecord> positions_;
  std::vector<ExceptionRecord> exceptions_;
  std::vector<LabelState> labels_;
  std::vector<Handler> handlers_;
  u32 rangeStart_ = 0;
  Table tables_[4];
  std::vector<std::string> hiddenNames_;
  std::vector<u8> localKinds_;
  Bits bound_, unbindable_;
  Position position_;
  u32 registerCount_ = 0;
  u32 slotCount_ = 1;
  u32 docConst_ = 0;
  bool reachable_ = true;
};

class ImageBuilder {
 public:
  // The index of a code object whose contents come later. The first one is the module.
  u32 reserveCode() {
    codes_.emplace_back();
    return u32(codes_.size() - 1);
  }
  void setCode(u32 index, FinishedCode code) { codes_[index] = std::move(code); }

  std::vector<u8> finish(bool columns = true);

 private:
  std::vector<FinishedCode> codes_;
};

}  // namespace dx::bytecode
