// Shapes, the slot table and text signatures: the parts of the object model that run no Python.
#include <gtest/gtest.h>

#include "object/shape.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {
namespace {

Str* name(int i) { return internImmortal("attribute" + std::to_string(i)); }

TEST(Shapes, sameNames_sameShape) {
  Shape* root = newRootShape(&PyBaseObject_Type, 4);
  Shape* a = shapeWith(root, name(0));
  Shape* ab = shapeWith(a, name(1));
  EXPECT_EQ(shapeWith(root, name(0)), a);
  EXPECT_EQ(shapeWith(a, name(1)), ab);
  EXPECT_NE(shapeWith(root, name(1)), a);
  EXPECT_EQ(ab->parent, a);
  EXPECT_EQ(shapeFind(ab, name(0)), 0);
  EXPECT_EQ(shapeFind(ab, name(1)), 1);
  EXPECT_EQ(shapeFind(a, name(1)), -1);
  destroyShapes(root);
}

TEST(Shapes, full_noTransition) {
  Shape* root = newRootShape(&PyBaseObject_Type, 1);
  Shape* a = shapeWith(root, name(0));
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(shapeWith(a, name(1)), nullptr);
  EXPECT_EQ(shapeWith(root, name(1))->count, 1u);  // another order of the first attribute
  destroyShapes(root);
}

TEST(Shapes, manyNames_foundThroughTable) {
  constexpr int kNames = 32;
  Shape* root = newRootShape(&PyBaseObject_Type, kNames);
  Shape* s = root;
  for (int i = 0; i < kNames; i++) {
    s = shapeWith(s, name(i));
    ASSERT_NE(s, nullptr);
    for (int j = 0; j <= i; j++) EXPECT_EQ(shapeFind(s, name(j)), j);
    EXPECT_EQ(shapeFind(s, name(i + 1)), -1);
  }
  EXPECT_NE(s->table, nullptr);
  destroyShapes(root);
}

TEST(SlotTable, names_findTheirRows) {
  for (const SlotWrapper& row : slotTable()) {
    bool found = false;
    for (u8 r : slotRowsOf(slotName(row))) found |= &slotTable()[r] == &row;
    EXPECT_TRUE(found) << row.name;
    EXPECT_LT(row.index, kSlotCount);
  }
}

TEST(SlotTable, otherNames_noRows) {
  EXPECT_TRUE(slotRowsOf(internImmortal("__no_such_method__")).empty());
  EXPECT_TRUE(slotRowsOf(internImmortal("append")).empty());
}

TEST(SlotTable, sharedNames_haveTwoRows) {
  EXPECT_EQ(slotRowsOf(internImmortal("__add__")).size(), 2u);      // binary, concat
  EXPECT_EQ(slotRowsOf(internImmortal("__getitem__")).size(), 2u);  // getItem, seqItem
  EXPECT_EQ(slotRowsOf(internImmortal("__len__")).size(), 1u);
}

TEST(SlotTable, docs_startWithSignature) {
  for (const SlotWrapper& row : slotTable()) {
    if (!row.wrapper) continue;
    EXPECT_FALSE(textSignature(row.name, row.doc).empty()) << row.name;
    EXPECT_NE(*docWithoutSignature(row.name, row.doc), '_') << row.name;
  }
}

TEST(TextSignature, split_atMarker) {
  const char* doc = "f($self, a, /)\n--\n\nText.";
  EXPECT_EQ(textSignature("f", doc), "($self, a, /)");
  EXPECT_STREQ(docWithoutSignature("f", doc), "Text.");
}

TEST(TextSignature, otherDoc_keptWhole) {
  const char* doc = "f(a) -> b\n\nText.";
  EXPECT_EQ(textSignature("f", doc), "");
  EXPECT_STREQ(docWithoutSignature("f", doc), doc);
  EXPECT_EQ(textSignature("f", nullptr), "");
}

}  // namespace
}  // namespace dx
