# Debian's python3-tornado.

install() {
    need_packages python3-tornado
}

version() {
    debian_version python3-tornado
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
