# Debian's python3-websockets.

install() {
    need_packages python3-websockets
}

version() {
    debian_version python3-websockets
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
