# Debian's gorilla/websocket, built once with Debian's Go.

install() {
    local sources=/usr/share/gocode/src/github.com/gorilla/websocket
    { command -v go >/dev/null && [[ -d $sources ]]; } || need_packages golang-go golang-github-gorilla-websocket-dev
    [[ $peer_cache/server -nt $source_directory/main.go ]] && return
    if ! GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS='' GOCACHE=$peer_cache/go \
        quietly go build -o "$peer_cache/server" "$source_directory/main.go"; then
        echo "tools/peers/start: go could not build $source_directory/main.go" >&2
        exit 1
    fi
}

version() {
    dpkg-query -W -f '${Version}\n' golang-github-gorilla-websocket-dev 2>/dev/null || echo unknown
}

run() {
    exec "$peer_cache/server" "$1"
}
