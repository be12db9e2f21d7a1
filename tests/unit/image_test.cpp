#include <gtest/gtest.h>

#include "bytecode/archive.h"
#include "bytecode/builder.h"
#include "bytecode/positions.h"
#include "bytecode/verifier.h"

namespace dx::bytecode {
namespace {

std::vector<u8> moduleImage(std::string_view doc) {
  CodeBuilder b{{.name = "f", .qualname = "f", .filename = "f.py"}};
  u32 x = b.addLocal("x", kLocalPlain);
  b.setDoc(doc);
  b.setPosition({3, 3, 1, 9});
  b.Enter(0);
  b.LoadAttr(x, x, b.name("x"));
  b.Return(x);
  ImageBuilder images;
  u32 index = images.reserveCode();
  images.setCode(index, b.finish());
  return images.finish();
}

std::vector<PositionRecord> packedAndRead(const std::vector<PositionRecord>& positions,
                                          bool* whole) {
  std::vector<u8> bytes = packPositions(positions, 7);
  CodeRecord code{};
  code.firstLine = 7;
  code.insnBytes = 1u << 30;
  code.positionBytes = u32(bytes.size());
  bytes.resize(bytes.size() + sizeof(ImageHeader));
  std::vector<PositionRecord> read;
  PositionReader reader(bytes.data(), code);
  for (PositionRecord p; reader.next(&p);) read.push_back(p);
  *whole = reader.isWhole();
  return read;
}

}  // namespace

TEST(Positions, anyNumbers_comeBackAsTheyWere) {
  constexpr i32 kMost = INT32_MAX, kLeast = INT32_MIN;
  std::vector<PositionRecord> positions = {
      {0, 7, 7, 0, 4},       {4, 7, 7, 8, 80},
      {12, 9, 12, 3, 1},     {2000, 0, 0, -1, -1},
      {2004, 8, 8, -1, -1},  {2010, kMost, kLeast, kMost, kLeast},
      {1000000, 0, 1, 0, 0}, {1000004, kLeast, kLeast, -1, kMost},
  };
  bool whole;
  std::vector<PositionRecord> read = packedAndRead(positions, &whole);
  EXPECT_TRUE(whole);
  ASSERT_EQ(read.size(), positions.size());
  for (size_t i = 0; i < read.size(); i++) {
    EXPECT_EQ(read[i].offset, positions[i].offset);
    EXPECT_EQ(read[i].line, positions[i].line);
    EXPECT_EQ(read[i].endLine, positions[i].endLine);
    EXPECT_EQ(read[i].col, positions[i].col);
    EXPECT_EQ(read[i].endCol, positions[i].endCol);
  }
}

TEST(Positions, streamCutOff_endsThere) {
  std::vector<u8> bytes = packPositions(std::vector<PositionRecord>{{0, 300, 300, 200, 500}}, 1);
  ASSERT_GT(bytes.size(), 3u);
  CodeRecord code{};
  code.firstLine = 1;
  code.insnBytes = 4;
  for (u32 size = 1; size < bytes.size(); size++) {
    code.positionBytes = size;
    PositionReader reader(bytes.data(), code);
    PositionRecord p;
    EXPECT_FALSE(reader.next(&p));
    EXPECT_FALSE(reader.isWhole());
  }
}

TEST(Image, docString_isInTheColdPart) {
  std::vector<u8> image = moduleImage("what it does");
  ASSERT_EQ(verifyImage(image), "");
  ImageView view(image.data());
  const CodeRecord& c = view.code(0);
  ASSERT_NE(c.docConst, 0u);
  const ConstRecord& doc = view.constant(c, c.docConst - 1);
  EXPECT_TRUE(doc.flags() & kConstCold);
  EXPECT_GE(doc.value, view.header().cold);
  EXPECT_GE(c.positions, view.header().cold);
}

TEST(Image, equalContents_standOnce) {
  std::vector<u8> image = moduleImage("");
  ImageView view(image.data());
  const CodeRecord& c = view.code(0);
  const ConstRecord& attribute = view.constant(c, 0);
  const ConstRecord& variable = view.constant(c, (&view.at<u32>(c.localNames))[0]);
  EXPECT_EQ(attribute.value, variable.value);
}

TEST(Archive, module_inTwoPieces_isTheImageThatWasAdded) {
  std::vector<u8> first = moduleImage("one"), second = moduleImage("two, which is longer");
  ArchiveBuilder builder;
  builder.add({.name = "b", .image = second});
  builder.add({.name = "a", .image = first});
  std::vector<u8> bytes = builder.finish();
  ASSERT_EQ(verifyArchive(bytes), "");
  ArchiveView archive(bytes.data());
  sealImage(first.data());
  const ArchiveEntry* entry = archive.find("a");
  ASSERT_NE(entry, nullptr);
  ASSERT_EQ(verifyArchived(archive, *entry), "");
  EXPECT_EQ(archive.image(*entry).copy(), first);
  EXPECT_TRUE(isColdSealed(archive.image(*entry)));

  bytes[entry->cold] ^= 1;
  EXPECT_EQ(verifyArchived(archive, *entry), "");
  EXPECT_FALSE(isColdSealed(archive.image(*entry)));
  bytes[entry->image + kCodes] ^= 1;
  EXPECT_NE(verifyArchived(archive, *entry), "");
}

}  // namespace dx::bytecode
