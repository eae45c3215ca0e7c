# cpack -G DEB: wsproof (the command), python3-wsproof-pytest (the plugin) and libwsproof-dev (the libraries). Who makes packages
# for others names themselves: cpack -D CPACK_PACKAGE_CONTACT='Name <address>'.
set(CPACK_PACKAGE_VENDOR "wsproof")
set(CPACK_PACKAGE_CONTACT "wsproof <wsproof@localhost>")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL command plugin development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME wsproof)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION net)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS python3-wsproof-pytest)
set(CPACK_COMPONENT_COMMAND_DESCRIPTION
    "conformance tests for WebSocket servers and clients\n\
wsproof plays its cases against any WebSocket server or client over real TCP\n\
and TLS, judges each by the clause of RFC 6455 or RFC 7692 that decides, and\n\
reports as JSON, JUnit, SARIF, TAP, Markdown and HTML. Servers, clients\n\
and browsers of one's own are put under test by a command line.")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_NAME python3-wsproof-pytest)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_DEPENDS "python3, python3-pytest (>= 7.2), wsproof (>= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_PLUGIN_DESCRIPTION
    "conformance tests for WebSocket servers and clients (pytest plugin)\n\
With this plugin each case of wsproof is a test of pytest, with its title, its\n\
clause and the wire in the text of a failure, and known failures are xfail.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libwsproof-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libssl-dev (>= 3), zlib1g-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "sans-I/O WebSocket engine and blocking runtime (C++)\n\
Static libraries and headers: a WebSocket endpoint without sockets, clock or\n\
threads, permessage-deflate by zlib, and a blocking client and server with TLS\n\
around them. For CMake and pkg-config.")

# Each package has its licence and changes where Debian's policy wants them, and manuals compressed.
foreach(package IN ITEMS command=wsproof plugin=python3-wsproof-pytest development=libwsproof-dev)
    string(REPLACE = ";" package ${package})
    list(POP_FRONT package component)
    set(folder ${CMAKE_INSTALL_DATADIR}/doc/${package})
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${folder} RENAME copyright COMPONENT ${component})
    install(FILES ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${folder} RENAME changelog COMPONENT ${component})
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/wsproof COMPONENT command)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/compress.cmake)
include(CPack)
