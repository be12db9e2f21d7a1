#include "runtime/snapshot.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map_at.h"
#include "memory/arena.h"
#include "memory/heap.h"
#include "runtime/archive.h"
#include "runtime/gil.h"

// Where cmake/snapshot.ld put dxpy's own variables.
extern "C" {
[[gnu::weak]] extern dx::u8 dxStateData[], dxStateDataEnd[], dxStateBss[], dxStateBssEnd[];
extern const ElfW(Ehdr) __ehdr_start;
}

namespace dx {

namespace {

constexpr size_t kPage = 4096;
constexpr char kMagic[8] = {'D', 'X', 'S', 'N', 'A', 'P', '0', '1'};
constexpr size_t kArchiveHead = sizeof(bytecode::ImageHeader);

size_t pages(size_t bytes) { return (bytes + kPage - 1) & ~(kPage - 1); }

struct Part {  // of the file, mapped at an address
  u64 at, bytes, offset;
};
enum PartName { kBlocks, kTable, kData, kBss, kParts };

struct Header {  // the first page
  char magic[8];
  u8 program[32];  // build id
  u64 fileBytes;
  Part parts[kParts];
  u64 thread, archiveBytes;
  u8 archiveHead[kArchiveHead];
  u64 restOffset, restBytes;
  u32 strings, others, sets, dicts;  // places, in this order at the rest's begin
  u32 sources;                       // then Source structures, then texts
};
static_assert(sizeof(Header) <= kPage);

struct Source {
  i64 time;
  u32 size, pathLength;  // the paths follow, NUL-terminated, the library's two folders first
};

// The build id that the linker gave the program.
bool readBuildId(u8 (&id)[32]) {
  memset(id, 0, sizeof id);
  auto* base = reinterpret_cast<const u8*>(&__ehdr_start);
  auto* headers = reinterpret_cast<const ElfW(Phdr)*>(base + __ehdr_start.e_phoff);
  for (int i = 0; i < __ehdr_start.e_phnum; i++) {
    if (headers[i].p_type != PT_NOTE) continue;
    auto* at = reinterpret_cast<const u8*>(headers[i].p_vaddr);
    for (const u8* end = at + headers[i].p_memsz; at < end;) {
      auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
      const u8* contents = at + sizeof *note + ((note->n_namesz + 3) & ~3u);
      if (note->n_type == NT_GNU_BUILD_ID) {
        memcpy(id, contents, std::min<size_t>(note->n_descsz, sizeof id));
        return true;
      }
      at = contents + ((note->n_descsz + 3) & ~3u);
    }
  }
  return false;
}

std::span<u8> dataRange() { return {dxStateData, dxStateDataEnd}; }
std::span<u8> bssRange() { return {dxStateBss, dxStateBssEnd}; }

// ---- writing ----

// A mapping whose address differs by process; the text is its line in /proc/self/maps.
struct Foreign {
  u64 begin, end;
  std::string text;
};

std::vector<Foreign> foreignMappings() {
  std::vector<Foreign> out;
  FILE* f = fopen("/proc/self/maps", "r");
  if (!f) return out;
  char line[4096];
  auto programEnd = reinterpret_cast<u64>(bssRange().data() + bssRange().size());
  while (fgets(line, sizeof line, f)) {
    unsigned long begin, end;
    if (sscanf(line, "%lx-%lx", &begin, &end) != 2) continue;
    bool ours = begin < programEnd || (begin >= kArenaBase && begin < kSnapshotStack * 2);
    if (!ours) out.push_back({begin, end, line});
  }
  fclose(f);
  return out;
}

// The first word that points where another process has something else.
std::string findForeignWord(std::span<const std::span<u8>> ranges) {
  std::vector<Foreign> foreign = foreignMappings();
  std::string problem;
  for (std::span<u8> range : ranges)
    for (size_t i = 0; i + 8 <= range.size(); i += 8) {
      u64 word;
      memcpy(&word, range.data() + i, 8);
      if (word & 7) continue;
      for (const Foreign& m : foreign) {
        if (word < m.begin || word >= m.end) continue;
        char text[128];
        snprintf(text, sizeof text, "the word at %p is %#llx, in ",
                 static_cast<void*>(range.data() + i), static_cast<unsigned long long>(word));
        problem += text + m.text;
      }
    }
  return problem;
}

class File {
 public:
  explicit File(const std::string& path)
      : path_(path), temporary_(path + ".new"), file_(fopen(temporary_.c_str(), "wb")) {}
  void write(u64 offset, const void* bytes, size_t size) {
    ok_ = ok_ && file_ && fseek(file_, long(offset), SEEK_SET) == 0 &&
          fwrite(bytes, 1, size, file_) == size;
  }
  // By renaming, so that nobody ever sees half of it.
  bool finish(u64 size) {
    ok_ = ok_ && fflush(file_) == 0 && ftruncate(fileno(file_), off_t(size)) == 0;
    if (file_ && fclose(file_) != 0) ok_ = false;
    ok_ = ok_ && rename(temporary_.c_str(), path_.c_str()) == 0;
    if (!ok_) unlink(temporary_.c_str());
    return ok_;
  }

