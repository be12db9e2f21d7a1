#include "object/shape.h"
#include "runtime/api.h"
#include "runtime/attributes.h"

namespace dx {

namespace {

constexpr u32 kLinearNames = 8;   // shapes with more names get a hash table
constexpr u32 kMaxCapacity = 32;  // instances with more attributes keep them in a dict

u32 hashName(const Str* name) { return u32(reinterpret_cast<u64>(name) >> 4) * 2654435769u >> 8; }

void buildTable(Shape* s) {
  u32 size = 16;
  while (size < s->count * 2) size *= 2;
  s->tableMask = size - 1;
  s->table = static_cast<i32*>(allocate(size * sizeof(i32)));
  for (u32 i = 0; i < size; i++) s->table[i] = -1;
  for (u32 slot = 0; slot < s->count; slot++) {
    u32 i = hashName(s->names[slot]) & s->tableMask;
    while (s->table[i] >= 0) i = (i + 1) & s->tableMask;
    s->table[i] = i32(slot);
  }
}

void destroyTree(Shape* s) {
  for (u32 i = 0; i < s->transitionCount; i++) destroyTree(s->transitions[i].next);
  if (s->name) decrefObject(s->name);
  release(s->transitions);
  release(s->names);
  release(s->table);
  delete s;
}

// The shape of the same attributes in the same order but one. Null: the instance had better have a
// dict, because attributes come and go in ever new ways.
Shape* shapeWithout(Shape* s, u32 slot) {
  constexpr u32 kManyWays = 8;
  Shape* root = s;
  while (root->count > 0) root = root->parent;
  Shape* less = root;
  for (u32 i = 0; i < s->count && less; i++) {
    if (i == slot) continue;
    less = less->transitionCount > kManyWays ? nullptr : shapeWith(less, s->names[i]);
  }
  return less && less->transitionCount <= kManyWays ? less : nullptr;
}

// The instance has outgrown its slots: later instances of its type get more.
void growRoot(Type* type, u32 capacity) {
  Shape*& root = type->data->rootShape;
  if (!root || root->capacity > capacity || capacity >= kMaxCapacity) return;
  u32 wanted = capacity * 2 < 8 ? 8 : capacity * 2;
  Shape* bigger = newRootShape(type, wanted > kMaxCapacity ? kMaxCapacity : wanted);
  bigger->parent = root;  // kept for the instances that still use it, and for destroyShapes
  root = bigger;
}

}  // namespace

Shape* newRootShape(Type* type, u32 capacity) {
  auto* s = new Shape{};
  s->type = type;
  s->capacity = capacity;
  return s;
}

i32 shapeFind(const Shape* s, const Str* name) {
  if (!s->table) {
    for (u32 i = 0; i < s->count; i++)
      if (s->names[i] == name) return i32(i);
    return -1;
  }
  for (u32 i = hashName(name) & s->tableMask; s->table[i] >= 0; i = (i + 1) & s->tableMask)
    if (s->names[s->table[i]] == name) return s->table[i];
  return -1;
}

Shape* shapeWith(Shape* s, Str* name) {
  for (u32 i = 0; i < s->transitionCount; i++)
    if (s->transitions[i].name == name) return s->transitions[i].next;
  if (s->count == s->capacity) return nullptr;
  auto* next = new Shape{};
  next->type = s->type;
  next->parent = s;
  increfObject(name);
  next->name = name;
  next->count = s->count + 1;
  next->capacity = s->capacity;
  next->names = static_cast<Str**>(allocate(next->count * sizeof(Str*)));
  for (u32 i = 0; i < s->count; i++) next->names[i] = s->names[i];
  next->names[s->count] = name;
  if (next->count > kLinearNames) buildTable(next);
  u32 n = s->transitionCount;
  if ((n & (n - 1)) == 0)  // grows at 0, 1, 2, 4, ...
    s->transitions = static_cast<ShapeTransition*>(
        reallocateOrNull(s->transitions, (n ? n * 2 : 1) * sizeof(ShapeTransition)));
  s->transitions[s->transitionCount++] = {name, next};
  return next;
}

void destroyShapes(Shape* root) {
  while (root) {
    Shape* older = root->parent;
    destroyTree(root);
    root = older;
  }
}

// ---- the managed dict word ----

Dict* materializeDict(Object* o) {
  u64& word = managedDictWord(o);
  if (word & kDictModeTag && dictOfWord(word)) return dictOfWord(word);
  Shape* shape = word && !(word & kDictModeTag) ? shapeOf(o) : nullptr;
  Ref<Dict> dict = newDict(shape ? shape->count : 0);
  if (shape) {
    Value* slots = inlineSlots(o);
    for (u32 i = 0; i < shape->count; i++) {
      Ref<> v = Ref<>::steal(slots[i]);
      slots[i] = Value();
      dictSetStr(dict, shape->names[i], v);
    }
  }
  Dict* d = dict.release();
  word = reinterpret_cast<u64>(d) | kDictModeTag;
  return d;
}

void visitManagedDict(Object* o, Visitor& v) {
  u64 word = managedDictWord(o);
  if (word & kDictModeTag) {
    v(Value(dictOfWord(word)));
  } else if (word) {
    Value* slots = inlineSlots(o);
    for (u32 i = 0, n = shapeOf(o)->count; i < n; i++) v(slots[i]);
  }
}

void clearManagedDict(Object* o) {
  u64& word = managedDictWord(o);
  u64 old = word;
  word = kDictModeTag;
  if (old & kDictModeTag) {
    if (Dict* d = dictOfWord(old)) decrefObject(d);
  } else if (old) {
    Value* slots = inlineSlots(o);
    for (u32 i = 0, n = reinterpret_cast<Shape*>(old)->count; i < n; i++) clearField(slots[i]);
  }
}

// ---- reading and storing instance attributes ----

Value* dictField(Object* o) {
  Type* type = o->type;
  if (type->dictOffset <= 0) return nullptr;
  if (type->has(kTypeTypeSubclass)) typeDict(static_cast<Type*>(o));
  return reinterpret_cast<Value*>(reinterpret_cast<u8*>(o) + type->dictOffset);
}

Value instanceLookup(Object* o, Str* name) {
  if (o->type->has(kTypeManagedDict)) {
    u64 word = managedDictWord(o);
    if (word & kDictModeTag) {
      Dict* d = dictOfWord(word);
      return d ? dictGetStr(d, name) : Value();
    }
    if (!word) return Value();
    i32 slot = shapeFind(reinterpret_cast<Shape*>(word), name);
    return slot < 0 ? Value() : inlineSlots(o)[slot];
  }
  Value* field = dictField(o);
  return field && *field ? dictGetStr(field->as<Dict>(), name) : Value();
}

static void storeInDict(Dict* d, Str* name, Value valueOrEmpty, bool* found) {
  if (valueOrEmpty)
    dictSetStr(d, name, valueOrEmpty);
  else
    *found = dictDeleteStr(d, name);
}

Result<void> instanceStore(Thread& t, Object* o, Str* name, Value v, bool* found, bool* hasDict) {
  *found = *hasDict = true;
  if (o->type->has(kTypeManagedDict)) {
    u64& word = managedDictWord(o);
    if (word && !(word & kDictModeTag)) {
      Shape* shape = shapeOf(o);
      i32 slot = shapeFind(shape, name);
      if (v && slot >= 0) {
        setField(inlineSlots(o)[slot], retain(v));
        return ok();
      }
      if (v) {
        if (Shape* next = shapeWith(shape, name)) {
          inlineSlots(o)[shape->count] = retain(v).release();
          word = reinterpret_cast<u64>(next);
          return ok();
        }
        growRoot(shape->type, shape->capacity);
      } else if (slot < 0) {
        *found = false;
        return ok();
      } else if (Shape* less = shapeWithout(shape, u32(slot))) {
        Value* slots = inlineSlots(o);
        Ref<> old = Ref<>::steal(slots[slot]);
        for (u32 i = u32(slot); i + 1 < shape->count; i++) slots[i] = slots[i + 1];
        slots[shape->count - 1] = Value();
        word = reinterpret_cast<u64>(less);
        return ok();
      }
    }
    Ref<Dict> hold = retainObject(materializeDict(o));
    storeInDict(hold, name, v, found);
    return ok();
  }
  Value* field = dictField(o);
  if (!field) {
    *hasDict = false;
    return ok();
  }
  if (!*field) {
    if (!v) {
      *found = false;
      return ok();
    }
    *field = newDict().release();
  }
  Ref<> hold = retain(*field);
  storeInDict(hold.as<Dict>(), name, v, found);
  return ok();
}

Result<Dict*> instanceDict(Thread& t, Value v) {
  if (!v.isObject()) return nullptr;
  Object* o = v.object();
  if (o->type->has(kTypeManagedDict)) return materializeDict(o);
  Value* field = dictField(o);
  if (!field) return nullptr;
  if (!*field) *field = newDict().release();
  return field->as<Dict>();
}

Result<void> setInstanceDict(Thread& t, Value v, Value dict) {
  Object* o = v.object();
  Ref<> hold = retain(dict);
  if (o->type->has(kTypeManagedDict)) {
    clearManagedDict(o);
    // Clearing may have run Python that stored attributes anew.
    if (Dict* again = dictOfWord(managedDictWord(o))) decrefObject(again);
    managedDictWord(o) = hold.release().bits() | kDictModeTag;
  } else if (Value* field = dictField(o)) {
    setField(*field, std::move(hold));
  }
  return ok();
}

}  // namespace dx
