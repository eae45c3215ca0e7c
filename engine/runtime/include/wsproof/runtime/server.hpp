// wsproof::runtime: a blocking WebSocket server around the engine. serve() accepts in the thread
// that calls it; each connection has one more thread to itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <wsproof/connection.hpp>
#include <wsproof/deflate.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/net/stream.hpp>
#include <wsproof/options.hpp>

namespace wsproof::runtime {

struct ServerOptions {
    // For every connection. Reading stops while Limits::output_queue bytes or more are unsent, so
    // that a peer that writes before it reads fills that queue, and no more memory.
    Options engine{};
    // make_codecs is called for each connection, whose Deflate::codecs they are: codecs serve one
    // thread at a time. Without it there is no compression, whatever `engine` says.
    std::function<std::shared_ptr<Codecs>()> make_codecs{};
    // With a server's context all connections are TLS; its handshake counts for Timers::handshake.
    std::shared_ptr<const net::TlsContext> tls{};
    std::size_t connections_max = 512;        // one more is answered with 503
    std::chrono::milliseconds stop{1'000};    // what connections get to close in when serve() ends
    std::chrono::milliseconds write{60'000};  // a peer that takes nothing for so long is dropped
    // on_handler_error is told what a handler threw, in that connection's thread.
    std::function<void(std::string_view)> on_handler_error{};
};

// Handler is what an application does. Its functions are called from the connection's own thread;
// those of different connections run at the same time. The Connection is to be used within the
// call, to answer, send, ping and close; what it reports and how it ends is serve()'s. Views die
// with the first call on the Connection that is not const, which may still be given them. What one
// throws goes to ServerOptions::on_handler_error; the connection lives on, but for an opening
// handshake that is undecided: 500.
struct Handler {
    // on_request accepts or rejects an opening handshake. Without it, or without a decision by it,
    // the handshake is accepted.
    std::function<void(Connection&, const UpgradeRequest&)> on_request{};
    // on_message gets whole messages, up to Limits::message bytes.
    std::function<void(Connection&, const Message&)> on_message{};
    // on_close is called once, for each connection that was open.
    std::function<void(const Closed&)> on_close{};
};

// Live is a handler for the opening handshakes that match two patterns, by the rules of Tcl's
// `string match`: `*` is any text, `?` any byte, `[a-z]` one of a set, `\x` x itself.
struct Live {
    std::string path = "*";  // of the request target, up to its query
    // `*` accepts without a subprotocol; any other pattern accepts the first name offered that it
    // matches, and nobody who offers only others. Who offers none matches.
    std::string subprotocol = "*";
    Handler handler{};
};

// serve accepts connections until `stop` is triggered. Then it closes the listener, sends Close
// 1001 on each connection, ends those that are not closed after ServerOptions::stop, and returns
// when all threads have ended: interrupted, or, with `stop` triggered all the same, the status and
// errno of what made accepting impossible.
[[nodiscard]] net::Result serve(net::Listener& listener, const ServerOptions& options,
                                const Handler& handler, net::Interrupt& stop);
// The first of `lives` that matches gets the connection; 404 if none does.
[[nodiscard]] net::Result serve(net::Listener& listener, const ServerOptions& options,
                                std::span<const Live> lives, net::Interrupt& stop);

}  // namespace wsproof::runtime
