# Debian's haproxy in front of Node's ws: both are judged together, and what differs from node-ws is the proxy's.

install() {
    need_packages haproxy
    (load node-ws && install)
}

version() {
    debian_version haproxy
}

run() {
    local backend
    backend=$(free_port)
    start_backend "$backend"
    sed -e "s|@port@|$1|; s|@backend@|$backend|" "$source_directory/haproxy.cfg" >"$peer_cache/$1.cfg"
    exec haproxy -db -q -f "$peer_cache/$1.cfg"
}
