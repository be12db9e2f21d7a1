// Module _hashlib: the digests of OpenSSL, HMAC and key derivation over them.
#include <openssl/err.h>
#include <openssl/kdf.h>

#include "modules/_hashlib.gen.h"
#include "modules/_hmac.gen.h"
#include "modules/exception_class.h"
#include "runtime/codecs.h"

namespace dx {

namespace {

Type* gUnsupported = nullptr;  // _hashlib.UnsupportedDigestmodError
Type* gUnknown = nullptr;      // _hmac.UnknownHashError

// By any name OpenSSL knows; UnsupportedDigestmodError.
Result<const EVP_MD*> digestNamed(Thread& t, Str& name) {
  std::string_view text = TRY(utf8(t, &name));
  if (text.find('\0') != text.npos) return t.raise(kValueError, "embedded null character");
  const EVP_MD* digest = nullptr;
  if (const DigestKind* kind = findDigest(text)) {
    digest = digestOf(*kind);
  } else {
    // Names that are not in the table are rare; what was found stays, as objects use it.
    static std::vector<std::pair<std::string, const EVP_MD*>> known;
    for (auto& [n, d] : known)
      if (n == text) digest = d;
    if (!digest) {
      digest = EVP_MD_fetch(nullptr, std::string(text).c_str(), nullptr);
      if (digest) known.emplace_back(text, digest);
    }
  }
  if (!digest) return raiseOpenSsl(t, gUnsupported);
  return digest;
}
constexpr const char* kConstructors[] = {"md5",      "sha1",     "sha224",    "sha256",
                                         "sha384",   "sha512",   "sha3_224",  "sha3_256",
                                         "sha3_384", "sha3_512", "shake_128", "shake_256"};
// The definitions behind openssl_md5 etc., which every copy of the module shares.
const NativeFunction* gConstructors[std::size(kConstructors)];

// Also one of this module's constructors.
Result<const EVP_MD*> digestModule(Thread& t, Value v) {
  if (isStr(v)) return digestNamed(t, *v.as<Str>());
  if (isInstanceOf(v, &PyCFunction_Type))
    for (size_t i = 0; i < std::size(kConstructors); i++)
      if (v.as<CFunction>()->def == gConstructors[i])
        return digestOf(*findDigest(kConstructors[i]));
  return t.raise(gUnsupported, "Unsupported digestmod {!r}", v);
}

Result<Ref<>> newOpenSsl(Thread& t, const EVP_MD* digest, Value data) {
  bool extendable = EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF;
  return newHash(t, extendable ? &hashXofType : &hashType, digest, data, kValueError);
}
Result<Ref<>> newNamed(Thread& t, const char* name, Value data, Value string) {
  Value input = TRY(hashDataArgument(t, data, string));
  const EVP_MD* digest = digestOf(*findDigest(name));
  if (!digest) return raiseOpenSsl(t, gUnsupported);
  return newOpenSsl(t, digest, input);
}

}  // namespace

// ---- objects ----

void hash_dealloc(Object* o) { hashDealloc(o); }
Result<Ref<>> hash___repr__(Thread&, HashObject& self) { return makeStr(hashRepr(self)); }

static Result<i64> xofLength(Thread& t, i64 length) {
  if (length < 0) return t.raise(kValueError, "negative digest length");
  if (length > (i64(1) << 40)) return t.raiseMemory();
  return length;
}
Result<Ref<>> hashXof_digest(Thread& t, HashObject& self, i64 length) {
  length = TRY(xofLength(t, length));
  Ref<Bytes> room = newBytes(length);  // fails before anything is computed
  if (!room) return t.raiseMemory();
  std::string digest = TRY(finishHash(t, self, length));
  memcpy(room->data, digest.data(), digest.size());
  return room;
}
Result<Ref<>> hashXof_hexdigest(Thread& t, HashObject& self, i64 length) {
  Ref<> bytes = TRY(hashXof_digest(t, self, length));
  return hexText(t, bytes.as<Bytes>()->view());
}
Result<Ref<>> hashXof_get_digest_size(Thread&, HashObject&) { return makeInt(0); }

void opensslHmac_dealloc(Object* o) { hmacDealloc(o); }
Result<Ref<>> opensslHmac___repr__(Thread&, HmacObject& self) { return makeStr(hmacRepr(self)); }

// ---- functions ----

Result<Ref<>> _hashlib_new(Thread& t, Str& name, Value data, bool, Value string) {
  Value input = TRY(hashDataArgument(t, data, string));
  const EVP_MD* digest = TRY(digestNamed(t, name));
  return newOpenSsl(t, digest, input);
}
#define DX_CONSTRUCTOR(name)                                                         \
  Result<Ref<>> _hashlib_openssl_##name(Thread& t, Value data, bool, Value string) { \
    return newNamed(t, #name, data, string);                                         \
  }
DX_CONSTRUCTOR(md5)
DX_CONSTRUCTOR(sha1)
DX_CONSTRUCTOR(sha224)
DX_CONSTRUCTOR(sha256)
DX_CONSTRUCTOR(sha384)
DX_CONSTRUCTOR(sha512)
DX_CONSTRUCTOR(sha3_224)
DX_CONSTRUCTOR(sha3_256)
DX_CONSTRUCTOR(sha3_384)
DX_CONSTRUCTOR(sha3_512)
DX_CONSTRUCTOR(shake_128)
DX_CONSTRUCTOR(shake_256)
#undef DX_CONSTRUCTOR

Result<Ref<>> _hashlib_pbkdf2_hmac(Thread& t, Str& hashName, const Buffer& password,
                                   const Buffer& salt, Value iterations, Value dklen) {
  const EVP_MD* digest = TRY(digestNamed(t, hashName));
  constexpr i64 kMaximum = INT32_MAX;
  if (password.size() > kMaximum) return t.raise(kOverflowError, "password is too long.");
  if (salt.size() > kMaximum) return t.raise(kOverflowError, "salt is too long.");
  i64 rounds, length;
  Ref<> n = TRY(toIndex(t, iterations));
  if (!intToI64(n, &rounds))
    return t.raise(kOverflowError, "Python int too large to convert to C long");
  if (rounds < 1) return t.raise(kValueError, "iteration value must be greater than 0.");
  if (rounds > kMaximum) return t.raise(kOverflowError, "iteration value is too great.");
  if (isNone(dklen)) {
    length = EVP_MD_get_size(digest);
  } else {
    n = TRY(toIndex(t, dklen));
    if (!intToI64(n, &length))
      return t.raise(kOverflowError, "Python int too large to convert to C long");
  }
  if (length < 1) return t.raise(kValueError, "key length must be greater than 0.");
  if (length > kMaximum) return t.raise(kOverflowError, "key length is too great.");
  Ref<Bytes> key = newBytes(length);
  if (!key) return t.raiseMemory();
  bool ok;
  {
    AllowThreads allow(t);
    ok = PKCS5_PBKDF2_HMAC(password.bytes().data(), int(password.size()), salt.data(),
                           int(salt.size()), int(rounds), digest, int(length),
                           reinterpret_cast<u8*>(key->data));
  }
  if (!ok) return raiseOpenSsl(t, kValueError);
  return key;
}

static Result<u64> unsignedLong(Thread& t, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  u64 value;
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  if (!intToU64(n, &value))
    return t.raise(kOverflowError, "Python int too large for C unsigned long");
  return value;
}
Result<Ref<>> _hashlib_scrypt(Thread& t, const Buffer& password, const Buffer& salt, Value nValue,
                              Value rValue, Value pValue, i64 maxmem, i64 dklen) {
  u64 n = TRY(unsignedLong(t, nValue)), r = TRY(unsignedLong(t, rValue)),
      p = TRY(unsignedLong(t, pValue));
  constexpr i64 kMaximum = INT32_MAX;
  if (password.size() > kMaximum) return t.raise(kOverflowError, "password is too long.");
  if (salt.size() > kMaximum) return t.raise(kOverflowError, "salt is too long.");
  if (n < 2 || (n & (n - 1))) return t.raise(kValueError, "n must be a power of 2.");
  if (maxmem < 0 || maxmem > kMaximum)
    return t.raise(kValueError, "maxmem must be positive and smaller than {}", kMaximum);
  if (dklen < 1 || dklen > kMaximum)
    return t.raise(kValueError, "dklen must be greater than 0 and smaller than {}", kMaximum);
  // Asked without a key: are the numbers acceptable?
  if (!EVP_PBE_scrypt(nullptr, 0, nullptr, 0, n, r, p, u64(maxmem), nullptr, 0)) {
    if (ERR_peek_last_error()) return raiseOpenSsl(t, kValueError);
    return t.raise(kValueError, "Invalid parameter combination for n, r, p, maxmem.");
  }
  Ref<Bytes> key = newBytes(dklen);
  if (!key) return t.raiseMemory();
  bool ok;
  {
    AllowThreads allow(t);
    ok = EVP_PBE_scrypt(password.bytes().data(), size_t(password.size()), salt.data(),
                        size_t(salt.size()), n, r, p, u64(maxmem), reinterpret_cast<u8*>(key->data),
                        size_t(dklen));
  }
  if (!ok) return raiseOpenSsl(t, kValueError);
  return key;
}

Result<Ref<>> _hashlib_hmac_digest(Thread& t, const Buffer& key, const Buffer& msg, Value digest) {
  const EVP_MD* d = TRY(digestModule(t, digest));
  if (key.size() > INT32_MAX) return t.raise(kOverflowError, "key is too long.");
  if (msg.size() > INT32_MAX) return t.raise(kOverflowError, "msg is too long.");
  return hmacOnce(t, d, key.bytes(), msg.bytes());
}
Result<Ref<>> _hashlib_hmac_new(Thread& t, const Buffer& key, Value msg, Value digestmod) {
  if (key.size() > INT32_MAX) return t.raise(kOverflowError, "key is too long.");
  if (isNone(digestmod)) return t.raise(kTypeError, "Missing required parameter 'digestmod'.");
  const EVP_MD* digest = TRY(digestModule(t, digestmod));
  if (msg && isNone(msg)) msg = Value();
  return newHmac(t, &opensslHmacType, digest, key.bytes(), msg, kValueError);
}
Result<i64> _hashlib_get_fips_mode(Thread&) {
  return EVP_default_properties_is_fips_enabled(nullptr);
}
Result<bool> _hashlib_compare_digest(Thread& t, Value a, Value b) {
  static Ref<> compare = TRY(importAttr(t, "_operator", "_compare_digest"));
  if (hasBuffer(a) != hasBuffer(b) && !(isStr(a) && isStr(b)))
    return t.raise(kTypeError, "a bytes-like object is required, not '{}'",
                   typeOf(hasBuffer(a) ? b : a));
  Ref<> same = TRY(callWith(t, compare, a, b));
  return isTrue(t, same);
}

Result<void> _hashlib_exec(Thread& t, Module& module) {
  if (!gUnsupported)
    gUnsupported =
        TRY(newExceptionClass(t, "_hashlib", "UnsupportedDigestmodError", kValueError)).release();
  moduleSet(module, "UnsupportedDigestmodError", gUnsupported);
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  Ref<Dict> constructors = newDict();
  for (size_t i = 0; i < std::size(kConstructors); i++) {
    const char* name = kConstructors[i];
    Value function = dictGetStr(module.dict, internImmortal(std::string("openssl_") + name));
    gConstructors[i] = function.as<CFunction>()->def;
    TRY(dictSet(t, constructors, function, makeAscii(name)));
  }
  Ref<> view = TRY(callWith(t, &PyDictProxy_Type, constructors));
  moduleSet(module, "_constructors", view);
  Ref<List> names = newList();
  EVP_MD_do_all_provided(
      nullptr,
      [](EVP_MD* digest, void* list) {
        const DigestKind* kind = findDigest(digest);
        const char* name = kind ? kind->name : nullptr;
        int nid = EVP_MD_get_type(digest);
        if (!name && nid > NID_undef) name = OBJ_nid2ln(nid);
        if (name) listAppend(static_cast<List*>(list), Ref<>(makeStr(name)));
      },
      names.get());
  moduleSet(module, "openssl_md_meth_names", TRY(callWith(t, &PyFrozenSet_Type, names)));
  return {};
}

// ---- _hmac ----

void nativeHmac_dealloc(Object* o) { hmacDealloc(o); }
Result<Ref<>> nativeHmac___repr__(Thread&, HmacObject& self) { return makeStr(hmacRepr(self)); }

// The algorithms that _hmac knows, by hashlib's names.
static Result<const EVP_MD*> hmacDigest(Thread& t, Value name) {
  if (isStr(name) && name.as<Str>()->isAscii()) {
    std::string text(name.as<Str>()->ascii());
    for (const char* known : {"MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"})
      if (text == known) return digestOf(*findDigest(text));
    for (const char* known : {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224",
                              "sha3_256", "sha3_384", "sha3_512", "blake2s", "blake2b"})
      if (text == known) return digestOf(*findDigest(text));
  }
  return t.raise(gUnknown, "unsupported hash type: {!r}", name);
}
static Result<Ref<>> computeHmac(Thread& t, Value key, Value msg, const EVP_MD* digest) {
  Buffer keyBytes, input;
  TRY(hashInput(t, key, &keyBytes));
  TRY(hashInput(t, msg, &input));
  return hmacOnce(t, digest, keyBytes.bytes(), input.bytes());
}

Result<Ref<>> _hmac_new(Thread& t, Value key, Value msg, Value digestmod) {
  if (!digestmod) return t.raise(kTypeError, "new() missing 1 required argument 'digestmod'");
  const EVP_MD* digest = TRY(hmacDigest(t, digestmod));
  Buffer keyBytes;
  TRY(hashInput(t, key, &keyBytes));
  if (isNone(msg)) msg = Value();
  return newHmac(t, &nativeHmacType, digest, keyBytes.bytes(), msg, kValueError);
}
Result<Ref<>> _hmac_compute_digest(Thread& t, Value key, Value msg, Value digest) {
  const EVP_MD* d = TRY(hmacDigest(t, digest));
  return computeHmac(t, key, msg, d);
}
#define DX_COMPUTE(name, algorithm)                                     \
  Result<Ref<>> _hmac_compute_##name(Thread& t, Value key, Value msg) { \
    return computeHmac(t, key, msg, digestOf(*findDigest(algorithm)));  \
  }
DX_COMPUTE(md5, "md5")
DX_COMPUTE(sha1, "sha1")
DX_COMPUTE(sha224, "sha224")
DX_COMPUTE(sha256, "sha256")
DX_COMPUTE(sha384, "sha384")
DX_COMPUTE(sha512, "sha512")
DX_COMPUTE(sha3_224, "sha3_224")
DX_COMPUTE(sha3_256, "sha3_256")
DX_COMPUTE(sha3_384, "sha3_384")
DX_COMPUTE(sha3_512, "sha3_512")
DX_COMPUTE(blake2s_32, "blake2s")
DX_COMPUTE(blake2b_32, "blake2b")
#undef DX_COMPUTE

Result<void> _hmac_exec(Thread& t, Module& module) {
  if (!gUnknown)
    gUnknown = TRY(newExceptionClass(t, "_hmac", "UnknownHashError", kValueError)).release();
  moduleSet(module, "UnknownHashError", gUnknown);
  moduleSet(module, "_GIL_MINSIZE", makeInt(kHashGilSize));
  return {};
}

}  // namespace dx
