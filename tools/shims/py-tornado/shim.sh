# Debian's python3-tornado.

install() {
    need_packages python3-tornado
}

version() {
    debian_version python3-tornado
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
