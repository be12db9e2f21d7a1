// Module _imp: what importlib asks of the runtime.
#include <map>

#include "base/siphash.h"
#include "modules/_imp.gen.h"
#include "modules/pyc_magic.h"
#include "runtime/archive.h"
#include "runtime/frame.h"

namespace dx {

Result<void> _imp_exec(Thread&, Module& module) {
  moduleSet(module, "pyc_magic_number_token", makeInt(i64(pycMagicToken())));
  moduleSet(module, "check_hash_based_pycs", makeAscii(theInterpreter.config.checkHashes));
  return {};
}

Result<Ref<>> _imp_extension_suffixes(Thread&) {
  // Binary extension modules are loaded by the C-API layer; without it there are none.
  return Ref<>(newList());
}

// The global import lock: held per thread, counted. importlib's own module locks do the real work.
static i64 gImportLockDepth = 0;
Result<bool> _imp_lock_held(Thread&) { return gImportLockDepth > 0; }
Result<void> _imp_acquire_lock(Thread&) {
  gImportLockDepth++;
  return {};
}
Result<void> _imp_release_lock(Thread& t) {
  if (gImportLockDepth == 0) return t.raise(kRuntimeError, "not holding the import lock");
  gImportLockDepth--;
  return {};
}

// ---- frozen modules: none; the library is read from its files ----

static Error notFrozen(Thread& t, Str& name) {
  Ref<Str> text = formatStr("No such frozen object named {}", Value(&name));
  return raiseImportError(t, kImportError, text, Value(&name), none());
}
Result<Ref<>> _imp_find_frozen(Thread&, Str&, bool) { return noneRef(); }
Result<Ref<>> _imp_get_frozen_object(Thread& t, Str& name, Value) { return notFrozen(t, name); }
Result<Ref<>> _imp_init_frozen(Thread&, Str&) { return noneRef(); }
Result<bool> _imp_is_frozen(Thread&, Str&) { return false; }
Result<bool> _imp_is_frozen_package(Thread& t, Str& name) { return notFrozen(t, name); }
Result<Ref<>> _imp__frozen_module_names(Thread&) { return Ref<>(newList()); }
Result<void> _imp__override_frozen_modules_for_tests(Thread&, i32) { return {}; }
Result<i64> _imp__override_multi_interp_extensions_check(Thread&, i32) { return i64(0); }

// ---- native modules ----

Result<i64> _imp_is_builtin(Thread&, Str& name) {
  std::string text = toUtf8(&name);
  if (text == "sys" || text == "builtins") return i64(-1);
  return i64(findNativeModule(text) != nullptr);
}

Result<Ref<>> _imp_create_builtin(Thread& t, Value spec) {
  Ref<> name = TRY(getAttr(t, spec, "name"));
  if (!isStr(name)) return t.raise(kTypeError, "name must be string, not {}", typeOf(name));
  Result<Ref<Module>> m = initNativeModule(t, toUtf8(name.as<Str>()));
  if (t.hasException()) return Error{};
  if (!m) return noneRef();
  return Ref<>(std::move(m).take());
}
Result<i64> _imp_exec_builtin(Thread&, Value) { return i64(0); }

Result<Ref<>> _imp_create_dynamic(Thread& t, Value spec, Value) {
  Ref<> name = TRY(getAttr(t, spec, "name"));
  Ref<Str> text = formatStr("binary extension modules cannot be loaded: {}", name);
  return raiseImportError(t, kImportError, text, name, none());
}
Result<i64> _imp_exec_dynamic(Thread&, Value) { return i64(0); }

// ---- compiled files ----

static void fixFilename(Code* code, Str* old, Str* path) {
  if (!equalStr(code->filename, old)) return;
  Str* before = code->filename;
  code->filename = retainObject(path).release();
  decrefObject(before);
  // The code objects inside: those to come take the image's name, those that are there change now.
  ModuleImage* image = code->data->image;
  if (Str* earlier = std::exchange(image->filename, retainObject(path).release()))
    decrefObject(earlier);
  if (image->references == 1 || !code->data->constants) return;
  for (u32 i = 0; i < code->data->record->constCount; i++) {
    Value inner = code->data->constants[i];
    if (inner && typeOf(inner) == &PyCode_Type) fixFilename(inner.as<Code>(), old, path);
  }
}

Result<void> _imp__fix_co_filename(Thread&, Code& code, Str& path) {
  Ref<Str> old = retainObject(code.filename);
  if (!equalStr(old, &path)) fixFilename(&code, old, &path);
  return {};
}

// ---- archives ----

Result<Ref<>> _imp__archive_find(Thread& t, Str& folder, Str& name) {
  LibraryModule found = findInLibrary(toUtf8(&folder), toUtf8(&name));
  if (!found.entry) return noneRef();
  bool package = found.entry->flags & bytecode::kEntryPackage;
  Ref<> inside = package ? Ref<>(formatStr("{}/{}", Value(&folder), Value(&name))) : noneRef();
  return Ref<>(tupleOf(Value(decodeFs(found.path)), inside.get()));
}

Result<Ref<>> _imp__archive_code(Thread& t, Str& path) {
  LibraryModule found = findLibrarySource(toUtf8(&path));
  if (!found.entry) return noneRef();
  Result<Ref<Code>> code = loadFromLibrary(t, found, &path);
  if (code) return Ref<>(std::move(code).take());
  if (t.hasException()) return Error{};
  return noneRef();
}

// Opened ones stay.
static const Archive* openArchive(Thread& t, Str& path, std::string* problem) {
  static std::map<std::string, const Archive*> opened;
  std::string name = toUtf8(&path);
  const Archive*& archive = opened[name];
  if (!archive) archive = Archive::open(name, problem);
  return archive;
}

static Error badArchive(Thread& t, Str& path, Value name, const std::string& problem) {
  Ref<Str> text = formatStr("{!r}: {}", Value(&path), problem);
  return raiseImportError(t, kImportError, text, name, Value(&path));
}

Result<Ref<>> _imp__archive_names(Thread& t, Str& path) {
  std::string problem;
  const Archive* archive = openArchive(t, path, &problem);
  if (!archive) return badArchive(t, path, none(), problem);
  Ref<Dict> names = newDict();
  for (u32 i = 0; i < archive->view().count(); i++) {
    const auto& entry = archive->view().entry(i);
    TRY(dictSet(t, names, Value(decodeFs(archive->view().name(entry))),
                boolean(entry.flags & bytecode::kEntryPackage)));
  }
  return Ref<>(std::move(names));
}

Result<Ref<>> _imp__archive_load(Thread& t, Str& path, Str& name, Str& filename) {
  std::string problem;
  const Archive* archive = openArchive(t, path, &problem);
  const auto* entry = archive ? archive->view().find(toUtf8(&name)) : nullptr;
  if (!entry) return badArchive(t, path, Value(&name), archive ? "no such module" : problem);
  Result<Ref<Code>> code = archive->load(t, *entry, &filename, &problem);
  if (code) return Ref<>(std::move(code).take());
  if (t.hasException()) return Error{};
  return badArchive(t, path, Value(&name), problem);
}

Result<Ref<>> _imp_source_hash(Thread&, i64 key, const Buffer& source) {
  u64 h = sipHash13({u64(key), 0}, source.data(), size_t(source.size()));
  char bytes[8];
  memcpy(bytes, &h, 8);
  return Ref<>(makeBytes({bytes, 8}));
}

}  // namespace dx
