// list.sort: a stable, adaptive merge sort. Natural runs (short ones extended by binary insertion),
// merged with galloping as in Tim Peters' timsort, in the order of Munro and Wild's powersort.
//
// Comparisons are chosen once: homogeneous small ints, floats, str and tuples compare without
// going through the general protocol. Whatever fails or mutates, the items stay a permutation.
#include <algorithm>

#include "builtins/sequence_iterators.h"
#include "memory/heap.h"

namespace dx {

namespace {

constexpr i64 kMinGallop = 7;

// Less-than, by kind of the items. 1 yes, 0 no, -1 exception.
struct IntLess {
  int operator()(Thread&, Value a, Value b) const { return a.smallInt() < b.smallInt(); }
};
struct FloatLess {
  int operator()(Thread&, Value a, Value b) const { return floatValue(a) < floatValue(b); }
};
struct StrLess {
  int operator()(Thread&, Value a, Value b) const {
    return compareStr(a.as<Str>(), b.as<Str>()) < 0;
  }
};
int anyLess(Thread& t, Value a, Value b) {
  if (a.isSmallInt() && b.isSmallInt()) return a.smallInt() < b.smallInt();
  if (isExactStr(a) && isExactStr(b)) return compareStr(a.as<Str>(), b.as<Str>()) < 0;
  Result<Ref<>> r = compare(t, a, b, CompareOp::Lt);
  if (!r) return -1;
  if (isBool(r.peek())) return r.peek().get() == trueValue();
  Result<bool> yes = isTrue(t, *r);
  return yes ? *yes : -1;
}
struct AnyLess {
  int operator()(Thread& t, Value a, Value b) const { return anyLess(t, a, b); }
};
struct TupleLess {
  int operator()(Thread& t, Value a, Value b) const {
    Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
    i64 n = std::min(x->size, y->size);
    for (i64 i = 0; i < n; i++) {
      Value p = x->items[i], q = y->items[i];
      if (p == q) continue;
      if (p.isSmallInt() && q.isSmallInt()) return p.smallInt() < q.smallInt();
      Result<bool> same = equal(t, p, q);
      if (!same) return -1;
      if (!*same) return anyLess(t, p, q);
    }
    return x->size < y->size;
  }
};

template <class Less>
class Sorter {
 public:
  Sorter(Thread& t, Value* keys, Value* values) : t_(t), keys_(keys), values_(values) {}

  bool sort(i64 n) {
    if (n < 2) return true;
    size_ = n;
    i64 minRun = minRunOf(n), at = 0;
    while (at < n) {
      i64 run = countRun(at, n);
      if (run < 0) return false;
      if (run < minRun) {
        i64 forced = std::min(minRun, n - at);
        if (!insertionSort(at, at + forced, at + run)) return false;
        run = forced;
      }
      if (!pushRun(at, run)) return false;
      at += run;
    }
    while (runs_.size() > 1)
      if (!mergeTop()) return false;
    return true;
  }

 private:
  struct Run {
    i64 start, length;
    int power;
  };

  int less(Value a, Value b) { return Less()(t_, a, b); }

  static i64 minRunOf(i64 n) {
    i64 odd = 0;
    while (n >= 64) {
      odd |= n & 1;
      n >>= 1;
    }
    return n + odd;
  }

  void swapAt(i64 i, i64 j) {
    std::swap(keys_[i], keys_[j]);
    if (values_) std::swap(values_[i], values_[j]);
  }
  void reverse(i64 from, i64 to) {
    for (to--; from < to; from++, to--) swapAt(from, to);
  }
  void copyAt(i64 to, i64 from) {
    keys_[to] = keys_[from];
    if (values_) values_[to] = values_[from];
  }
  void moveWithin(i64 to, i64 from, i64 n) {
    memmove(static_cast<void*>(keys_ + to), keys_ + from, size_t(n) * sizeof(Value));
    if (values_)
      memmove(static_cast<void*>(values_ + to), values_ + from, size_t(n) * sizeof(Value));
  }
  void toTemp(i64 from, i64 n) {
    tempKeys_.assign(keys_ + from, keys_ + from + n);
    if (values_) tempValues_.assign(values_ + from, values_ + from + n);
  }
  void fromTemp(i64 to, i64 from, i64 n) {
    if (n <= 0) return;
    memcpy(static_cast<void*>(keys_ + to), tempKeys_.data() + from, size_t(n) * sizeof(Value));
    if (values_)
      memcpy(static_cast<void*>(values_ + to), tempValues_.data() + from,
             size_t(n) * sizeof(Value));
  }

