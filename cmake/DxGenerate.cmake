# Generated sources. They live in build/PRESET/gen (on every include path) and are never
# committed. Call these from a folder's build.cmake; see docs/building.md.

find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# dx_generate(FOLDER folder SCRIPT script OUTPUTS file... [INPUTS file...] [ARGS arg...])
#
# Runs `python3 SCRIPT ARGS...` in the source folder whenever the script or an input has
# changed. OUTPUTS are paths relative to the generated folder. FOLDER is the folder of src/
# that owns them: outputs ending in .cpp are compiled into its target. Headers are ready
# before any target compiles. In ARGS, @GEN@ stands for the generated folder. Scripts must
# write every output each time and nothing else.
function(dx_generate)
  cmake_parse_arguments(PARSE_ARGV 0 G "" "FOLDER;SCRIPT" "OUTPUTS;INPUTS;ARGS")
  if(NOT G_FOLDER OR NOT G_SCRIPT OR NOT G_OUTPUTS OR G_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "dx_generate: FOLDER, SCRIPT and OUTPUTS are needed (${ARGV})")
  endif()
  list(TRANSFORM G_OUTPUTS PREPEND ${DX_GEN_DIR}/)
  list(TRANSFORM G_ARGS REPLACE "@GEN@" "${DX_GEN_DIR}")
  set(inputs "")
  foreach(input IN LISTS G_INPUTS G_SCRIPT)
    cmake_path(ABSOLUTE_PATH input BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
    list(APPEND inputs ${input})
  endforeach()
  foreach(output IN LISTS G_OUTPUTS)
    cmake_path(GET output PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
  endforeach()
  list(GET G_OUTPUTS 0 first)
  cmake_path(RELATIVE_PATH first BASE_DIRECTORY ${DX_GEN_DIR})
  add_custom_command(
    OUTPUT ${G_OUTPUTS}
    COMMAND ${Python3_EXECUTABLE} -B ${G_SCRIPT} ${G_ARGS}
    DEPENDS ${inputs}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    COMMENT "Generating ${first}"
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY DX_GENERATED ${G_OUTPUTS})
  list(FILTER G_OUTPUTS INCLUDE REGEX "\\.cpp$")
  if(G_OUTPUTS)
    dx_target_name(target ${G_FOLDER})
    target_sources(${target} PRIVATE ${G_OUTPUTS})
  endif()
endfunction()

# dx_generate_stubs(folder)
#
# Every src/FOLDER/**/NAME.py is a stub (design: "Built-ins are declared in Python"); makes
# gen/FOLDER/NAME.gen.h and NAME.gen.cpp of it with `tools/gen_stubs.py IN.py OUTDIR`.
function(dx_generate_stubs folder)
  file(GLOB_RECURSE stubs CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
       ${CMAKE_SOURCE_DIR}/src/${folder}/*.py)
  file(GLOB helpers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
       ${CMAKE_SOURCE_DIR}/tools/stubs/*.py)
  foreach(stub IN LISTS stubs)
    cmake_path(GET stub STEM name)
    dx_generate(FOLDER ${folder} SCRIPT tools/gen_stubs.py INPUTS ${stub} ${helpers}
                OUTPUTS ${folder}/${name}.gen.h ${folder}/${name}.gen.cpp
                ARGS ${stub} @GEN@/${folder})
  endforeach()
endfunction()

# Called once, after every folder: one target that stands for all generated files.
function(dx_finish_generated)
  get_property(files GLOBAL PROPERTY DX_GENERATED)
  add_custom_target(dx_generated DEPENDS ${files})
endfunction()
