// BLAKE2b and BLAKE2s (RFC 7693) with all parameters of the paper: key, salt, personalization and
// tree hashing.
#pragma once
#include <cstring>

#include "base/base.h"

namespace dx {

struct Blake2Parameters {
  u32 digestSize, fanout = 1, depth = 1, leafSize = 0, nodeDepth = 0, innerSize = 0;
  u64 nodeOffset = 0;
  bool lastNode = false;
  std::string_view key, salt, person;  // not longer than the algorithm allows
};

template <class Word>
class Blake2 {
 public:
  static constexpr bool kBig = sizeof(Word) == 8;
  static constexpr u32 kBlock = 16 * sizeof(Word), kMaxDigest = 8 * sizeof(Word),
                       kMaxKey = kMaxDigest, kSalt = 2 * sizeof(Word), kPerson = kSalt;

  void start(const Blake2Parameters& p) {
    u8 block[kMaxDigest] = {};
    block[0] = u8(p.digestSize);
    block[1] = u8(p.key.size());
    block[2] = u8(p.fanout);
    block[3] = u8(p.depth);
    memcpy(block + 4, &p.leafSize, 4);
    memcpy(block + 8, &p.nodeOffset, kBig ? 8 : 6);
    u8* rest = block + (kBig ? 16 : 14);
    rest[0] = u8(p.nodeDepth);
    rest[1] = u8(p.innerSize);
    if (!p.salt.empty()) memcpy(block + kMaxDigest / 2, p.salt.data(), p.salt.size());
    if (!p.person.empty()) memcpy(block + kMaxDigest / 4 * 3, p.person.data(), p.person.size());
    Word words[8];
    memcpy(words, block, sizeof block);
    for (int i = 0; i < 8; i++) state_[i] = kStart[i] ^ words[i];
    digestSize_ = p.digestSize;
    lastNode_ = p.lastNode;
    if (!p.key.empty()) {  // a block of its own
      memcpy(buffer_, p.key.data(), p.key.size());
      used_ = kBlock;
    }
  }

  void update(const u8* data, size_t n) {
    if (n == 0) return;
    // The last block is known as such only at the end, so a full buffer waits.
    size_t room = kBlock - used_;
    if (n > room) {
      memcpy(buffer_ + used_, data, room);
      compress(buffer_, kBlock, false);
      data += room;
      n -= room;
      used_ = 0;
      for (; n > kBlock; data += kBlock, n -= kBlock) compress(data, kBlock, false);
    }
    memcpy(buffer_ + used_, data, n);
    used_ += n;
  }

  // Digest of what came so far; ends this object's use.
  void finish(u8* out) {
    memset(buffer_ + used_, 0, kBlock - used_);
    compress(buffer_, used_, true);
    memcpy(out, state_, digestSize_);
  }
  u32 digestSize() const { return digestSize_; }

 private:
  static constexpr u64 kFractions[8] = {0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B,
                                        0xA54FF53A5F1D36F1, 0x510E527FADE682D1, 0x9B05688C2B3E6C1F,
                                        0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179};
  static constexpr u32 kHalf[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                   0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  struct Start {
    constexpr Word operator[](int i) const { return kBig ? Word(kFractions[i]) : Word(kHalf[i]); }
  };
  static constexpr Start kStart{};
  static constexpr u8 kOrder[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

  static Word rotate(Word x, int n) { return Word(x >> n | x << (sizeof(Word) * 8 - n)); }
  DX_INLINE static void mix(Word* v, int a, int b, int c, int d, Word x, Word y) {
    v[a] += v[b] + x;
    v[d] = rotate(v[d] ^ v[a], kBig ? 32 : 16);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], kBig ? 24 : 12);
    v[a] += v[b] + y;
    v[d] = rotate(v[d] ^ v[a], kBig ? 16 : 8);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], kBig ? 63 : 7);
  }
  void compress(const u8* block, size_t bytes, bool last) {
    Word m[16], v[16];
    memcpy(m, block, sizeof m);
    count_[0] += Word(bytes);
    if (count_[0] < bytes) count_[1]++;
    for (int i = 0; i < 8; i++) {
      v[i] = state_[i];
      v[i + 8] = kStart[i];
    }
    v[12] ^= count_[0];
    v[13] ^= count_[1];
    if (last) v[14] = ~v[14];
    if (last && lastNode_) v[15] = ~v[15];
    for (int round = 0; round < (kBig ? 12 : 10); round++) {
      const u8* o = kOrder[round % 10];
      mix(v, 0, 4, 8, 12, m[o[0]], m[o[1]]);
      mix(v, 1, 5, 9, 13, m[o[2]], m[o[3]]);
      mix(v, 2, 6, 10, 14, m[o[4]], m[o[5]]);
      mix(v, 3, 7, 11, 15, m[o[6]], m[o[7]]);
      mix(v, 0, 5, 10, 15, m[o[8]], m[o[9]]);
      mix(v, 1, 6, 11, 12, m[o[10]], m[o[11]]);
      mix(v, 2, 7, 8, 13, m[o[12]], m[o[13]]);
      mix(v, 3, 4, 9, 14, m[o[14]], m[o[15]]);
    }
    for (int i = 0; i < 8; i++) state_[i] ^= v[i] ^ v[i + 8];
  }

  Word state_[8] = {}, count_[2] = {};
  u8 buffer_[kBlock] = {};
  size_t used_ = 0;
  u32 digestSize_ = 0;
  bool lastNode_ = false;
};

}  // namespace dx
