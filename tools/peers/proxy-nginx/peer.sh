# Debian's nginx in front of Node's ws: both are judged together, and what differs from node-ws is the proxy's.

install() {
    need_packages nginx
    (load node-ws && install)
}

version() {
    debian_version nginx
}

run() {
    local backend folder=$peer_cache/$1
    backend=$(free_port)
    start_backend "$backend"
    mkdir -p "$folder"
    sed -e "s|@port@|$1|; s|@backend@|$backend|; s|@folder@|$folder|g" "$source_directory/nginx.conf" >"$folder/nginx.conf"
    exec nginx -e stderr -p "$folder" -c "$folder/nginx.conf"
}
