// Module pwd.
#include <pwd.h>

#include "modules/arguments.h"
#include "modules/database_entry.h"
#include "modules/pwd.gen.h"

namespace dx {

namespace {

constexpr StructSeqField kFields[] = {{"pw_name", "user name"},     {"pw_passwd", "password"},
                                      {"pw_uid", "user id"},        {"pw_gid", "group id"},
                                      {"pw_gecos", "real name"},    {"pw_dir", "home directory"},
                                      {"pw_shell", "shell program"}};
constexpr StructSeqDesc kEntry = {
    "pwd.struct_passwd",
    "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a "
    "tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object "
    "attributes as named in the above tuple.",
    kFields, 7};
Type* gEntry = nullptr;

Ref<> entryValue(const passwd& p) {
  Ref<Tuple> s = newStructSeq(gEntry);
  Ref<> items[] = {optionalText(p.pw_name), optionalText(p.pw_passwd), idValue(p.pw_uid),
                   idValue(p.pw_gid),       optionalText(p.pw_gecos),  optionalText(p.pw_dir),
                   optionalText(p.pw_shell)};
  for (int i = 0; i < 7; i++) s->items[i] = items[i].release();
  return Ref<>(std::move(s));
}

}  // namespace

Result<Ref<>> pwd_getpwuid(Thread& t, Value uid) {
  Result<u32> id = idArgument(t, uid, "uid");
  if (!id) {
    if (t.takeIf(kOverflowError)) return t.raise(kKeyError, "getpwuid(): uid not found");
    return Error{};
  }
  passwd entry;
  std::string storage;
  if (!TRY(
          findEntry(t, &entry, &storage, [&](auto... rest) { return ::getpwuid_r(*id, rest...); })))
    return t.raise(kKeyError, "getpwuid(): uid not found: {}", idValue(*id));
  return entryValue(entry);
}

Result<Ref<>> pwd_getpwnam(Thread& t, Str& name) {
  std::string text = TRY(encodeFs(t, &name));
  passwd entry;
  std::string storage;
  if (!TRY(findEntry(t, &entry, &storage,
                     [&](auto... rest) { return ::getpwnam_r(text.c_str(), rest...); })))
    return t.raise(kKeyError, "getpwnam(): name not found: {!r}", &name);
  return entryValue(entry);
}

Result<Ref<>> pwd_getpwall(Thread&) {
  // The enumeration's state is the process's; the interpreter lock guards it.
  Ref<List> all = newList();
  ::setpwent();
  while (passwd* p = ::getpwent()) listAppend(all, entryValue(*p));
  ::endpwent();
  return Ref<>(std::move(all));
}

Result<void> pwd_exec(Thread& t, Module& m) {
  if (!gEntry) gEntry = makeStructSeqType(t, kEntry).release();
  moduleSet(m, "struct_passwd", Value(gEntry));
  return {};
}

}  // namespace dx
