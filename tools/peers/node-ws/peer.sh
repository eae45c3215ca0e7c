# npm's ws, the server most Node programs use. The version is pinned, so that findings can be seen again.
pinned=8.23.0

install() {
    command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
    [[ -f $peer_cache/$pinned/node_modules/ws/package.json ]] && return
    echo "installing: ws@$pinned (npm)" >&2
    if ! quietly npm install --no-save --no-audit --no-fund --prefix "$peer_cache/$pinned" "ws@$pinned"; then
        echo "tools/peers/start: npm could not install ws@$pinned into $peer_cache/$pinned" >&2
        exit 1
    fi
}

version() {
    echo "$pinned"
}

run() {
    NODE_PATH=$peer_cache/$pinned/node_modules exec node "$source_directory/server.js" "$1"
}