  // Length of the run at `from`, made ascending: strictly descending runs are reversed.
  i64 countRun(i64 from, i64 end) {
    i64 at = from + 1;
    if (at == end) return 1;
    int first = less(keys_[at], keys_[at - 1]);
    if (first < 0) return -1;
    for (at++; at < end; at++) {
      int r = less(keys_[at], keys_[at - 1]);
      if (r < 0) return -1;
      if (r != first) break;
    }
    if (first) reverse(from, at);
    return at - from;
  }

  // [from, sorted) is sorted already.
  bool insertionSort(i64 from, i64 end, i64 sorted) {
    for (i64 i = sorted; i < end; i++) {
      Value pivot = keys_[i];
      Value pivotValue = values_ ? values_[i] : Value();
      i64 low = from, high = i;
      while (low < high) {
        i64 middle = low + (high - low) / 2;
        int r = less(pivot, keys_[middle]);
        if (r < 0) return false;
        if (r)
          high = middle;
        else
          low = middle + 1;
      }
      moveWithin(low + 1, low, i - low);
      keys_[low] = pivot;
      if (values_) values_[low] = pivotValue;
    }
    return true;
  }

  // Where `key` goes in sorted base[0, n), left of equal items, searching outwards from `hint`.
  i64 gallopLeft(Value key, const Value* base, i64 n, i64 hint) {
    i64 last = 0, offset = 1;
    int r = less(base[hint], key);
    if (r < 0) return -1;
    if (r) {
      i64 most = n - hint;
      while (offset < most) {
        r = less(base[hint + offset], key);
        if (r < 0) return -1;
        if (!r) break;
        last = offset;
        offset = offset * 2 + 1;
      }
      offset = std::min(offset, most);
      last += hint;
      offset += hint;
    } else {
      i64 most = hint + 1;
      while (offset < most) {
        r = less(base[hint - offset], key);
        if (r < 0) return -1;
        if (r) break;
        last = offset;
        offset = offset * 2 + 1;
      }
      offset = std::min(offset, most);
      i64 k = last;
      last = hint - offset;
      offset = hint - k;
    }
    for (last++; last < offset;) {
      i64 middle = last + (offset - last) / 2;
      r = less(base[middle], key);
      if (r < 0) return -1;
      if (r)
        last = middle + 1;
      else
        offset = middle;
    }
    return offset;
  }

  // The same, right of equal items.
  i64 gallopRight(Value key, const Value* base, i64 n, i64 hint) {
    i64 last = 0, offset = 1;
    int r = less(key, base[hint]);
    if (r < 0) return -1;
    if (r) {
      i64 most = hint + 1;
      while (offset < most) {
        r = less(key, base[hint - offset]);
        if (r < 0) return -1;
        if (!r) break;
        last = offset;
        offset = offset * 2 + 1;
      }
      offset = std::min(offset, most);
      i64 k = last;
      last = hint - offset;
      offset = hint - k;
    } else {
      i64 most = n - hint;
      while (offset < most) {
        r = less(key, base[hint + offset]);
        if (r < 0) return -1;
        if (r) break;
        last = offset;
        offset = offset * 2 + 1;
      }
      offset = std::min(offset, most);
      last += hint;
      offset += hint;
    }
    for (last++; last < offset;) {
      i64 middle = last + (offset - last) / 2;
      r = less(key, base[middle]);
      if (r < 0) return -1;
      if (r)
        offset = middle;
      else
        last = middle + 1;
    }
    return offset;
  }

