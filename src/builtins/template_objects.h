// Layouts of the t-string types.
#pragma once
#include "runtime/api.h"

namespace dx {

struct Template : Object {
  Value strings, interpolations;
};  // tuples; one string more
struct TemplateIter : Object {
  Value source;
  i64 index;
  bool atInterpolation;
};  // source: Template, or empty at the end
struct Interpolation : Object {
  Value value, expression, conversion, formatSpec;
};

}  // namespace dx
