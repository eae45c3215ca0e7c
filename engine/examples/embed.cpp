// An echo server's connection without a socket in sight: the loop around it is yours. README.md
// shows this file.
#include <iostream>
#include <wsproof/connection.hpp>

using namespace wsproof;

// Call it when bytes have arrived (or with none, when deadline() has passed), then write output()
// to your transport, consume() what was written, and do what transport() says.
void on_bytes(Connection& connection, MutableBytes in, Time now) {
    connection.tick(now);
    while (const auto event = connection.next(in)) {
        if (std::get_if<UpgradeRequest>(&*event)) {
            (void)connection.accept();
        } else if (const auto* piece = std::get_if<MessageData>(&*event)) {
            if (piece->first) {
                (void)connection.begin(piece->type);
            }
            (void)connection.append(Payload::copy(piece->payload));
            if (piece->last) {
                (void)connection.finish();
            }
        } else if (const auto* failed = std::get_if<Failed>(&*event)) {
            std::clog << info(failed->error).citation << '\n';  // "RFC 6455 §5.4"
        }
    }
}
