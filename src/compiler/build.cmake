# Parses, compiles and verifies files: a check over whole libraries.
add_executable(dx_compile_check EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tools/compile_check/main.cpp)
target_link_libraries(dx_compile_check PRIVATE dx_compiler dx_frontend dx_bytecode dx_base)
dx_setup_target(dx_compile_check)

# The fuzz target (tests/fuzz/compile_fuzz.cpp says how to run it): everything it needs,
# compiled once more with the instrumentation. For the checked preset.
get_target_property(compiler_sources ${DX_TARGET} SOURCES)
get_target_property(bytecode_sources dx_bytecode SOURCES)
get_target_property(parser_sources dx_frontend SOURCES)
get_target_property(base_sources dx_base SOURCES)
get_target_property(simd_sources dx_simd SOURCES)
add_executable(dx_compile_fuzz EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/fuzz/compile_fuzz.cpp
               ${compiler_sources} ${bytecode_sources} ${parser_sources} ${base_sources} ${simd_sources})
dx_setup_target(dx_compile_fuzz)
target_include_directories(dx_compile_fuzz SYSTEM PRIVATE ${DX_LLVM_INCLUDE})
target_link_libraries(dx_compile_fuzz PRIVATE ${DX_LLVM_SUPPORT})
target_compile_options(dx_compile_fuzz PRIVATE -fsanitize=fuzzer)
target_link_options(dx_compile_fuzz PRIVATE -fsanitize=fuzzer)
set_target_properties(dx_compile_fuzz dx_compile_check PROPERTIES
                      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
