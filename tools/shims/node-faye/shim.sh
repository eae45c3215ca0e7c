# npm's faye-websocket with faye's permessage-deflate.
packages='faye-websocket@0.11.4 permessage-deflate@0.1.7'

install() {
    need_npm faye-websocket@0.11.4 permessage-deflate@0.1.7
}

version() {
    echo 0.11.4
}

command_line() {
    words env NODE_PATH="$(npm_folder faye-websocket@0.11.4 permessage-deflate@0.1.7)/node_modules" node "$source_directory/client.js"
}
