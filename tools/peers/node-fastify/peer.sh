# Fastify's own WebSocket plugin, which wraps npm's ws.
packages='fastify@5.12.8 @fastify/websocket@11.3.6'

install() {
    need_npm fastify@5.12.8 @fastify/websocket@11.3.6
}

version() {
    echo 11.3.6
}

run() {
    run_node "$packages" "$source_directory/server.js" "$1"
}
