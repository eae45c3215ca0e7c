# Debian's ruby-faye-websocket.

install() {
    need_packages ruby-faye-websocket
}

version() {
    debian_version ruby-faye-websocket
}

command_line() {
    words /usr/bin/ruby "$source_directory/client.rb"
}
