# Debian's WebSocket++.

install() {
    need_packages g++ libwebsocketpp-dev libboost1.81-dev
    build_once "$peer_cache/client" "$source_directory/client.cpp" \
        g++ -std=c++17 -O1 -w "$source_directory/client.cpp" -o "$peer_cache/client" -pthread
}

version() {
    debian_version libwebsocketpp-dev
}

command_line() {
    words "$peer_cache/client"
}
