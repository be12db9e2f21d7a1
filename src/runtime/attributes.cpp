#include "runtime/attributes.h"

#include "runtime/call.h"
#include "runtime/slot_dispatch.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

Str* internedName(Str* name, Ref<>* hold) {
  if (name->interned()) [[likely]]
    return name;
  Ref<Str> exact =
      name->type == &PyUnicode_Type ? retainObject(name) : substring(name, 0, name->length);
  if (exact->type != &PyUnicode_Type) {
    StrBuilder copy;
    copy.add(name);
    exact = copy.finish();
  }
  Ref<Str> interned = intern(std::move(exact));
  Str* s = interned;
  *hold = std::move(interned);
  return s;
}

// Gives the pending AttributeError its name and obj.
static Error withContext(Thread& t, Error e, Value object, Str* name) {
  if (t.matches(kAttributeError)) {
    auto* exc = reinterpret_cast<AttributeErrorObject*>(t.currentException);
    setField(exc->object, retain(object));
    setField(exc->name, retain(Value(name)));
  }
  return e;
}

// ---- object.__getattribute__ ----

// One body for the raising and the quiet form: missing == nullptr raises.
DX_INLINE static Result<Ref<>> genericGet(Thread& t, Value o, Str* name, bool* missing) {
  Ref<> hold;
  name = internedName(name, &hold);
  Type* type = typeOf(o);
  Value descr = typeLookup(type, name);
  Ref<> descrHold;
  decltype(Slots::descrGet) get = nullptr;
  if (descr) {
    descrHold = retain(descr);  // keys of an instance's dict may run Python when compared
    Slots& s = slotsOf(descr);
    get = s.descrGet;
    if (get && s.descrSet) return get(t, descr, o, type);
  }
  if (o.isObject())
    if (Value v = instanceLookup(o.object(), name)) return retain(v);
  if (get) return get(t, descr, o, type);
  if (descr) return descrHold;
  if (missing) {
    *missing = true;
    return Ref<>();
  }
  return raiseAttributeError(t, o, name);
}

Result<Ref<>> genericGetAttr(Thread& t, Value o, Str* name) {
  return genericGet(t, o, name, nullptr);
}

Result<Ref<>> genericGetAttrOrMissing(Thread& t, Value o, Str* name, bool* missing) {
  *missing = false;
  return genericGet(t, o, name, missing);
}

// ---- object.__setattr__ ----

Result<void> genericSetAttr(Thread& t, Value o, Str* name, Value v) {
  Ref<> hold;
  name = internedName(name, &hold);
  Type* type = typeOf(o);
  Value descr = typeLookup(type, name);
  if (descr) {
    if (auto set = slotsOf(descr).descrSet) {
      Ref<> descrHold = retain(descr);
      return set(t, descr, o, v);
    }
  }
  Ref<> valueHold = retain(v);
  bool found = true, hasDict = false;
  if (o.isObject()) TRY(instanceStore(t, o.object(), name, v, &found, &hasDict));
  if (hasDict && found) [[likely]]
    return ok();
  if (hasDict) return raiseAttributeError(t, o, name);
  if (descr)
    return withContext(
        t, t.raise(kAttributeError, "'{}' object attribute '{}' is read-only", type, Value(name)),
        o, name);
  if (type->data->slots.setattro == genericSetAttr)
    return withContext(
        t,
        t.raise(kAttributeError,
                "'{}' object has no attribute '{}' and no __dict__ for setting new attributes",
                type, Value(name)),
        o, name);
  return raiseAttributeError(t, o, name);
}

// ---- types ----

Result<Ref<>> typeGetAttrOrMissing(Thread& t, Type* type, Str* name, bool* missing) {
  *missing = false;
  Ref<> nameHold;
  name = internedName(name, &nameHold);
  Type* meta = typeOf(type);
  Value metaAttr = typeLookup(meta, name);
  decltype(Slots::descrGet) metaGet = nullptr;
  Ref<> metaHold;
  if (metaAttr) {
    metaHold = retain(metaAttr);
    Slots& s = slotsOf(metaAttr);
    metaGet = s.descrGet;
    if (metaGet && s.descrSet) return metaGet(t, metaAttr, type, meta);
  }
  if (Value attr = typeLookup(type, name)) {
    Ref<> hold = retain(attr);
    auto get = slotsOf(attr).descrGet;
    return get ? get(t, attr, Value(), type) : Result<Ref<>>(std::move(hold));
  }
  if (metaGet) return metaGet(t, metaAttr, type, meta);
  if (metaAttr) return metaHold;
  *missing = true;
  return Ref<>();
}

