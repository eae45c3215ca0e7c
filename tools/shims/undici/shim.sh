# npm's undici, the WebSocket of Node itself.
packages='undici@7.30.2'

install() {
    need_npm undici@7.30.2
}

version() {
    echo 7.30.2
}

command_line() {
    words env NODE_PATH="$(npm_folder undici@7.30.2)/node_modules" node "$source_directory/client.js"
}
