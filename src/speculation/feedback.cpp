#include "speculation/feedback.h"

#include "memory/heap.h"

namespace dx {

FeedbackSlot kZeroFeedback[65536];
CacheMode cacheMode = CacheMode::On;

FeedbackSlot* newFeedback(u32 slots) {
  if (cacheMode == CacheMode::Off) return kZeroFeedback;
  auto* v = static_cast<FeedbackSlot*>(allocate(slots * sizeof(FeedbackSlot)));
  memset(v, 0, slots * sizeof(FeedbackSlot));
  return v;
}

}  // namespace dx
