// The kernels of src/simd/ alone, and a plain pass over memory to hold them against. Sizes in
// bytes.
//   DX_SIMD=avx2 build/release/dx_bench_strings --benchmark_filter=...
#include "simd/kernels.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace {

using namespace dx::simd;

std::vector<uint8_t> text(size_t n) {
  std::vector<uint8_t> r(n);
  for (size_t i = 0; i < n; i++) r[i] = uint8_t("the quick brown fox jumps "[i % 26]);
  return r;
}
void sizes(benchmark::internal::Benchmark* b) {
  for (int64_t n : {8, 64, 512, 4096, 65536, 1 << 20, 1 << 24}) b->Arg(n);
}

// Reading: every word once, nothing else done.
void memoryRead(benchmark::State& state) {
  auto t = text(size_t(state.range(0)));
  for (auto _ : state) {
    uint64_t a[8] = {};
    size_t i = 0;
    for (; i + 64 <= t.size(); i += 64)
      for (size_t k = 0; k < 8; k++) {
        uint64_t word;
        memcpy(&word, t.data() + i + 8 * k, 8);
        a[k] |= word;
      }
    for (; i < t.size(); i++) a[0] |= t[i];
    benchmark::DoNotOptimize(a);
  }
  state.SetBytesProcessed(int64_t(state.iterations()) * state.range(0));
}
BENCHMARK(memoryRead)->Apply(sizes);

// Reading and writing.
void memoryCopy(benchmark::State& state) {
  auto t = text(size_t(state.range(0))), to = t;
  for (auto _ : state) {
    memcpy(to.data(), t.data(), t.size());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(int64_t(state.iterations()) * state.range(0));
}
BENCHMARK(memoryCopy)->Apply(sizes);

template <class F>
void over(benchmark::State& state, F fn) {
  auto t = text(size_t(state.range(0)));
  std::vector<uint8_t> to(4 * t.size() + 64);
  for (auto _ : state) {
    benchmark::DoNotOptimize(fn(t.data(), t.size(), to.data()));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(int64_t(state.iterations()) * state.range(0));
}
#define KERNEL(name, ...)                                               \
  void name##Bytes(benchmark::State& state) {                           \
    over(state, [](const uint8_t* p, size_t n, uint8_t* to) -> size_t { \
      (void)to;                                                         \
      __VA_ARGS__;                                                      \
    });                                                                 \
  }                                                                     \
  BENCHMARK(name##Bytes)->Apply(sizes)

constexpr auto kSpace = ByteSet(" \t\n");
const uint8_t kNeedle[] = "jumpy";
KERNEL(find, return findUnit(p, n, '!'));
KERNEL(count, return countUnit(p, n, 'o'));
KERNEL(search, return n > 5 ? search(p, n, kNeedle, 5) : 0);
KERNEL(rsearch, return n > 5 ? rsearch(p, n, kNeedle, 5) : 0);
KERNEL(findIn, return findIn(p, n, ByteSet("\"\\")));
KERNEL(union, return unionOf(p, n));
KERNEL(isAscii, return findFrom(p, n, 0x80));
KERNEL(facts, return utf8Facts(p, n).count);
KERNEL(upper, upper(p, n, to); return 0);
KERNEL(title, title(p, n, to); return 0);
KERNEL(replace, replaceUnit(p, n, 'o', '0', to); return 0);
KERNEL(widen, convert(p, n, reinterpret_cast<uint16_t*>(to)); return 0);
KERNEL(hex, hexEncode(p, n, to); return 0);
KERNEL(base64, return base64Encode(p, n - n % 3, to));
KERNEL(runs, size_t words = 0; eachRun<64>(
           p, n, kSpace, [](uint8_t) { return true; }, [&](size_t, size_t) { words++; });
       return words);

}  // namespace

BENCHMARK_MAIN();
