// Arguments of module posix: paths, descriptors, and the OSErrors that name them.
#pragma once
#include "runtime/api.h"
#include "runtime/gil.h"

namespace dx {

// A path: str, bytes or os.PathLike, or a file descriptor where allowed.
struct PathArg {
  std::string text;
  int fd = -1;  // >= 0: given as a descriptor
  bool bytes = false;
  bool absent = false;
  Ref<> original;  // what errors show
  const char* c() const { return text.c_str(); }
};
Result<PathArg> pathArgument(Thread& t, const char* function, const char* name, Value v,
                             bool allowFd = false, bool nullable = false);
// None: AT_FDCWD.
Result<int> dirFd(Thread& t, Value v);
inline Error pathError(Thread& t, const PathArg& p) { return raiseErrno(t, errno, p.original); }
// A name in the kind that the program asked with.
inline Ref<> nameResult(const std::string& name, bool bytes) {
  return bytes ? Ref<>(makeBytes(name)) : Ref<>(decodeFs(name));
}

// Calls a system function without the interpreter lock; retries after signals. -1: error, errno
// set, or a handler raised (then an exception is pending).
template <class F>
auto blocking(Thread& t, F&& call) {
  for (;;) {
    decltype(call()) r;
    int error;
    {
      AllowThreads allow(t);
      r = call();
      error = errno;
    }
    errno = error;
    if (r != decltype(r)(-1) || error != EINTR) return r;
    if (!handlePending(t)) return r;
    errno = EINTR;
  }
}
inline Error systemError(Thread& t) { return t.hasException() ? Error{} : raiseErrno(t, errno); }
inline Error systemError(Thread& t, const PathArg& p) {
  return t.hasException() ? Error{} : pathError(t, p);
}

// sys.audit with numbers among the arguments.
inline Ref<> eventValue(Value v) { return retain(v); }
inline Ref<> eventValue(i64 n) { return makeInt(n); }
template <class... A>
Result<void> auditCall(Thread& t, const char* event, const A&... arguments) {
  Ref<> held[] = {eventValue(arguments)...};
  Value list[sizeof...(A)];
  for (size_t i = 0; i < sizeof...(A); i++) list[i] = held[i];
  return audit(t, event, Values(list, sizeof...(A)));
}
// A directory descriptor as events show it.
i64 eventFolder(int at);

Ref<> statResult(const struct stat& st);
void addStatTypes(Thread& t, Module& module);
void addProcessTypes(Thread& t, Module& module);
void addConfigNames(Module& module);  // confstr_names and its like

}  // namespace dx
