# Other people's libraries (reasons and versions: docs/dependencies.md). Every folder of src/
# and the unit tests link `dx_libraries`; a library that only one folder needs is found and
# linked in that folder's build.cmake.

add_library(dx_libraries INTERFACE)
target_include_directories(dx_libraries INTERFACE ${CMAKE_SOURCE_DIR}/src ${DX_GEN_DIR})

find_package(Threads REQUIRED)
target_link_libraries(dx_libraries INTERFACE Threads::Threads ${CMAKE_DL_LIBS} m)

# GMP, linked statically: one library less to load at start-up.
find_path(DX_GMP_INCLUDE gmp.h REQUIRED)
find_library(DX_GMP_LIBRARY NAMES libgmp.a gmp REQUIRED)
target_include_directories(dx_libraries SYSTEM INTERFACE ${DX_GMP_INCLUDE})
target_link_libraries(dx_libraries INTERFACE ${DX_GMP_LIBRARY})

# mimalloc takes the place of malloc as soon as it is linked, so the checked build, where
# AddressSanitizer must own malloc, goes without. DX_MIMALLOC tells memory/ which it is.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Checked")
  find_package(mimalloc 2.0 REQUIRED)
  target_link_libraries(dx_libraries INTERFACE mimalloc)
  target_compile_definitions(dx_libraries INTERFACE DX_MIMALLOC=1)
endif()
