# Debian's nhooyr.io/websocket, built once with Debian's Go.

install() {
    need_packages golang-go golang-nhooyr-websocket-dev
    build_go "$peer_cache/server" "$source_directory/main.go"
}

version() {
    debian_version golang-nhooyr-websocket-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
