// An echo server on libsoup 2: server PORT. Its limit is far above what any scenario sends.
#include <libsoup/soup.h>
#include <stdlib.h>

enum { kMessageSizeMax = 128 << 20 };

static void on_message(SoupWebsocketConnection* connection, gint type, GBytes* message, gpointer unused) {
    (void)unused;
    if (soup_websocket_connection_get_state(connection) == SOUP_WEBSOCKET_STATE_OPEN) {
        soup_websocket_connection_send_message(connection, type, message);
    }
}

static void on_closed(SoupWebsocketConnection* connection, gpointer unused) {
    (void)unused;
    g_object_unref(connection);
}

static void on_connection(SoupServer* server, SoupWebsocketConnection* connection, const char* path,
                          SoupClientContext* client, gpointer unused) {
    (void)server, (void)path, (void)client, (void)unused;
    g_object_ref(connection);
    soup_websocket_connection_set_max_incoming_payload_size(connection, kMessageSizeMax);
    g_signal_connect(connection, "message", G_CALLBACK(on_message), NULL);
    g_signal_connect(connection, "closed", G_CALLBACK(on_closed), NULL);
}

int main(int argc, char** argv) {
    (void)argc;
    SoupServer* server = soup_server_new(NULL, NULL);
    char* subprotocols[] = {"echo", NULL};
    soup_server_add_websocket_handler(server, "/", NULL, subprotocols, on_connection, NULL, NULL);
    GSocketAddress* address = g_inet_socket_address_new_from_string("127.0.0.1", (guint)atoi(argv[1]));
    if (!soup_server_listen(server, address, 0, NULL)) {
        return 1;
    }
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
    return 0;
}
