# Debian's WebSocket++.

install() {
    need_packages g++ libwebsocketpp-dev libboost1.81-dev zlib1g-dev
    build_once "$peer_cache/server" "$source_directory/server.cpp" \
        g++ -std=c++14 -O1 "$source_directory/server.cpp" -o "$peer_cache/server" -pthread -lz
}

version() {
    debian_version libwebsocketpp-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
