# Debian's python3-websocket (websocket-client).

install() {
    need_packages python3-websocket
}

version() {
    debian_version python3-websocket
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
