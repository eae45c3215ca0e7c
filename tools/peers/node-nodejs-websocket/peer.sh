# npm's nodejs-websocket.
packages='nodejs-websocket@1.7.2'

install() {
    need_npm nodejs-websocket@1.7.2
}

version() {
    echo 1.7.2
}

run() {
    run_node "$packages" "$source_directory/server.js" "$1"
}
