dx_generate(FOLDER frontend SCRIPT tools/gen_ast.py INPUTS src/frontend/ast.asdl
            OUTPUTS frontend/ast.gen.h frontend/ast.gen.cpp
            ARGS src/frontend/ast.asdl @GEN@/frontend/ast.gen.h @GEN@/frontend/ast.gen.cpp)

# Prints trees, for comparison with CPython's ast.dump.
add_executable(dx_ast_dump EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tools/ast_dump/main.cpp)
target_link_libraries(dx_ast_dump PRIVATE dx_frontend dx_base)
dx_setup_target(dx_ast_dump)
