// Pieces of class_new.cpp that live elsewhere.
#pragma once
#include "runtime/api.h"

namespace dx {

char* copyText(std::string_view text);          // NUL-terminated, from allocate()
extern const NativeGetSet kDictGetSet;          // __dict__ of instances
extern const NativeGetSet kWeakrefGetSet;       // __weakref__ of instances
// The descriptor of a name in __slots__; owns its NativeMember.
Ref<> makeSlotMember(Type* owner, Str* name, i64 offset);
// "Error calling __set_name__ on ..." as a note of the pending exception.
void addSetNameNote(Thread& t, Value value, Value name, Type* owner);
void gcTrackClass(Type* type);

// What super(cls, self).name finds: *methodFound = true: an unbound function to be called with self
// first; otherwise the bound attribute.
Result<Ref<>> superLookup(Thread& t, Type* cls, Value self, Str* name, bool* methodFound);

}  // namespace dx
