// Module grp.
#include <grp.h>

#include "modules/arguments.h"
#include "modules/database_entry.h"
#include "modules/grp.gen.h"

namespace dx {

namespace {

constexpr StructSeqField kFields[] = {{"gr_name", "group name"},
                                      {"gr_passwd", "password"},
                                      {"gr_gid", "group id"},
                                      {"gr_mem", "group members"}};
constexpr StructSeqDesc kEntry = {
    "grp.struct_group",
    "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a "
    "tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the "
    "above tuple.\n",
    kFields, 4};
Type* gEntry = nullptr;

Ref<> entryValue(const group& g) {
  Ref<List> members = newList();
  for (char** m = g.gr_mem; m && *m; m++) listAppend(members, Ref<>(decodeFs(*m)));
  Ref<Tuple> s = newStructSeq(gEntry);
  Ref<> items[] = {optionalText(g.gr_name), optionalText(g.gr_passwd), idValue(g.gr_gid),
                   Ref<>(std::move(members))};
  for (int i = 0; i < 4; i++) s->items[i] = items[i].release();
  return Ref<>(std::move(s));
}

}  // namespace

Result<Ref<>> grp_getgrgid(Thread& t, Value id) {
  u32 gid = TRY(idArgument(t, id, "gid"));
  group entry;
  std::string storage;
  if (!TRY(
          findEntry(t, &entry, &storage, [&](auto... rest) { return ::getgrgid_r(gid, rest...); })))
    return t.raise(kKeyError, "getgrgid(): gid not found: {}", idValue(gid));
  return entryValue(entry);
}

Result<Ref<>> grp_getgrnam(Thread& t, Str& name) {
  std::string text = TRY(encodeFs(t, &name));
  group entry;
  std::string storage;
  if (!TRY(findEntry(t, &entry, &storage,
                     [&](auto... rest) { return ::getgrnam_r(text.c_str(), rest...); })))
    return t.raise(kKeyError, "getgrnam(): name not found: {!r}", &name);
  return entryValue(entry);
}

Result<Ref<>> grp_getgrall(Thread&) {
  Ref<List> all = newList();
  ::setgrent();
  while (group* g = ::getgrent()) listAppend(all, entryValue(*g));
  ::endgrent();
  return Ref<>(std::move(all));
}

Result<void> grp_exec(Thread& t, Module& m) {
  if (!gEntry) gEntry = makeStructSeqType(t, kEntry).release();
  moduleSet(m, "struct_group", Value(gEntry));
  return {};
}

}  // namespace dx
