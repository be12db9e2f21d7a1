// The type predictor: what an instruction is likely to meet, from what it met so far.
//
// It reads feedback slots, and is the only code besides the opcode bodies that knows their layout.
// What a slot does not tell, an older run's profile may (speculation/profile.h). The rule that
// gives an answer its confidence is in docs/speculation.md.
//
// A Predictor knows the types and the code with feedback that exist when it is made, so make one
// for each compilation; its answers borrow, and hold until Python code runs.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "bytecode/opcode.h"
#include "speculation/feedback.h"

namespace dx {

class Profile;

// What kind of thing an instruction's slot tells about.
enum class SlotFamily : u8 { None, Attribute, Global, Operands, Branch, Call, Iteration };
SlotFamily slotFamily(bytecode::Op op);
u32 slotIndex(const bytecode::Insn* insn);  // 0: none

// None: nothing is known. Low: known, but seen too rarely or contradicted too often to act on
// alone. Likely: worth a guard with a slow path behind it. Stable: worth a guard that
// deoptimizes.
enum class Confidence : u8 { None, Low, Likely, Stable };

struct Statistics {
  u32 hits = 0;     // executions that agreed
  u32 misses = 0;   // that did not
  u32 changes = 0;  // how often the answer changed after the first
};
Confidence confidenceOf(const Statistics& s);

// How an attribute of one kind of receiver is reached.
struct AttributeCase {
  CacheKind access = CacheKind::Empty;
  Type* type = nullptr;             // of the receiver, or the class that is the receiver
  const Shape* shape = nullptr;     // of the receiver, where the access depends on it
  const Shape* newShape = nullptr;  // AddSlot: after the store
  u16 offset = 0;                   // of the value in the object: InlineSlot, AddSlot, Member
  Value value;                      // what the class holds: function, property, class attribute
};

struct Prediction {
  SlotFamily family = SlotFamily::None;
  Confidence confidence = Confidence::None;
  bool fromProfile = false;
  Statistics statistics;

  // Operands and Branch: OperandKind bits of the left and right operand (0: not known); the class
  // of instances on the left, if it was one class.
  u16 left = 0, right = 0;
  // Branch: how often each way. `taken` is the jump.
  u32 taken = 0, notTaken = 0;

  // Attribute: what to do for the receiver met first; `others` for up to three more. Operands:
  // `type` is the class of the left operand; Call: the class that is instantiated; Iteration: the
  // iterator's.
  AttributeCase attribute;
  std::vector<AttributeCase> others;
  Type* type = nullptr;  // null: not known; Attribute: attribute.type

  // Global: is it found in builtins?
  bool builtin = false;

  // Call and Iteration.
  TargetKind target = TargetKind::None;
  CodeData* code = nullptr;
  const struct NativeFunction* native = nullptr;
};

class Predictor {
 public:
  explicit Predictor(const Profile* profile = nullptr);
  // Of an instruction (as in the image) of code, which may be cold.
  Prediction at(const CodeData* data, const bytecode::Insn* insn) const;
  // Entries and loop turns of code; 0: not counted.
  static u32 executions(const CodeData* data);

  Type* typeOfVersion(u32 version) const;          // null: that class has changed or is gone
  Type* typeNamed(const std::string& name) const;  // "module.qualname"
  CodeData* codeOfSerial(u32 serial) const;        // null: it is gone, or cold

 private:
  Prediction fromSlot(const CodeData* data, const bytecode::Insn* insn) const;
  Prediction fromProfile(const CodeData* data, const bytecode::Insn* insn) const;
  void addTypes(Type* type);

  const Profile* profile_;
  std::unordered_map<u32, Type*> types_;
  std::unordered_map<u32, CodeData*> codes_;
  mutable std::unordered_map<std::string, Type*> named_;
};

std::string textOf(Str* s);
std::string qualifiedName(const Type* type);  // "module.qualname"
const char* kindName(CacheKind kind);
const char* kindName(TargetKind kind);
const char* confidenceName(Confidence confidence);
std::string operandKindNames(u16 kinds);  // "int or str"
// For people: "int, float; stable", ...
std::string describe(const Prediction& p);

}  // namespace dx
