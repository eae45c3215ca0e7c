# npm's faye-websocket with faye's permessage-deflate.
packages='faye-websocket@0.11.4 permessage-deflate@0.1.7'

install() {
    need_npm faye-websocket@0.11.4 permessage-deflate@0.1.7
}

version() {
    echo 0.11.4
}

run() {
    run_node "$packages" "$source_directory/server.js" "$1"
}
