// Kernels of simd/ against naive ones, on every target the machine has. Each text lies between
// pages that cannot be touched, at its front or at its back, so that reading one byte too far ends
// the test.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>
#include <vector>

#include "base/unicode.h"
#include "simd/copy.h"
#include "simd/kernels.h"
#include "simd/targets.h"

namespace dx::simd {
namespace {

using std::size_t;

// Room for texts between two guard pages.
class Guarded {
 public:
  Guarded() {
    page_ = size_t(sysconf(_SC_PAGESIZE));
    base_ = static_cast<uint8_t*>(
        mmap(nullptr, kPages * page_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_NE(base_, MAP_FAILED);
    EXPECT_EQ(mprotect(base_ + page_, kPages * page_, PROT_READ | PROT_WRITE), 0);
  }
  ~Guarded() { munmap(base_, kPages * page_ + 2 * page_); }
  Guarded(const Guarded&) = delete;
  // Where n bytes begin: at the front page, at the back one, or anywhere.
  uint8_t* place(std::mt19937& rng, size_t n, size_t align) {
    size_t room = kPages * page_ - n;
    switch (rng() % 3) {
      case 0:
        return base_ + page_;
      case 1:
        return base_ + page_ + room;
      default:
        return base_ + page_ + rng() % (room / align + 1) * align;
    }
  }

 private:
  static constexpr size_t kPages = 5;
  size_t page_;
  uint8_t* base_;
};

class Simd : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (!target(GetParam()).available) GTEST_SKIP() << "not on this machine";
    before_ = selectedTarget();
    selectTarget(GetParam());
    seed_ = std::random_device()();
    rng_.seed(seed_);
    printf("seed %u\n", seed_);
  }
  void TearDown() override {
    if (target(GetParam()).available) selectTarget(before_);
  }
  size_t length(size_t most = 400) { return rng_() % 4 ? rng_() % (most / 4) : rng_() % most; }
  // A copy of the text between guard pages.
  template <class U>
  U* put(Guarded& where, const std::vector<U>& text) {
    auto* p = reinterpret_cast<U*>(where.place(rng_, text.size() * sizeof(U), sizeof(U)));
    if (!text.empty()) memcpy(p, text.data(), text.size() * sizeof(U));
    return p;
  }
  template <class U>
  U* room(Guarded& where, size_t n) {
    return put(where, std::vector<U>(n, U(0xA5)));
  }
  // Units from a small alphabet, or all there are.
  template <class U>
  std::vector<U> text(size_t n, uint32_t alphabet = 0) {
    std::vector<U> r(n);
    uint32_t base = rng_() % 3 == 0 ? uint32_t(rng_()) : 'a';
    for (U& u : r) u = U(alphabet ? base + rng_() % alphabet : rng_() % 2 ? rng_() % 256 : rng_());
    return r;
  }
  template <class F>
  void eachKind(F&& fn) {
    fn(uint8_t());
    fn(uint16_t());
    fn(uint32_t());
  }

  static constexpr int kCases = 300;
  unsigned seed_ = 0;
  std::mt19937 rng_;
  Guarded a_, b_, c_;
  int before_ = 0;
};

std::string targetName(const testing::TestParamInfo<int>& info) {
  std::string name = target(info.param).name;
  return name.empty() ? "none" + std::to_string(info.param) : name;
}
INSTANTIATE_TEST_SUITE_P(Targets, Simd, testing::Range(0, kTargetCount), targetName);

TEST_P(Simd, unit_random_isFoundAndCountedAsByALoop) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < kCases; k++) {
      auto t = text<U>(length(), 1 + rng_() % 40);
      U* p = put(a_, t);
      size_t n = t.size();
      U c = n && rng_() % 4 ? t[rng_() % n] : U(rng_());
      size_t first = n, last = n, count = 0;
      std::vector<uint64_t> masks((n + 63) / 64), got((n + 63) / 64, 77);
      for (size_t i = 0; i < n; i++) {
        if (t[i] != c) continue;
        if (first == n) first = i;
        last = i;
        count++;
        masks[i / 64] |= uint64_t(1) << i % 64;
      }
      EXPECT_EQ(findUnit(p, n, c), first);
      EXPECT_EQ(rfindUnit(p, n, c), last);
      EXPECT_EQ(countUnit(p, n, c), count);
      masksOf(p, n, c, got.data());
      EXPECT_EQ(got, masks);
    }
  });
}

