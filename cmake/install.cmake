# The installed tree: header, both libraries, a pkg-config file and a CMake package, all of them relocatable.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/libtransport)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

file(RELATIVE_PATH prefix_from_pkgconfig /prefix/${pkgconfig_dir} /prefix)
configure_file(cmake/libtransport.pc.in libtransport.pc @ONLY)
configure_package_config_file(
  cmake/libtransportConfig.cmake.in libtransportConfig.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(libtransportConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(FILES include/transport.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS transport_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES $<TARGET_PROPERTY:transport_static,IMPORTED_LOCATION> DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/libtransport.pc DESTINATION ${pkgconfig_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/libtransportConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/libtransportConfigVersion.cmake
        DESTINATION ${package_dir})
