// The parts that the hash modules share, and _md5, _sha1, _sha2 and _sha3 made of them.
#include <openssl/err.h>
#include <strings.h>

#include <optional>

#include "builtins/byte_methods.h"
#include "modules/_md5.gen.h"
#include "modules/_sha1.gen.h"
#include "modules/_sha2.gen.h"
#include "modules/_sha3.gen.h"
#include "modules/hash_objects.h"

namespace dx {

namespace {

constexpr DigestKind kDigests[] = {
    {"md5", "MD5", nullptr, 64, false},
    {"sha1", "SHA1", nullptr, 64, false},
    {"sha224", "SHA224", nullptr, 64, false},
    {"sha256", "SHA256", nullptr, 64, false},
    {"sha384", "SHA384", nullptr, 128, false},
    {"sha512", "SHA512", nullptr, 128, false},
    {"sha512_224", "SHA512-224", "SHA512_224", 128, false},
    {"sha512_256", "SHA512-256", "SHA512_256", 128, false},
    {"sha3_224", "SHA3-224", nullptr, 144, false},
    {"sha3_256", "SHA3-256", nullptr, 136, false},
    {"sha3_384", "SHA3-384", nullptr, 104, false},
    {"sha3_512", "SHA3-512", nullptr, 72, false},
    {"shake_128", "SHAKE128", nullptr, 168, true},
    {"shake_256", "SHAKE256", nullptr, 136, true},
    {"blake2s", "BLAKE2s256", "blake2s256", 64, false},
    {"blake2b", "BLAKE2b512", "blake2b512", 128, false},
};

bool sameName(std::string_view a, const char* b) {
  return b && a.size() == strlen(b) && strncasecmp(a.data(), b, a.size()) == 0;
}

std::string nameOf(const EVP_MD* digest) {
  if (const DigestKind* kind = findDigest(digest)) return kind->name;
  int nid = EVP_MD_get_type(digest);
  const char* name = OBJ_nid2ln(nid);
  if (!name) name = OBJ_nid2sn(nid);
  return name ? name : EVP_MD_get0_name(digest);
}
bool isExtendable(const EVP_MD* digest) { return EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF; }
const EVP_MD* digestOf(const HashObject& h) { return EVP_MD_CTX_get0_md(h.state->context); }

}  // namespace

const DigestKind* findDigest(std::string_view name) {
  for (const DigestKind& kind : kDigests)
    if (sameName(name, kind.name) || sameName(name, kind.opensslName) ||
        sameName(name, kind.alternative))
      return &kind;
  return nullptr;
}
const DigestKind* findDigest(const EVP_MD* digest) {
  for (const DigestKind& kind : kDigests)
    if (EVP_MD_is_a(digest, kind.opensslName)) return &kind;
  return nullptr;
}
const EVP_MD* digestOf(const DigestKind& kind) {
  static const EVP_MD* known[std::size(kDigests)];
  const EVP_MD*& digest = known[&kind - kDigests];
  if (!digest) digest = EVP_MD_fetch(nullptr, kind.opensslName, nullptr);
  return digest;
}

Result<void> hashInput(Thread& t, Value v, Buffer* out) {
  if (isStr(v)) return t.raise(kTypeError, "Strings must be encoded before hashing");
  if (!hasBuffer(v)) return t.raise(kTypeError, "object supporting the buffer API required");
  TRY(Buffer::get(t, v, out));
  if (out->view().ndim > 1) return t.raise(kBufferError, "Buffer must be single dimension");
  return {};
}
Result<Value> hashDataArgument(Thread& t, Value data, Value string) {
  if (isNone(string)) return data;
  if (data)
    return t.raise(kTypeError,
                   "'data' and 'string' are mutually exclusive and support for 'string' keyword "
                   "parameter is slated for removal in a future version.");
  return string;
}
Error raiseOpenSsl(Thread& t, Type* type) {
  unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (!code) return t.raise(type, "no reason supplied");
  if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) return t.raiseMemory();
  const char* library = ERR_lib_error_string(code);
  const char* reason = ERR_reason_error_string(code);
  if (!reason) reason = "no reason";
  if (library) return t.raise(type, "[{}] {}", library, reason);
  return t.raise(type, "{}", reason);
}
Result<Ref<>> hexText(Thread& t, std::string_view bytes) {
  return bytesToHex(t, bytes, Value(), 0);
}

