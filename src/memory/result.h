// Result<T>: a value, or "an exception is pending in the thread". Must be used.
//
//   i64 n = TRY(length(t, v));           // propagates
//   return t.raise(kTypeError, "...");   // raises; converts to any Result
//
// Result<Ref<>> is one word; empty means error. The one exception to "empty means an exception
// is pending" is Slots::next and iterNext(): empty without a pending exception is exhaustion.
#pragma once
#include "memory/ref.h"

namespace dx {

struct Error {};  // an exception is pending

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)), ok_(true) {}  // NOLINT
  Result(Error) : value_(), ok_(false) {}                   // NOLINT
  explicit operator bool() const { return ok_; }
  T take() && { return std::move(value_); }
  T take() const& { return value_; }
  T operator*() const { return value_; }

 private:
  T value_;
  bool ok_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() : ok_(true) {}
  Result(Error) : ok_(false) {}  // NOLINT
  explicit operator bool() const { return ok_; }
  void take() const {}

 private:
  bool ok_;
};
inline Result<void> ok() { return {}; }

template <class T>
class [[clang::trivial_abi]] [[nodiscard]] Result<Ref<T>> {
 public:
  Result(Ref<T> r) : r_(std::move(r)) {}  // NOLINT
  Result(Error) {}                        // NOLINT
  template <class U>
  Result(Ref<U>&& r) : r_(std::move(r)) {}  // NOLINT
  template <class U>
  Result(Result<Ref<U>>&& r) : r_(std::move(r).take()) {}  // NOLINT
  explicit operator bool() const { return bool(r_); }
  Ref<T> take() && { return std::move(r_); }
  const Ref<T>& operator*() const { return r_; }
  const Ref<T>& peek() const { return r_; }

 private:
  Ref<T> r_;
};

// Statement-expression; the enclosing function returns a Result.
#define TRY(expr)               \
  ({                            \
    auto dxResult = (expr);     \
    if (!dxResult) [[unlikely]] \
      return ::dx::Error{};     \
    std::move(dxResult).take(); \
  })

// The common short forms of a native's end.
inline Ref<> noneRef() { return Ref<>::steal(none()); }  // None is immortal
inline Ref<> boolRef(bool b) { return Ref<>::steal(boolean(b)); }
inline Ref<> notImplementedRef() { return Ref<>::steal(notImplemented()); }

}  // namespace dx