 private:
  std::string path_, temporary_;
  FILE* file_;
  bool ok_ = true;
};

void append(std::string& out, const void* bytes, size_t size) {
  out.append(static_cast<const char*>(bytes), size);
}
void append(std::string& out, const std::vector<SnapshotPlace>& places) {
  append(out, places.data(), places.size() * sizeof(SnapshotPlace));
}

// Lists of places, then the sources, then their paths.
std::string restOf(const HashPlaces& hashes, const Config& config) {
  std::string out, paths = config.stdlib + '\0' + config.ownLib + '\0';
  for (auto* list : {&hashes.strings, &hashes.others, &hashes.sets, &hashes.dicts})
    append(out, *list);
  if (out.size() % 8) out.append(4, '\0');
  for (const LibrarySource& s : sourcesUsed()) {
    Source source = {s.time, s.size, u32(s.path.size())};
    append(out, &source, sizeof source);
    paths += s.path + '\0';
  }
  return out + paths;
}

}  // namespace

std::string snapshotFor(const Config& c) {
  bool plain = c.optimize == 0 && c.verbose == 0 && c.bytesWarning == 0 && c.debug == 0 &&
               c.devMode == 0 && c.importTime == 0 && c.warnDefaultEncoding == 0 &&
               c.utf8Mode == 1 && c.warnOptions.empty() && c.xOptions.empty() &&
               c.checkHashes == "default" && c.archive.ends_with(".dpb");
  if (!plain) return {};
  return c.archive.substr(0, c.archive.rfind('/') + 1) +
         (c.noSite ? "start-nosite.snapshot" : "start.snapshot");
}

#ifdef DX_MIMALLOC
bool beginSnapshot() {
  u8 id[32];
  if (!dxStateData || !readBuildId(id) || !openArena()) return false;
  avoidBlockLists();
  return true;
}
#else
bool beginSnapshot() { return false; }
#endif

std::string writeSnapshot(Thread& t, const std::string& path) {
  std::span<const u8> archive = libraryArchive();
  if (archive.empty()) return "there is no archive of the library";
  // Of the process, not of the state.
  t.osThread = t.nativeStackLimit = 0;
  const Config config = theInterpreter.config;
  theInterpreter.config = Config();
  forgetMethodCache();
  forgetMegamorphicCaches();
  gArena.open = false;  // what is allocated from here on is not kept
  gArena.spare = gArena.spareEnd = nullptr;
  Header h = {};
  const std::span<u8> variables[] = {dataRange(), bssRange()};
  HashPlaces hashes = findHashes(variables);
  if (!hashes.problem.empty()) return hashes.problem;
  std::string rest = restOf(hashes, config);
  size_t blocks = gArena.used * kArenaUnit;
  memcpy(h.magic, kMagic, sizeof kMagic);
  if (!readBuildId(h.program)) return "the program has no build id";
  h.parts[kBlocks] = {kArenaBase, pages(blocks), 0};
  h.parts[kTable] = {kArenaTable, pages(gArena.count * sizeof(ArenaBlock)), 0};
  h.parts[kData] = {u64(dxStateData), dataRange().size(), 0};
  h.parts[kBss] = {u64(dxStateBss), bssRange().size(), 0};
  std::string problem = findForeignWord(std::vector<std::span<u8>>{
      {reinterpret_cast<u8*>(kArenaBase), blocks}, variables[0], variables[1]});
  if (!problem.empty()) return problem;
  u64 offset = kPage;
  for (Part& part : h.parts) {
    part.offset = offset;
    offset += part.bytes;
  }
  h.restOffset = offset;
  h.restBytes = rest.size();
  h.fileBytes = offset + rest.size();
  h.thread = u64(&t);
  h.archiveBytes = archive.size();
  memcpy(h.archiveHead, archive.data(), kArchiveHead);
  h.strings = u32(hashes.strings.size());
  h.others = u32(hashes.others.size());
  h.sets = u32(hashes.sets.size());
  h.dicts = u32(hashes.dicts.size());
  h.sources = u32(sourcesUsed().size());
  File file(path);
  file.write(0, &h, sizeof h);
  for (const Part& part : h.parts)
    file.write(part.offset, reinterpret_cast<void*>(part.at), part.bytes);
  file.write(h.restOffset, rest.data(), rest.size());
  return file.finish(h.fileBytes) ? "" : strerror(errno);
}

// ---- taking over ----

namespace {

// What a start did to be undone when the next step fails.
struct Mappings {
  std::vector<std::pair<void*, size_t>> made;
  ~Mappings() {
    for (auto [at, size] : made) munmap(at, size);
  }
};

// The file's end, mapped for the time of the start.
struct Rest {
  const u8* bytes;
  const Header& h;