// ---- digests ----

Result<Ref<>> newHash(Thread& t, Type* type, const EVP_MD* digest, Value data, Type* error) {
  Buffer input;
  if (data) TRY(hashInput(t, data, &input));
  Ref<HashObject> h = make<HashObject>(type);
  h->state = new HashState;
  if (!digest || !EVP_DigestInit_ex(h->state->context, digest, nullptr))
    return raiseOpenSsl(t, error);
  if (data) TRY(updateHash(t, *h, input.bytes()));
  return h;
}
Result<Ref<>> newHash(Thread& t, Type* type, const char* name, Value data, Value string) {
  Value input = TRY(hashDataArgument(t, data, string));
  return newHash(t, type, digestOf(*findDigest(name)), input, kValueError);
}

Result<void> updateHash(Thread& t, HashObject& h, std::string_view data) {
  bool ok = true;
  withHashLock(t, h.state->lock, i64(data.size()),
               [&] { ok = EVP_DigestUpdate(h.state->context, data.data(), data.size()); });
  if (!ok) return raiseOpenSsl(t, kValueError);
  return {};
}

Result<std::string> finishHash(Thread& t, HashObject& h, i64 length) {
  EVP_MD_CTX* copy = EVP_MD_CTX_new();
  bool ok = copy != nullptr;
  withHashLock(t, h.state->lock, 0, [&] { ok = ok && EVP_MD_CTX_copy_ex(copy, h.state->context); });
  std::string out;
  if (ok && length >= 0) {
    AllowThreads allow(t);
    out.resize(size_t(length));
    // OpenSSL 3.0 refuses to give no bytes at all.
    ok = length == 0 || EVP_DigestFinalXOF(copy, reinterpret_cast<u8*>(out.data()), size_t(length));
  } else if (ok) {
    u8 bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ok = EVP_DigestFinal_ex(copy, bytes, &size);
    out.assign(reinterpret_cast<char*>(bytes), size);
  }
  EVP_MD_CTX_free(copy);
  if (!ok) return raiseOpenSsl(t, kValueError);
  return out;
}

void hashDealloc(Object* o) {
  delete static_cast<HashObject*>(o)->state;
  freeObject(o);
}

Result<Ref<>> digest_copy(Thread& t, HashObject& self) {
  Ref<HashObject> h = make<HashObject>(self.type);
  h->state = new HashState;
  bool ok = false;
  withHashLock(t, self.state->lock, 0,
               [&] { ok = EVP_MD_CTX_copy_ex(h->state->context, self.state->context); });
  if (!ok) return raiseOpenSsl(t, kValueError);
  return h;
}
Result<Ref<>> digest_digest(Thread& t, HashObject& self) {
  return makeBytes(TRY(finishHash(t, self)));
}
Result<Ref<>> digest_hexdigest(Thread& t, HashObject& self) {
  return hexText(t, TRY(finishHash(t, self)));
}
Result<void> digest_update(Thread& t, HashObject& self, Value data) {
  Buffer input;
  TRY(hashInput(t, data, &input));
  return updateHash(t, self, input.bytes());
}
Result<Ref<>> digest_get_block_size(Thread&, HashObject& self) {
  return makeInt(EVP_MD_get_block_size(digestOf(self)));
}
Result<Ref<>> digest_get_name(Thread&, HashObject& self) { return makeStr(nameOf(digestOf(self))); }
Result<Ref<>> digest_get_digest_size(Thread&, HashObject& self) {
  return makeInt(isExtendable(digestOf(self)) ? 0 : EVP_MD_get_size(digestOf(self)));
}

// ---- _md5, _sha1, _sha2 ----

#define DX_HASH(module, name)                                                \
  void name##Hash_dealloc(Object* o) { hashDealloc(o); }                     \
  Result<Ref<>> module##_##name(Thread& t, Value data, bool, Value string) { \
    return newHash(t, &name##HashType, #name, data, string);                 \
  }
