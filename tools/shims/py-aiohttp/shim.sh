# Debian's python3-aiohttp.

install() {
    need_packages python3-aiohttp
}

version() {
    debian_version python3-aiohttp
}

command_line() {
    words env PYTHONPATH="$here" /usr/bin/python3 "$source_directory/client.py"
}
