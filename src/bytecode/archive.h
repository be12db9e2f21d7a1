// Many modules in one file: a header, an index, names, then one image per module, without their
// cold parts; then those (docs/dpb.md).
//
// The header's hash covers the index; the index holds the hash of every image, so a module is
// checked when it is used and nobody has to read the rest.
#pragma once
#include "bytecode/seal.h"

namespace dx::bytecode {

// These follow an archive's header, `codeCount` of them, sorted by name (bytes); `constants` is
// where the images begin, `cold` where their cold parts do.
struct ArchiveEntry {
  u32 name;  // offset of the UTF-8 path below the root, without ".py": "json/decoder"
  u16 nameLength, flags;
  u32 image, imageSize;  // without the cold part
  u32 cold;              // where that is; its size follows from the image's header
  u32 sourceSize;        // of the source file, modulo 2^32
  i64 sourceTime;        // its time of modification, in nanoseconds
  Digest hash;           // of the image
};
static_assert(sizeof(ArchiveEntry) == 64);
constexpr u16 kEntryPackage = 1;  // the source is NAME/__init__.py

class ArchiveBuilder {
 public:
  struct Module {
    std::string name;
    std::vector<u8> image;
    u16 flags = 0;
    u32 sourceSize = 0;
    i64 sourceTime = 0;
    u32 rank = 0;  // those of lower rank come first in the file: what is used together is together
  };
  void add(Module module) { modules_.push_back(std::move(module)); }
  size_t count() const { return modules_.size(); }
  // Ranks the modules by how many others load them.
  void rankByUse();
  // Empty when it would be 4 GB or more.
  std::vector<u8> finish();

 private:
  std::vector<Module> modules_;
};

// A borrowed view of bytes that passed `verifyArchive`.
class ArchiveView {
 public:
  explicit ArchiveView(const u8* bytes) : view_(bytes) {}
  std::span<const u8> bytes() const { return {view_.bytes(), view_.header().size}; }
  u32 count() const { return view_.header().codeCount; }
  const ArchiveEntry& entry(u32 i) const {
    return (&view_.at<ArchiveEntry>(sizeof(ImageHeader)))[i];
  }
  std::string_view name(const ArchiveEntry& e) const {
    return {reinterpret_cast<const char*>(view_.bytes() + e.name), e.nameLength};
  }
  // Of a module that passed `verifyArchived`.
  ImageView image(const ArchiveEntry& e) const {
    return {view_.bytes() + e.image, view_.bytes() + e.cold};
  }
  const ArchiveEntry* find(std::string_view name) const;

 private:
  ImageView view_;
};

// The first problem in header and index (hash included), or an empty string. Images are not looked
// at: see verifyArchived.
std::string verifyArchive(std::span<const u8> bytes);
// The first problem with a module: its hash, its header. Its code objects and its cold part, which
// has a hash of its own, are not looked at.
std::string verifyArchived(const ArchiveView& archive, const ArchiveEntry& entry);

}  // namespace dx::bytecode