TEST_P(Simd, needle_random_isFoundAsByALoop) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < kCases; k++) {
      uint32_t alphabet = 1 + rng_() % 3;
      auto t = text<U>(2 + length(), alphabet);
      size_t n = t.size(), m = 2 + rng_() % (rng_() % 3 ? std::min<size_t>(n - 1, 6) : n - 1);
      std::vector<U> x(t.end() - ptrdiff_t(m), t.end());
      size_t from = rng_() % (n - m + 1);
      for (size_t i = 0; i < m; i++) x[i] = t[from + i];
      if (rng_() % 3 == 0) x[rng_() % m]++;
      U *hay = put(a_, t), *needle = put(b_, x);
      size_t first = n, last = n;
      for (size_t i = 0; i + m <= n; i++) {
        if (!std::equal(x.begin(), x.end(), t.begin() + ptrdiff_t(i))) continue;
        if (first == n) first = i;
        last = i;
      }
      EXPECT_EQ(search(hay, n, needle, m), first);
      EXPECT_EQ(rsearch(hay, n, needle, m), last);
    }
  });
}

TEST_P(Simd, places_random_areAllThoseOfALoop) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < 3 * kCases; k++) {
      uint32_t alphabet = 1 + rng_() % 3;
      auto t = text<U>(1 + length(), alphabet);
      size_t n = t.size(), m = std::min<size_t>(n, 1 + rng_() % (rng_() % 3 ? 7 : 40));
      size_t from = rng_() % (n - m + 1);
      std::vector<U> x(t.begin() + ptrdiff_t(from), t.begin() + ptrdiff_t(from + m));
      if (rng_() % 5 == 0) x[rng_() % m]++;
      std::vector<size_t> places;
      for (size_t i = 0; i + m <= n;) {
        bool here = std::equal(x.begin(), x.end(), t.begin() + ptrdiff_t(i));
        if (here) places.push_back(i);
        i += here ? m : 1;
      }
      size_t room = rng_() % 2 ? n : rng_() % (places.size() + 2);
      if (places.size() > room) places.resize(room);
      U *hay = put(a_, t), *needle = put(b_, x);
      ASSERT_EQ(searchAll(hay, n, needle, m, nullptr, room), places.size()) << "seed " << seed_;
      auto* got = reinterpret_cast<size_t*>(c_.place(rng_, room * sizeof(size_t), sizeof(size_t)));
      ASSERT_EQ(searchAll(hay, n, needle, m, got, room), places.size()) << "seed " << seed_;
      ASSERT_TRUE(std::equal(places.begin(), places.end(), got)) << "seed " << seed_;
    }
  });
}

// Where the filter lets everything through, the linear algorithm takes over; it must find the same.
TEST_P(Simd, needle_periodic_isFoundAfterTheFilterGaveUp) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < 100; k++) {
      size_t n = 40000 + rng_() % 20000, m = 500 + rng_() % 1500, period = 1 + rng_() % 4;
      std::vector<U> t(n), x(m);
      for (size_t i = 0; i < n; i++) t[i] = U('a' + i % period);
      for (size_t i = 0; i < m; i++) x[i] = U('a' + i % period);
      size_t odd = 1 + rng_() % (m - 2);
      x[odd] = 'z';
      size_t at = n;
      if (rng_() % 4) {
        at = n / 2 + rng_() % (n / 2 - m);
        at -= at % period;
        t[at + odd] = 'z';
      }
      EXPECT_EQ(search(t.data(), n, x.data(), m), at);
      size_t place = 0;
      EXPECT_EQ(searchAll(t.data(), n, x.data(), m, &place, 1), size_t(at < n));
      if (at < n) EXPECT_EQ(place, at);
      EXPECT_EQ(searchAll(t.data(), n, x.data(), m, nullptr, n), size_t(at < n));
      EXPECT_EQ(rsearch(t.data(), n, x.data(), m), at);
    }
  });
}

