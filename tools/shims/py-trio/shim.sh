# Debian's python3-trio-websocket.

install() {
    need_packages python3-trio-websocket
}

version() {
    debian_version python3-trio-websocket
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
