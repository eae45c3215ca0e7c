// MemoryStream: the transport that Boost.Beast's streams are laid over here. Synchronous, because
// an asynchronous one would add Asio's queue to the price of each message.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <string>

#include "../subject.hpp"

namespace wsproof::bench {

class MemoryStream {
  public:
    using executor_type = boost::asio::io_context::executor_type;

    // With a wire, what is written goes there; without one, it is kept for written().
    explicit MemoryStream(Wire* wire) : wire_(wire) {}

    void set_source(Source source) { source_ = source; }
    // set_reply is for an opening handshake: `make_reply` is asked for input once there is none.
    void set_reply(std::string (*make_reply)(std::string_view request)) {
        make_reply_ = make_reply;
    }
    void set_wire(Wire* wire) { wire_ = wire; }
    [[nodiscard]] const std::string& written() const { return written_; }

    [[nodiscard]] executor_type get_executor() noexcept { return context().get_executor(); }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, boost::beast::error_code& error) {
        if (source_.rest.empty() && make_reply_ != nullptr) {
            reply_ = make_reply_(written_);
            source_ = Source{reply_};
        }
        std::size_t size = 0;
        for (auto each = boost::asio::buffer_sequence_begin(buffers);
             each != boost::asio::buffer_sequence_end(buffers); ++each) {
            const boost::asio::mutable_buffer buffer = *each;
            const std::size_t part = source_.read(buffer.data(), buffer.size());
            size += part;
            if (part < buffer.size()) {
                break;
            }
        }
        error = size > 0 ? boost::beast::error_code{} : boost::asio::error::eof;
        return size;
    }
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers) {
        boost::beast::error_code error;
        const std::size_t size = read_some(buffers, error);
        return error ? throw boost::beast::system_error{error} : size;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, boost::beast::error_code& error) {
        std::size_t size = 0;
        for (auto each = boost::asio::buffer_sequence_begin(buffers);
             each != boost::asio::buffer_sequence_end(buffers); ++each) {
            const boost::asio::const_buffer buffer = *each;
            if (wire_ != nullptr) {
                wire_->write(buffer.data(), buffer.size());
            } else {
                written_.append(static_cast<const char*>(buffer.data()), buffer.size());
            }
            size += buffer.size();
        }
        error = {};
        return size;
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers) {
        boost::beast::error_code error;
        return write_some(buffers, error);
    }

  private:
    static boost::asio::io_context& context() {
        static boost::asio::io_context instance;
        return instance;
    }

    Source source_;
    Wire* wire_;
    std::string (*make_reply_)(std::string_view) = nullptr;
    std::string reply_;
    std::string written_;
};

// What Beast calls to end a connection: here there is nothing to end.
inline void teardown(boost::beast::role_type /*role*/, MemoryStream& /*stream*/,
                     boost::beast::error_code& error) {
    error = {};
}
template <class Handler>
void async_teardown(boost::beast::role_type /*role*/, MemoryStream& /*stream*/,
                    Handler&& /*handler*/) {}

}  // namespace wsproof::bench
