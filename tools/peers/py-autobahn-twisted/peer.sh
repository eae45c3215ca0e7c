# Debian's python3-autobahn on Twisted.

install() {
    need_packages python3-autobahn python3-twisted
}

version() {
    debian_version python3-autobahn
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
