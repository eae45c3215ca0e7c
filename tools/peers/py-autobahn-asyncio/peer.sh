# Debian's python3-autobahn on asyncio.

install() {
    need_packages python3-autobahn
}

version() {
    debian_version python3-autobahn
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