TEST_P(Simd, texts_random_differWhereALoopSaysSo) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < kCases; k++) {
      auto t = text<U>(length());
      auto u = t;
      size_t n = t.size(), at = n;
      if (n && rng_() % 4) u[at = rng_() % n] ^= U(1 << rng_() % (8 * sizeof(U)));
      EXPECT_EQ(mismatch(put(a_, t), put(b_, u), n), at);
    }
  });
}

TEST_P(Simd, set_random_isSeenAsByALoop) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < kCases; k++) {
      ByteSet set;
      for (uint32_t i = rng_() % 40; i; i--) set.add(uint8_t(rng_()));
      set.withAbove(Above(rng_() % 3));
      if (rng_() % 3 == 0 && set.above != Above::kSpaces) set = set.complement();
      auto t = text<U>(length(), rng_() % 2 ? 30 : 0);
      size_t n = t.size();
      if (n && rng_() % 2) t[rng_() % n] = U(rng_() % 2 ? 0x2003 : 0x3000);
      U* p = put(a_, t);
      size_t first = n, last = n;
      std::vector<uint64_t> masks((n + 63) / 64), got((n + 63) / 64, 77);
      for (size_t i = 0; i < n; i++) {
        if (!set.has(t[i])) continue;
        if (first == n) first = i;
        last = i;
        masks[i / 64] |= uint64_t(1) << i % 64;
      }
      EXPECT_EQ(findIn(p, n, set), first);
      EXPECT_EQ(rfindIn(p, n, set), last);
      masksIn(p, n, set, got.data());
      EXPECT_EQ(got, masks);
    }
  });
}

TEST_P(Simd, limits_random_areAsByALoop) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < kCases; k++) {
      auto t = text<U>(rng_() % 10 ? length() : 2000 + rng_() % 1000);
      uint32_t mask = rng_() % 2 ? 0x7F : rng_() % 2 ? 0xFF : rng_() % 2 ? 0xFFFF : 0x1FFFFF;
      for (U& u : t) u &= U(mask);
      size_t n = t.size();
      if (n && rng_() % 3 == 0) t[rng_() % n] = U(0xD800 + rng_() % 0x800);
      if (n && rng_() % 3 == 0) t[rng_() % n] = U(rng_());
      U* p = put(a_, t);
      const uint32_t limits[] = {1, 0x7F, 0x80, 0x100, 0x800, 0x10000, 0x110000, 0x80000001};
      uint32_t limit = limits[rng_() % 8], seen = 0;
      size_t at = n, surrogate = n;
      for (size_t i = n; i-- > 0;) {
        if (t[i] >= limit) at = i;
        if (sizeof(U) > 1 && t[i] >= 0xD800 && t[i] <= 0xDFFF) surrogate = i;
        seen |= t[i];
      }
      EXPECT_EQ(findFrom(p, n, limit), at);
      EXPECT_EQ(findSurrogate(p, n), surrogate);
      uint32_t got = unionOf(p, n);
      auto bound = [](uint32_t c) { return c < 0x80 ? 1 : c < 0x100 ? 2 : c < 0x10000 ? 3 : 4; };
      uint32_t cap = sizeof(U) == 1 ? 0xFF : sizeof(U) == 2 ? 0xFFFF : ~0u;
      EXPECT_EQ(bound(got & cap), bound(seen));
    }
  });
}

