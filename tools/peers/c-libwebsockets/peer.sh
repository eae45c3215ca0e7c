# Debian's libwebsockets.

install() {
    need_packages gcc libwebsockets-dev
    build_once "$peer_cache/server" "$source_directory/server.c" \
        gcc -O1 "$source_directory/server.c" -o "$peer_cache/server" -lwebsockets
}

version() {
    debian_version libwebsockets-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
