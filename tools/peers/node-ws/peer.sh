# npm's ws, the server most Node programs use. The versions are pinned, so that findings can be seen again.
packages='ws@8.23.0'

install() {
    need_npm ws@8.23.0
}

version() {
    echo 8.23.0
}

run() {
    run_node "$packages" "$source_directory/server.js" "$1"
}
