# Called by cpack before packages are made: what Debian's policy wants compressed, or without what debuggers read.
file(GLOB_RECURSE texts LIST_DIRECTORIES false "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/wsproof.1"
     "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/changelog")
if(texts)
    execute_process(COMMAND gzip -9nf ${texts} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(GLOB_RECURSE archives LIST_DIRECTORIES false "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*.a")
if(archives)
    execute_process(COMMAND strip --strip-debug --enable-deterministic-archives ${archives} COMMAND_ERROR_IS_FATAL ANY)
endif()
