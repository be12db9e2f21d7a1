#include "runtime/archive.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "base/map_at.h"
#include "memory/arena.h"
#include "runtime/module.h"

namespace dx {

using bytecode::ArchiveEntry;

// At `where`, or anywhere.
static std::span<const u8> mapFile(const std::string& path, u64 where, std::string* problem) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return *problem = strerror(errno), std::span<const u8>();
  struct stat st;
  std::span<const u8> bytes;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
    // One page off the address that the kernel likes: huge pages of the file's cache then do not
    // fit, and only what is touched counts as ours.
    size_t size = size_t(st.st_size), page = size_t(sysconf(_SC_PAGESIZE));
    void* at = reinterpret_cast<void*>(where);
    if (!where)
      at = mmap(nullptr, size + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    else if (!mapAt(where, size + page, PROT_NONE))
      at = MAP_FAILED;
    if (at != MAP_FAILED)
      at = mmap(static_cast<u8*>(at) + page, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
    if (at != MAP_FAILED) bytes = {static_cast<const u8*>(at), size_t(st.st_size)};
  }
  if (bytes.empty()) *problem = "cannot be mapped";
  close(fd);
  return bytes;
}

const Archive* Archive::open(const std::string& path, std::string* problem) {
  std::span<const u8> bytes = mapFile(path, gArena.open ? kSnapshotArchive : 0, problem);
  if (bytes.empty()) return nullptr;
  *problem = bytecode::verifyArchive(bytes);
  if (problem->empty()) return new Archive(bytes.data());
  munmap(const_cast<u8*>(bytes.data()), bytes.size());
  return nullptr;
}

Result<Ref<Code>> Archive::load(Thread& t, const ArchiveEntry& entry, Str* filename,
                                std::string* problem) const {
  *problem = bytecode::verifyArchived(view_, entry);
  if (!problem->empty()) return Error{};
  auto* image = static_cast<ModuleImage*>(allocate(sizeof(ModuleImage)));
  bytecode::ImageView view = view_.image(entry);
  *image = {
      view.bytes(), view.coldPart().data(),           1,   [](ModuleImage* self) { release(self); },
      true,         retainObject(filename).release(), true};
  Result<Ref<Code>> code = makeCode(t, image, 0);
  dropImage(image);
  if (!code && t.takeIf(kImportError)) *problem = "a code object is malformed";
  return code;
}

// ---- the library's ----

static const Archive* library;

void openLibraryArchive() {
  const Config& config = theInterpreter.config;
  for (const std::string& option : config.xOptions)
    if (option == "dx-archive=off") return;
  std::string problem;
  if (config.optimize == 0 && !config.archive.empty())
    library = Archive::open(config.archive, &problem);
}

std::span<const u8> mapLibraryForSnapshot(const std::string& path) {
  std::string problem;
  return mapFile(path, kSnapshotArchive, &problem);
}
std::span<const u8> libraryArchive() {
  return library ? library->view().bytes() : std::span<const u8>();
}
static std::vector<LibrarySource> usedSources;
std::span<const LibrarySource> sourcesUsed() { return usedSources; }

bool isLibraryImage(const u8* bytes) {
  if (!library) return false;
  std::span<const u8> all = library->view().bytes();
  return bytes >= all.data() && bytes < all.data() + all.size();
}

bool isCurrent(const char* path, u32 size, i64 time) {
  struct stat st;
  if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return false;
  i64 now = i64(st.st_mtim.tv_sec) * 1000000000 + st.st_mtim.tv_nsec;
  return u32(st.st_size) == size && now == time;
}

// The name in the archive of what stands in `folder`, or false when it is not the library's.
static bool nameInLibrary(std::string_view folder, std::string_view name, std::string* out) {
  const Config& config = theInterpreter.config;
  std::string_view root = config.stdlib;
  bool own = !folder.starts_with(root);
  if (own) root = config.ownLib;
  if (root.empty() || !folder.starts_with(root)) return false;
  std::string_view below = folder.substr(root.size());
  if (!below.empty() && below[0] != '/') return false;
  out->clear();
  if (own) *out += kOwnMark;
  if (!below.empty()) out->append(below.substr(1)).append("/");
  out->append(name);
  return true;
}

LibraryModule findInLibrary(std::string_view folder, std::string_view name) {
  LibraryModule found;
  std::string full;
  if (!library || !nameInLibrary(folder, name, &full)) return found;
  const ArchiveEntry* entry = library->view().find(full);
  if (!entry) return found;
  found.path.append(folder).append("/").append(name);
  found.path += entry->flags & bytecode::kEntryPackage ? "/__init__.py" : ".py";
  if (isCurrent(found.path.c_str(), entry->sourceSize, entry->sourceTime)) found.entry = entry;
  return found;
}

LibraryModule findLibrarySource(std::string_view path) {
  if (!path.ends_with(".py")) return {};
  std::string_view stem = path.substr(0, path.size() - 3);
  if (stem.ends_with("/__init__")) stem.remove_suffix(9);
  size_t slash = stem.rfind('/');
  if (slash == stem.npos) return {};
  LibraryModule found = findInLibrary(stem.substr(0, slash), stem.substr(slash + 1));
  return found.path == path ? found : LibraryModule();
}

Result<Ref<Code>> loadFromLibrary(Thread& t, const LibraryModule& module, Str* filename) {
  if (gArena.open)
    usedSources.push_back({module.path, module.entry->sourceSize, module.entry->sourceTime});
  std::string problem;
  return library->load(t, *module.entry, filename, &problem);
}

}  // namespace dx
