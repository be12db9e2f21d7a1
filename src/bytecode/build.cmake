# The format's version follows from what decides the meaning of an image.
file(GLOB_RECURSE meaning CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
     ${CMAKE_SOURCE_DIR}/src/compiler/*.cpp ${CMAKE_SOURCE_DIR}/src/compiler/*.h
     ${CMAKE_SOURCE_DIR}/src/frontend/*.cpp ${CMAKE_SOURCE_DIR}/src/frontend/*.h
     ${CMAKE_SOURCE_DIR}/src/frontend/*.asdl)
list(APPEND meaning src/bytecode/opcodes.def src/bytecode/image.h src/bytecode/archive.h
     src/bytecode/builder.cpp src/bytecode/line_flow.cpp src/bytecode/positions.cpp)
dx_generate(FOLDER bytecode SCRIPT tools/gen_format_version.py INPUTS ${meaning}
            OUTPUTS bytecode/format_version.gen.h
            ARGS @GEN@/bytecode/format_version.gen.h ${meaning})

# BLAKE3, of LLVM's support library.
find_path(DX_LLVM_INCLUDE llvm-c/blake3.h PATHS /usr/lib/llvm-19/include REQUIRED)
find_library(DX_LLVM_SUPPORT NAMES libLLVMSupport.a PATHS /usr/lib/llvm-19/lib REQUIRED)
target_include_directories(${DX_TARGET} SYSTEM PRIVATE ${DX_LLVM_INCLUDE})
target_link_libraries(${DX_TARGET} PUBLIC ${DX_LLVM_SUPPORT})

# The fuzz target (tests/fuzz/image_fuzz.cpp says how to run it), with the sources that it needs
# compiled once more with the instrumentation. For the checked preset.
get_target_property(bytecode_sources ${DX_TARGET} SOURCES)
get_target_property(base_sources dx_base SOURCES)
get_target_property(simd_sources dx_simd SOURCES)
add_executable(dx_image_fuzz EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/fuzz/image_fuzz.cpp
               ${bytecode_sources} ${base_sources} ${simd_sources})
dx_setup_target(dx_image_fuzz)
target_include_directories(dx_image_fuzz SYSTEM PRIVATE ${DX_LLVM_INCLUDE})
target_compile_options(dx_image_fuzz PRIVATE -fsanitize=fuzzer)
target_link_options(dx_image_fuzz PRIVATE -fsanitize=fuzzer)
target_link_libraries(dx_image_fuzz PRIVATE ${DX_LLVM_SUPPORT})
set_target_properties(dx_image_fuzz PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