DX_HASH(_md5, md5)
DX_HASH(_sha1, sha1)
DX_HASH(_sha2, sha224)
DX_HASH(_sha2, sha256)
DX_HASH(_sha2, sha384)
DX_HASH(_sha2, sha512)
#undef DX_HASH

Result<void> _md5_exec(Thread&, Module& module) {
  moduleSet(module, "MD5Type", &md5HashType);
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  return {};
}
Result<void> _sha1_exec(Thread&, Module& module) {
  moduleSet(module, "SHA1Type", &sha1HashType);
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  return {};
}
Result<void> _sha2_exec(Thread&, Module& module) {
  moduleSet(module, "SHA224Type", &sha224HashType);
  moduleSet(module, "SHA256Type", &sha256HashType);
  moduleSet(module, "SHA384Type", &sha384HashType);
  moduleSet(module, "SHA512Type", &sha512HashType);
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  return {};
}

// ---- _sha3 ----

#define DX_HASH(name)                                                                  \
  void name##_dealloc(Object* o) { hashDealloc(o); }                                   \
  Result<Ref<>> name##___new__(Thread& t, Type& cls, Value data, bool, Value string) { \
    return newHash(t, &cls, #name, data, string);                                      \
  }
DX_HASH(sha3_224)
DX_HASH(sha3_256)
DX_HASH(sha3_384)
DX_HASH(sha3_512)
DX_HASH(shake_128)
DX_HASH(shake_256)
#undef DX_HASH

Result<Ref<>> sha3_get__rate_bits(Thread&, HashObject& self) {
  return makeInt(EVP_MD_get_block_size(digestOf(self)) * 8);
}
Result<Ref<>> sha3_get__capacity_bits(Thread&, HashObject& self) {
  return makeInt(1600 - EVP_MD_get_block_size(digestOf(self)) * 8);
}
Result<Ref<>> sha3_get__suffix(Thread&, HashObject& self) {
  return makeBytes(isExtendable(digestOf(self)) ? "\x1f" : "\x06");
}

static Result<i64> shakeLength(Thread& t, Value length) {
  Ref<> n = TRY(toIndex(t, length));
  u64 size;
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  if (!intToU64(n, &size))
    return t.raise(kOverflowError, "Python int too large for C unsigned long");
  if (size >= (u64(1) << 29)) return t.raise(kValueError, "length is too large");
  return i64(size);
}
Result<Ref<>> shake_digest(Thread& t, HashObject& self, Value length) {
  i64 n = TRY(shakeLength(t, length));
  return makeBytes(TRY(finishHash(t, self, n)));
}
Result<Ref<>> shake_hexdigest(Thread& t, HashObject& self, Value length) {
  i64 n = TRY(shakeLength(t, length));
  return hexText(t, TRY(finishHash(t, self, n)));
}
Result<void> _sha3_exec(Thread&, Module& module) {
  moduleSet(module, "implementation", makeAscii("OpenSSL"));
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  return {};
}

// ---- HMAC ----

static bool startHmac(HmacState& s, const EVP_MD* digest, std::string_view key) {
  u8 block[256] = {};
  size_t size = size_t(EVP_MD_get_block_size(digest));
  if (size == 0 || size > sizeof block || isExtendable(digest)) return false;
  if (key.size() > size) {
    unsigned n = 0;
    if (!EVP_Digest(key.data(), key.size(), block, &n, digest, nullptr)) return false;
  } else if (!key.empty()) {
    memcpy(block, key.data(), key.size());
  }
  bool ok =
      EVP_DigestInit_ex(s.inner, digest, nullptr) && EVP_DigestInit_ex(s.outer, digest, nullptr);
  for (u8& b : block) b ^= 0x36;
  ok = ok && EVP_DigestUpdate(s.inner, block, size);
  for (u8& b : block) b ^= 0x36 ^ 0x5C;
  ok = ok && EVP_DigestUpdate(s.outer, block, size);
  OPENSSL_cleanse(block, sizeof block);
  return ok;
}
static bool finishHmac(HmacState& s, std::string* out) {
  u8 digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  if (!EVP_DigestFinal_ex(s.inner, digest, &n) || !EVP_DigestUpdate(s.outer, digest, n) ||
      !EVP_DigestFinal_ex(s.outer, digest, &n))
    return false;
  out->assign(reinterpret_cast<char*>(digest), n);
  return true;
}

