// Ref: owns one reference count. Value and T* borrow.
//
//   Ref<>       any value, immediates included; empty when default-made
//   Ref<List>   a heap object of known layout
//
// Move-only. A borrow taken from a container is promoted with `retain` before anything that can
// run Python. Releasing may run Python (finalizers), so a Ref's end of life may too.
#pragma once
#include "object/layouts.h"

namespace dx {

// Called when an object's count reaches zero. May run Python (__del__, weak reference callbacks).
DX_NOINLINE void deallocate(Object* o);

DX_INLINE void increfObject(Object* o) {
  if (i32(o->refcount) >= 0) o->refcount++;
}
DX_INLINE void decrefObject(Object* o) {
  if (i32(o->refcount) >= 0 && --o->refcount == 0) deallocate(o);
}
// Branch by branch: one test for both kinds of non-objects takes more instructions.
DX_INLINE void incref(Value v) {
  if (v.isEmpty()) [[unlikely]]
    return;
  if (v.isImmediate()) [[unlikely]]
    return;
  increfObject(v.object());
}
DX_INLINE void decref(Value v) {
  if (v.isEmpty()) [[unlikely]]
    return;
  if (v.isImmediate()) [[unlikely]]
    return;
  decrefObject(v.object());
}

template <class T = Value>
class [[clang::trivial_abi]] Ref;

template <>
class [[clang::trivial_abi]] [[nodiscard]] Ref<Value> {
 public:
  Ref() = default;
  Ref(Ref&& o) noexcept : v_(o.v_) { o.v_ = Value(); }
  template <class T>
  Ref(Ref<T>&& o) : v_(o.release()) {}  // NOLINT: upcast
  Ref& operator=(Ref&& o) noexcept {
    Value old = v_;
    v_ = o.v_;
    o.v_ = Value();
    decref(old);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() { decref(v_); }

  static Ref retain(Value v) {
    incref(v);
    return steal(v);
  }  // takes a new count
  static Ref steal(Value v) {
    Ref r;
    r.v_ = v;
    return r;
  }  // takes over the caller's count

  Value get() const { return v_; }
  operator Value() const { return v_; }  // NOLINT: borrowing is implicit
  bool isEmpty() const { return v_.isEmpty(); }
  explicit operator bool() const { return !v_.isEmpty(); }
  Value release() {
    Value v = v_;
    v_ = Value();
    return v;
  }  // gives the count away
  void reset() {
    Value v = v_;
    v_ = Value();
    decref(v);
  }
  template <class T>
  T* as() const {
    return v_.as<T>();
  }
  // Same count under a typed name; the caller knows the type.
  template <class T>
  Ref<T> cast() && {
    return Ref<T>::steal(release().as<T>());
  }

 private:
  Value v_;
};

template <class T>
class [[clang::trivial_abi]] [[nodiscard]] Ref {
 public:
  Ref() = default;
  Ref(Ref&& o) noexcept : p_(o.p_) { o.p_ = nullptr; }
  Ref& operator=(Ref&& o) noexcept {
    T* old = p_;
    p_ = o.p_;
    o.p_ = nullptr;
    if (old) decrefObject(old);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() {
    if (p_) decrefObject(p_);
  }

  static Ref retain(T* p) {
    if (p) increfObject(p);
    return steal(p);
  }
  static Ref steal(T* p) {
    Ref r;
    r.p_ = p;
    return r;
  }

  T* get() const { return p_; }
  T* operator->() const { return p_; }
  T& operator*() const { return *p_; }
  operator T*() const { return p_; }            // NOLINT: borrowing is implicit
  operator Value() const { return Value(p_); }  // NOLINT
  explicit operator bool() const { return p_ != nullptr; }
  T* release() {
    T* p = p_;
    p_ = nullptr;
    return p;
  }
  void reset() {
    T* p = p_;
    p_ = nullptr;
    if (p) decrefObject(p);
  }

 private:
  T* p_ = nullptr;
};

inline Ref<> retain(Value v) { return Ref<>::retain(v); }
template <class T>
Ref<T> retainObject(T* p) {
  return Ref<T>::retain(p);
}

// Stores an owned value into a field and releases what was there, in the order that keeps the
// field valid while the release runs Python.
inline void setField(Value& field, Ref<> v) {
  Value old = field;
  field = v.release();
  decref(old);
}
inline void clearField(Value& field) { setField(field, Ref<>()); }

}  // namespace dx
