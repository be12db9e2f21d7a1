// Normalization forms (Unicode Standard Annex 15).
#include <algorithm>

#include "base/unicode.h"

namespace dx {

using namespace detail;

namespace {

constexpr u32 kSBase = 0xac00, kLBase = 0x1100, kVBase = 0x1161, kTBase = 0x11a7;
constexpr u32 kLCount = 19, kVCount = 21, kTCount = 28, kSCount = kLCount * kVCount * kTCount;

bool isCompat(NormalForm form) { return form == NormalForm::kNFKD || form == NormalForm::kNFKC; }
bool isComposed(NormalForm form) { return form == NormalForm::kNFC || form == NormalForm::kNFKC; }

const DataRecord& dataRecord(u32 c) {
  if (c > kMaxCodePoint) c = kMaxCodePoint;
  return kDataRecords[kDataStage2[u32(kDataStage1[c >> 7]) << 7 | (c & 127)]];
}

void decompose(u32 c, bool compat, UnicodeAge age, std::vector<u32>* out) {
  if (c < 0xa0) return out->push_back(c);
  if (c - kSBase < kSCount) {
    u32 s = c - kSBase;
    out->push_back(kLBase + s / (kVCount * kTCount));
    out->push_back(kVBase + s % (kVCount * kTCount) / kTCount);
    if (s % kTCount) out->push_back(kTBase + s % kTCount);
    return;
  }
  if (c > kMaxCodePoint) return out->push_back(c);
  if (age == UnicodeAge::k3_2) {
    if (unicodeCategory32(c) == GeneralCategory::kCn) return out->push_back(c);
    for (u32 i = 0; i < kOldDecompositionCount; i++)
      if (kOldDecompositions[i].code == c)
        return decompose(kOldDecompositions[i].mapping, compat, age, out);
  }
  const u32* entry = kDecompPool + kDecompStage2[u32(kDecompStage1[c >> 6]) << 6 | (c & 63)];
  u32 length = *entry & 0xff;
  if (length == 0 || (*entry >> 8 != 0 && !compat)) return out->push_back(c);
  for (u32 i = 1; i <= length; i++) decompose(entry[i], compat, age, out);  // a few levels at most
}

// A stable sort by combining class.
void sortRun(u32* p, size_t n) {
  if (n > 16) {  // never quadratic, whatever the text
    std::vector<u64> keys(n);
    for (size_t i = 0; i < n; i++) keys[i] = u64(unicodeCombining(p[i])) << 56 | i;
    std::sort(keys.begin(), keys.end());
    std::vector<u32> copy(p, p + n);
    for (size_t i = 0; i < n; i++) p[i] = copy[keys[i] & ((u64(1) << 56) - 1)];
    return;
  }
  for (size_t i = 1; i < n; i++) {
    u32 c = p[i];
    int klass = unicodeCombining(c);
    size_t j = i;
    for (; j > 0 && unicodeCombining(p[j - 1]) > klass; j--) p[j] = p[j - 1];
    p[j] = c;
  }
}

// Canonical order: every run of combining characters sorted.
void reorder(std::vector<u32>* text) {
  size_t n = text->size();
  u32* p = text->data();
  for (size_t i = 0; i < n;) {
    if (unicodeCombining(p[i]) == 0) {
      i++;
      continue;
    }
    size_t start = i;
    while (i < n && unicodeCombining(p[i]) != 0) i++;
    sortRun(p + start, i - start);
  }
}

u32 composePair(u32 a, u32 b, UnicodeAge age) {
  if (a - kLBase < kLCount && b - kVBase < kVCount)
    return kSBase + ((a - kLBase) * kVCount + (b - kVBase)) * kTCount;
  if (a - kSBase < kSCount && (a - kSBase) % kTCount == 0 && b - kTBase - 1 < kTCount - 1)
    return a + (b - kTBase);
  u64 pair = u64(a) << 32 | b;
  const u64* end = kCompositionPairs + kCompositionCount;
  const u64* found = std::lower_bound(kCompositionPairs, end, pair);
  if (found == end || *found != pair) return 0;
  u32 c = kCompositions[found - kCompositionPairs];
  if (age == UnicodeAge::k3_2 && unicodeCategory32(c) == GeneralCategory::kCn) return 0;
  return c;
}

void compose(std::vector<u32>* text, UnicodeAge age) {
  u32* p = text->data();
  size_t n = text->size(), out = 0;
  size_t starter = n;  // index in the output, n when there is none
  int lastClass = 0;   // of the last character kept after the starter
  for (size_t i = 0; i < n; i++) {
    u32 c = p[i];
    int klass = unicodeCombining(c);
    bool adjacent = starter != n && starter + 1 == out;
    if (starter != n && (adjacent || (klass != 0 && lastClass < klass))) {
      u32 composed = composePair(p[starter], c, age);
      if (composed) {
        p[starter] = composed;
        continue;
      }
    }
    if (klass == 0) starter = out;
    lastClass = klass;
    p[out++] = c;
  }
  text->resize(out);
}

}  // namespace

template <class Unit>
QuickCheck unicodeQuickCheck(NormalForm form, const Unit* text, size_t n) {
  int shift = 2 * int(form);
  int previous = 0;
  QuickCheck result = QuickCheck::kYes;
  for (size_t i = 0; i < n; i++) {
    u32 c = text[i];
    if (c < 0xa0) {
      previous = 0;
      continue;
    }
    const DataRecord& r = dataRecord(c);
    if (r.combining != 0 && previous > r.combining) return QuickCheck::kNo;
    previous = r.combining;
    int quick = r.quick >> shift & 3;
    if (quick == 1) return QuickCheck::kNo;
    if (quick == 2) result = QuickCheck::kMaybe;
  }
  return result;
}

template <class Unit>
std::vector<u32> unicodeNormalize(NormalForm form, const Unit* text, size_t n, UnicodeAge age) {
  std::vector<u32> out;
  out.reserve(n + n / 4);
  for (size_t i = 0; i < n; i++) decompose(text[i], isCompat(form), age, &out);
  reorder(&out);
  if (isComposed(form)) compose(&out, age);
  return out;
}

template QuickCheck unicodeQuickCheck(NormalForm, const u8*, size_t);
template QuickCheck unicodeQuickCheck(NormalForm, const u16*, size_t);
template QuickCheck unicodeQuickCheck(NormalForm, const u32*, size_t);
template std::vector<u32> unicodeNormalize(NormalForm, const u8*, size_t, UnicodeAge);
template std::vector<u32> unicodeNormalize(NormalForm, const u16*, size_t, UnicodeAge);
template std::vector<u32> unicodeNormalize(NormalForm, const u32*, size_t, UnicodeAge);

}  // namespace dx
