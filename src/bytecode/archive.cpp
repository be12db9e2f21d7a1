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
  u64 colds = 0, size = 0;
  for (const Module& m : modules_) {
    if (m.name.size() > UINT16_MAX) return {};
    images += m.name.size();
    colds = aligned(colds + ImageView(m.image.data()).header().cold);
    size += ImageView(m.image.data()).coldPart().size();
  }
  images = aligned(images);
  colds += images;
  size = aligned(colds + size);
  if (size > UINT32_MAX) return {};

  std::vector<u8> out(size);
  std::vector<ArchiveEntry> entries(modules_.size());
  u64 name = names;
  for (size_t i = 0; i < modules_.size(); i++) {
    Module& m = modules_[i];
    sealImage(m.image.data());
    ArchiveEntry& e = entries[i];
    e.name = u32(name);
    e.nameLength = u16(m.name.size());
    e.flags = m.flags;
    e.sourceSize = m.sourceSize;
    e.sourceTime = m.sourceTime;
    memcpy(e.hash.data(), ImageView(m.image.data()).header().hash, e.hash.size());
    memcpy(out.data() + name, m.name.data(), m.name.size());
    name += m.name.size();
  }
  std::vector<u32> order(modules_.size());
  for (u32 i = 0; i < order.size(); i++) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](u32 a, u32 b) { return modules_[a].rank < modules_[b].rank; });
  u64 image = images, cold = colds;
  for (u32 i : order) {
    const u8* bytes = modules_[i].image.data();
    std::span<const u8> coldPart = ImageView(bytes).coldPart();
    entries[i].image = u32(image);
    entries[i].imageSize = ImageView(bytes).header().cold;
    entries[i].cold = u32(cold);
    memcpy(out.data() + image, bytes, entries[i].imageSize);
    memcpy(out.data() + cold, coldPart.data(), coldPart.size());
    image = aligned(image + entries[i].imageSize);
    cold += coldPart.size();
  }
  memcpy(out.data() + sizeof(ImageHeader), entries.data(), entries.size() * sizeof(ArchiveEntry));
  ImageHeader header{};
  header.magic = kImageMagic;
  header.version = kFormatVersion;
  header.size = u32(size);
  header.flags = kImageArchive;
  header.cold = u32(colds);
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
  u64 names = sizeof(ImageHeader) + u64(h.codeCount) * sizeof(ArchiveEntry);
  if (names > h.constants || h.constants > h.cold || h.cold > h.size)
    return "index is outside of the archive";
  Digest digest = imageDigest(bytes.data(), h.constants);
  if (memcmp(digest.data(), h.hash, digest.size()) != 0) return "index is damaged";
  ArchiveView view(bytes.data());
  for (u32 i = 0; i < view.count(); i++) {
    const ArchiveEntry& e = view.entry(i);
    if (e.name < names || u64(e.name) + e.nameLength > h.constants)
      return "a name is outside of the archive";
    if (e.image < h.constants || e.image % kImageAlignment != 0 ||
        u64(e.image) + e.imageSize > h.cold || e.cold < h.cold || e.cold > h.size ||
        e.cold % 8 != 0)
      return "a module is outside of the archive";
    if (i > 0 && view.name(view.entry(i - 1)) >= view.name(e)) return "names are not in order";
  }
  return {};
}

std::string verifyArchived(const ArchiveView& archive, const ArchiveEntry& entry) {
  std::span<const u8> all = archive.bytes(), hot = all.subspan(entry.image, entry.imageSize);
  if (hot.size() < sizeof(ImageHeader)) return "module is shorter than its header";
  const ImageHeader& header = ImageView(hot.data()).header();
  u64 coldSize = u64(header.size) - header.cold;
  if (header.size < header.cold || coldSize > all.size() - entry.cold)
    return "the cold part is outside of the archive";
  std::string problem = verifyHeader(hot, all.subspan(entry.cold, coldSize));
  if (!problem.empty()) return problem;
  Digest digest = imageDigest(hot.data(), hot.size());
  return digest == entry.hash ? "" : "module is damaged";
}

}  // namespace dx::bytecode
