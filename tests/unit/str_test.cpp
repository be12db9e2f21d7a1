// Strings without Python code: canonical storage, search against a naive one, interning, growing.
#include <gtest/gtest.h>

#include <random>

#include "runtime/str_units.h"

namespace dx {
namespace {

// The narrowest kind that holds the text, ended by a zero unit.
bool isCanonical(const Str* s) {
  if (s->length == 0) return true;
  u32 bound = withUnits(s, [](auto u) { return boundOf(u.p, u.n); });
  return bound == maxChar(s) && withUnits(s, [](auto u) { return u.p[u.n] == 0; });
}

Ref<Str> randomText(std::mt19937& rng, u32 alphabet, int length) {
  StrBuilder out;
  for (int i = 0; i < length; i++) out.add(alphabet + rng() % 2);
  return out.finish();
}

i64 naiveFind(const Str* s, const Str* needle, i64 start, i64 end) {
  for (i64 i = start; i + needle->length <= end; i++) {
    i64 k = 0;
    while (k < needle->length && s->at(i + k) == needle->at(k)) k++;
    if (k == needle->length) return i;
  }
  return -1;
}
i64 naiveRfind(const Str* s, const Str* needle, i64 start, i64 end) {
  for (i64 i = end - needle->length; i >= start; i--) {
    i64 k = 0;
    while (k < needle->length && s->at(i + k) == needle->at(k)) k++;
    if (k == needle->length) return i;
  }
  return -1;
}

TEST(Str, anyUtf8_made_isCanonical) {
  for (const char* text : {"", "a", "abc", "\xC3\xA9", "a\xC3\xA9", "\xE1\x88\xB4", "a\xE1\x88\xB4",
                           "\xF0\x9F\x98\x80z"}) {
    Ref<Str> s = makeStr(text);
    EXPECT_TRUE(isCanonical(s)) << text;
    EXPECT_EQ(toUtf8(s), text);
  }
}

TEST(Str, substringWithoutWideCharacter_taken_isNarrow) {
  Ref<Str> s = makeStr("ab\xF0\x9F\x98\x80 cd\xC3\xA9");
  EXPECT_TRUE(substring(s, 0, 2)->isAscii());
  EXPECT_EQ(substring(s, 4, s->length)->kind(), 1u);
  EXPECT_TRUE(isCanonical(substring(s, 2, 4)));
}

TEST(Str, latin1Character_made_isShared) {
  EXPECT_EQ(makeChar('x').get(), makeStr("x").get());
  EXPECT_EQ(makeChar(0xE9).get(), makeStr("\xC3\xA9").get());
  EXPECT_EQ(makeStr("").get(), emptyStr());
}

TEST(Str, needleOfAnyKind_searched_isFoundAsByNaiveSearch) {
  std::mt19937 rng(7);
  for (u32 alphabet : {u32('a'), 0xE8u, 0x1234u, 0x1F600u}) {
    for (int round = 0; round < 400; round++) {
      Ref<Str> hay = randomText(rng, alphabet, int(rng() % 60));
      Ref<Str> needle = randomText(rng, alphabet, int(1 + rng() % 5));
      i64 start = hay->length ? i64(rng() % u64(hay->length)) : 0;
      i64 end = start + i64(rng() % u64(hay->length - start + 1));
      EXPECT_EQ(findStr(hay, needle, start, end), naiveFind(hay, needle, start, end));
      EXPECT_EQ(rfindStr(hay, needle, start, end), naiveRfind(hay, needle, start, end));
      EXPECT_EQ(findChar(hay, alphabet, start, end),
                naiveFind(hay, makeChar(alphabet), start, end));
    }
  }
}

TEST(Str, periodicTextOfWideUnits_searched_takesLinearTime) {
  StrBuilder hay, needle, reversed;
  hay.addRepeated(0x1234, 200000);
  hay.add(u32('b'));
  hay.addRepeated(0x1234, 200000);
  needle.addRepeated(0x1234, 100000);
  needle.add(u32('c'));
  reversed.add(u32('b'));
  reversed.addRepeated(0x1234, 100000);
  Ref<Str> h = hay.finish(), n = needle.finish(), r = reversed.finish();
  EXPECT_EQ(findStr(h, n, 0, h->length), -1);
  EXPECT_EQ(rfindStr(h, r, 0, h->length), 200000);
}

TEST(Str, overlappingNeedle_counted_countsWithoutOverlap) {
  Ref<Str> s = makeStr("aaaa"), two = makeStr("aa");
  EXPECT_EQ(countStr(s, two, 0, 4, INT64_MAX), 2);
  EXPECT_EQ(countStr(s, emptyStr(), 0, 4, INT64_MAX), 5);
  EXPECT_EQ(countStr(s, two, 0, 4, 1), 1);
}

TEST(Str, equalStrings_interned_areOne) {
  std::vector<Ref<Str>> kept;
  for (int i = 0; i < 9000; i++) kept.push_back(intern(makeAscii("str_test_" + std::to_string(i))));
  for (size_t i = 0; i < kept.size(); i += 3) kept[i].reset();  // leaves the table
  for (size_t i = 0; i < kept.size(); i++) {
    Ref<Str> again = intern(makeAscii("str_test_" + std::to_string(i)));
    if (kept[i]) {
      EXPECT_EQ(again.get(), kept[i].get());
    }
  }
}

TEST(Str, differentlyBuiltEqualStrings_hashed_agree) {
  Ref<Str> a = makeStr("ab\xE1\x88\xB4");
  StrBuilder out;
  out.add("ab");
  out.add(0x1234u);
  Ref<Str> b = out.finish();
  EXPECT_EQ(hashStr(a), hashStr(b));
  EXPECT_EQ(hashStr(emptyStr()), 0);
  EXPECT_TRUE(equalStr(a, b));
}

TEST(StrBuilder, piecesOfAllKinds_added_giveCanonicalText) {
  StrBuilder out;
  std::string expected;
  for (const char* piece : {"plain ", "\xC3\xA9", "\xE1\x88\xB4", "\xF0\x9F\x98\x80", "end"}) {
    out.add(std::string_view(piece));
    expected += piece;
  }
  out.addRepeated('-', 100);
  expected += std::string(100, '-');
  Ref<Str> s = out.finish();
  EXPECT_EQ(toUtf8(s), expected);
  EXPECT_TRUE(isCanonical(s));
}

TEST(Str, texts_compared_areOrderedByCodePoint) {
  Ref<Str> a = makeStr("a"), e = makeStr("\xC3\xA9"), w = makeStr("\xE1\x88\xB4"),
           x = makeStr("\xF0\x9F\x98\x80");
  EXPECT_LT(compareStr(a, e), 0);
  EXPECT_LT(compareStr(e, w), 0);
  EXPECT_LT(compareStr(w, x), 0);
  EXPECT_GT(compareStr(x, a), 0);
  EXPECT_EQ(compareStr(w, makeStr("\xE1\x88\xB4")), 0);
  EXPECT_LT(compareStr(emptyStr(), a), 0);
}

}  // namespace
}  // namespace dx