TEST_P(Simd, units_random_convertReplaceAndSwap) {
  eachKind([&]<class U>(U) {
    eachKind([&]<class V>(V) {
      for (int k = 0; k < kCases; k++) {
        auto t = text<U>(length());
        if (sizeof(V) < sizeof(U))
          for (U& u : t) u &= U(V(~V(0)));
        size_t n = t.size();
        V* to = room<V>(b_, n);
        convert(put(a_, t), n, to);
        for (size_t i = 0; i < n; i++) ASSERT_EQ(to[i], V(t[i]));
      }
    });
    for (int k = 0; k < kCases; k++) {
      auto t = text<U>(length(), 5);
      size_t n = t.size();
      U c = n ? t[rng_() % n] : U(0), by = U(rng_());
      U *from = put(a_, t), *to = room<U>(b_, n);
      replaceUnit(from, n, c, by, to);
      for (size_t i = 0; i < n; i++) ASSERT_EQ(to[i], t[i] == c ? by : t[i]);
      swapBytes(from, n, from);
      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < sizeof(U); j++)
          ASSERT_EQ(reinterpret_cast<uint8_t*>(from + i)[j],
                    reinterpret_cast<const uint8_t*>(&t[i])[sizeof(U) - 1 - j]);
    }
  });
}

// The rule for whole vectors against the table of single characters.
TEST_P(Simd, units_random_changeCaseAsTheTablesSay) {
  for (int k = 0; k < 20 * kCases; k++) {
    std::vector<uint16_t> t;
    const uint32_t bases[] = {0, 0x80, 0x370, 0x400, 0x450, 0x1E00, 0x2000, 0x3040, 0x4E00, 0xAC00};
    for (size_t i = length(); i; i--)
      t.push_back(
          uint16_t(rng_() % 40 ? bases[rng_() % 2 ? 3 : rng_() % 10] + rng_() % 0x70 : rng_()));
    if (k < 1024) {  // every unit there is, with what is known around it
      t.assign(64, 'x');
      for (size_t i = 0; i < 64; i++) t[i] = uint16_t(64 * k + i);
    }
    size_t n = t.size();
    uint16_t *from = put(a_, t), *to = room<uint16_t>(b_, n);
    for (bool upper : {false, true}) {
      bool wide = false, naive = false;
      size_t done = changeCase16(from, n, to, upper, &wide);
      ASSERT_LE(done, n);
      for (size_t i = 0; i < done; i++) {
        uint32_t one[3];
        int count = upper ? unicodeUpperFull(t[i], one) : unicodeLowerFull(t[i], one);
        ASSERT_EQ(count, 1) << t[i];
        ASSERT_EQ(to[i], one[0]) << t[i];
        naive = naive || to[i] > 255;
      }
      ASSERT_EQ(wide, naive);
    }
  }
}

TEST_P(Simd, bytes_random_areCopied) {
  for (int k = 0; k < kCases; k++) {
    auto t = text<uint8_t>(k % 4 ? 512 + rng_() % 8000 : length());
    uint8_t* to = room<uint8_t>(b_, t.size());
    copy(to, put(a_, t), t.size());
    ASSERT_TRUE(std::equal(t.begin(), t.end(), to));
  }
}

TEST_P(Simd, bytes_random_changeCaseAndTranslate) {
  for (int k = 0; k < kCases; k++) {
    auto t = text<uint8_t>(length());
    size_t n = t.size();
    uint8_t *from = put(a_, t), *to = room<uint8_t>(b_, n);
    auto isLow = [](uint8_t c) { return c >= 'a' && c <= 'z'; };
    auto isUp = [](uint8_t c) { return c >= 'A' && c <= 'Z'; };
    auto flip = [](uint8_t c) { return uint8_t(c ^ 0x20); };
    lower(from, n, to);
    for (size_t i = 0; i < n; i++) ASSERT_EQ(to[i], isUp(t[i]) ? flip(t[i]) : t[i]);
    upper(from, n, to);
    for (size_t i = 0; i < n; i++) ASSERT_EQ(to[i], isLow(t[i]) ? flip(t[i]) : t[i]);
    swapCase(from, n, to);
    for (size_t i = 0; i < n; i++) ASSERT_EQ(to[i], isLow(t[i]) || isUp(t[i]) ? flip(t[i]) : t[i]);
    title(from, n, to);
    for (size_t i = 0; i < n; i++) {
      bool inWord = i && (isLow(t[i - 1]) || isUp(t[i - 1]));
      ASSERT_EQ(to[i], (inWord ? isUp(t[i]) : isLow(t[i])) ? flip(t[i]) : t[i]);
    }
    auto table = text<uint8_t>(256);
    translate(from, n, put(c_, table), to);
    for (size_t i = 0; i < n; i++) ASSERT_EQ(to[i], table[t[i]]);
  }
}

