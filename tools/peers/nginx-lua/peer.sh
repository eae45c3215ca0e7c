# Debian's lua-nginx-websocket in nginx. The library hands out frames; to put messages together is the program's part.

install() {
    need_packages nginx libnginx-mod-http-lua lua-nginx-websocket
}

version() {
    debian_version lua-nginx-websocket
}

run() {
    local folder=$peer_cache/$1
    mkdir -p "$folder"
    sed -e "s|@port@|$1|; s|@folder@|$folder|g; s|@source@|$source_directory|" "$source_directory/nginx.conf" >"$folder/nginx.conf"
    exec nginx -e stderr -p "$folder" -c "$folder/nginx.conf"
}
