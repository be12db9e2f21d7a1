// Layouts and shared parts of module _json.
#pragma once
#include "runtime/api.h"

namespace dx {

struct JsonScanner : Object {
  Value objectHook, objectPairsHook, parseFloat, parseInt, parseConstant;
  bool strict;
};
struct JsonEncoder : Object {
  Value markers, fallback, encoder, indent, keySeparator, itemSeparator;
  bool sortKeys, skipKeys, allowNan;
};

// Appends the string as JSON.
void addJsonString(StrBuilder& out, const Str* s, bool asciiOnly);

}  // namespace dx
