// Archives of compiled modules (bytecode/archive.h) as the program uses them: mapped read-only and
// shared, checked module by module when one is used.
#pragma once
#include <memory>

#include "bytecode/archive.h"
#include "runtime/code.h"

namespace dx {

// A mapped archive; never unmapped.
class Archive {
 public:
  // Maps and checks the file. Null when there is none or it is no good; `problem` says why.
  static const Archive* open(const std::string& path, std::string* problem);

  const bytecode::ArchiveView& view() const { return view_; }
  // A module's code. Empty without an exception when the module is damaged; `problem` says why.
  Result<Ref<Code>> load(Thread& t, const bytecode::ArchiveEntry& entry, Str* filename,
                         std::string* problem) const;

 private:
  explicit Archive(const u8* bytes) : view_(bytes) {}
  bytecode::ArchiveView view_;
};

// ---- the standard library's archive ----
//
// dxpy makes it of its library when it is built (`dxpy compile --library`); it lies beside the
// program. A module whose source has another size or time than when the archive was made is not
// taken from it, and with -O, whose code differs, nothing is.

struct LibraryModule {
  const bytecode::ArchiveEntry* entry = nullptr;
  std::string path;  // of the source
};

void openLibraryArchive();
// Has the source still this size and time (nanoseconds)?
bool isCurrent(const char* path, u32 size, i64 time);
bool isLibraryImage(const u8* bytes);
// The module that `import` finds as `name` (no dots) in a folder of the library, when it is
// current.
LibraryModule findInLibrary(std::string_view folder, std::string_view name);
// The same by the source's path.
LibraryModule findLibrarySource(std::string_view path);
Result<Ref<Code>> loadFromLibrary(Thread& t, const LibraryModule& module, Str* filename);

// For snapshots: there the archive has an address of its own. Empty: it is taken, or no archive.
constexpr u64 kSnapshotArchive = u64(2) << 36;
std::span<const u8> mapLibraryForSnapshot(const std::string& path);
std::span<const u8> libraryArchive();
// What modules were loaded from while a snapshot is made.
struct LibrarySource {
  std::string path;
  u32 size;
  i64 time;
};
std::span<const LibrarySource> sourcesUsed();

// Names in the archive: below the library as they are, below dxpy's own library with this before.
constexpr char kOwnMark = '@';

}  // namespace dx
