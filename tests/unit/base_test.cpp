#include "base/base.h"

#include <gtest/gtest.h>

namespace dx {

TEST(Base, panic_called_printsPlaceAndAborts) {
  EXPECT_DEATH(panic("somewhere.cpp", 12, "broken"), "somewhere.cpp:12: broken");
}

TEST(Base, check_conditionHolds_continues) {
  DX_CHECK(1 + 1 == 2);
  SUCCEED();
}

TEST(Base, check_conditionBroken_namesTheCondition) {
  EXPECT_DEATH(DX_CHECK(1 + 1 == 3), "1 \\+ 1 == 3");
}

#ifdef DX_CHECKED
TEST(Base, assert_conditionBrokenInCheckedBuild_aborts) { EXPECT_DEATH(DX_ASSERT(false), "false"); }
#else
TEST(Base, assert_inReleaseBuild_doesNotEvaluate) {
  int calls = 0;
  DX_ASSERT(++calls == 0);
  EXPECT_EQ(calls, 0);
}
#endif

}  // namespace dx
