# Debian's nhooyr.io/websocket.

install() {
    need_packages golang-go golang-nhooyr-websocket-dev
    cp -pu "$here/asked.go" "$source_directory/main.go" "$peer_cache" # one package is one folder
    build_go "$peer_cache/client" "$peer_cache/main.go" "$peer_cache/asked.go"
}

version() {
    debian_version golang-nhooyr-websocket-dev
}

command_line() {
    words "$peer_cache/client"
}
