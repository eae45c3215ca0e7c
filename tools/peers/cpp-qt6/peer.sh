# Debian's Qt WebSockets.

install() {
    need_packages g++ pkg-config qt6-base-dev qt6-websockets-dev
    # shellcheck disable=SC2046
    build_once "$peer_cache/server" "$source_directory/server.cpp" g++ -std=c++17 -O1 -fPIC "$source_directory/server.cpp" \
        -o "$peer_cache/server" $(pkg-config --cflags --libs Qt6WebSockets Qt6Network Qt6Core)
}

version() {
    debian_version qt6-websockets-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
