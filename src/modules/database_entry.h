// Entries of the user and group databases.
#pragma once
#include "runtime/api.h"
#include "runtime/gil.h"

namespace dx {

// Calls one of the reentrant functions (entry, buffer, size, result) with storage as large as it
// asks for. False: no such entry; other failures are not told apart from that, as in CPython.
template <class Entry, class F>
Result<bool> findEntry(Thread& t, Entry* entry, std::string* storage, F&& call) {
  Entry* found = nullptr;
  for (size_t size = 1024; size <= (1 << 24); size *= 2) {
    storage->resize(size);
    int error;
    {
      AllowThreads allow(t);
      error = call(entry, storage->data(), size, &found);
    }
    if (error != ERANGE) return found != nullptr;
  }
  return t.raiseMemory();
}
inline Ref<> optionalText(const char* s) { return s ? Ref<>(decodeFs(s)) : noneRef(); }

}  // namespace dx
