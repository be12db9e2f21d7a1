# One object library per folder of src/, in the order of src/folders.txt.
#
# A folder exists for the build as soon as it has a source; every .cpp and .c below it belongs
# to its target, so adding a file needs no edit. What is special about a folder (flags,
# libraries, generated sources) stands in its build.cmake, which is included after the target
# was made and finds its name in DX_TARGET. A folder that must not be part of the program (a
# separate shared library) has a CMakeLists.txt instead and is left to that.

# The folders of src/, lowest first.
function(dx_read_folders out)
  set(list_file ${CMAKE_SOURCE_DIR}/src/folders.txt)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list_file})
  file(STRINGS ${list_file} folders REGEX "^[a-z]")
  list(TRANSFORM folders STRIP)
  set(${out} ${folders} PARENT_SCOPE)
endfunction()

function(dx_target_name out folder)
  string(REPLACE "/" "_" name ${folder})
  set(${out} dx_${name} PARENT_SCOPE)
endfunction()

# What every target of ours has in common.
function(dx_setup_target target)
  target_link_libraries(${target} PRIVATE dx_libraries)
  add_dependencies(${target} dx_generated)
  if(DX_PCH)
    list(TRANSFORM DX_PCH_HEADERS PREPEND ${CMAKE_SOURCE_DIR}/src/ OUTPUT_VARIABLE headers)
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${headers}>")
  endif()
endfunction()

# Makes the target of one folder if it has sources, and appends it to DX_TARGETS.
macro(dx_add_folder folder)
  dx_target_name(DX_TARGET ${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
       ${CMAKE_SOURCE_DIR}/src/${folder}/*.cpp ${CMAKE_SOURCE_DIR}/src/${folder}/*.c)
  if(sources AND EXISTS ${CMAKE_SOURCE_DIR}/src/${folder}/CMakeLists.txt)
    add_subdirectory(${folder})
  elseif(sources)
    add_library(${DX_TARGET} OBJECT ${sources})
    dx_setup_target(${DX_TARGET})
    if(EXISTS ${CMAKE_SOURCE_DIR}/src/${folder}/build.cmake)
      include(${CMAKE_SOURCE_DIR}/src/${folder}/build.cmake)
    endif()
    list(APPEND DX_TARGETS ${DX_TARGET})
  endif()
endmacro()
