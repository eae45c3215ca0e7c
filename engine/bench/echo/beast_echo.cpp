// An echo server on Boost.Beast, asynchronous, one thread.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <iostream>
#include <memory>

namespace {

using boost::asio::ip::tcp;
using boost::beast::error_code;

class Session : public std::enable_shared_from_this<Session> {
  public:
    explicit Session(tcp::socket socket) : stream_(std::move(socket)) {
        stream_.auto_fragment(false);
        stream_.read_message_max(std::size_t{16} << 20);
    }
    void start() {
        stream_.async_accept([self = shared_from_this()](error_code error) {
            if (!error) {
                self->read();
            }
        });
    }

  private:
    void read() {
        stream_.async_read(buffer_,
                           [self = shared_from_this()](error_code error, std::size_t /*size*/) {
                               if (!error) {
                                   self->write();
                               }
                           });
    }
    void write() {
        stream_.text(stream_.got_text());
        stream_.async_write(buffer_.data(),
                            [self = shared_from_this()](error_code error, std::size_t /*size*/) {
                                if (!error) {
                                    self->buffer_.clear();
                                    self->read();
                                }
                            });
    }

    boost::beast::websocket::stream<tcp::socket, false> stream_;
    boost::beast::flat_buffer buffer_;
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
        if (!error) {
            std::make_shared<Session>(std::move(socket))->start();
        }
        accept(acceptor);
    });
}

}  // namespace

int main() {
    boost::asio::io_context context{1};
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    std::cout << "listening on ws://127.0.0.1:" << acceptor.local_endpoint().port() << "/\n"
              << std::flush;
    accept(acceptor);
    context.run();
}
