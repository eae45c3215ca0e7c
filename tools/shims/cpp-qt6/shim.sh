# Debian's Qt WebSockets.

install() {
    need_packages g++ pkg-config qt6-base-dev qt6-websockets-dev
    # shellcheck disable=SC2046
    build_once "$peer_cache/client" "$source_directory/client.cpp" g++ -std=c++17 -O1 -fPIC "$source_directory/client.cpp" \
        -o "$peer_cache/client" $(pkg-config --cflags --libs Qt6WebSockets Qt6Network Qt6Core)
}

version() {
    debian_version qt6-websockets-dev
}

command_line() {
    words "$peer_cache/client"
}
