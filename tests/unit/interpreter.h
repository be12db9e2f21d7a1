// An interpreter for tests that need one: started when first asked for, ended with the program.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <climits>

#include "runtime/abstract.h"
#include "runtime/call.h"
#include "runtime/code.h"
#include "runtime/lifecycle.h"

namespace dx {

class InterpreterEnd : public ::testing::Environment {
 public:
  explicit InterpreterEnd(Thread* t) : t_(t) {}
  void TearDown() override { endInterpreter(*t_, 0); }

 private:
  Thread* t_;
};

// Null (and a skipped test): there is no standard library to start with.
inline Thread* testThread() {
  static Thread* t = [] {
    char self[PATH_MAX] = {};
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return static_cast<Thread*>(nullptr);
    Config c;
    c.executable = self;
    c.stdlib = findStandardLibrary(self, "");
    c.ownLib = findOwnLibrary(self);
    c.noSite = c.isolated = 1;
    c.argv = {""};
    c.path = {c.stdlib};
    if (c.stdlib.empty()) return static_cast<Thread*>(nullptr);
    Thread* made = startInterpreter(c);
    if (made) ::testing::AddGlobalTestEnvironment(new InterpreterEnd(made));
    return made;
  }();
  return t;
}

// Runs source text as a module's body and gives its namespace.
inline Ref<Dict> runText(Thread& t, std::string_view source) {
  Ref<Dict> globals = newDict();
  dictSetStr(globals, DX_NAME("__builtins__"), Value(theInterpreter.builtins));
  dictSetStr(globals, DX_NAME("__name__"), Value(DX_NAME("sample")));
  Ref<Str> name = makeAscii("<sample>");
  Result<Ref<Code>> code = compileSource(t, source, true, name, {});
  if (!code) {
    printPendingException(t);
    ADD_FAILURE() << source;
    return globals;
  }
  Result<Ref<>> r = evalCode(t, code.peek().get(), globals, Value(globals));
  if (!r) {
    printPendingException(t);
    ADD_FAILURE() << source;
  }
  return globals;
}

inline Function* functionOf(Dict* globals, const char* name) {
  Value v = dictGetStr(globals, internImmortal(name));
  return v && typeOf(v) == &PyFunction_Type ? v.as<Function>() : nullptr;
}

}  // namespace dx
