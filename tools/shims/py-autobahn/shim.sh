# Debian's python3-autobahn.

install() {
    need_packages python3-autobahn
}

version() {
    debian_version python3-autobahn
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
