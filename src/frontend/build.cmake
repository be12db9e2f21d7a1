dx_generate(FOLDER frontend SCRIPT tools/gen_ast.py INPUTS src/frontend/ast.asdl
            OUTPUTS frontend/ast.gen.h frontend/ast.gen.cpp
            ARGS src/frontend/ast.asdl @GEN@/frontend/ast.gen.h @GEN@/frontend/ast.gen.cpp)

# Prints trees, for comparison with CPython's ast.dump.
add_executable(dx_ast_dump EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tools/ast_dump/main.cpp)
target_link_libraries(dx_ast_dump PRIVATE dx_frontend dx_base)
dx_setup_target(dx_ast_dump)

# The fuzz target (tests/fuzz/parse_fuzz.cpp says how to run it): everything it needs,
# compiled once more with the instrumentation. For the checked preset (ASan, UBSan, asserts).
get_target_property(frontend_sources ${DX_TARGET} SOURCES)
get_target_property(base_sources dx_base SOURCES)
get_target_property(simd_sources dx_simd SOURCES)
add_executable(dx_parse_fuzz EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/fuzz/parse_fuzz.cpp
               ${frontend_sources} ${base_sources} ${simd_sources})
dx_setup_target(dx_parse_fuzz)
target_compile_options(dx_parse_fuzz PRIVATE -fsanitize=fuzzer)
target_link_options(dx_parse_fuzz PRIVATE -fsanitize=fuzzer)
set_target_properties(dx_parse_fuzz dx_ast_dump PROPERTIES
                      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
