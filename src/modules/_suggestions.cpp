// Module _suggestions: which name somebody may have meant, by edit distance.
#include <algorithm>

#include "modules/_suggestions.gen.h"

namespace dx {

namespace {

// Costs and limits as in the `traceback` module, so that both suggest the same.
constexpr i64 kMove = 2, kCase = 1;
constexpr size_t kLongestName = 40;
constexpr i64 kMostCandidates = 750;

i64 substitutionCost(char a, char b) {
  if (a == b) return 0;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
  return lower(a) == lower(b) ? kCase : kMove;
}

// The edit distance, or something above `most` as soon as that is certain.
i64 distance(std::string_view a, std::string_view b, i64 most) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (a.empty() || b.empty()) return kMove * i64(a.size() + b.size());
  if (a.size() > kLongestName || b.size() > kLongestName) return most + 1;
  if (b.size() < a.size()) std::swap(a, b);
  if (i64(b.size() - a.size()) * kMove > most) return most + 1;
  i64 row[kLongestName];  // distances of the part of b so far to the beginnings of a
  for (size_t i = 0; i < a.size(); i++) row[i] = i64(i + 1) * kMove;
  i64 result = 0;
  for (size_t j = 0; j < b.size(); j++) {
    i64 diagonal = i64(j) * kMove;
    result = diagonal;
    i64 least = INT64_MAX;
    for (size_t i = 0; i < a.size(); i++) {
      i64 substituted = diagonal + substitutionCost(b[j], a[i]);
      diagonal = row[i];
      result = std::min(std::min(result, diagonal) + kMove, substituted);
      row[i] = result;
      least = std::min(least, result);
    }
    if (least > most) return most + 1;
  }
  return result;
}

}  // namespace

Result<Ref<>> _suggestions__generate_suggestions(Thread& t, Value candidates, Str& item) {
  if (!isList(candidates) || typeOf(candidates) != &PyList_Type)
    return t.raise(kTypeError, "candidates must be a list");
  auto* list = candidates.as<List>();
  for (Value v : valuesOf(list))
    if (!isStr(v)) return t.raise(kTypeError, "all elements in 'candidates' must be strings");
  if (list->size >= kMostCandidates) return noneRef();
  std::string name(TRY(utf8(t, &item)));
  Value best;
  i64 bestDistance = INT64_MAX;
  for (Value v : valuesOf(list)) {
    if (equalStr(v.as<Str>(), &item)) continue;
    std::string_view candidate = TRY(utf8(t, v.as<Str>()));
    // At most a third of the characters may need a change.
    i64 most = i64(name.size() + candidate.size() + 3) * kMove / 6;
    most = std::min(most, bestDistance - 1);
    i64 d = distance(name, candidate, most);
    if (d > most) continue;
    best = v;
    bestDistance = d;
  }
  return best ? retain(best) : noneRef();
}

}  // namespace dx
