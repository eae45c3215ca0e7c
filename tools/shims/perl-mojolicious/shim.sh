# Debian's Mojolicious.

install() {
    need_packages libmojolicious-perl
}

version() {
    debian_version libmojolicious-perl
}

command_line() {
    words /usr/bin/perl "$source_directory/client.pl"
}
