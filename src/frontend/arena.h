// Memory of one parse: blocks that are freed together. Everything placed here is trivially
// destructible; nothing is ever freed alone. Also the table of names, so that equal
// identifiers of one arena are one `Str` and compare by pointer.
#pragma once
#include <memory>
#include <new>
#include <type_traits>
#include <unordered_map>

#include "base/base.h"

namespace dx::ast {

// Immutable text in an arena: UTF-8, where lone surrogates may occur as three-byte
// sequences (WTF-8), or plain bytes for bytes literals. May contain NUL; `data` is also
// NUL-terminated.
struct Str {
  u32 size;
  u32 id;  // for interned names: 1, 2, 3, ... in order of first sight; otherwise 0
  char data[1];

  std::string_view view() const { return {data, size}; }
  bool operator==(std::string_view other) const { return view() == other; }
};

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* allocate(size_t size, size_t align = alignof(void*)) {
    size_t at = (used_ + align - 1) & ~(align - 1);
    if (at + size > capacity_) [[unlikely]]
      return allocateInNewBlock(size, align);
    used_ = at + size;
    return block_ + at;
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }

  // `count` uninitialized items; null when count is 0.
  template <class T>
  T* array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return count == 0 ? nullptr : static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
  }

  // A copy of `text`, not interned.
  const Str* string(std::string_view text) { return newStr(text, 0); }

  // The one Str of this arena with this text.
  const Str* intern(std::string_view text) {
    auto found = names_.find(text);
    if (found != names_.end()) return found->second;
    const Str* str = newStr(text, u32(names_.size() + 1));
    names_.emplace(str->view(), str);
    return str;
  }

  // Number of distinct interned names; their ids are 1 to this.
  u32 nameCount() const { return u32(names_.size()); }

  size_t bytesReserved() const { return reserved_; }

 private:
  static constexpr size_t kBlockSize = 64 * 1024;

  DX_NOINLINE void* allocateInNewBlock(size_t size, size_t align) {
    size_t wanted = size + align;
    size_t capacity = wanted > kBlockSize / 4 ? wanted : kBlockSize;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(capacity));
    reserved_ += capacity;
    char* block = blocks_.back().get();
    size_t at = (reinterpret_cast<uintptr_t>(block) & (align - 1)) == 0
                    ? 0
                    : align - (reinterpret_cast<uintptr_t>(block) & (align - 1));
    // A block of its own for something big: keep filling the current one.
    if (capacity != kBlockSize) return block + at;
    block_ = block;
    capacity_ = capacity;
    used_ = at + size;
    return block + at;
  }

  const Str* newStr(std::string_view text, u32 id) {
    Str* str = static_cast<Str*>(allocate(offsetof(Str, data) + text.size() + 1, alignof(Str)));
    str->size = u32(text.size());
    str->id = id;
    if (!text.empty()) memcpy(str->data, text.data(), text.size());
    str->data[text.size()] = 0;
    return str;
  }

  char* block_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;
  size_t reserved_ = 0;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::unordered_map<std::string_view, const Str*> names_;
};

}  // namespace dx::ast
