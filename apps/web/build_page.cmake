# SPDX-License-Identifier: MIT
# Builds a page with Vite, as CONFIG says, into the directory of PAGE. Nothing is written into the source tree.
if(NOT NODE)
  message(FATAL_ERROR "The pages are built with Node.js 18 or newer, and no 'node' was found. "
                      "Install nodejs and npm, or configure with -DGAINSTAGE_HTML=OFF to build without the HTML report.")
endif()
execute_process(COMMAND ${NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX REPLACE "^v" "" version "${version}")
if(version VERSION_LESS 18)
  message(FATAL_ERROR "The pages are built with Node.js 18 or newer, and ${NODE} is ${version}. "
                      "Install a newer one, or configure with -DGAINSTAGE_HTML=OFF to build without the HTML report.")
endif()
set(vite ${SOURCE_DIR}/node_modules/vite/bin/vite.js)
if(NOT EXISTS ${vite})
  message(FATAL_ERROR "The pages need their npm packages, and ${SOURCE_DIR}/node_modules does not have them. "
                      "Run 'npm ci --prefix apps/web', or configure with -DGAINSTAGE_HTML=OFF to build without the HTML "
                      "report.")
endif()
cmake_path(GET PAGE PARENT_PATH out_dir)
execute_process(
  COMMAND ${NODE} ${vite} build --config ${CONFIG} --configLoader native --logLevel warn --emptyOutDir --outDir ${out_dir}
  WORKING_DIRECTORY ${SOURCE_DIR}
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "Vite could not build ${CONFIG}'s page; its own message stands above.")
endif()
file(TOUCH ${PAGE})
