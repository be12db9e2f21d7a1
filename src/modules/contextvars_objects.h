// Layouts of contexts and context variables (PEP 567), and their use from C++.
#pragma once
#include "runtime/api.h"

namespace dx {

// `vars` is shared by copies of the context and by iterators: it is changed in place only while
// this is its one owner. Keys are ContextVars, which compare by identity.
struct Context : Object {
  Dict* vars;
  Object* weakrefs;
  bool entered;
};
struct ContextVar : Object {
  Value name, fallback;
};
struct ContextToken : Object {
  Context* context;
  ContextVar* var;
  Value old;  // empty: there was none
  bool used;
};

// The variable's value in the current context, borrowed, or empty. Runs no Python.
Value contextVarValue(Thread& t, ContextVar* var);
Ref<> makeContextVar(const char* name);

}  // namespace dx
