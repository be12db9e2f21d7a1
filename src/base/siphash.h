// SipHash-1-3 as Python 3.14 uses it for str and bytes (PEP 456 with the 3.11 choice of
// rounds), and the key schedule of PYTHONHASHSEED, so that hashes under a fixed seed are
// the ones CPython prints.
//
// Reference: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
#pragma once
#include "base/base.h"

namespace dx {

struct HashKey {
  u64 k0 = 0;
  u64 k1 = 0;
};

// The key for PYTHONHASHSEED=seed. Seed 0 means "no randomisation": an all-zero key.
// A random key is 16 bytes from the operating system; the caller fetches those.
inline HashKey hashKeyFromSeed(u32 seed) {
  if (seed == 0) return {};
  u8 bytes[16];
  u32 x = seed;
  for (u8& byte : bytes) {
    x = x * 214013u + 2531011u;
    byte = u8(x >> 16);
  }
  HashKey key;
  memcpy(&key.k0, bytes, 8);
  memcpy(&key.k1, bytes + 8, 8);
  return key;
}

namespace detail {
inline u64 rotateLeft(u64 v, int n) { return v << n | v >> (64 - n); }

inline void sipRound(u64& v0, u64& v1, u64& v2, u64& v3) {
  v0 += v1, v2 += v3;
  v1 = rotateLeft(v1, 13) ^ v0;
  v3 = rotateLeft(v3, 16) ^ v2;
  v0 = rotateLeft(v0, 32);
  v2 += v1, v0 += v3;
  v1 = rotateLeft(v1, 17) ^ v2;
  v3 = rotateLeft(v3, 21) ^ v0;
  v2 = rotateLeft(v2, 32);
}

// The size % 8 bytes at `p`, which end what begins at `data`; what stands before them may be read.
inline u64 tailBytes(const u8* data, const u8* p, size_t size) {
  size_t n = size % 8;
  if (n == 0) return 0;
  if (size >= 8) {
    u64 word;
    memcpy(&word, data + size - 8, 8);
    return word >> (64 - 8 * n);
  }
  if (n >= 4) {
    u32 low, high;
    memcpy(&low, p, 4);
    memcpy(&high, p + n - 4, 4);
    return u64(high) << (8 * n - 32) | low;
  }
  return u64(p[0]) | u64(p[n / 2]) << (n / 2 * 8) | u64(p[n - 1]) << ((n - 1) * 8);
}
}  // namespace detail

inline u64 sipHash13(HashKey key, const void* data, size_t size) {
  u64 v0 = key.k0 ^ 0x736f6d6570736575;
  u64 v1 = key.k1 ^ 0x646f72616e646f6d;
  u64 v2 = key.k0 ^ 0x6c7967656e657261;
  u64 v3 = key.k1 ^ 0x7465646279746573;
  const u8* p = static_cast<const u8*>(data);
  for (size_t n = size / 8; n != 0; n--, p += 8) {
    u64 word;
    memcpy(&word, p, 8);
    v3 ^= word;
    detail::sipRound(v0, v1, v2, v3);
    v0 ^= word;
  }
  u64 last = detail::tailBytes(static_cast<const u8*>(data), p, size) | u64(size) << 56;
  v3 ^= last;
  detail::sipRound(v0, v1, v2, v3);
  v0 ^= last;
  v2 ^= 0xff;
  for (int i = 0; i < 3; i++) detail::sipRound(v0, v1, v2, v3);
  return v0 ^ v1 ^ v2 ^ v3;
}

// hash() of a bytes object or of a str's code-unit buffer: never -1, and 0 when empty.
inline i64 hashBuffer(HashKey key, const void* data, size_t size) {
  if (size == 0) return 0;
  i64 h = i64(sipHash13(key, data, size));
  return h == -1 ? -2 : h;
}

}  // namespace dx
