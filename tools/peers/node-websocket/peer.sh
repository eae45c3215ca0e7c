# npm's websocket (WebSocket-Node).
packages='websocket@1.0.35'

install() {
    need_npm websocket@1.0.35
}

version() {
    echo 1.0.35
}

run() {
    run_node "$packages" "$source_directory/server.js" "$1"
}