  // Merges neighbours [a, a+na) and [b, b+nb), na <= nb; the left one waits in temp.
  bool mergeLow(i64 a, i64 na, i64 b, i64 nb) {
    toTemp(a, na);
    i64 out = a, i = 0;
    bool done = false;
    auto finish = [&](bool result) {
      fromTemp(out, i, na);
      return result;
    };
    auto takeRight = [&] {
      copyAt(out++, b++);
      return --nb == 0;
    };
    auto takeLeft = [&] {
      fromTemp(out++, i++, 1);
      return --na == 0;
    };
    if (takeRight()) return finish(true);
    while (!done) {
      i64 leftWins = 0, rightWins = 0;
      for (;;) {
        int r = less(keys_[b], tempKeys_[size_t(i)]);
        if (r < 0) return finish(false);
        if (r) {
          leftWins = 0;
          rightWins++;
          if (takeRight()) return finish(true);
          if (rightWins >= minGallop_) break;
        } else {
          rightWins = 0;
          leftWins++;
          if (takeLeft()) return finish(true);
          if (leftWins >= minGallop_) break;
        }
      }
      minGallop_++;
      do {
        minGallop_ -= minGallop_ > 1;
        i64 k = gallopRight(keys_[b], tempKeys_.data() + i, na, 0);
        if (k < 0) return finish(false);
        leftWins = k;
        fromTemp(out, i, k);
        out += k;
        i += k;
        na -= k;
        if (na == 0) return finish(true);
        if (takeRight()) return finish(true);
        k = gallopLeft(tempKeys_[size_t(i)], keys_ + b, nb, 0);
        if (k < 0) return finish(false);
        rightWins = k;
        moveWithin(out, b, k);
        out += k;
        b += k;
        nb -= k;
        if (nb == 0) return finish(true);
        if (takeLeft()) return finish(true);
      } while (leftWins >= kMinGallop || rightWins >= kMinGallop);
      minGallop_++;
    }
    return finish(true);
  }

  // The same for na > nb, from the right end; the right one waits in temp.
  bool mergeHigh(i64 a, i64 na, i64 b, i64 nb) {
    toTemp(b, nb);
    i64 out = b + nb;  // one behind the next free place
    auto finish = [&](bool result) {
      fromTemp(out - nb, 0, nb);
      return result;
    };
    auto takeLeft = [&] {
      copyAt(--out, a + --na);
      return na == 0;
    };
    auto takeRight = [&] {
      fromTemp(--out, --nb, 1);
      return nb == 0;
    };
    if (takeLeft()) return finish(true);
    for (;;) {
      i64 leftWins = 0, rightWins = 0;
      for (;;) {
        int r = less(tempKeys_[size_t(nb - 1)], keys_[a + na - 1]);
        if (r < 0) return finish(false);
        if (r) {
          rightWins = 0;
          leftWins++;
          if (takeLeft()) return finish(true);
          if (leftWins >= minGallop_) break;
        } else {
          leftWins = 0;
          rightWins++;
          if (takeRight()) return finish(true);
          if (rightWins >= minGallop_) break;
        }
      }
      minGallop_++;
      do {
        minGallop_ -= minGallop_ > 1;
        i64 k = gallopRight(tempKeys_[size_t(nb - 1)], keys_ + a, na, na - 1);
        if (k < 0) return finish(false);
        leftWins = na - k;
        moveWithin(out - leftWins, a + k, leftWins);
        out -= leftWins;
        na = k;
        if (na == 0) return finish(true);
        if (takeRight()) return finish(true);
        k = gallopLeft(keys_[a + na - 1], tempKeys_.data(), nb, nb - 1);
        if (k < 0) return finish(false);
        rightWins = nb - k;
        fromTemp(out - rightWins, k, rightWins);
        out -= rightWins;
        nb = k;
        if (nb == 0) return finish(true);
        if (takeLeft()) return finish(true);
      } while (leftWins >= kMinGallop || rightWins >= kMinGallop);
      minGallop_++;
    }
  }

  bool mergeTop() {
    Run right = runs_.back();
    runs_.pop_back();
    Run& left = runs_.back();
    i64 a = left.start, na = left.length, b = right.start, nb = right.length;
    left.length += nb;
    left.power = right.power;
    // Items that are in place already stay out of the merge.
    i64 skip = gallopRight(keys_[b], keys_ + a, na, 0);
    if (skip < 0) return false;
    a += skip;
    na -= skip;
    if (na == 0) return true;
    nb = gallopLeft(keys_[a + na - 1], keys_ + b, nb, nb - 1);
    if (nb <= 0) return nb == 0;
    return na <= nb ? mergeLow(a, na, b, nb) : mergeHigh(a, na, b, nb);
  }

