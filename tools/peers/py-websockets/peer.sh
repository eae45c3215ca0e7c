# Debian's python3-websockets.

install() {
    /usr/bin/python3 -c 'import websockets' 2>/dev/null || need_packages python3 python3-websockets
}

version() {
    /usr/bin/python3 -c 'from websockets.version import version; print(version)' 2>/dev/null || echo unknown
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
