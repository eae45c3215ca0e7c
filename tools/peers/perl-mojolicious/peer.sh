# Debian's Mojolicious.

install() {
    need_packages libmojolicious-perl
}

version() {
    debian_version libmojolicious-perl
}

run() {
    exec perl "$source_directory/server.pl" daemon -m production -l "http://127.0.0.1:$1"
}
