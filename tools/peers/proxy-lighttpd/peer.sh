# Debian's lighttpd in front of Node's ws: both are judged together, and what differs from node-ws is the proxy's.

install() {
    need_packages lighttpd
    (load node-ws && install)
}

version() {
    debian_version lighttpd
}

run() {
    local backend
    backend=$(free_port)
    start_backend "$backend"
    sed -e "s|@port@|$1|; s|@backend@|$backend|; s|@folder@|$peer_cache|" "$source_directory/lighttpd.conf" >"$peer_cache/$1.conf"
    exec lighttpd -D -f "$peer_cache/$1.conf"
}
