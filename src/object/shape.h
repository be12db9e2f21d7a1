// Shapes: which attribute of an instance lies in which inline slot.
//
// An instance of a Python class (kTypeInlineValues) has `capacity` Value slots at the end of the
// object (offset: the type's basicSize) and a tagged word at -24 (managedDictWord):
//   Shape*       attributes live in the inline slots, in shape order; slot i is shape->names[i]
//   Dict* | 1    the instance has a real __dict__ (on demand, after overflow or odd deletions);
//                inline slots are empty.  The bare 1 is "dict mode, none made yet".
// Every shape belongs to one type and one capacity, so an inline cache that matches a shape knows
// the type as well. Adding an attribute follows a transition; the tree is never freed while its
// type lives. When an instance outgrows its capacity it goes to dict mode and the type's root shape
// is replaced by one with more capacity for later instances.
#pragma once
#include "object/layouts.h"

namespace dx {

struct ShapeTransition {
  Str* name;
  Shape* next;
};

struct Shape {
  Type* type;  // borrowed; the type outlives its shapes' use
  Shape* parent;
  Str* name;     // the attribute that this shape adds (owned, interned); null at a root
  u32 count;     // attributes
  u32 capacity;  // inline slots of instances
  Str** names;   // count names, borrowed
  ShapeTransition* transitions;
  u32 transitionCount;
  u32 tableMask;  // 0: linear search of names
  i32* table;     // open addressing by name pointer, for larger shapes
};

constexpr u64 kDictModeTag = 1;
inline bool hasShape(Object* o) { return !(managedDictWord(o) & kDictModeTag); }
inline Shape* shapeOf(Object* o) { return reinterpret_cast<Shape*>(managedDictWord(o)); }
inline Dict* dictOfWord(u64 word) { return reinterpret_cast<Dict*>(word & ~kDictModeTag); }
inline Value* inlineSlots(Object* o) {
  return reinterpret_cast<Value*>(reinterpret_cast<u8*>(o) + o->type->basicSize);
}

// runtime/shapes.cpp. `name` must be interned.
i32 shapeFind(const Shape* shape, const Str* name);  // slot or -1
Shape* shapeWith(Shape* shape, Str* name);           // transition, made when new; null: full
Shape* newRootShape(Type* type, u32 capacity);
void destroyShapes(Shape* root);  // with the type
// Moves the inline slots into a real dict (returned; owned by the instance).
Dict* materializeDict(Object* o);

}  // namespace dx
