#include "bytecode/archive.h"

#include <algorithm>

#include "bytecode/verifier.h"

namespace dx::bytecode {
namespace {

constexpr u64 kImageAlignment = 64;

u64 aligned(u64 n) { return (n + kImageAlignment - 1) & ~(kImageAlignment - 1); }

}  // namespace

std::vector<u8> ArchiveBuilder::finish() {
  std::sort(modules_.begin(), modules_.end(),
            [](const Module& a, const Module& b) { return a.name < b.name; });
  u64 names = sizeof(ImageHeader) + modules_.size() * sizeof(ArchiveEntry), images = names;
  for (const Module& m : modules_) images += m.name.size();
  images = aligned(images);
  u64 size = images;
  for (const Module& m : modules_) size = aligned(size + m.image.size());
  if (size > UINT32_MAX) return {};

  std::vector<u8> out(size);
  u64 name = names, image = images;
  for (size_t i = 0; i < modules_.size(); i++) {
    const Module& m = modules_[i];
    memcpy(out.data() + image, m.image.data(), m.image.size());
    sealImage(out.data() + image);
    ArchiveEntry e{};
    e.name = u32(name);
    e.nameLength = u32(m.name.size());
    e.image = u32(image);
    e.imageSize = u32(m.image.size());
    e.flags = m.flags;
    e.sourceSize = m.sourceSize;
    e.sourceTime = m.sourceTime;
    memcpy(e.hash.data(), ImageView(out.data() + image).header().hash, e.hash.size());
    memcpy(out.data() + sizeof(ImageHeader) + i * sizeof e, &e, sizeof e);
    memcpy(out.data() + name, m.name.data(), m.name.size());
    name += m.name.size();
    image = aligned(image + m.image.size());
  }
  ImageHeader header{};
  header.magic = kImageMagic;
  header.version = kFormatVersion;
  header.size = u32(size);
  header.flags = kImageArchive;
  header.codes = sizeof(ImageHeader);
  header.codeCount = u32(modules_.size());
  header.constants = u32(images);
  memcpy(out.data(), &header, sizeof header);
  Digest digest = imageDigest(out.data(), images);
  memcpy(out.data() + offsetof(ImageHeader, hash), digest.data(), digest.size());
  return out;
}

const ArchiveEntry* ArchiveView::find(std::string_view wanted) const {
  u32 low = 0, high = count();
  while (low < high) {
    u32 mid = low + (high - low) / 2;
    int order = name(entry(mid)).compare(wanted);
    if (order == 0) return &entry(mid);
    if (order < 0)
      low = mid + 1;
    else
      high = mid;
  }
  return nullptr;
}

std::string verifyArchive(std::span<const u8> bytes) {
  if (bytes.size() < sizeof(ImageHeader)) return "archive is shorter than its header";
  const ImageHeader& h = ImageView(bytes.data()).header();
  if (h.magic != kImageMagic || h.flags != kImageArchive) return "not an archive";
  if (h.version != kFormatVersion) return "format version is not this program's";
  if (h.size != bytes.size()) return "size differs from the header's";
  u64 names = u64(h.codes) + u64(h.codeCount) * sizeof(ArchiveEntry);
  if (h.codes != sizeof(ImageHeader) || names > h.constants || h.constants > h.size)
    return "index is outside of the archive";
  Digest digest = imageDigest(bytes.data(), h.constants);
  if (memcmp(digest.data(), h.hash, digest.size()) != 0) return "index is damaged";
  ArchiveView view(bytes.data());
  for (u32 i = 0; i < view.count(); i++) {
    const ArchiveEntry& e = view.entry(i);
    if (e.name < names || u64(e.name) + e.nameLength > h.constants)
      return "a name is outside of the archive";
    if (e.image < h.constants || e.image % kImageAlignment != 0 ||
        u64(e.image) + e.imageSize > h.size)
      return "a module is outside of the archive";
    if (i > 0 && view.name(view.entry(i - 1)) >= view.name(e)) return "names are not in order";
  }
  return {};
}

std::string verifyArchived(const ArchiveView& archive, const ArchiveEntry& entry) {
  std::span<const u8> image = archive.image(entry);
  std::string problem = verifyHeader(image);
  if (!problem.empty()) return problem;
  Digest digest = imageDigest(image.data(), image.size());
  return digest == entry.hash ? "" : "module is damaged";
}

}  // namespace dx::bytecode