TEST_P(Simd, bytes_random_asDigitsAndBack) {
  const char* hex = "0123456789abcdef";
  const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int k = 0; k < 2 * kCases; k++) {
    auto t = text<uint8_t>(length(1000));
    size_t n = t.size();
    uint8_t *from = put(a_, t), *to = room<uint8_t>(b_, 2 * n);
    hexEncode(from, n, to);
    std::vector<uint8_t> digits(to, to + 2 * n);
    for (size_t i = 0; i < n; i++) {
      ASSERT_EQ(digits[2 * i], hex[t[i] >> 4]);
      ASSERT_EQ(digits[2 * i + 1], hex[t[i] & 15]);
      if (rng_() % 2) digits[2 * i] = uint8_t(toupper(digits[2 * i]));
    }
    size_t bad = n;
    if (n && rng_() % 2) {
      bad = rng_() % n;
      uint8_t c;
      do c = uint8_t(rng_());
      while (isxdigit(c));
      digits[2 * bad + rng_() % 2] = c;
    }
    uint8_t* back = room<uint8_t>(a_, n);
    ASSERT_EQ(hexDecode(put(c_, digits), n, back), bad);
    ASSERT_TRUE(std::equal(back, back + bad, t.begin()));

    n -= n % 3;
    t.resize(n);
    size_t m = n / 3 * 4;
    to = room<uint8_t>(b_, m);
    ASSERT_EQ(base64Encode(put(a_, t), n, to), n);
    std::vector<uint8_t> text64(to, to + m);
    for (size_t i = 0; i < n / 3; i++) {
      uint32_t bits = uint32_t(t[3 * i]) << 16 | uint32_t(t[3 * i + 1]) << 8 | t[3 * i + 2];
      for (size_t j = 0; j < 4; j++)
        ASSERT_EQ(text64[4 * i + j], alphabet[bits >> (18 - 6 * j) & 63]);
    }
    bad = m;
    if (m && rng_() % 2) {
      bad = rng_() % m;
      uint8_t c;
      do c = uint8_t(rng_());
      while (c && strchr(alphabet, c));
      text64[bad] = c;
      bad -= bad % 4;
    }
    back = room<uint8_t>(a_, n);
    ASSERT_EQ(base64Decode(put(c_, text64), m, back), bad);
    ASSERT_TRUE(std::equal(back, back + bad / 4 * 3, t.begin()));
  }
}

// ---- UTF-8 ----

