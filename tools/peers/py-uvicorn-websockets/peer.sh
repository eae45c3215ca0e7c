# Debian's uvicorn with websockets below.

install() {
    need_packages python3-uvicorn python3-websockets
}

version() {
    debian_version python3-uvicorn
}

run() {
    exec /usr/bin/python3 -m uvicorn --app-dir "$here/py-uvicorn-websockets" --host 127.0.0.1 --port "$1" --ws websockets \
        --ws-max-size 134217728 --ws-ping-interval 300 --lifespan off --log-level critical application:application
}
