# crossws, which wraps npm's ws.
packages='crossws@0.4.17'

install() {
    need_npm crossws@0.4.17
}

version() {
    echo 0.4.17
}

run() {
    run_node "$packages" "$source_directory/server.js" "$1"
}