DX_COLD static Error typeHasNoAttribute(Thread& t, Type* type, Str* name) {
  return withContext(
      t, t.raise(kAttributeError, "type object '{}' has no attribute '{}'", type, Value(name)),
      type, name);
}

Result<Ref<>> typeGetAttr(Thread& t, Value o, Str* name) {
  bool missing;
  Result<Ref<>> r = typeGetAttrOrMissing(t, o.as<Type>(), name, &missing);
  if (missing) return typeHasNoAttribute(t, o.as<Type>(), name);
  return r;
}

Result<void> typeSetAttr(Thread& t, Value o, Str* name, Value v) {
  Type* type = o.as<Type>();
  if (type->has(kTypeImmutable))
    return t.raise(kTypeError, "cannot set '{}' attribute of immutable type '{}'", Value(name),
                   type);
  Ref<> nameHold;
  name = internedName(name, &nameHold);
  if (Value metaAttr = typeLookup(typeOf(type), name))
    if (auto set = slotsOf(metaAttr).descrSet) {
      Ref<> hold = retain(metaAttr);
      return set(t, metaAttr, o, v);
    }
  Dict* dict = typeDict(type);
  // What was there is released only after the caches have forgotten it.
  Ref<> old = retain(dictGetStr(dict, name));
  if (v)
    dictSetStr(dict, name, v);
  else if (!dictDeleteStr(dict, name))
    return typeHasNoAttribute(t, type, name);
  typeModified(type);
  updateSlot(type, name);
  return ok();
}

// ---- modules ----

namespace {

Value moduleSpec(Module* m) {
  Value spec = m->dict ? dictGetStr(m->dict, DX_NAME("__spec__")) : Value();
  return spec && !isNone(spec) ? spec : Value();
}

Result<bool> specSaysInitializing(Thread& t, Value spec) {
  Ref<> flag;
  if (!TRY(lookupAttr(t, spec, DX_NAME("_initializing"), &flag))) return false;
  return isTrue(t, flag);
}

// The file a module came from, if its spec has a location; else empty.
Result<bool> specOrigin(Thread& t, Value spec, Ref<>* origin) {
  Ref<> has;
  if (!TRY(lookupAttr(t, spec, DX_NAME("has_location"), &has)) || !TRY(isTrue(t, has)))
    return false;
  if (!TRY(lookupAttr(t, spec, DX_NAME("origin"), origin)) || !isStr(*origin)) {
    origin->reset();
    return false;
  }
  return true;
}

// Does the file lie in the script's own folder, in front of the library?
bool mayShadow(Str* origin) {
  Value path = sysGet("path");
  if (theInterpreter.config.safePath || !path || !isList(path) || path.as<List>()->size == 0)
    return false;
  Value first = path.as<List>()->items[0];
  if (!isStr(first)) return false;
  std::string file = toUtf8(origin), folder = toUtf8(first.as<Str>());
  size_t slash = file.rfind('/');
  if (slash == std::string::npos) return false;
  return file.substr(0, slash) == folder;
}

Result<bool> shadowsStandardLibrary(Thread& t, Value name) {
  Value names = sysGet("stdlib_module_names");
  return names && isAnySet(names) ? contains(t, names, name) : Result<bool>(false);
}

Error moduleHasNoAttribute(Thread& t, Module* m, Str* name) {
  Value moduleName = m->dict ? dictGetStr(m->dict, DX_NAME("__name__")) : Value();
  if (!moduleName || !isStr(moduleName))
    return t.raise(kAttributeError, "module has no attribute '{}'", Value(name));
  Ref<> hold = retain(moduleName), spec = retain(moduleSpec(m)), origin;
  if (spec) {
    bool hasOrigin = TRY(specOrigin(t, spec, &origin));
    bool shadowing = hasOrigin && mayShadow(origin.as<Str>());
    if (shadowing && TRY(shadowsStandardLibrary(t, hold)))
      return t.raise(
          kAttributeError,
          "module '{}' has no attribute '{}' (consider renaming '{}' since it has the same name as "
          "the "
          "standard library module named '{}' and prevents importing that standard library module)",
          hold, Value(name), origin, hold);
    if (TRY(specSaysInitializing(t, spec))) {
      if (shadowing)
        return t.raise(kAttributeError,
                       "module '{}' has no attribute '{}' (consider renaming '{}' if it has the "
                       "same name as a library "
                       "you intended to import)",
                       hold, Value(name), origin);
      if (hasOrigin)
        return t.raise(kAttributeError,
                       "partially initialized module '{}' from '{}' has no attribute '{}' (most "
                       "likely due to a "
                       "circular import)",
                       hold, origin, Value(name));
      return t.raise(kAttributeError,
                     "partially initialized module '{}' has no attribute '{}' (most likely due to "
                     "a circular import)",
                     hold, Value(name));
    }
    Ref<> pending;
    if (TRY(lookupAttr(t, spec, DX_NAME("_uninitialized_submodules"), &pending)) &&
        TRY(contains(t, pending, name)))
      return t.raise(
          kAttributeError,
          "cannot access submodule '{}' of module '{}' (most likely due to a circular import)",
          Value(name), hold);
  }
  return t.raise(kAttributeError, "module '{}' has no attribute '{}'", hold, Value(name));
}

Result<Ref<>> moduleGet(Thread& t, Value o, Str* name, bool* missing) {
  *missing = false;
  Result<Ref<>> r = genericGetAttrOrMissing(t, o, name, missing);
  if (r) return r;
  if (!*missing && !t.takeIf(kAttributeError)) return r;
  *missing = false;
  auto* m = o.as<Module>();
  if (m->dict)
    if (Ref<> hook = retain(dictGetStr(m->dict, DX_NAME("__getattr__"))))
      return callWith(t, hook, name);
  *missing = true;
  return Ref<>();
}

}  // namespace

