# What the `start` of servers (tools/peers) and that of clients (tools/shims) share: the names, and how things are installed.
# The script that sources it has set: tool (its path, for messages), here (its folder), definition (the file that a folder's
# name counts by), argument (what it takes beside NAME).
cache=${XDG_CACHE_HOME:-$HOME/.cache}/wsproof/peers

names() {
    local each
    for each in "$here"/*/"$definition"; do
        [[ ! -f $each ]] || basename "$(dirname "$each")"
    done
}

usage() {
    echo "$tool: $1" >&2
    echo "usage: $tool NAME $argument | --list | --install NAME... | --version NAME" >&2
    echo "names: $(names | tr '\n' ' ')" >&2
    exit 2
}

quietly() { # quietly COMMAND...: its output only if it fails
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    [[ $status -eq 0 ]] || tail -n 20 "$log" >&2
    rm -f "$log"
    return "$status"
}

fail() { # fail TEXT: the last line on stderr is the reason that `judge` and `matrix` show
    echo "$tool: $1" >&2
    exit 1
}

need_packages() { # need_packages NAME...: Debian packages, by apt-get, if one is missing
    dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null | grep -cx installed | grep -qx "$#" && return
    [[ $(id -u) -eq 0 ]] || fail "missing packages; run as root: apt-get install $*"
    echo "installing: $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    quietly apt-get update || true # a list that cannot be had may be there already
    quietly apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" || fail "apt-get could not install: $*"
}

need_node() {
    command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
}

npm_folder() { # npm_folder PACKAGE@VERSION...: where need_npm puts these; servers and clients share it
    local packages="$*"
    packages=${packages//\//-}
    echo "$cache/npm/${packages// /+}"
}

need_npm() { # need_npm PACKAGE@VERSION...: all of them, in one folder of their own
    local folder
    need_node
    folder=$(npm_folder "$@")
    [[ -f $folder/complete ]] && return
    echo "installing: $* (npm)" >&2
    mkdir -p "$folder"
    quietly npm install --no-save --no-audit --no-fund --prefix "$folder" "$@" || fail "npm could not install $* into $folder"
    touch "$folder/complete"
}

run_node() { # run_node 'PACKAGE@VERSION...' PROGRAM ARGUMENT...: in place of this shell
    local packages
    read -ra packages <<<"$1"
    shift
    NODE_PATH=$(npm_folder "${packages[@]}")/node_modules exec node "$@"
}

debian_version() { # debian_version PACKAGE
    dpkg-query -W -f '${Version}\n' "$1" 2>/dev/null || echo unknown
}

build_once() { # build_once PROGRAM SOURCE COMMAND...: unless PROGRAM is newer than SOURCE
    local program=$1 source=$2
    shift 2
    [[ $program -nt $source ]] && return
    quietly "$@" || fail "could not build $source"
}

build_go() { # build_go PROGRAM SOURCE...: with Debian's Go and Debian's packages
    build_once "$1" "$2" env GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE="$cache/go" go build -o "$1" "${@:2}"
}

load() { # load NAME: defines install, version and what else the definition holds
    [[ -f $here/$1/$definition ]] || usage "there is no \"$1\""
    source_directory=$here/$1
    peer_cache=$cache/$(basename "$here")/$1
    mkdir -p "$peer_cache"
    # shellcheck source=/dev/null
    source "$source_directory/$definition"
}

answer_options() { # answer_options ARGUMENT...: exits if they ask for something else than a start
    local name
    case "${1:-}" in
    "") usage "a name is missing" ;;
    --list)
        names
        ;;
    --install)
        shift
        [[ $# -gt 0 ]] || usage "a name is missing"
        for name in "$@"; do
            [[ -f $here/$name/$definition ]] || usage "there is no \"$name\""
        done
        for name in "$@"; do
            (load "$name" && install) || exit 1
        done
        ;;
    --version)
        [[ $# -ge 2 ]] || usage "a name is missing"
        [[ $# -eq 2 ]] || usage "too many arguments"
        load "$2"
        version
        ;;
    -*) usage "there is no option $1" ;;
    *)
        [[ -f $here/$1/$definition ]] || usage "there is no \"$1\""
        [[ $# -ge 2 ]] || usage "$argument is missing"
        [[ $# -eq 2 ]] || usage "too many arguments"
        return
        ;;
    esac
    exit 0
}