static Result<void> updateHmac(Thread& t, HmacObject& h, std::string_view data) {
  bool ok = true;
  withHashLock(t, h.state->lock, i64(data.size()),
               [&] { ok = EVP_DigestUpdate(h.state->inner, data.data(), data.size()); });
  if (!ok) return raiseOpenSsl(t, kValueError);
  return {};
}
Result<Ref<>> newHmac(Thread& t, Type* type, const EVP_MD* digest, std::string_view key,
                      Value message, Type* error) {
  Ref<HmacObject> h = make<HmacObject>(type);
  h->state = new HmacState;
  if (!startHmac(*h->state, digest, key)) return raiseOpenSsl(t, error);
  if (message) {
    Buffer input;
    TRY(hashInput(t, message, &input));
    TRY(updateHmac(t, *h, input.bytes()));
  }
  return h;
}
Result<Ref<>> hmacOnce(Thread& t, const EVP_MD* digest, std::string_view key,
                       std::string_view message) {
  HmacState s;
  std::string out;
  bool ok;
  {
    std::optional<AllowThreads> allow;
    if (i64(message.size()) >= kHashGilSize || i64(key.size()) >= kHashGilSize) allow.emplace(t);
    ok = startHmac(s, digest, key) && EVP_DigestUpdate(s.inner, message.data(), message.size()) &&
         finishHmac(s, &out);
  }
  if (!ok) return raiseOpenSsl(t, kValueError);
  return makeBytes(out);
}

static bool copyHmac(Thread& t, HmacObject& from, HmacState& to) {
  bool ok = false;
  withHashLock(t, from.state->lock, 0, [&] {
    ok = EVP_MD_CTX_copy_ex(to.inner, from.state->inner) &&
         EVP_MD_CTX_copy_ex(to.outer, from.state->outer);
  });
  return ok;
}
static Result<std::string> hmacResult(Thread& t, HmacObject& h) {
  HmacState copy;
  std::string out;
  if (!copyHmac(t, h, copy) || !finishHmac(copy, &out)) return raiseOpenSsl(t, kValueError);
  return out;
}

Result<Ref<>> hmac_copy(Thread& t, HmacObject& self) {
  Ref<HmacObject> h = make<HmacObject>(self.type);
  h->state = new HmacState;
  if (!copyHmac(t, self, *h->state)) return raiseOpenSsl(t, kValueError);
  return h;
}
Result<void> hmac_update(Thread& t, HmacObject& self, Value msg) {
  Buffer input;
  TRY(hashInput(t, msg, &input));
  return updateHmac(t, self, input.bytes());
}
Result<Ref<>> hmac_digest(Thread& t, HmacObject& self) {
  return makeBytes(TRY(hmacResult(t, self)));
}
Result<Ref<>> hmac_hexdigest(Thread& t, HmacObject& self) {
  return hexText(t, TRY(hmacResult(t, self)));
}
static const EVP_MD* digestOf(const HmacObject& h) { return EVP_MD_CTX_get0_md(h.state->inner); }
Result<Ref<>> hmac_get_name(Thread&, HmacObject& self) {
  return makeStr("hmac-" + nameOf(digestOf(self)));
}
Result<Ref<>> hmac_get_block_size(Thread&, HmacObject& self) {
  return makeInt(EVP_MD_get_block_size(digestOf(self)));
}
Result<Ref<>> hmac_get_digest_size(Thread&, HmacObject& self) {
  return makeInt(EVP_MD_get_size(digestOf(self)));
}
std::string hmacRepr(HmacObject& self) {
  char address[24];
  snprintf(address, sizeof address, "%p", static_cast<void*>(&self));
  return "<" + nameOf(digestOf(self)) + " HMAC object @ " + address + ">";
}
std::string hashRepr(HashObject& self) {
  char address[24];
  snprintf(address, sizeof address, "%p", static_cast<void*>(&self));
  return "<" + nameOf(digestOf(self)) + " " + std::string(typeName(self.type)) + " object @ " +
         address + ">";
}
void hmacDealloc(Object* o) {
  delete static_cast<HmacObject*>(o)->state;
  freeObject(o);
}

}  // namespace dx
