// Integer names, asserts and small helpers that every folder uses.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dx {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using i8 = int8_t;
using i16 = int16_t;
using i32 = int32_t;
using i64 = int64_t;

// Prints where and what, then aborts. For broken invariants only: never for bad input.
[[noreturn]] void panic(const char* file, int line, const char* what);

}  // namespace dx

#define DX_CHECK(cond) ((cond) ? (void)0 : ::dx::panic(__FILE__, __LINE__, #cond))
#ifdef DX_CHECKED
#define DX_ASSERT(cond) DX_CHECK(cond)
#else
#define DX_ASSERT(cond) ((void)sizeof(!(cond)))
#endif
#define DX_UNREACHABLE() ::dx::panic(__FILE__, __LINE__, "unreachable")
#define DX_NOINLINE [[gnu::noinline]]
#define DX_INLINE [[gnu::always_inline]] inline
#define DX_COLD [[gnu::cold, gnu::noinline]]
