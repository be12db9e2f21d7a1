// libFuzzer: whatever the bytes of an image or an archive, checking them never reads outside, and
// what passes can be printed and followed. Magic, version, size and hash are put right first, as
// whoever crafts a file would; without that nothing would get past the header.
//
//   cmake --preset checked && ninja -C build/checked dx_image_fuzz dxpy
//   python3 tests/fuzz/image_seed.py build/checked/stdlib.dpb build/images
//   build/checked/dx_image_fuzz -max_total_time=600 -max_len=20000 build/images
#include "bytecode/archive.h"
#include "bytecode/flow_check.h"
#include "bytecode/positions.h"
#include "bytecode/printer.h"
#include "bytecode/verifier.h"

using namespace dx;
using namespace dx::bytecode;

namespace {

// As the runtime does it: in parts, each when it is needed. What a constant refers to is checked
// when it is made itself, so only simple ones can be shown.
void inParts(const ImageView& view) {
  u32 codes = std::min(view.header().codeCount, 200u);
  for (u32 i = 0; i < codes; i++) {
    if (!verifyCode(view, i).empty()) continue;
    const CodeRecord& c = view.code(i);
    for (u32 k = 0; k < c.constCount; k++) {
      bool simple = view.constant(c, k).kind() < ConstKind::Tuple;
      if (verifyConstant(view, i, k).empty() && simple) (void)printConstant(view, c, k);
    }
    (void)readPositions(PositionReader(view, c));
    (void)verifyInstructions(view, i);
    (void)checkForeignCode(view, i);
  }
}

void whole(std::span<const u8> bytes) {
  if (!verifyImage(bytes).empty()) return;
  DX_CHECK(isSealed(bytes.data()));
  DX_CHECK(!printImage(bytes.data()).empty());
  (void)checkRegisterFlow(bytes.data());
}

void archive(std::span<const u8> bytes) {
  if (!verifyArchive(bytes).empty()) return;
  ArchiveView view(bytes.data());
  for (u32 i = 0; i < view.count(); i++) {
    const ArchiveEntry& e = view.entry(i);
    DX_CHECK(view.find(view.name(e)) == &e);
    if (!verifyArchived(view, e).empty()) continue;
    inParts(view.image(e));
    (void)isColdSealed(view.image(e));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < sizeof(ImageHeader)) return 0;
  // Exactly as long as the input, so that reading past it is seen; the heap gives alignment.
  std::vector<u8> bytes(data, data + size);
  ImageHeader header;
  memcpy(&header, bytes.data(), sizeof header);
  bool isArchive = header.flags & kImageArchive;
  header.magic = kImageMagic;
  header.version = kFormatVersion;
  header.size = u32(size);
  header.flags = isArchive;
  memcpy(bytes.data(), &header, sizeof header);
  if (isArchive && (header.constants < sizeof header || header.constants > size)) return 0;
  if (isArchive) {
    Digest digest = imageDigest(bytes.data(), header.constants);
    memcpy(bytes.data() + offsetof(ImageHeader, hash), digest.data(), digest.size());
  } else if (verifyHeader(bytes).empty()) {
    sealImage(bytes.data());
  }
  if (isArchive) {
    archive(bytes);
  } else if (verifyHeader(bytes).empty()) {
    inParts(bytes.data());
    whole(bytes);
  }
  return 0;
}
