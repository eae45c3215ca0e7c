# Debian's gorilla/websocket, built once with Debian's Go.

install() {
    need_packages golang-go golang-github-gorilla-websocket-dev
    build_go "$peer_cache/server" "$source_directory/main.go"
}

version() {
    debian_version golang-github-gorilla-websocket-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
