# Debian's python3-aiohttp.

install() {
    need_packages python3-aiohttp
}

version() {
    debian_version python3-aiohttp
}

run() {
    exec /usr/bin/python3 "$source_directory/server.py" "$1"
}
