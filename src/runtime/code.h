// Code objects at run time: CPython's visible fields plus CodeData, which ties them to an image.
#pragma once
#include "bytecode/positions.h"
#include "runtime/thread.h"

namespace dx {

// A mapped or built image and the code objects made from it. Shared by its code objects.
struct ModuleImage {
  const u8* bytes;
  const u8* cold;  // the cold part
  u64 references;
  void (*destroy)(ModuleImage*);  // gives bytes and struct back
  // From outside: its header was verified; code objects and constants are when they are made, and
  // instructions with their tables before they run (ensureVerified).
  bool untrusted = false;
  Str* filename = nullptr;  // co_filename of code objects to come, when it is not the image's own
  bool coldUnchecked = false;  // nobody has compared the cold part's hash yet
  bytecode::ImageView view() const { return {bytes, cold}; }
};
// Whether the cold part is what it was when it was written. Cheap after the first time.
bool hasSoundColdPart(ModuleImage* image);
void dropImage(ModuleImage* image);  // one reference less

union FeedbackSlot;         // speculation/feedback.h
struct PolymorphicEntries;  // speculation/polymorphic.h
constexpr u32 kZeroSlots = 65536;
// What cold code uses: kZeroSlots slots that read as empty caches.
extern FeedbackSlot kZeroFeedback[];

struct CodeData {
  const bytecode::Insn* insns;  // what the interpreter runs
  Value* constants;             // filled on first use, empty = not made yet; null before it runs
  FeedbackSlot* feedback;       // slotCount slots, made when the code warms up
  const bytecode::CodeRecord* record;
  ModuleImage* image;
  u32 registerCount, localCount;
  u32 argRegisters;             // arguments incl. *args, **kwargs
  u32 simpleArgs;               // argCount when only plain positional parameters exist, else ~0
  u32 heat;                     // calls and loop turns so far
  u8* ownInsns;                 // what `insns` points to when it is not the image's, or null
  bool unverified;              // instructions, handlers and positions were not looked at yet
  struct CodeMonitor* monitor;  // who watches this code and where (runtime/monitoring.h), or null
  Code* code;                   // whose data this is
  u32 serial;                   // a number that no other CodeData ever has
  PolymorphicEntries* polymorphic;    // what its caches have out of line
  CodeData *nextWarm, *previousWarm;  // the list of code with feedback (speculation/feedback.h)
};
u32 newCodeSerial();

// Before instructions run or are walked: whether they are sound. Cheap after the first time. Code
// that is not stays unverified: it has no handlers and nothing runs it.
bool isSound(CodeData* data, std::string* problem = nullptr);
// The same with an ImportError.
bool ensureVerified(Thread& t, CodeData* data);

// The code object of record `index`; constants are made lazily.
Result<Ref<Code>> makeCode(Thread& t, ModuleImage* image, u32 index);
void makeRoomForConstants(CodeData* data);  // before it runs
// Makes constant `i` (and keeps it). Borrowed.
Result<Value> codeConstant(Thread& t, Code* code, u32 i);

struct SourcePosition {
  i32 line, endLine, col, endCol;
};  // 0 / -1 = none
// None when the image is damaged.
bytecode::PositionReader positionsOf(const CodeData* data);
SourcePosition positionAt(const Code* code, const bytecode::Insn* pc);
u32 pcOffset(const Code* code, const bytecode::Insn* pc);

// Names and kinds (bytecode::LocalKind) of its registers that have names, localsPlusCount each.
Tuple* localNames(Code* code);
const u8* localKinds(const Code* code);

Ref<Function> makeFunction(Code* code, Dict* globals);
// __doc__, which is made when somebody asks for it. Borrowed; None when the image is damaged.
Value functionDoc(Function* f);

// Compiles source text (runtime/compile.cpp): parse, symbol tables, code. `filename` is str.
enum class CompileMode : u8 { Exec, Eval, Single, FuncType };
struct CompileOptions {
  CompileMode mode = CompileMode::Exec;
  u32 futureFlags = 0;  // CO_FUTURE_* | PyCF_*
  int optimize = -1;    // -1: the interpreter's -O level
  bool dontInherit = false;
  int featureVersion = -1;
  bool fromFile = false;  // the program itself, not text that was read before: other reports
};
// `source` is bytes-like text with encoding detection (PEP 263) or, if isUtf8, decoded text.
Result<Ref<Code>> compileSource(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                                const CompileOptions& options);

// Runs module or class-level code in a namespace (exec/eval): `locals` is a mapping.
Result<Ref<>> evalCode(Thread& t, Code* code, Dict* globals, Value locals, Value closure = Value());

}  // namespace dx