  // Depth of the boundary between two neighbours in a nearly optimal merge tree.
  int powerOf(i64 start1, i64 n1, i64 n2) const {
    u64 a = 2 * u64(start1) + u64(n1), b = a + u64(n1) + u64(n2), n = u64(size_);
    int power = 0;
    for (;;) {
      power++;
      if (a >= n) {
        a -= n;
        b -= n;
      } else if (b >= n) {
        return power;
      }
      a <<= 1;
      b <<= 1;
    }
  }

  bool pushRun(i64 start, i64 length) {
    if (!runs_.empty()) {
      int power = powerOf(runs_.back().start, runs_.back().length, length);
      while (runs_.size() > 1 && runs_[runs_.size() - 2].power > power)
        if (!mergeTop()) return false;
      runs_.back().power = power;
    }
    runs_.push_back({start, length, 0});
    return true;
  }

  Thread& t_;
  Value* keys_;
  Value* values_;
  i64 size_ = 0, minGallop_ = kMinGallop;
  std::vector<Value> tempKeys_, tempValues_;
  std::vector<Run> runs_;
};

template <bool (*is)(Value)>
bool all(const Value* keys, i64 n) {
  for (i64 i = 0; i < n; i++)
    if (!is(keys[i])) return false;
  return true;
}
bool isImmediateInt(Value v) { return v.isSmallInt(); }
bool isPlainFloat(Value v) { return isExactFloat(v); }
bool isPlainStr(Value v) { return isExactStr(v); }
bool isPlainTuple(Value v) { return isExactTuple(v); }

}  // namespace

bool sortValues(Thread& t, Value* keys, Value* values, i64 n) {
  if (n < 2) return true;
  Value first = keys[0];
  if (first.isSmallInt() && all<isImmediateInt>(keys, n))
    return Sorter<IntLess>(t, keys, values).sort(n);
  if (isExactFloat(first) && all<isPlainFloat>(keys, n))
    return Sorter<FloatLess>(t, keys, values).sort(n);
  if (isExactStr(first) && all<isPlainStr>(keys, n))
    return Sorter<StrLess>(t, keys, values).sort(n);
  if (isExactTuple(first) && all<isPlainTuple>(keys, n))
    return Sorter<TupleLess>(t, keys, values).sort(n);
  return Sorter<AnyLess>(t, keys, values).sort(n);
}

Result<void> sortList(Thread& t, List& list, Value key, bool reverse) {
  // The list is empty for everybody else while it is sorted; `allocated` -1 detects changes.
  Value* items = list.items;
  i64 n = list.size, allocated = list.allocated;
  list.items = nullptr;
  list.size = 0;
  list.allocated = -1;

  bool ok = true;
  std::vector<Value> keys;
  if (key && !isNone(key)) {
    keys.reserve(size_t(n));
    for (i64 i = 0; i < n; i++) {
      Result<Ref<>> k = callWith(t, key, items[i]);
      if (!k) {
        ok = false;
        break;
      }
      keys.push_back(std::move(k).take().release());
    }
  }
  if (ok) {
    bool keyed = key && !isNone(key);
    Value* sorted = keyed ? keys.data() : items;
    Value* others = keyed ? items : nullptr;
    auto flip = [&] {  // reversing before and after keeps equal items in order
      if (!reverse) return;
      std::reverse(sorted, sorted + n);
      if (others) std::reverse(others, others + n);
    };
    flip();
    ok = sortValues(t, sorted, others, n);
    flip();
  }
  for (Value v : keys) decref(v);
  bool changed = list.allocated != -1;
  Value* garbage = list.items;
  i64 garbageSize = list.size;
  list.items = items;
  list.size = n;
  list.allocated = allocated;
  if (garbage) {
    for (i64 i = garbageSize; i-- > 0;) decref(garbage[i]);
    release(garbage);
  }
  if (!ok) return Error{};
  if (changed) return t.raise(kValueError, "list modified during sort");
  return {};
}

}  // namespace dx
