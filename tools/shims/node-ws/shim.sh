# npm's ws, the client most Node programs use.
packages='ws@8.23.0'

install() {
    need_npm ws@8.23.0
}

version() {
    echo 8.23.0
}

command_line() {
    words env NODE_PATH="$(npm_folder ws@8.23.0)/node_modules" node "$source_directory/client.js"
}
