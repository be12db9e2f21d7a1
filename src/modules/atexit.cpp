// Module atexit: functions that endInterpreter() runs, newest first.
#include "modules/atexit.gen.h"

namespace dx {

namespace {

struct Callback {
  Ref<> function;
  Ref<Tuple> args;
  Ref<Dict> keywords;
};
// Newest last. All instances of the module share it.
std::vector<Callback>& callbacks() {
  static auto* list = new std::vector<Callback>;
  return *list;
}
void clearCallbacks() {
  std::vector<Callback> dropped;
  dropped.swap(callbacks());
}

}  // namespace

Result<Ref<>> atexit_register(Thread& t, const Args& args) {
  if (args.count < 1) return t.raise(kTypeError, "register() takes at least 1 argument (0 given)");
  if (!isCallable(args[0])) return t.raise(kTypeError, "the first argument must be callable");
  Ref<Dict> keywords;
  if (u32 n = args.keywordCount()) {
    keywords = newDict(n);
    for (u32 i = 0; i < n; i++)
      TRY(dictSet(t, keywords, args.names->items[i], args.v[args.count + i]));
  }
  callbacks().push_back(
      {retain(args[0]), makeTuple(Values(args.v + 1, args.count - 1)), std::move(keywords)});
  return retain(args[0]);
}

Result<void> atexit_unregister(Thread& t, Value func) {
  // Comparing may run Python, which may register and unregister.
  for (size_t i = callbacks().size(); i-- > 0;) {
    if (i >= callbacks().size()) continue;
    Ref<> candidate = retain(callbacks()[i].function);
    bool same = TRY(equal(t, func, candidate));
    if (!same || i >= callbacks().size() || callbacks()[i].function.get() != candidate.get())
      continue;
    Callback dropped = std::move(callbacks()[i]);
    callbacks().erase(callbacks().begin() + i64(i));
  }
  return {};
}

Result<void> atexit__clear(Thread&) {
  clearCallbacks();
  return {};
}

Result<void> atexit__run_exitfuncs(Thread& t) {
  std::vector<Callback> running;
  for (const Callback& c : callbacks())
    running.push_back(
        {retain(c.function), retainObject(c.args.get()), retainObject(c.keywords.get())});
  while (!running.empty()) {
    Callback c = std::move(running.back());
    running.pop_back();
    if (callTupleDict(t, c.function, c.args, c.keywords)) continue;
    Ref<> error = t.takeException();
    Result<Ref<Str>> text = repr(t, c.function);
    if (!text) t.clearException();
    std::string message = "Exception ignored in atexit callback " +
                          (text ? toUtf8(text.peek()) : std::string("<object repr() failed>"));
    t.restoreException(std::move(error));
    writeUnraisable(t, message.c_str(), Value());
  }
  clearCallbacks();
  return {};
}

Result<i64> atexit__ncallbacks(Thread&) { return i64(callbacks().size()); }

}  // namespace dx
