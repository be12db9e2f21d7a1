// Objects of the module _blake2.
#pragma once
#include "modules/blake2.h"
#include "modules/hash_objects.h"

namespace dx {

template <class Word>
struct Blake2State {
  std::mutex lock;
  Blake2<Word> hash;
};
template <class Word>
struct Blake2Object : Object {
  Blake2State<Word>* state;
};

}  // namespace dx
