# Debian's python3-ws4py on gevent.

install() {
    need_packages python3-ws4py python3-gevent
}

version() {
    debian_version python3-ws4py
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
