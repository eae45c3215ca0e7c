# Bun's own WebSocket, by npm.
package=bun@1.4.5

install() {
    need_npm "$package"
}

version() {
    echo "${package#*@}"
}

command_line() {
    words "$(npm_folder "$package")/node_modules/bun/bin/bun.exe" "$source_directory/client.js"
}
