// Feedback slots: what one instruction has seen. A code object's vector is made when it warms up;
// until then instructions use a shared vector of empty caches, so that no hot path has to
// ask whether feedback exists. Slot 0 of every vector reads as an empty cache as well.
#pragma once
#include "object/shape.h"
#include "runtime/code.h"

namespace dx {

enum class CacheKind : u8 {
  Empty = 0,
  // Of instances of one type version.
  InlineSlot,      // instance slot: type version and shape match
  AddSlot,         // StoreAttr: shape transition
  Member,          // __slots__ member at an offset
  TypeValue,       // class attribute or non-data descriptor result that the instance cannot shadow
  TypeValueShape,  // likewise, for instances with a dict: the shape shows there is no shadow
  Method,          // LoadMethod: function of the type, no instance dict
  CalledMethod,    // likewise, a native one that the next instruction calls without arguments
  MethodShape,     // likewise, the shape shows there is no shadow
  Property,        // LoadAttr: property in payload, its getter is called
  Getter,          // LoadAttr: getset descriptor in payload, its native getter is called
  StaticMethod,    // static method in payload; shape is 0 or shows that there is no shadow
  ClassMethod,     // LoadMethod: class method in payload, likewise
  // Of one object.
  ModuleValue,        // module attribute: value cell of the module's dict; shape is the module
  ClassClassMethod,   // LoadMethod on the class in `shape`: class method in payload
  ClassStaticMethod,  // on the class in `shape`: static method in payload
  ClassValue,         // attribute of the class in `shape`, whose version tag is `keysVersion`
  DictValue,          // value cell of the instance's dict, which is at `offset` (0: in dict mode)
  MethodDict,  // LoadMethod: function of the type; that dict's keys (none: 0) do not shadow it
  Last = MethodDict,
};
// Is it about a field of the receiver?
constexpr bool isField(CacheKind kind) { return u8(u8(kind) - 1) < u8(CacheKind::Member); }
constexpr bool isOfInstances(CacheKind kind) {
  return u8(u8(kind) - 1) < u8(CacheKind::ClassMethod);
}

struct AttrCache {  // 32 bytes
  u32 versionTag;   // of the receiver's type
  CacheKind kind;
  u8 misses;    // see speculation/polymorphic.h
  u16 offset;   // byte offset of the value in the object
  u64 shape;    // managedDictWord that must match
  u64 payload;  // Value (borrowed: the version guards it), Value* or the next shape
  union {
    u64 keysVersion;                  // of one object
    struct PolymorphicEntries* more;  // of instances: entries for other receivers, or null
  };
};

struct GlobalCache {
  u64 globalsVersion;   // dictKeysVersion of the globals; 0 = empty
  u64 builtinsVersion;  // of the builtins, when found there; else 0
  Value* cell;
  u64 reserved;
};

// The members below leave the first 8 bytes zero: such a slot reads as an empty cache. So they may
// also be written where a code object has no vector yet (kZeroFeedback), and nobody reads it there.

// What an operand was, as bits. An immediate and a boxed number differ.
enum OperandKind : u16 {
  kKindInt = 1,  // immediate
  kKindFloat = 2,
  kKindBool = 4,
  kKindNone = 8,
  kKindStr = 0x10,
  kKindList = 0x20,
  kKindTuple = 0x40,
  kKindDict = 0x80,
  kKindSet = 0x100,
  kKindBytes = 0x200,
  kKindBigInt = 0x400,  // on the heap
  kKindHeapFloat = 0x800,
  kKindRange = 0x1000,
  kKindInstance = 0x2000,  // of a class that was made at run time
  kKindOther = 0x4000,     // of another built-in type
};
u16 operandKind(Value v);

// Arithmetic, comparisons, subscripts, unpacking, truth; and which way a conditional jump went. An
// instruction that did only what it does fastest, on small ints, notes nothing.
struct OperandFeedback {
  u64 unused;
  u16 left, right;  // OperandKind bits seen
  u16 result;       // of results that the fast path does not make
  u8 changes;       // how often a bit was new
  u8 slow;          // executions of the slow path, up to 255
  u32 leftVersion;  // versionTag of the class of left instances; kMixed: of several
  u32 reserved;
  u32 taken, notTaken;
  static constexpr u32 kMixed = ~u32(0);
  void addFloats() {
    left |= kKindFloat;
    right |= kKindFloat;
  }
};

enum class TargetKind : u8 {
  None,
  Code,        // a Python function: its CodeData and serial
  Class,       // a Python class: Type* and version
  Native,      // NativeFunction*
  StaticType,  // Type* of a built-in type
  Iterator,    // ForIter: Type* of a built-in iterator
  Generator,   // ForIter: the CodeData and serial of a generator
  Other,
};

// What a call called, what a loop went over: the target seen most, as far as counting one tells.
struct TargetFeedback {
  u64 unused;
  u64 target;  // address by kind; only ever compared: `serial` tells whether it is still that
  u32 serial;  // CodeData::serial or a class's versionTag
  TargetKind kind;
  u8 changes;  // how often the target was replaced
  u16 reserved;
  u32 hits, misses;
};

// Slot 0 of a vector, which no instruction specializes: how often the code ran.
struct CodeCounters {
  u64 unused;
  u32 calls, turns;  // entries, loop back-edges; they wrap
  u64 reserved[2];
};

union FeedbackSlot {
  AttrCache attr;
  GlobalCache global;
  OperandFeedback operands;
  TargetFeedback target;
  CodeCounters counters;
};
static_assert(sizeof(FeedbackSlot) == 32);

// For slow paths, before the operation is done (the operands may die in it). `r` may be empty.
void noteOperands(OperandFeedback& slot, Value l, Value r);
void noteTarget(TargetFeedback& slot, TargetKind kind, const void* target, u32 serial);

// How much instructions remember, set before anything runs (-X dx-caches=on|megamorphic|off). The
// other modes are for tests: with Megamorphic only tables that all instructions share are filled,
// with Off there are no feedback vectors. Programs must not notice.
enum class CacheMode : u8 { On, Megamorphic, Off };
extern CacheMode cacheMode;

// kZeroFeedback (runtime/code.h) has as many slots as an instruction can name.
FeedbackSlot* newFeedback(u32 slots);

// Gives code its vector (the shared one when there are to be none), and takes it away for good.
// Code that has one is in a list, newest first.
FeedbackSlot* attachFeedback(CodeData* data);
void detachFeedback(CodeData* data);
CodeData* firstWarmCode();

}  // namespace dx
