# How test and example programs are built and run.

set(TRANSPORT_TEST_LAUNCHER "" CACHE STRING "Command that runs each test program, as valgrind does")
set(TRANSPORT_TEST_TIMEOUT 120 CACHE STRING "Seconds after which ctest ends a test program")

set(CMAKE_C_STANDARD 11)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>)
if(TRANSPORT_SANITIZE)
  set(sanitize -fsanitize=${TRANSPORT_SANITIZE},undefined)
  add_compile_options(${sanitize} -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1)
  add_link_options(${sanitize})
endif()

add_custom_target(shared-tests) # what the tests with the label shared need

# transport_sources(<variable> <pattern>): C sources, and C++ sources where there is a compiler.
function(transport_sources variable pattern)
  file(GLOB sources CONFIGURE_DEPENDS ${pattern}.c)
  if(CMAKE_CXX_COMPILER)
    file(GLOB cxx_sources CONFIGURE_DEPENDS ${pattern}.cpp)
  endif()
  set(${variable} ${sources} ${cxx_sources} PARENT_SCOPE)
endfunction()

# transport_program(<name> <source> <library>)
function(transport_program name source library)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${library} Threads::Threads)
endfunction()

# transport_test(<name> <labels> <command...>): exit 77 means skipped.
function(transport_test name labels)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${TRANSPORT_TEST_TIMEOUT} SKIP_RETURN_CODE 77)
endfunction()
