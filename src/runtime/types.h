// Types at run time: readiness of the static ones, versions, subclasses, making classes.
#pragma once
#include "runtime/api.h"

namespace dx {

// Once at start, before any type is used: default bases, inherited slots and flags, MRO and bases
// tuples of every native type. Builds no dictionaries.
void readyStaticTypes();
// One type that the linker sections do not list (made at run time from static data), bases first.
void readyStaticType(Type* type);

// The number of this state of the type's attributes; assigned when there is none. 0: the type
// cannot be cached (its MRO comes from a Python mro(), or the numbers are used up).
u32 typeVersion(Type* type);

// TypeData::slotFlags
enum TypeDataFlag : u32 {
  kOwnNew = 1,  // static type with a constructor of its own: its dict shows __new__
  kCustomMro =
      2,  // a metaclass's mro() made the MRO: versions are not propagated, so none is given
  kPythonClass = 4,  // made by makeType: slots between base->basicSize and basicSize, managed words
  kTracksInstances =
      8,  // Python class over a native type without the collector: newInstance tracks
};
inline bool isPythonClass(const Type* type) { return type->data->slotFlags & kPythonClass; }
// The nearest type up the base chain whose instances' fields are native.
Type* nativeBase(Type* type);

// Live direct subclasses (borrowed, registered by the classes themselves).
struct SubclassList {
  std::vector<Type*> types;
};
void addSubclass(Type* base, Type* type);
void removeSubclass(Type* base, Type* type);
inline std::span<Type* const> subclassesOf(const Type* type) {
  auto* list = static_cast<const SubclassList*>(type->subclasses);
  return list ? std::span<Type* const>(list->types) : std::span<Type* const>();
}

// ---- method resolution order, layout (runtime/mro.cpp) ----
// C3 over `bases`; TypeError texts as CPython's.
Result<Ref<Tuple>> computeMro(Thread& t, Type* type);
// type(cls).mro(cls) when overridden, else C3; checks what a Python mro() gives and stores it.
Result<void> updateMro(Thread& t, Type* type);
// The base whose layout the new class extends; checks acceptability and layout conflicts.
Result<Type*> bestBase(Thread& t, Tuple* bases);
// The most derived metaclass of `metatype` and the bases' types.
Result<Type*> calculateMetaclass(Thread& t, Type* metatype, Tuple* bases);
// May objects of `from` become `to` (or a type's base change so)? `what` is the attribute for
// texts.
Result<void> compatibleForAssignment(Thread& t, Type* from, Type* to, const char* what);
// Does a's layout extend its base's with fields other than __dict__ and __weakref__?
Type* solidBase(Type* type);

// ---- classes (runtime/class_new.cpp, runtime/class_parts.cpp) ----
Result<Ref<Str>> mangle(Thread& t, Str* className, Str* name);  // _Class__name of private names
Result<void> setBases(Thread& t, Type* type, Value bases);      // type.__bases__ = ...
// type.__call__.
Result<Ref<>> typeCall(Thread& t, Value callee, const Args& args);
// object.__new__ and object.__init__ as slots, and the constructor of natives that only have
// __init__.
Result<Ref<>> objectNew(Thread& t, Type* cls, const Args& args);
Result<void> objectInit(Thread& t, Value self, const Args& args);
Result<Ref<>> plainNew(Thread& t, Type* cls, const Args& args);

// ---- lifetime of classes and their instances (runtime/class_lifetime.cpp) ----
void instanceDealloc(Object* o);
void instanceTraverse(Object* o, Visitor& v);
void instanceClear(Object* o);
void typeDealloc(Object* o);
void typeTraverse(Object* o, Visitor& v);
void typeClear(Object* o);

// ---- descriptors of native types (runtime/type_dict.cpp) ----
Ref<> makeGetSetDescriptor(Type* owner, const NativeGetSet* def);
Ref<> makeMemberDescriptor(Type* owner, const NativeMember* def);
Ref<> makeMethodDescriptor(Type* owner,
                           const NativeFunction* def);  // also class and static methods
Ref<> makeWrapperDescriptor(Type* owner, const struct SlotWrapper* row, void* wrapped);
Ref<> makeNewFunction(Type* owner);
// The native function of a `__new__` made by makeNewFunction.
extern const NativeFunction kNewFunction;
// doc text behind a text signature ("name(sig)\n--\n\n"), and the signature itself; null: none.
const char* docWithoutSignature(const char* name, const char* doc);
std::string_view textSignature(const char* name, const char* doc);
// Reads and writes a plain field.
Result<Ref<>> readMember(Thread& t, Value self, const NativeMember& m);
Result<void> writeMember(Thread& t, Value self, const NativeMember& m, Value valueOrEmpty);

// type.__instancecheck__ and type.__subclasscheck__: no hooks.
Result<bool> plainIsInstance(Thread& t, Value o, Value cls);
Result<bool> plainIsSubclass(Thread& t, Value c, Value cls);

// ---- special methods ----
// A special method found on a type, called without making a bound method where possible.
class SpecialMethod {
 public:
  Result<bool> find(Thread& t, Value self, Str* name);           // false: missing
  Result<Ref<>> call(Thread& t, Value self, Values args) const;  // at most 3 args
  Value callable() const { return callable_; }
  bool unbound() const { return unbound_; }  // takes the receiver as first argument

 private:
  Ref<> callable_;
  bool unbound_ = false;
};

// "0x7f..." of an object, for default reprs.
std::string pointerText(Value v);

}  // namespace dx
