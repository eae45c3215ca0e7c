# Debian's apache2-bin in front of Node's ws: both are judged together, and what differs from node-ws is the proxy's.

install() {
    need_packages apache2-bin
    (load node-ws && install)
}

version() {
    debian_version apache2-bin
}

run() {
    local backend folder=$peer_cache/$1
    backend=$(free_port)
    start_backend "$backend"
    mkdir -p "$folder"
    sed -e "s|@port@|$1|; s|@backend@|$backend|; s|@folder@|$folder|g" "$source_directory/apache.conf" >"$folder/apache.conf"
    exec apache2 -f "$folder/apache.conf" -DFOREGROUND
}
