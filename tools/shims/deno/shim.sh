# Deno's own WebSocket, by npm.
package=deno@2.9.6

install() {
    need_npm "$package"
}

version() {
    echo "${package#*@}"
}

command_line() {
    words env DENO_DIR="$peer_cache" DENO_NO_UPDATE_CHECK=1 "$(npm_folder "$package")"/node_modules/@deno/linux-*/deno \
        run --quiet --allow-all "$source_directory/client.cjs"
}
