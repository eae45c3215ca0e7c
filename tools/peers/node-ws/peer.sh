# npm's ws, the server most Node programs use. The version is pinned, so that findings can be seen again.
version=8.23.0

install() {
    command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
    [[ -d $peer_cache/$version/node_modules/ws ]] && return
    echo "installing: ws@$version (npm)" >&2
    if ! quietly npm install --no-save --no-audit --no-fund --prefix "$peer_cache/$version" "ws@$version"; then
        echo "tools/peers/start: npm could not install ws@$version into $peer_cache/$version" >&2
        exit 1
    fi
}

run() {
    NODE_PATH=$peer_cache/$version/node_modules exec node "$source_directory/server.js" "$1"
}
