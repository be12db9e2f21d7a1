#include "builtins/capsule.gen.h"
#include "runtime/types.h"

namespace dx {

void capsule_dealloc(Object* o) {
  auto* c = static_cast<Capsule*>(o);
  if (c->destructor) c->destructor(o);
  freeObject(o);
}

Result<Ref<>> capsule___repr__(Thread&, Capsule& c) {
  const char* quote = c.name ? "\"" : "";
  return formatStr("<capsule object {}{}{} at {}>", quote, c.name ? c.name : "NULL", quote,
                   pointerText(&c));
}

}  // namespace dx
