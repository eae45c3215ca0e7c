# Debian's Boost.Beast.

install() {
    need_packages g++ libboost1.81-dev
    build_once "$peer_cache/server" "$source_directory/server.cpp" \
        g++ -std=c++17 -O1 "$source_directory/server.cpp" -o "$peer_cache/server" -pthread
}

version() {
    debian_version libboost1.81-dev
}

run() {
    exec "$peer_cache/server" "$1"
}
