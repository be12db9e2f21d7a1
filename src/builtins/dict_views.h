// Views and iterators of dicts, and mappingproxy.
#pragma once
#include "runtime/api.h"
#include "runtime/dict_keys.h"

namespace dx {

struct DictView : Object {
  Value dict;
};
struct DictCursor : Object {
  Value dict;  // empty when exhausted
  Value pair;  // item iterators: the last pair, used again when nobody else holds it
  i64 used;    // the dict's size at the start; -1 after it changed
  i64 position;
  i64 left;  // items still expected
};
struct MappingProxy : Object {
  Value mapping;
};

Ref<> makeDictView(Type* type, Dict* d);
Ref<> makeDictCursor(Type* type, Dict* d);
Ref<> makeMappingProxy(Value mapping);
// update(): the optional positional argument and the keywords of `args`.
Result<void> dictUpdate(Thread& t, Dict& d, const Args& args, const char* function);
Result<Ref<>> dictFromKeys(Thread& t, Value cls, Value iterable, Value value);
// Subscript of a dict or subclass, __missing__ included.
Result<Ref<>> dictSubscript(Thread& t, Dict& d, Value key);

}  // namespace dx
