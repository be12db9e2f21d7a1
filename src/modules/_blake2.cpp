// Module _blake2: BLAKE2 with the parameters that OpenSSL does not offer.
#include "modules/_blake2.gen.h"

namespace dx {

namespace {

// An int of at most `maximum`; texts as CPython's.
Result<u64> number(Thread& t, Value v, u64 maximum, const char* cType, const char* tooLarge) {
  if (!v) return u64(0);
  Ref<> n = TRY(toIndex(t, v));
  u64 value;
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  if (!intToU64(n, &value))
    return t.raise(kOverflowError, "Python int too large for C unsigned {}", cType);
  if (value > maximum) return t.raise(kOverflowError, "{}", tooLarge);
  return value;
}

struct Arguments {
  Value data, string, leafSize, nodeOffset;
  i32 digestSize, fanout, depth, nodeDepth, innerSize;
  const Buffer &key, &salt, &person;
  bool lastNode;
};

template <class Word>
Result<void> update(Thread& t, Blake2Object<Word>& h, Value data) {
  Buffer input;
  TRY(hashInput(t, data, &input));
  withHashLock(t, h.state->lock, input.size(),
               [&] { h.state->hash.update(input.data(), size_t(input.size())); });
  return {};
}
template <class Word>
Result<Ref<>> create(Thread& t, Type& cls, const char* name, const Arguments& a) {
  using Hash = Blake2<Word>;
  Value data = TRY(hashDataArgument(t, a.data, a.string));
  constexpr i32 kMaxDigest = Hash::kMaxDigest;
  if (a.digestSize <= 0 || a.digestSize > kMaxDigest)
    return t.raise(kValueError, "digest_size for {} must be between 1 and {} bytes, here it is {}",
                   name, kMaxDigest, a.digestSize);
  Blake2Parameters p;
  p.digestSize = u32(a.digestSize);
  if (a.salt.size() > Hash::kSalt)
    return t.raise(kValueError, "maximum salt length is {} bytes", Hash::kSalt);
  if (a.person.size() > Hash::kPerson)
    return t.raise(kValueError, "maximum person length is {} bytes", Hash::kPerson);
  if (a.fanout < 0 || a.fanout > 255)
    return t.raise(kValueError, "fanout must be between 0 and 255");
  if (a.depth < 1 || a.depth > 255) return t.raise(kValueError, "depth must be between 1 and 255");
  p.leafSize = u32(TRY(number(t, a.leafSize, UINT32_MAX, "long", "leaf_size is too large")));
  p.nodeOffset = TRY(number(t, a.nodeOffset, Hash::kBig ? UINT64_MAX : (u64(1) << 48) - 1,
                            "long long", "node_offset is too large"));
  if (a.nodeDepth < 0 || a.nodeDepth > 255)
    return t.raise(kValueError, "node_depth must be between 0 and 255");
  if (a.innerSize < 0 || a.innerSize > kMaxDigest)
    return t.raise(kValueError, "inner_size must be between 0 and is {}", kMaxDigest);
  if (a.key.size() > Hash::kMaxKey)
    return t.raise(kValueError, "maximum key length is {} bytes", Hash::kMaxKey);
  p.salt = a.salt.bytes();
  p.person = a.person.bytes();
  p.key = a.key.bytes();
  p.fanout = u32(a.fanout);
  p.depth = u32(a.depth);
  p.nodeDepth = u32(a.nodeDepth);
  p.innerSize = u32(a.innerSize);
  p.lastNode = a.lastNode;

  auto h = Ref<Blake2Object<Word>>::steal(static_cast<Blake2Object<Word>*>(newInstance(&cls)));
  h->state = new Blake2State<Word>;
  h->state->hash.start(p);
  if (data) TRY(update(t, *h, data));
  return h;
}

template <class Word>
Blake2<Word> snapshot(Thread& t, Blake2Object<Word>& h) {
  Blake2<Word> copy;
  withHashLock(t, h.state->lock, 0, [&] { copy = h.state->hash; });
  return copy;
}
template <class Word>
std::string finish(Thread& t, Blake2Object<Word>& h) {
  Blake2<Word> hash = snapshot(t, h);
  std::string out(hash.digestSize(), '\0');
  hash.finish(reinterpret_cast<u8*>(out.data()));
  return out;
}
template <class Word>
Ref<> copyOf(Thread& t, Blake2Object<Word>& h) {
  Ref<Blake2Object<Word>> copy = make<Blake2Object<Word>>(h.type);
  copy->state = new Blake2State<Word>;
  copy->state->hash = snapshot(t, h);
  return copy;
}

}  // namespace

#define DX_BLAKE2(name, Word, label)                                                               \
  void name##_dealloc(Object* o) {                                                                 \
    delete static_cast<Blake2Object<Word>*>(o)->state;                                             \
    freeObject(o);                                                                                 \
  }                                                                                                \
  Result<Ref<>> name##___new__(Thread& t, Type& cls, Value data, i32 digestSize,                   \
                               const Buffer& key, const Buffer& salt, const Buffer& person,        \
                               i32 fanout, i32 depth, Value leafSize, Value nodeOffset,            \
                               i32 nodeDepth, i32 innerSize, bool lastNode, bool, Value string) {  \
    return create<Word>(t, cls, label,                                                             \
                        {data, string, leafSize, nodeOffset, digestSize, fanout, depth, nodeDepth, \
                         innerSize, key, salt, person, lastNode});                                 \
  }                                                                                                \
  Result<Ref<>> name##_copy(Thread& t, Blake2Object<Word>& self) { return copyOf(t, self); }       \
  Result<Ref<>> name##_digest(Thread& t, Blake2Object<Word>& self) {                               \
    return makeBytes(finish(t, self));                                                             \
  }                                                                                                \
  Result<Ref<>> name##_hexdigest(Thread& t, Blake2Object<Word>& self) {                            \
    return hexText(t, finish(t, self));                                                            \
  }                                                                                                \
  Result<void> name##_update(Thread& t, Blake2Object<Word>& self, Value data) {                    \
    return update(t, self, data);                                                                  \
  }                                                                                                \
  Result<Ref<>> name##_get_name(Thread&, Blake2Object<Word>&) { return makeAscii(#name); }         \
  Result<Ref<>> name##_get_block_size(Thread&, Blake2Object<Word>&) {                              \
    return makeInt(Blake2<Word>::kBlock);                                                          \
  }                                                                                                \
  Result<Ref<>> name##_get_digest_size(Thread&, Blake2Object<Word>& self) {                        \
    return makeInt(self.state->hash.digestSize());                                                 \
  }
DX_BLAKE2(blake2b, u64, "Blake2b")
DX_BLAKE2(blake2s, u32, "Blake2s")
#undef DX_BLAKE2

template <class Word>
static void addConstants(Module& module, Type& type, const char* prefix) {
  using Hash = Blake2<Word>;
  constexpr std::pair<const char*, u32> kConstants[] = {{"SALT_SIZE", Hash::kSalt},
                                                        {"PERSON_SIZE", Hash::kPerson},
                                                        {"MAX_KEY_SIZE", Hash::kMaxKey},
                                                        {"MAX_DIGEST_SIZE", Hash::kMaxDigest}};
  for (auto [name, value] : kConstants) {
    dictSetStr(typeDict(&type), name, makeInt(value));
    moduleSet(module, internImmortal(std::string(prefix) + name)->ascii().data(), makeInt(value));
  }
  typeModified(&type);
}
Result<void> _blake2_exec(Thread&, Module& module) {
  addConstants<u64>(module, blake2bType, "BLAKE2B_");
  addConstants<u32>(module, blake2sType, "BLAKE2S_");
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  return {};
}

}  // namespace dx
