# Deno's own server, by npm.
package=deno@2.9.6

install() {
    need_npm "$package"
}

version() {
    echo "${package#*@}"
}

run() {
    export DENO_DIR=$peer_cache DENO_NO_UPDATE_CHECK=1
    exec "$(npm_folder "$package")"/node_modules/@deno/linux-*/deno run --quiet --allow-net "$source_directory/server.ts" "$1"
}
