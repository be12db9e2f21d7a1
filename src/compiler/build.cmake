# Parses, compiles and verifies files: a check over whole libraries.
add_executable(dx_compile_check EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tools/compile_check/main.cpp)
target_link_libraries(dx_compile_check PRIVATE dx_compiler dx_frontend dx_bytecode dx_base)
dx_setup_target(dx_compile_check)
