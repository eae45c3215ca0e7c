# Debian's ruby-faye-websocket on Thin.

install() {
    need_packages ruby-faye-websocket thin
}

version() {
    debian_version ruby-faye-websocket
}

run() {
    exec thin start -R "$source_directory/config.ru" -a 127.0.0.1 -p "$1" -e production --quiet
}
