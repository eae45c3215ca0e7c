# npm's websocket (WebSocket-Node).
packages='websocket@1.0.35'

install() {
    need_npm websocket@1.0.35
}

version() {
    echo 1.0.35
}

command_line() {
    words env NODE_PATH="$(npm_folder websocket@1.0.35)/node_modules" node "$source_directory/client.js"
}