Result<Ref<>> moduleGetAttr(Thread& t, Value o, Str* name) {
  bool missing;
  Result<Ref<>> r = moduleGet(t, o, name, &missing);
  if (missing) return withContext(t, moduleHasNoAttribute(t, o.as<Module>(), name), o, name);
  return r;
}

// ---- any object ----

Result<Ref<>> getAttr(Thread& t, Value o, Str* name) { return slotsOf(o).getattro(t, o, name); }
Result<Ref<>> getAttr(Thread& t, Value o, const char* name) {
  return getAttr(t, o, internImmortal(name));
}

Result<Ref<>> getAttrOrMissing(Thread& t, Value o, Str* name, bool* missing) {
  auto get = slotsOf(o).getattro;
  *missing = false;
  Result<Ref<>> r = get == genericGetAttr  ? genericGetAttrOrMissing(t, o, name, missing)
                    : get == typeGetAttr   ? typeGetAttrOrMissing(t, o.as<Type>(), name, missing)
                    : get == moduleGetAttr ? moduleGet(t, o, name, missing)
                                           : get(t, o, name);
  if (!r && !*missing && t.takeIf(kAttributeError)) *missing = true;
  return r;
}

Result<bool> lookupAttr(Thread& t, Value o, Str* name, Ref<>* out) {
  bool missing;
  Result<Ref<>> r = getAttrOrMissing(t, o, name, &missing);
  if (missing) {
    out->reset();
    return false;
  }
  if (!r) return Error{};
  *out = std::move(r).take();
  return true;
}
Result<bool> lookupAttr(Thread& t, Value o, const char* name, Ref<>* out) {
  return lookupAttr(t, o, internImmortal(name), out);
}

Result<bool> hasAttr(Thread& t, Value o, Str* name) {
  Ref<> unused;
  return lookupAttr(t, o, name, &unused);
}

Result<void> setAttr(Thread& t, Value o, Str* name, Value valueOrEmpty) {
  Ref<> hold;
  name = internedName(name, &hold);
  return slotsOf(o).setattro(t, o, name, valueOrEmpty);
}
Result<void> setAttr(Thread& t, Value o, const char* name, Value valueOrEmpty) {
  return setAttr(t, o, internImmortal(name), valueOrEmpty);
}

}  // namespace dx
