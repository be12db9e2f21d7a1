// Module _random: the Mersenne Twister MT19937 (Matsumoto and Nishimura).
#include <sys/random.h>
#include <unistd.h>

#include <ctime>

#include "base/int_math.h"
#include "memory/heap.h"
#include "modules/_random.gen.h"

namespace dx {

namespace {

constexpr int kN = kTwisterSize, kM = 397;

u32 twist(u32 high, u32 low) {
  u32 y = (high & 0x80000000u) | (low & 0x7FFFFFFFu);
  return (y >> 1) ^ (y & 1 ? 0x9908B0DFu : 0);
}
DX_NOINLINE void renew(RandomObject& r) {
  u32* s = r.state;
  for (int i = 0; i < kN - kM; i++) s[i] = s[i + kM] ^ twist(s[i], s[i + 1]);
  for (int i = kN - kM; i < kN - 1; i++) s[i] = s[i + kM - kN] ^ twist(s[i], s[i + 1]);
  s[kN - 1] = s[kM - 1] ^ twist(s[kN - 1], s[0]);
  r.index = 0;
}
u32 nextWord(RandomObject& r) {
  if (r.index >= u32(kN)) [[unlikely]]
    renew(r);
  u32 y = r.state[r.index++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9D2C5680u;
  y ^= (y << 15) & 0xEFC60000u;
  return y ^ (y >> 18);
}

void seedByNumber(RandomObject& r, u32 seed) {
  r.state[0] = seed;
  for (u32 i = 1; i < u32(kN); i++)
    r.state[i] = 1812433253u * (r.state[i - 1] ^ (r.state[i - 1] >> 30)) + i;
  r.index = kN;
}
void seedByArray(RandomObject& r, const u32* key, size_t count) {
  seedByNumber(r, 19650218u);
  u32* s = r.state;
  size_t i = 1, j = 0;
  auto step = [&] {
    if (++i >= size_t(kN)) {
      s[0] = s[kN - 1];
      i = 1;
    }
  };
  for (size_t k = std::max(size_t(kN), count); k; k--) {
    s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1664525u)) + key[j] + u32(j);
    step();
    if (++j >= count) j = 0;
  }
  for (int k = kN - 1; k; k--) {
    s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1566083941u)) - u32(i);
    step();
  }
  s[0] = 0x80000000u;
}

void seedBySystem(RandomObject& r) {
  u32 key[kN];
  if (getrandom(key, sizeof key, GRND_NONBLOCK) == ssize_t(sizeof key))
    return seedByArray(r, key, kN);
  timespec real, steady;
  clock_gettime(CLOCK_REALTIME, &real);
  clock_gettime(CLOCK_MONOTONIC, &steady);
  u32 words[] = {u32(real.tv_nsec), u32(real.tv_sec), u32(getpid()), u32(steady.tv_nsec),
                 u32(steady.tv_sec)};
  seedByArray(r, words, std::size(words));
}

// The absolute value as 32-bit words, least first, is the key.
void seedByInt(RandomObject& r, IntView n) {
  Digits magnitude = intAbs(n);
  size_t words = size_t((intBitLength(magnitude) + 31) / 32);
  std::vector<u32> key(std::max<size_t>(words, 1));
  if (intToBytes(magnitude, reinterpret_cast<u8*>(key.data()), key.size() * 4, true, false) !=
      ToBytes::kOk)
    return;
  seedByArray(r, key.data(), key.size());
}
Result<void> seed(Thread& t, RandomObject& r, Value n) {
  if (!n || isNone(n)) {
    seedBySystem(r);
    return {};
  }
  if (isInt(n)) {
    Ref<> magnitude =
        n.isObject() && n.object()->type != &PyLong_Type ? TRY(absolute(t, n)) : retain(n);
    if (!isInt(magnitude)) return t.raise(kTypeError, "an integer is required");
    IntReader reader(magnitude);
    seedByInt(r, reader);
    return {};
  }
  i64 h = TRY(hash(t, n));
  seedByInt(r, Digits::ofUnsigned(u64(h)));
  return {};
}

}  // namespace

void random_dealloc(Object* o) { freeObject(o); }

Result<Ref<>> random___new__(Thread&, Type& cls, const Args&) {
  auto* r = static_cast<RandomObject*>(newInstance(&cls));
  r->index = kN;
  return Ref<>::steal(r);
}
Result<void> random___init__(Thread& t, RandomObject& self, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "Random() takes no keyword arguments");
  if (args.count > 1)
    return t.raise(kTypeError, "Random expected at most 1 argument, got {}", args.count);
  return seed(t, self, args.count ? args[0] : Value());
}
Result<void> random_seed(Thread& t, RandomObject& self, Value n) { return seed(t, self, n); }

Result<double> random_random(Thread&, RandomObject& self) {
  u32 a = nextWord(self) >> 5, b = nextWord(self) >> 6;
  return (a * 67108864.0 + b) * (1.0 / 9007199254740992.0);
}

Result<Ref<>> random_getrandbits(Thread& t, RandomObject& self, Value count) {
  Ref<> bits = TRY(toIndex(t, count));
  if (intSign(bits) < 0) return t.raise(kValueError, "Cannot convert negative int");
  u64 k;
  if (!intToU64(bits, &k)) return t.raise(kOverflowError, "Python int too large for C uint64_t");
  if (k == 0) return makeInt(0);
  if (k <= 32) return makeInt(u64(nextWord(self) >> (32 - k)));
  if (k > u64(1) << 36) return t.raiseMemory();
  std::vector<u32> words(size_t((k - 1) / 32 + 1));
  for (u32& word : words) {
    word = nextWord(self);
    if (k < 32) word >>= 32 - k;
    k -= 32;
  }
  return makeInt(intFromBytes(reinterpret_cast<u8*>(words.data()), words.size() * 4, true, false));
}

Result<Ref<>> random_getstate(Thread&, RandomObject& self) {
  Ref<Tuple> state = newTuple(kN + 1);
  for (int i = 0; i < kN; i++) state->items[i] = makeInt(self.state[i]).release();
  state->items[kN] = makeInt(self.index).release();
  return state;
}
Result<void> random_setstate(Thread& t, RandomObject& self, Value stateArgument) {
  if (!isTuple(stateArgument)) return t.raise(kTypeError, "state vector must be a tuple");
  auto* state = stateArgument.as<Tuple>();
  if (state->size != kN + 1) return t.raise(kValueError, "state vector is the wrong size");
  u32 words[kN];
  for (int i = 0; i < kN; i++) {
    Value word = state->items[i];
    u64 number;
    if (!isInt(word)) return t.raise(kTypeError, "an integer is required");
    if (!intToU64(word, &number)) {
      if (intSign(word) < 0)
        return t.raise(kOverflowError, "can't convert negative value to unsigned int");
      return t.raise(kOverflowError, "Python int too large to convert to C unsigned long");
    }
    words[i] = u32(number);
  }
  i64 index = TRY(argI64(t, state->items[kN]));
  if (index < 0 || index > kN) return t.raise(kValueError, "invalid state");
  memcpy(self.state, words, sizeof words);
  self.index = u32(index);
  return {};
}

}  // namespace dx
