# libtransport::static, compiled by Cargo, and libtransport::shared, linked here from it. rustc can link a shared
# library too, but with a version script of its own, which the linker does not combine with one that names versions.

set(profile release)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(profile dev)
endif()
set(target_dir ${PROJECT_SOURCE_DIR}/target)
if(TRANSPORT_SANITIZE)
  set(target_dir ${PROJECT_BINARY_DIR}/cargo)
endif()
transport_cargo(transport_static ${profile} ${target_dir})
add_library(libtransport::static ALIAS transport_static)

# The exported functions are those of the checked list, nothing else.
set(TRANSPORT_SYMBOLS ${PROJECT_SOURCE_DIR}/c-tests/symbols.txt)
set(TRANSPORT_ABI ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TRANSPORT_SYMBOLS})
file(STRINGS ${TRANSPORT_SYMBOLS} symbols)
list(JOIN symbols ";\n    " globals)
set(map ${PROJECT_BINARY_DIR}/libtransport.map)
file(CONFIGURE OUTPUT ${map} CONTENT "TRANSPORT_${TRANSPORT_ABI} {\n  global:\n    ${globals};\n  local:\n    *;\n};\n")

add_library(transport_shared SHARED ${map})
add_library(libtransport::shared ALIAS transport_shared)
set_target_properties(
  transport_shared
  PROPERTIES LINKER_LANGUAGE C
             OUTPUT_NAME transport
             VERSION ${PROJECT_VERSION}
             SOVERSION ${TRANSPORT_ABI} # while 0.x, each minor version is an ABI of its own
             LINK_DEPENDS ${map})
target_include_directories(transport_shared INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(transport_shared PRIVATE libtransport::static)
# Never unloaded: the library may have threads and thread-local destructors of its own.
target_link_options(
  transport_shared
  PRIVATE LINKER:--version-script=${map}
          LINKER:--gc-sections
          LINKER:--as-needed
          LINKER:-z,nodelete
          LINKER:-z,relro
          LINKER:-z,now)
list(TRANSFORM symbols PREPEND "LINKER:--require-defined=")
target_link_options(transport_shared PRIVATE ${symbols})
if(TRANSPORT_SANITIZE)
  target_link_options(transport_shared PRIVATE -fsanitize=${TRANSPORT_SANITIZE})
else()
  target_link_options(transport_shared PRIVATE LINKER:--no-undefined)
endif()
