#include "speculation/feedback.h"

#include "memory/heap.h"
#include "runtime/containers.h"
#include "speculation/polymorphic.h"

namespace dx {

// Scratch: a snapshot of the started runtime leaves it out (cmake/snapshot.ld).
[[gnu::section(".bss.zero_feedback")]] FeedbackSlot kZeroFeedback[kZeroSlots];
CacheMode cacheMode = CacheMode::On;

FeedbackSlot* newFeedback(u32 slots) {
  if (cacheMode == CacheMode::Off) return kZeroFeedback;
  auto* v = static_cast<FeedbackSlot*>(allocate(slots * sizeof(FeedbackSlot)));
  memset(v, 0, slots * sizeof(FeedbackSlot));
  return v;
}

static CodeData* gFirstWarm;

CodeData* firstWarmCode() { return gFirstWarm; }

FeedbackSlot* attachFeedback(CodeData* data) {
  makeRoomForConstants(data);  // entering code with feedback does not look for it
  if (data->feedback != kZeroFeedback) return data->feedback;
  data->feedback = newFeedback(data->record->slotCount);
  if (data->feedback != kZeroFeedback) {
    data->nextWarm = gFirstWarm;
    data->previousWarm = nullptr;
    if (gFirstWarm) gFirstWarm->previousWarm = data;
    gFirstWarm = data;
  }
  return data->feedback;
}

void detachFeedback(CodeData* data) {
  if (data->feedback == kZeroFeedback) return;
  (data->previousWarm ? data->previousWarm->nextWarm : gFirstWarm) = data->nextWarm;
  if (data->nextWarm) data->nextWarm->previousWarm = data->previousWarm;
  freeEntries(data);
  release(data->feedback);
  data->feedback = kZeroFeedback;
}

u16 operandKind(Value v) {
  if (v.isSmallInt()) return kKindInt;
  if (v.isFlonum()) return kKindFloat;
  if (!v) return 0;
  const Type* type = v.object()->type;
  if (type == &PyUnicode_Type) return kKindStr;
  if (type == &PyList_Type) return kKindList;
  if (type == &PyTuple_Type) return kKindTuple;
  if (type == &PyDict_Type) return kKindDict;
  if (type == &PyBool_Type) return kKindBool;
  if (type == &PyLong_Type) return kKindBigInt;
  if (type == &PyFloat_Type) return kKindHeapFloat;
  if (type == &PyBytes_Type) return kKindBytes;
  if (type == &PySet_Type || type == &PyFrozenSet_Type) return kKindSet;
  if (type == &PyRange_Type) return kKindRange;
  if (isNone(v)) return kKindNone;
  return type->has(kTypeHeap) ? kKindInstance : kKindOther;
}

void noteOperands(OperandFeedback& slot, Value l, Value r) {
  u16 left = operandKind(l), right = operandKind(r);
  if ((slot.left | left) != slot.left || (slot.right | right) != slot.right) {
    slot.left |= left;
    slot.right |= right;
    if (slot.changes < 255) slot.changes++;
  }
  if (slot.slow < 255) slot.slow++;
  if (left == kKindInstance) {
    u32 version = l.object()->type->versionTag;
    if (slot.leftVersion == 0)
      slot.leftVersion = version;
    else if (slot.leftVersion != version)
      slot.leftVersion = OperandFeedback::kMixed;
  }
}

void noteTarget(TargetFeedback& slot, TargetKind kind, const void* target, u32 serial) {
  auto word = reinterpret_cast<u64>(target);
  if (slot.kind == kind && slot.target == word && slot.serial == serial) {
    slot.hits++;
    return;
  }
  slot.misses++;
  if (slot.kind != TargetKind::None) {
    if (slot.misses <= slot.hits) return;  // the one seen more often stays
    if (slot.changes < 255) slot.changes++;
    slot.misses = slot.hits;
  } else {
    slot.misses = 0;
  }
  slot.kind = kind;
  slot.target = word;
  slot.serial = serial;
  slot.hits = 1;
}

}  // namespace dx
