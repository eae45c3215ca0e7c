# Debian's python3-wsproto, with sockets of our own.

install() {
    need_packages python3-wsproto
}

version() {
    debian_version python3-wsproto
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
