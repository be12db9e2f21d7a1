dx_generate_stubs(modules)

# Libraries of other people's formats and algorithms, linked statically like GMP: nothing to load
# at start-up, and only what is called ends up in the program.
function(dx_link_archive target header archive)
  string(MAKE_C_IDENTIFIER ${archive} name)
  find_path(DX_INCLUDE_${name} ${header} REQUIRED)
  find_library(DX_LIBRARY_${name} NAMES lib${archive}.a ${archive} REQUIRED)
  target_include_directories(${target} SYSTEM PRIVATE ${DX_INCLUDE_${name}})
  target_link_libraries(${target} PUBLIC ${DX_LIBRARY_${name}})
endfunction()
dx_link_archive(${DX_TARGET} openssl/evp.h crypto)
dx_link_archive(${DX_TARGET} zlib.h z)
dx_link_archive(${DX_TARGET} bzlib.h bz2)
dx_link_archive(${DX_TARGET} lzma.h lzma)
dx_link_archive(${DX_TARGET} zstd.h zstd)
dx_link_archive(${DX_TARGET} expat.h expat)
