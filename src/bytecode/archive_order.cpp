// In which order an archive has its modules: what most programs load comes first, together.
#include <map>

#include "bytecode/archive.h"
#include "bytecode/opcode.h"

namespace dx::bytecode {
namespace {

// What is loaded at every start, with all that it imports.
constexpr std::string_view kAlways[] = {
    "importlib/_bootstrap",
    "importlib/_bootstrap_external",
    "@_archive_loader",
    "encodings/utf_8",
    "encodings/aliases",
    "io",
    "site",
    "_sitebuiltins",
};

// What many programs import, roughly in the order of how many do; each with what it imports itself.
constexpr std::string_view kOften[] = {
    "re",
    "collections",
    "functools",
    "json",
    "typing",
    "datetime",
    "pathlib",
    "enum",
    "dataclasses",
    "logging",
    "argparse",
    "subprocess",
    "random",
    "threading",
    "unittest",
    "inspect",
    "asyncio",
    "decimal",
    "copy",
    "struct",
    "tempfile",
    "shutil",
    "pickle",
    "csv",
    "hashlib",
    "socket",
    "uuid",
    "urllib/parse",
    "ssl",
    "urllib/request",
    "http/client",
    "zipfile",
    "queue",
    "concurrent/futures",
    "multiprocessing",
    "sqlite3",
    "email",
    "importlib/metadata",
};

using Modules = std::vector<ArchiveBuilder::Module>;

class Imports {
 public:
  explicit Imports(const Modules& modules) : modules_(modules) {
    for (u32 i = 0; i < modules.size(); i++) numbers_.emplace(modules[i].name, i);
    edges_.resize(modules.size());
    for (u32 i = 0; i < modules.size(); i++) read(i);
  }

  // What is loaded with `from`, itself included.
  template <class Visit>
  void closure(u32 from, Visit&& visit) const {
    std::vector<bool> seen(modules_.size());
    std::vector<u32> work = {from};
    seen[from] = true;
    while (!work.empty()) {
      u32 i = work.back();
      work.pop_back();
      visit(i);
      for (u32 to : edges_[i]) {
        if (seen[to]) continue;
        seen[to] = true;
        work.push_back(to);
      }
    }
  }

  i64 find(std::string_view name) const {
    auto found = numbers_.find(name);
    return found == numbers_.end() ? -1 : i64(found->second);
  }

 private:
  // The module body's imports; what functions import may never be.
  void read(u32 number) {
    const ArchiveBuilder::Module& m = modules_[number];
    ImageView image(m.image.data());
    const CodeRecord& c = image.code(0);
    std::string base;
    for (u32 at = 0; at < c.insnBytes;) {
      const Insn& i = image.at<Insn>(c.insns + at);
      if (i.opcode() == Op::ImportName) {
        base = absolute(m, nameAt(image, c, i.d), i.c);
        addPath(number, base);
      } else if (i.opcode() == Op::ImportFrom) {
        add(number, base + "/" + nameAt(image, c, i.d));
      }
      at += kOpInfo[i.op].size;
    }
  }

  static std::string nameAt(const ImageView& image, const CodeRecord& c, u32 index) {
    const ConstRecord& r = image.constant(c, index);
    if (r.kind() != ConstKind::Str1) return {};
    return {&image.contents<char>(r), image.length(r)};
  }

  static std::string absolute(const ArchiveBuilder::Module& m, std::string name, u32 level) {
    for (char& c : name)
      if (c == '.') c = '/';
    if (level == 0) return name;
    std::string package = m.name;
    for (u32 up = m.flags & kEntryPackage ? 1 : 0; up < level; up++) {
      size_t slash = package.rfind('/');
      package.resize(slash == package.npos ? 0 : slash);
    }
    if (name.empty()) return package;
    return package.empty() ? name : package + "/" + name;
  }

  void addPath(u32 from, const std::string& path) {
    for (size_t end = path.find('/'); end != path.npos; end = path.find('/', end + 1))
      add(from, path.substr(0, end));
    add(from, path);
  }
  void add(u32 from, const std::string& name) {
    for (const std::string& each : {name, "@" + name})  // dxpy's own library comes to it
      if (i64 to = find(each); to >= 0) edges_[from].push_back(u32(to));
  }

  const Modules& modules_;
  std::map<std::string, u32, std::less<>> numbers_;
  std::vector<std::vector<u32>> edges_;
};

}  // namespace

void ArchiveBuilder::rankByUse() {
  Imports imports(modules_);
  u32 count = u32(modules_.size()), groups = 0;
  std::vector<u32> users(count);
  for (u32 i = 0; i < count; i++) imports.closure(i, [&](u32 to) { users[to]++; });
  for (u32 i = 0; i < count; i++) modules_[i].rank = u32(std::size(kOften)) + 1 + count - users[i];
  auto group = [&](std::string_view name) {
    i64 i = imports.find(name);
    if (i < 0) return;
    imports.closure(u32(i),
                    [&](u32 to) { modules_[to].rank = std::min(modules_[to].rank, groups); });
  };
  for (std::string_view name : kAlways) group(name);
  for (std::string_view name : kOften) groups++, group(name);
}

}  // namespace dx::bytecode
