# The Unicode tables. The data is downloaded once, into build/unicode of the source folder
# (docs/dependencies.md); delete that folder to fetch it again.
set(DX_UNICODE_DIR ${CMAKE_SOURCE_DIR}/build/unicode)
execute_process(COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tools/fetch_unicode.py ${DX_UNICODE_DIR}
                COMMAND_ERROR_IS_FATAL ANY)
dx_generate(FOLDER base SCRIPT tools/gen_unicode.py INPUTS build/unicode/UnicodeData.json
            OUTPUTS base/unicode_tables.gen.cpp base/unicode_names.gen.cpp
            ARGS ${DX_UNICODE_DIR} @GEN@/base)
