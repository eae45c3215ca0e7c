# Debian's Boost.Beast.

install() {
    need_packages g++ libboost1.81-dev
    build_once "$peer_cache/client" "$source_directory/client.cpp" \
        g++ -std=c++17 -O1 "$source_directory/client.cpp" -o "$peer_cache/client" -pthread
}

version() {
    debian_version libboost1.81-dev
}

command_line() {
    words "$peer_cache/client"
}
