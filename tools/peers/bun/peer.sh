# Bun's own server (uWebSockets below), by npm.
package=bun@1.4.5

install() {
    need_npm "$package"
}

version() {
    echo "${package#*@}"
}

run() {
    exec "$(npm_folder "$package")/node_modules/bun/bin/bun.exe" "$source_directory/server.ts" "$1"
}