void encodeOne(uint32_t c, std::vector<uint8_t>& out) {
  if (c < 0x80) {
    out.push_back(uint8_t(c));
    return;
  }
  int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  const uint8_t leads[] = {0, 0xC0, 0xE0, 0xF0};
  out.push_back(uint8_t(leads[more] | c >> (6 * more)));
  while (more-- > 0) out.push_back(uint8_t(0x80 | (c >> (6 * more) & 0x3F)));
}
// By the definition: decode, encode again, compare.
bool naiveValid(const std::vector<uint8_t>& t, size_t* count, uint32_t* greatest) {
  *count = 0;
  *greatest = 0;
  for (size_t i = 0; i < t.size();) {
    uint8_t lead = t[i];
    size_t need = lead < 0x80   ? 1
                  : lead < 0xC0 ? 0
                  : lead < 0xE0 ? 2
                  : lead < 0xF0 ? 3
                  : lead < 0xF8 ? 4
                                : 0;
    if (!need || i + need > t.size()) return false;
    uint32_t c = need == 1 ? lead : lead & (0xFF >> (need + 1));
    for (size_t k = 1; k < need; k++) {
      if ((t[i + k] & 0xC0) != 0x80) return false;
      c = c << 6 | (t[i + k] & 0x3F);
    }
    std::vector<uint8_t> again;
    encodeOne(c, again);
    if (again.size() != need || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return false;
    *greatest = std::max(*greatest, c);
    ++*count;
    i += need;
  }
  return true;
}

TEST_P(Simd, utf8_randomAndBroken_isJudgedAsByTheDefinition) {
  for (int k = 0; k < 20 * kCases; k++) {
    std::vector<uint8_t> t;
    uint32_t most = rng_() % 4;
    for (size_t i = length(300); i; i--) {
      const uint32_t bounds[] = {0x80, 0x100, 0x10000, 0x110000};
      uint32_t c = rng_() % bounds[rng_() % 3 ? most : rng_() % (most + 1)];
      if (rng_() % 3 == 0) c &= 0x7F;
      if ((c & ~0x7FFu) == 0xD800 && rng_() % 20) c = 'x';
      encodeOne(c, t);
    }
    if (!t.empty() && rng_() % 2) {  // broken: one byte, a piece away, or an odd sequence in it
      size_t at = rng_() % t.size();
      switch (rng_() % 4) {
        case 0:
          t[at] = uint8_t(rng_());
          break;
        case 1:
          t.erase(t.begin() + ptrdiff_t(at));
          break;
        case 2:
          t.resize(at);
          break;
        default: {
          const char* odd[] = {
              "\xC0\x80",         "\xE0\x9F\xBF",     "\xED\xA0\x80",         "\xF0\x8F\xBF\xBF",
              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\x80",
              "\xC1\xBF",         "\xEF\xBF\xBF",     "\xF4\x8F\xBF\xBF"};
          std::string piece = odd[rng_() % 11];
          t.insert(t.begin() + ptrdiff_t(at), piece.begin(), piece.end());
        }
      }
    }
    size_t count;
    uint32_t greatest;
    bool valid = naiveValid(t, &count, &greatest);
    Utf8Facts facts = utf8Facts(put(a_, t), t.size());
    ASSERT_EQ(facts.valid, valid) << "seed " << seed_ << " case " << k;
    if (!valid) continue;
    ASSERT_EQ(facts.count, count);
    ASSERT_EQ(facts.bound, greatest < 0x80      ? 0x7Fu
                           : greatest < 0x100   ? 0xFFu
                           : greatest < 0x10000 ? 0xFFFFu
                                                : 0x10FFFFu);
  }
}

TEST_P(Simd, utf8_random_isDecodedAndEncoded) {
  eachKind([&]<class U>(U) {
    for (int k = 0; k < 3 * kCases; k++) {
      std::vector<U> t;
      for (size_t i = length(1000); i; i--) {
        uint32_t c = rng_() % (sizeof(U) == 1 ? 0x100 : sizeof(U) == 2 ? 0x10000 : 0x110000);
        uint32_t style = (k + rng_() % 3) % 6;
        t.push_back(U(style < 2 ? c & 0x7F : style == 2 ? c & 0x7FF : style == 3 ? c & 0xFFFF : c));
      }
      if (rng_() % 3 == 0 && t.size() > 200)
        for (size_t i = 0; i < 150; i++) t[i + 20] = 'y';
      std::vector<uint8_t> bytes;
      for (U u : t) encodeOne(u, bytes);
      U *to = room<U>(b_, t.size()), *from = put(c_, t);
      utf8Decode(put(a_, bytes), bytes.size(), to, t.size());
      ASSERT_TRUE(std::equal(t.begin(), t.end(), to)) << "seed " << seed_;
      ASSERT_EQ(utf8Size(from, t.size()), bytes.size());
      uint8_t* out = room<uint8_t>(a_, bytes.size());
      ASSERT_EQ(utf8Encode(from, t.size(), out), bytes.size());
      ASSERT_TRUE(std::equal(bytes.begin(), bytes.end(), out)) << "seed " << seed_;
    }
  });
}

}  // namespace
}  // namespace dx::simd
