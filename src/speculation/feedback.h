// Feedback slots: what one instruction has seen. A code object's vector is made when it warms up;
// until then instructions use a shared, never written vector of zeros, so that no hot path has to
// ask whether feedback exists. Slot 0 of every vector stays zero as well.
#pragma once
#include "object/shape.h"
#include "runtime/code.h"

namespace dx {

enum class CacheKind : u8 {
  Empty = 0,
  InlineSlot,      // instance slot: type version and shape match
  TypeValue,       // class attribute or non-data descriptor result that the instance cannot shadow
  TypeValueShape,  // likewise, for instances with a dict: the shape shows there is no shadow
  Method,          // LoadMethod: function of the type, no instance dict
  MethodShape,     // likewise, the shape shows there is no shadow
  AddSlot,         // StoreAttr: shape transition
  Member,          // __slots__ member at an offset
  ModuleValue,     // module attribute: value cell of the module's dict; shape is the module
  Property,        // LoadAttr: property in payload, its getter is called
  StaticMethod,    // static method in payload; shape is 0 or shows that there is no shadow
  ClassMethod,     // LoadMethod: class method in payload, likewise
  ClassClassMethod,   // LoadMethod on the class in `shape`: class method in payload
  ClassStaticMethod,  // on the class in `shape`: static method in payload
  ClassValue,         // attribute of the class in `shape`, whose version tag is `keysVersion`
};

struct AttrCache {  // 32 bytes
  u32 versionTag;   // of the receiver's type
  CacheKind kind;
  u8 misses;    // since the cache was filled; see speculation/megamorphic.h
  u16 offset;   // byte offset of the value in the object
  u64 shape;    // managedDictWord that must match
  u64 payload;  // Value (borrowed: the version guards it), Value* or the next shape
  u64 keysVersion;
};

struct GlobalCache {
  u64 globalsVersion;   // dictKeysVersion of the globals; 0 = empty
  u64 builtinsVersion;  // of the builtins, when found there; else 0
  Value* cell;
  u64 reserved;
};

struct OperandFeedback {
  u16 leftKinds, rightKinds;  // bit sets of operand kinds seen
  u32 count;
  u64 reserved[3];
};

union FeedbackSlot {
  AttrCache attr;
  GlobalCache global;
  OperandFeedback operands;
};
static_assert(sizeof(FeedbackSlot) == 32);

// How much instructions remember, set before anything runs (-X dx-caches=on|megamorphic|off). The
// other modes are for tests: with Megamorphic only tables that all instructions share are filled,
// with Off there are no feedback vectors. Programs must not notice.
enum class CacheMode : u8 { On, Megamorphic, Off };
extern CacheMode cacheMode;

// kZeroFeedback (runtime/code.h) has as many slots as an instruction can name.
FeedbackSlot* newFeedback(u32 slots);

}  // namespace dx
