# The command, the suites and tables that it reads, its manual and completion for shells; and the pytest plugin.
install(TARGETS wsproof RUNTIME)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/wsproof FILES_MATCHING PATTERN "*.json"
        PATTERN "*.md")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/conformance/data DESTINATION ${CMAKE_INSTALL_DATADIR}/wsproof FILES_MATCHING
        PATTERN "*.json")

# What the command has said of itself when it was built.
set(told $<TARGET_FILE_DIR:wsproof>/told)
install(FILES ${told}/wsproof.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${told}/wsproof DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${told}/_wsproof DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${told}/wsproof.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# Where Debian's Python looks if the prefix is /usr: pytest then loads the plugin by its entry point.
set(WSPROOF_PYTHON_DIR lib/python3/dist-packages CACHE STRING "Where Python packages are installed, below the prefix")
set(plugin ${PROJECT_SOURCE_DIR}/conformance/pytest)
install(DIRECTORY ${plugin}/wsproof_pytest DESTINATION ${WSPROOF_PYTHON_DIR} COMPONENT plugin FILES_MATCHING PATTERN "*.py"
        PATTERN __pycache__ EXCLUDE)
configure_file(METADATA.in METADATA @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/METADATA ${CMAKE_CURRENT_SOURCE_DIR}/entry_points.txt
        DESTINATION ${WSPROOF_PYTHON_DIR}/wsproof_pytest-${PROJECT_VERSION}.dist-info COMPONENT plugin)
