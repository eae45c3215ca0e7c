// Invariant: the engine and Boost.Beast, as servers fed the same frames, deliver the same messages,
// pings and pongs, accept and refuse alike, and with the same close code.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <string_view>

#include "differential.hpp"
#include "wire/frame_reader.hpp"
#include "wire/utf8.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using namespace wsproof;
using namespace wsproof::fuzz;

constexpr std::string_view kRequest =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// Wire is a transport that has `in` to be read, and keeps what is written.
class Wire {
  public:
    using executor_type = asio::io_context::executor_type;
    Wire(asio::io_context& context, Bytes in) : context_(context), in_(in) {}
    executor_type get_executor() noexcept { return context_.get_executor(); }

    template <typename Buffers>
    std::size_t read_some(const Buffers& buffers, beast::error_code& error) {
        const std::size_t size = asio::buffer_copy(buffers, asio::buffer(in_.data(), in_.size()));
        in_ = in_.subspan(size);
        error = size == 0 ? beast::error_code(asio::error::eof) : beast::error_code();
        return size;
    }
    template <typename Buffers>
    std::size_t read_some(const Buffers& buffers) {
        beast::error_code error;
        return read_some(buffers, error);
    }
    template <typename Buffers>
    std::size_t write_some(const Buffers& buffers, beast::error_code& error) {
        const std::size_t begin = out.size();
        out.resize(begin + asio::buffer_size(buffers));
        error = {};
        return asio::buffer_copy(asio::buffer(out.data() + begin, out.size() - begin), buffers);
    }
    template <typename Buffers>
    std::size_t write_some(const Buffers& buffers) {
        beast::error_code error;
        return write_some(buffers, error);
    }

    Buffer out;

  private:
    asio::io_context& context_;
    Bytes in_;
};

void teardown(beast::role_type, Wire&, beast::error_code& error) {
    error = {};
}

// refused_with: the code of the Close at the end of what was written.
std::uint16_t close_code_of(Bytes out) {
    const std::string_view head = text(out);
    conformance::wire::ByteView rest = out.subspan(std::min(head.find("\r\n\r\n") + 4, out.size()));
    conformance::wire::FrameReader reader;
    std::uint16_t code = 0;
    while (const auto frame = reader.next(rest)) {
        if (frame->opcode == 8) {
            code =
                frame->payload.size() < 2
                    ? std::uint16_t{1005}
                    : static_cast<std::uint16_t>(std::to_integer<unsigned>(frame->payload[0]) << 8 |
                                                 std::to_integer<unsigned>(frame->payload[1]));
        }
    }
    return code;
}

Opinion ask_beast(Role /*server*/, Bytes stream) {
    Buffer in(std::as_bytes(std::span(kRequest)).begin(), std::as_bytes(std::span(kRequest)).end());
    in.insert(in.end(), stream.begin(), stream.end());
    asio::io_context context;
    beast::websocket::stream<Wire, false> socket(context, Bytes(in));
    Opinion opinion;
    socket.read_message_max(kDifferentialLimit);
    socket.control_callback([&](beast::websocket::frame_type kind, beast::string_view payload) {
        const Bytes bytes = std::as_bytes(std::span(payload.data(), payload.size()));
        if (kind != beast::websocket::frame_type::close) {
            const bool is_ping = kind == beast::websocket::frame_type::ping;
            opinion.delivered.push_back(
                {is_ping ? std::uint8_t{9} : std::uint8_t{10}, {bytes.begin(), bytes.end()}});
        }
    });
    beast::error_code error;
    socket.accept(error);
    while (!error) {
        beast::flat_buffer buffer;
        socket.read(buffer, error);
        if (!error) {
            const Bytes bytes = std::as_bytes(
                std::span(static_cast<const char*>(buffer.data().data()), buffer.size()));
            opinion.delivered.push_back({socket.got_text() ? std::uint8_t{1} : std::uint8_t{2},
                                         {bytes.begin(), bytes.end()}});
        }
    }
    opinion.is_closed = error == beast::websocket::error::closed;
    if (opinion.is_closed) {
        opinion.closed_with =
            socket.reason().code == 0 ? std::uint16_t{1005} : socket.reason().code;
    } else if (error != asio::error::eof) {
        opinion.is_refused = true;
        opinion.refused_with = close_code_of(socket.next_layer().out);
    }
    return opinion;
}

// takes_cut_text: Beast 1.81 does not ask whether a text is whole where its last fragment is empty
// (RFC 6455 §8.1 does).
bool takes_cut_text(const Opinion& engine, const Opinion& beast) {
    const std::size_t same = engine.delivered.size();
    return beast.delivered.size() > same && beast.delivered[same].opcode == 1 &&
           !conformance::wire::is_utf8(beast.delivered[same].payload) &&
           std::equal(engine.delivered.begin(), engine.delivered.end(), beast.delivered.begin());
}

bool is_known_difference(const Opinion& engine, const Opinion& beast) {
    if (engine.error == Error::invalid_utf8 && takes_cut_text(engine, beast)) {
        return true;
    }
    if (engine.delivered != beast.delivered) {
        return false;
    }
    if (engine.error == Error::length_msb_set) {  // RFC 6455 §5.2; for Beast a matter of limits
        return beast.is_refused && beast.refused_with == 1009;
    }
    if (engine.error == Error::invalid_utf8) {  // RFC 6455 §8.1; of a reason Beast says 1002
        return beast.is_refused && beast.refused_with == 1002;
    }
    if (engine.error == Error::invalid_close_code) {  // RFC 6455 §7.4.2 ends at 4999
        return beast.is_closed && beast.closed_with >= 5000;
    }
    // Beast 1.81 does not know the newest code.
    return engine.is_closed && engine.closed_with == 1014 && beast.is_refused;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Buffer stream = frames_of(parse_script(Input(data, size).rest()), Role::server);
    compare(Role::server, stream, {ask_beast, is_known_difference});
    return 0;
}
