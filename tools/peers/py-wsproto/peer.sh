# Debian's python3-wsproto, with sockets of our own.

install() {
    need_packages python3-wsproto
}

version() {
    debian_version python3-wsproto
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
