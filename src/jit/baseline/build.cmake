# The opcode bodies of src/ops once more, as stencils: read from their object files into a table.
file(GLOB bodies CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/ops/*.cpp)
add_library(dx_stencils OBJECT ${bodies})
dx_setup_target(dx_stencils)
target_compile_definitions(dx_stencils PRIVATE DX_STENCIL)
# Whatever the build is for: fast code without anything that another tool would have to know. Direct calls and absolute
# addresses below 2 GB, so that holes are 32 bits wide.
target_compile_options(dx_stencils PRIVATE
  -O2 -g0 -UDX_CHECKED -fno-sanitize=all -fno-lto -fno-profile-generate -fno-profile-use
  -fno-pic -mcmodel=small -fplt -fno-jump-tables -fno-asynchronous-unwind-tables -ffunction-sections
  -fno-stack-protector -fcf-protection=none -fomit-frame-pointer
  "SHELL:-mllvm -funcspec-max-clones=0")  # slow paths are called as they are

set(table ${DX_GEN_DIR}/jit/baseline/stencil_table.cpp)
file(MAKE_DIRECTORY ${DX_GEN_DIR}/jit/baseline)
add_custom_command(
  OUTPUT ${table}
  COMMAND ${Python3_EXECUTABLE} -B tools/gen_stencils.py src/bytecode/opcodes.def ${table}
          $<TARGET_OBJECTS:dx_stencils>
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/gen_stencils.py ${CMAKE_SOURCE_DIR}/src/bytecode/opcodes.def
          $<TARGET_OBJECTS:dx_stencils>
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  COMMENT "Reading stencils"
  COMMAND_EXPAND_LISTS VERBATIM)
target_sources(${DX_TARGET} PRIVATE ${table})
