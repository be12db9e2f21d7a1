// Pieces of class_new.cpp that live elsewhere.
#pragma once
#include "runtime/api.h"

namespace dx {

char* copyText(std::string_view text);     // NUL-terminated, from allocate()
extern const NativeGetSet kDictGetSet;     // __dict__ of instances
extern const NativeGetSet kWeakrefGetSet;  // __weakref__ of instances
// The descriptor of a name in __slots__; owns its NativeMember.
Ref<> makeSlotMember(Type* owner, Str* name, i64 offset);
// TypeError for bases that are no classes but would resolve to some (__mro_entries__).
Result<void> checkBases(Thread& t, Tuple* bases);
// "Error calling __set_name__ on ..." as a note of the pending exception.
void addSetNameNote(Thread& t, Value value, Value name, Type* owner);

// super(cls, self).name. With `isMethod`: *isMethod = true gives an unbound function to be called
// with self first. Names that the classes behind cls lack are looked up on the super object itself.
Result<Ref<>> superLookup(Thread& t, Type* cls, Value self, Str* name, bool* isMethod);
// The type whose MRO super(cls, self) walks: self itself, type(self) or self.__class__.
Result<Ref<Type>> superType(Thread& t, Type* cls, Value self);
// The attribute behind cls in objectType's MRO, bound; empty without exception: none.
Result<Ref<>> superGet(Thread& t, Type* cls, Value self, Type* objectType, Str* name,
                       bool* isMethod);

}  // namespace dx
