# Debian's python3-trio-websocket.

install() {
    need_packages python3-trio-websocket
}

version() {
    debian_version python3-trio-websocket
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
