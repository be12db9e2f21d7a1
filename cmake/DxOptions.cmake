# Compiler, flags and ccache.
#
# A preset of CMakePresets.json names a build type; each has its flags here:
#   Release  -O2, line tables          NDEBUG
#   Checked  -O1, ASan and UBSan       DX_CHECKED (DX_ASSERT is live)
#   Dev      -O1, no debug information DX_CHECKED

option(DX_EXPORT_API "Export Py* and _Py*, so that extension modules find the C API in the program" ON)
option(DX_CCACHE "Compile through ccache when it is installed" ON)
option(DX_PCH "Precompile the headers of DX_PCH_HEADERS (see docs/building.md for when it pays)" OFF)

# The headers that nearly every source includes.
set(DX_PCH_HEADERS "base/base.h" CACHE STRING "Headers below src/ that DX_PCH precompiles")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "dxpy needs clang 19 or newer (preserve_none, musttail); use a preset: cmake --preset release")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON)
set(CMAKE_C_STANDARD 17)

# Not position independent, as CPython's own program: addresses of the static types and of
# run-time functions are 32-bit constants, and nothing needs relocating at start-up.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

add_compile_options(
  -fno-pie -fno-plt -fno-strict-aliasing -fwrapv -fno-semantic-interposition
  -ffunction-sections -fdiagnostics-color=always
  -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-invalid-offsetof -Werror=return-type
  "$<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions;-fno-rtti>")
add_link_options(-no-pie -fuse-ld=lld)

# Sanitizers left out of `undefined`: `function`, because extension modules call and are
# called through PyCFunction casts, as the C API asks for.
set(sanitize -fsanitize=address,undefined -fno-sanitize=function -fno-sanitize-recover=all)

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEV "-O1 -g0 -DDX_CHECKED=1")
set(CMAKE_CXX_FLAGS_CHECKED "-O1 -g1 -fno-omit-frame-pointer -DDX_CHECKED=1")
foreach(type RELEASE DEV CHECKED)
  set(CMAKE_C_FLAGS_${type} "${CMAKE_CXX_FLAGS_${type}}")
endforeach()
if(CMAKE_BUILD_TYPE STREQUAL "Checked")
  add_compile_options(${sanitize})
  add_link_options(${sanitize})
endif()

# Builds by profile: one records what programs do (DX_PROFILE_RECORD), one uses the merged profile
# and optimizes across files (DX_PROFILE). See docs/building.md.
option(DX_PROFILE_RECORD "Record a profile while programs run" OFF)
set(DX_PROFILE "" CACHE FILEPATH "Profile (llvm-profdata) to optimize by")
if(DX_PROFILE_RECORD)
  add_compile_options(-fprofile-generate)
  add_link_options(-fprofile-generate)
elseif(DX_PROFILE)
  set(profile -fprofile-use=${DX_PROFILE} -flto=thin)
  add_compile_options(${profile} -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date
                      -Wno-backend-plugin)
  add_link_options(${profile})
endif()

# For folders whose functions are tail-called handlers (musttail, preserve_none): nothing may
# add work to a prologue or epilogue. AddressSanitizer's own stack frames need a stack
# realignment that preserve_none does not allow, so handlers get its heap checks only.
set(DX_HANDLER_FLAGS -fno-stack-protector -fcf-protection=none -fomit-frame-pointer)
if(CMAKE_BUILD_TYPE STREQUAL "Checked")
  list(APPEND DX_HANDLER_FLAGS "SHELL:-mllvm -asan-stack=0")
endif()

if(DX_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(DX_CCACHE_PROGRAM ccache)
  if(DX_CCACHE_PROGRAM)
    # Paths below the source folder are made relative, so that several clones share one cache.
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${DX_CCACHE_PROGRAM})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  endif()
endif()

# Where generated sources go; on the include path of every target.
set(DX_GEN_DIR ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${DX_GEN_DIR})
