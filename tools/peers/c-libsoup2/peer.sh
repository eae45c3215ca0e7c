# Debian's libsoup 2.

install() {
    need_packages gcc pkg-config libsoup2.4-dev
    # shellcheck disable=SC2046
    build_once "$peer_cache/server" "$source_directory/server.c" \
        gcc -O1 "$source_directory/server.c" -o "$peer_cache/server" $(pkg-config --cflags --libs libsoup-2.4)
}

version() {
    debian_version libsoup2.4-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
