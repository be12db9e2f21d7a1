// What the hash modules share: objects over OpenSSL's digests, input checks, locking.
#pragma once
#include <openssl/evp.h>

#include <mutex>

#include "runtime/api.h"

namespace dx {

constexpr i64 kHashGilSize = 2048;  // larger inputs are hashed without the interpreter lock

// An algorithm: Python's name, OpenSSL's names, and whether the digest's length is the caller's.
struct DigestKind {
  const char* name;
  const char* opensslName;
  const char* alternative;  // another spelling that hashlib.new() takes, or null
  i32 blockSize;
  bool extendable;
};
const DigestKind* findDigest(std::string_view name);
const DigestKind* findDigest(const EVP_MD* digest);
// OpenSSL's implementation, kept for ever; null: there is none.
const EVP_MD* digestOf(const DigestKind& kind);

// Several threads may use one object while none of them holds the interpreter lock.
struct HashState {
  std::mutex lock;
  EVP_MD_CTX* context;
  HashState() : context(EVP_MD_CTX_new()) {}
  ~HashState() { EVP_MD_CTX_free(context); }
};
struct HashObject : Object {
  HashState* state;
};
struct HmacState {
  std::mutex lock;
  EVP_MD_CTX *inner, *outer;  // after the padded keys
  HmacState() : inner(EVP_MD_CTX_new()), outer(EVP_MD_CTX_new()) {}
  ~HmacState() {
    EVP_MD_CTX_free(inner);
    EVP_MD_CTX_free(outer);
  }
};
struct HmacObject : Object {
  HmacState* state;
};

extern "C" Type hashType, hashXofType;

// Runs fn under the lock, and without the interpreter lock when it has `size` bytes to do.
template <class F>
void withHashLock(Thread& t, std::mutex& lock, i64 size, F&& fn) {
  if (size >= kHashGilSize) {
    AllowThreads allow(t);
    std::lock_guard hold(lock);
    fn();
    return;
  }
  if (!lock.try_lock()) {
    AllowThreads allow(t);
    lock.lock();
  }
  fn();
  lock.unlock();
}

// Bytes to hash; TypeError for str and for what has no buffer.
Result<void> hashInput(Thread& t, Value v, Buffer* out);
// The data argument, also by its old name; empty: none.
Result<Value> hashDataArgument(Thread& t, Value data, Value string);
// ValueError with OpenSSL's last error.
Error raiseOpenSsl(Thread& t, Type* type);
Result<Ref<>> hexText(Thread& t, std::string_view bytes);

// A new object of the algorithm with the data hashed (empty: none).
Result<Ref<>> newHash(Thread& t, Type* type, const EVP_MD* digest, Value data, Type* error);
Result<Ref<>> newHash(Thread& t, Type* type, const char* name, Value data, Value string);
Result<void> updateHash(Thread& t, HashObject& h, std::string_view data);
// The digest so far; `length` counts for extendable ones.
Result<std::string> finishHash(Thread& t, HashObject& h, i64 length = -1);

// HMAC (RFC 2104) over any digest.
Result<Ref<>> newHmac(Thread& t, Type* type, const EVP_MD* digest, std::string_view key,
                      Value message, Type* error);
Result<Ref<>> hmacOnce(Thread& t, const EVP_MD* digest, std::string_view key,
                       std::string_view message);
// Reprs and deallocation, the same in every module.
std::string hmacRepr(HmacObject& self);
std::string hashRepr(HashObject& self);
void hmacDealloc(Object* o);
void hashDealloc(Object* o);

}  // namespace dx
