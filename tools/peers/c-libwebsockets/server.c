// An echo server on libwebsockets, which hands out pieces of messages: server PORT. Whole messages wait in a queue until the
// connection can be written to.
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

enum { kMessageSizeMax = 128 << 20 };  // far above what any scenario sends

struct message {
    struct message* next;
    size_t size;
    enum lws_write_protocol type;
    unsigned char bytes[];  // LWS_PRE of the library, then the payload
};

struct session {
    struct message* first;
    struct message** end;
    struct message* written;  // permessage-deflate may read on in it until the connection can be written to again
    unsigned char* input;
    size_t input_size;
    size_t input_capacity;
    int is_binary;
};

static int receive(struct lws* connection, struct session* session, const void* bytes, size_t size) {
    if (lws_is_first_fragment(connection)) {
        session->input_size = 0;
        session->is_binary = lws_frame_is_binary(connection);
    }
    if (session->input_size + size > kMessageSizeMax) {
        return -1;
    }
    if (session->input_size + size > session->input_capacity) {
        session->input_capacity = 2 * (session->input_size + size);
        session->input = realloc(session->input, session->input_capacity);
    }
    if (size > 0) {
        memcpy(session->input + session->input_size, bytes, size);
        session->input_size += size;
    }
    if (!lws_is_final_fragment(connection)) {
        return 0;
    }
    struct message* message = malloc(sizeof *message + LWS_PRE + session->input_size);
    message->next = NULL;
    message->size = session->input_size;
    message->type = session->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
    if (session->input_size > 0) {
        memcpy(message->bytes + LWS_PRE, session->input, session->input_size);
    }
    session->input_size = 0;
    *session->end = message;
    session->end = &message->next;
    lws_callback_on_writable(connection);
    return 0;
}

static int send_first(struct lws* connection, struct session* session) {
    struct message* message = session->first;
    free(session->written);
    session->written = NULL;
    if (message == NULL) {
        return 0;
    }
    const int sent = lws_write(connection, message->bytes + LWS_PRE, message->size, message->type);
    if (sent < (int)message->size) {
        return -1;
    }
    session->first = message->next;
    if (session->first == NULL) {
        session->end = &session->first;
    } else {
        lws_callback_on_writable(connection);
    }
    session->written = message;
    return 0;
}

static void forget(struct session* session) {
    free(session->input);
    free(session->written);
    while (session->first != NULL) {
        struct message* message = session->first;
        session->first = message->next;
        free(message);
    }
}

static int on_event(struct lws* connection, enum lws_callback_reasons reason, void* user, void* bytes, size_t size) {
    struct session* session = user;
    switch (reason) {
        case LWS_CALLBACK_ESTABLISHED:
            memset(session, 0, sizeof *session);
            session->end = &session->first;
            return 0;
        case LWS_CALLBACK_RECEIVE:
            return receive(connection, session, bytes, size);
        case LWS_CALLBACK_SERVER_WRITEABLE:
            return send_first(connection, session);
        case LWS_CALLBACK_CLOSED:
            forget(session);
            return 0;
        default:
            return 0;
    }
}

int main(int argc, char** argv) {
    static const struct lws_protocols protocols[] = {
        {"default", on_event, sizeof(struct session), 65536},
        {"echo", on_event, sizeof(struct session), 65536},
        {0},
    };
    static const struct lws_extension extensions[] = {
        {"permessage-deflate", lws_extension_callback_pm_deflate,
         "permessage-deflate; client_no_context_takeover; client_max_window_bits"},
        {0},
    };
    struct lws_context_creation_info info;
    (void)argc;
    lws_set_log_level(0, NULL);
    memset(&info, 0, sizeof info);
    info.port = atoi(argv[1]);
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.extensions = extensions;
    info.options = LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.pt_serv_buf_size = 65536;
    struct lws_context* context = lws_create_context(&info);
    if (context == NULL) {
        return 1;
    }
    while (lws_service(context, 0) >= 0) {
    }
    return 0;
}
