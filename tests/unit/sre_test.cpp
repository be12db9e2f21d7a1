// The regular-expression matcher against compiled patterns and results of CPython
// (tools/gen_sre_cases.py). DX_SRE_CASES names another case file, for longer hunts.
#include <gtest/gtest.h>

#include "case_file.h"
#include "modules/sre_engine.h"

namespace dx {
namespace {

using Fields = std::vector<std::string>;

std::vector<u32> codeOf(const std::string& text) {
  std::vector<u32> out;
  for (size_t i = 0; i < text.size();) {
    size_t comma = std::min(text.find(',', i), text.size());
    out.push_back(u32(std::stoul(text.substr(i, comma - i), nullptr, 16)));
    i = comma + 1;
  }
  return out;
}

// A subject in each code-unit size that holds it.
struct Subject {
  std::vector<u8> narrow;
  std::vector<u16> wide;
  std::vector<u32> full;

  explicit Subject(const std::vector<u32>& text) : full(text) {
    u32 top = 0;
    for (u32 c : text) top = std::max(top, c);
    if (top < 256) narrow.assign(text.begin(), text.end());
    if (top < 65536) wide.assign(text.begin(), text.end());
  }
  std::vector<SreSubject> forms() const {
    std::vector<SreSubject> out{{full.data(), full.size(), 4}};
    if (wide.size() == full.size()) out.push_back({wide.data(), wide.size(), 2});
    if (narrow.size() == full.size()) out.push_back({narrow.data(), narrow.size(), 1});
    return out;
  }
};

std::string resultOf(const SreMatcher& m, const SreProgram& program) {
  std::string out = std::to_string(m.matchStart()) + "," + std::to_string(m.matchEnd());
  for (u32 i = 1; i <= program.groups(); i++) {
    auto [from, to] = m.group(i);
    out += ";" + std::to_string(from) + "," + std::to_string(to);
  }
  return out + ";" + std::to_string(m.lastIndex());
}

void runCase(const SreProgram& program, const Fields& f) {
  Subject subject(f[1] == "\\e" ? std::vector<u32>() : test::unescape(f[1]));
  size_t pos = std::stoul(f[2]), endpos = std::stoul(f[3]);
  for (SreSubject form : subject.forms()) {
    SCOPED_TRACE(form.kind);
    auto matcher = [&] { return SreMatcher(program, form, pos, endpos); };
    auto text = [&](SreMatcher& m, SreStatus status) {
      return status == SreStatus::kMatch ? resultOf(m, program) : "-";
    };
    SreMatcher s = matcher();
    SreStatus status = s.search();
    EXPECT_EQ(text(s, status), f[4]);
    status = s.match();
    EXPECT_EQ(text(s, status), f[5]);
    status = s.fullMatch();
    EXPECT_EQ(text(s, status), f[6]);
    SreMatcher all = matcher();
    std::string every;
    for (size_t n = 0; n < 1000 && all.search() == SreStatus::kMatch; n++) {
      every += (every.empty() ? "" : " ") + resultOf(all, program);
      all.setPosition(all.matchEnd(), all.matchStart() == all.matchEnd());
    }
    EXPECT_EQ(every.empty() ? "-" : every, f[7]);
  }
}

TEST(Sre, everyOracleCase_matched_isTheSame) {
  const char* other = getenv("DX_SRE_CASES");
  auto cases = test::readCases(other ? other : "sre_cases.tsv");
  ASSERT_GT(cases.size(), 1000u);
  SreProgram program;
  std::string pattern;
  for (const Fields& f : cases) {
    if (f[0] == "P") {
      pattern = f[1];
      std::vector<u32> code = codeOf(f[4]);
      ASSERT_TRUE(SreProgram::make(code, u32(std::stoul(f[3])), &program)) << pattern;
      continue;
    }
    SCOPED_TRACE("pattern " + pattern + "   subject " + f[1] + " " + f[2] + " " + f[3]);
    runCase(program, f);
  }
}

// Whatever the words, the matcher stays inside its buffers (the checked build would tell).
TEST(Sre, damagedCode_validated_isRefusedOrHarmless) {
  auto cases = test::readCases("sre_cases.tsv");
  u32 seed = 12345;
  auto random = [&seed](u32 n) { return (seed = seed * 1664525 + 1013904223) / 65536 % n; };
  std::vector<u8> subject;
  for (int i = 0; i < 40; i++) subject.push_back(u8("aabbc\n x"[random(8)]));
  u32 accepted = 0;
  for (const Fields& f : cases) {
    if (f[0] != "P" || f[4].size() > 600) continue;
    for (int round = 0; round < 20; round++) {
      std::vector<u32> code = codeOf(f[4]);
      for (u32 k = 0; k <= random(2); k++)
        code[random(u32(code.size()))] = random(4)   ? random(45)
                                         : random(2) ? 0xffffffff
                                                     : random(7000);
      SreProgram program;
      if (!SreProgram::make(code, u32(std::stoul(f[3])), &program)) continue;
      accepted++;
      SreMatcher m(program, {subject.data(), subject.size(), 1}, 0, subject.size());
      int polls = 0;
      m.setPoll([](void* p) { return ++*static_cast<int*>(p) < 4; }, &polls);
      (void)m.search();
    }
  }
  EXPECT_GT(accepted, 100u);
}

// (?:(?:...(?:a){0,max}...){0,max}){0,max}, depth deep.
std::vector<u32> nestedRepeats(u32 depth, u32 max) {
  std::vector<u32> code;
  std::vector<u32> skips;
  for (u32 i = 0; i < depth; i++) {
    code.push_back(kSreRepeat);
    skips.push_back(u32(code.size()));
    code.insert(code.end(), {0, 0, max});
  }
  code.insert(code.end(), {kSreLiteral, 'a'});
  for (u32 i = 0; i < depth; i++) {
    u32 skip = skips.back();
    skips.pop_back();
    code[skip] = u32(code.size()) - skip;
    code.push_back(kSreMaxUntil);
  }
  code.push_back(kSreSuccess);
  return code;
}

TEST(Sre, deeplyNestedRepeats_matched_useNoCStack) {
  SreProgram program;
  ASSERT_TRUE(SreProgram::make(nestedRepeats(100000, 1), 0, &program));
  const u8 subject[] = {'a', 'a', 'a'};
  SreMatcher m(program, {subject, 3, 1}, 0, 3);
  ASSERT_EQ(m.match(), SreStatus::kMatch);
  EXPECT_EQ(m.matchEnd(), 1u);
}

TEST(Sre, longSubject_repeatedGroup_matches) {
  // (?:a|b)*c over a million characters.
  std::vector<u32> code{kSreRepeat,  16,           0,           kSreMaxRepeat, kSreBranch,
                        5,           kSreLiteral,  'a',         kSreJump,      7,
                        5,           kSreLiteral,  'b',         kSreJump,      2,
                        kSreFailure, kSreMaxUntil, kSreLiteral, 'c',           kSreSuccess};
  code[1] = 15;
  SreProgram program;
  ASSERT_TRUE(SreProgram::make(code, 0, &program));
  std::string subject(1000000, 'a');
  subject += 'c';
  SreMatcher m(program, {subject.data(), subject.size(), 1}, 0, subject.size());
  ASSERT_EQ(m.fullMatch(), SreStatus::kMatch);
}

TEST(Sre, poll_refusing_interrupts) {
  SreProgram program;
  ASSERT_TRUE(SreProgram::make(nestedRepeats(3, kSreMaxRepeat), 0, &program));
  // (?:(?:a*)*)* cannot match up to the end: exponential without the poll.
  std::string subject(60, 'a');
  subject += 'b';
  SreMatcher m(program, {subject.data(), subject.size(), 1}, 0, subject.size());
  m.setPoll([](void*) { return false; }, nullptr);
  EXPECT_EQ(m.fullMatch(), SreStatus::kInterrupted);
}

}  // namespace
}  // namespace dx