  HashPlacesView hashes() const {
    auto* p = reinterpret_cast<const SnapshotPlace*>(bytes);
    const SnapshotPlace *others = p + h.strings, *sets = others + h.others, *dicts = sets + h.sets;
    return {{p, h.strings}, {others, h.others}, {sets, h.sets}, {dicts, h.dicts}};
  }
  // Are the library's folders and all sources what they were?
  bool isCurrent(const Config& config) const {
    size_t places = (size_t(h.strings) + h.others + h.sets + h.dicts) * sizeof(SnapshotPlace);
    auto* source = reinterpret_cast<const Source*>(bytes + ((places + 7) & ~size_t(7)));
    auto* path = reinterpret_cast<const char*>(source + h.sources);
    for (const std::string& folder : {config.stdlib, config.ownLib}) {
      if (folder != path) return false;
      path += folder.size() + 1;
    }
    for (u32 i = 0; i < h.sources; i++) {
      if (!dx::isCurrent(path, source[i].size, source[i].time)) return false;
      path += source[i].pathLength + 1;
    }
    return true;
  }
};

bool readHeader(int fd, Header* h) {
  struct stat st;
  u8 program[32];
  return pread(fd, h, sizeof *h, 0) == ssize_t(sizeof *h) &&
         memcmp(h->magic, kMagic, sizeof kMagic) == 0 && readBuildId(program) &&
         memcmp(h->program, program, sizeof program) == 0 && fstat(fd, &st) == 0 &&
         u64(st.st_size) == h->fileBytes;
}

// Over what lies there.
bool replaceBy(int fd, const Part& part) {
  return mmap(reinterpret_cast<void*>(part.at), part.bytes, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_FIXED, fd, off_t(part.offset)) != MAP_FAILED;
}

// The blocks are read: nearly all of them are written to in the life of a process, and one huge
// page, which the kernel may give, costs less than several hundred small ones that are copied one
// by one.
constexpr size_t kHugePage = size_t(2) << 20;
size_t blocksRoom(const Part& part) { return (part.bytes + kHugePage - 1) & ~(kHugePage - 1); }
bool readBlocks(int fd, const Part& part) {
  void* at = reinterpret_cast<void*>(part.at);
  size_t room = blocksRoom(part);
  if (!mapAt(part.at, room)) return false;
  (void)madvise(at, room, MADV_HUGEPAGE);
  if (pread(fd, at, part.bytes, off_t(part.offset)) == ssize_t(part.bytes)) return true;
  munmap(at, room);
  return false;
}

Thread* restoreFrom(int fd, const Config& config) {
  Header h;
  if (!readHeader(fd, &h)) return nullptr;
  size_t shift = h.restOffset % kPage, restBytes = h.restBytes + shift;
  void* restAt = mmap(nullptr, restBytes, PROT_READ, MAP_PRIVATE, fd, off_t(h.restOffset - shift));
  if (restAt == MAP_FAILED) return nullptr;
  Mappings temporary, kept;
  temporary.made.push_back({restAt, restBytes});
  Rest rest = {static_cast<u8*>(restAt) + shift, h};
  if (!rest.isCurrent(config)) return nullptr;
  std::span<const u8> archive = mapLibraryForSnapshot(config.archive);
  if (archive.empty()) return nullptr;
  kept.made.push_back({const_cast<u8*>(archive.data()), archive.size()});
  if (archive.size() != h.archiveBytes || memcmp(archive.data(), h.archiveHead, kArchiveHead) != 0)
    return nullptr;
  const Part &blocks = h.parts[kBlocks], &table = h.parts[kTable];
  if (!readBlocks(fd, blocks)) return nullptr;
  kept.made.push_back({reinterpret_cast<void*>(blocks.at), blocksRoom(blocks)});
  if (!mapAt(table.at, table.bytes, PROT_READ | PROT_WRITE, 0, fd, off_t(table.offset)))
    return nullptr;
  kept.made.push_back({reinterpret_cast<void*>(table.at), table.bytes});
  if (!mapSnapshotStack()) return nullptr;
  // From here on there is no way back.
  kept.made.clear();
  for (PartName name : {kData, kBss}) DX_CHECK(replaceBy(fd, h.parts[name]));
#ifdef DX_MIMALLOC
  useBlockLists();
  gArena.spare = reinterpret_cast<u8*>(kArenaBase + gArena.used * kArenaUnit);
  gArena.spareEnd = reinterpret_cast<u8*>(kArenaBase + blocksRoom(blocks));
#endif
  auto* t = reinterpret_cast<Thread*>(h.thread);
  adoptThread(t);
  theInterpreter.config = config;
  forgetHashKey();
  renewHashes(*t, rest.hashes());
  return t;
}

}  // namespace

Thread* restoreSnapshot(const std::string& path, const Config& config) {
  if (!dxStateData) return nullptr;
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return nullptr;
  Thread* t = restoreFrom(fd, config);
  close(fd);
  return t;
}

}  // namespace dx
