# transport_cargo(<name> <profile> <target dir> [cargo arguments...])
#
# An imported static library <name>, compiled by Cargo and copied to the build folder. Cargo is asked every time, since
# only Cargo knows what is fresh; the copy's time changes only when its content does.

find_package(Threads REQUIRED)
find_program(TRANSPORT_CARGO cargo HINTS $ENV{HOME}/.cargo/bin REQUIRED)

# make's job server is closed to recipes that do not name $(MAKE): Cargo would warn about it.
set(cargo_environment --unset=MAKEFLAGS --unset=MFLAGS)
set(cargo_toolchain "")
set(cargo_target "")

if(TRANSPORT_SANITIZE)
  # Rust's sanitizers are unstable: a nightly toolchain where there is one, else the usual one told to allow them.
  # Naming the target keeps the flags out of build scripts. Some optimization, since the tests move gigabytes.
  execute_process(COMMAND ${TRANSPORT_CARGO} -vV OUTPUT_VARIABLE cargo_version COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "host: ([^\n]+)" host "${cargo_version}")
  set(cargo_target ${CMAKE_MATCH_1})
  list(APPEND cargo_environment RUSTFLAGS=-Zsanitizer=${TRANSPORT_SANITIZE} CARGO_PROFILE_DEV_OPT_LEVEL=1)
  execute_process(COMMAND ${TRANSPORT_CARGO} +nightly --version RESULT_VARIABLE no_nightly OUTPUT_QUIET ERROR_QUIET)
  if(no_nightly)
    list(APPEND cargo_environment RUSTC_BOOTSTRAP=1)
  else()
    set(cargo_toolchain +nightly)
  endif()
endif()

function(transport_cargo name profile target_dir)
  set(folder ${profile})
  if(profile STREQUAL "dev")
    set(folder debug)
  endif()
  set(target_option "")
  if(cargo_target)
    set(target_option --target ${cargo_target})
    string(PREPEND folder ${cargo_target}/)
  endif()
  set(archive ${PROJECT_BINARY_DIR}/${name}/libtransport.a)
  add_custom_target(
    ${name}_cargo
    COMMAND ${CMAKE_COMMAND} -E env ${cargo_environment} ${TRANSPORT_CARGO} ${cargo_toolchain} rustc --lib
            --crate-type=staticlib --profile ${profile} --target-dir ${target_dir} ${target_option} ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${target_dir}/${folder}/libtransport.a ${archive}
    BYPRODUCTS ${archive}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Cargo: ${name} (${profile})"
    VERBATIM)
  add_library(${name} STATIC IMPORTED GLOBAL)
  add_dependencies(${name} ${name}_cargo)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${archive})
  target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(${name} INTERFACE TRANSPORT_STATIC)
  target_link_libraries(${name} INTERFACE Threads::Threads m dl)
endfunction()
