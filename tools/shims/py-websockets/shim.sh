# Debian's python3-websockets.

install() {
    need_packages python3-websockets
}

version() {
    debian_version python3-websockets
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
