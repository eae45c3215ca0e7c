// OpenSSL reads and writes through a BIO of our own: the socket's results are known exactly, FIN
// and RST included, and no write raises SIGPIPE.
#include "tls_channel.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "tls_text.hpp"

namespace wsproof::net {

namespace {

constexpr std::size_t kRecordMax = 16U << 10;  // RFC 8446 §5.1
constexpr Result kWouldBlock{.status = Status::timed_out, .size = 0, .error = EAGAIN};

bool would_block(const Result& result) {
    return result.status == Status::timed_out && result.error == EAGAIN;
}

TlsChannel& channel_of(BIO* bio) {
    return *static_cast<TlsChannel*>(BIO_get_data(bio));
}

int read_bio(BIO* bio, char* out, int size) {
    BIO_clear_retry_flags(bio);
    const Result result = channel_of(bio).receive(
        std::as_writable_bytes(std::span(out, static_cast<std::size_t>(size))));
    if (would_block(result)) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (result.status == Status::end_of_stream) {
        return 0;
    }
    return result.status == Status::ok ? static_cast<int>(result.size) : -1;
}

int write_bio(BIO* bio, const char* in, int size) {
    BIO_clear_retry_flags(bio);
    const Result result =
        channel_of(bio).transmit(std::as_bytes(std::span(in, static_cast<std::size_t>(size))));
    if (would_block(result)) {
        BIO_set_retry_write(bio);
        return -1;
    }
    return result.status == Status::ok ? static_cast<int>(result.size) : -1;
}

bool has_ended(BIO* bio) {
    return channel_of(bio).last().status == Status::end_of_stream;
}

// NOLINTNEXTLINE(google-runtime-int): OpenSSL's types
long control_bio(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_EOF:
            return has_ended(bio) ? 1 : 0;
        default:
            return 0;
    }
}

BIO_METHOD* make_method() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wsproof socket");
    if (method == nullptr) {
        throw std::bad_alloc();
    }
    BIO_meth_set_read(method, read_bio);
    BIO_meth_set_write(method, write_bio);
    BIO_meth_set_ctrl(method, control_bio);
    return method;
}

// The method lives as long as the program: there is one, made by whoever comes first.
BIO_METHOD* socket_method() {
    static const std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)> method(make_method(),
                                                                           BIO_meth_free);
    return method.get();
}

}  // namespace

TlsChannel::TlsChannel(std::shared_ptr<const TlsContext> context, const std::string& host)
    : context_(std::move(context)), ssl_(SSL_new(context_->native())), host_(host) {
    BIO* bio = ssl_ != nullptr ? BIO_new(socket_method()) : nullptr;
    if (bio == nullptr) {
        SSL_free(ssl_);
        throw std::bad_alloc();
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);  // takes it
    if (context_->is_server()) {
        SSL_set_accept_state(ssl_);
    } else {
        SSL_set_connect_state(ssl_);
        expect(host);
    }
    read_events_ = POLLIN;
    write_events_ = POLLOUT;
}

TlsChannel::~TlsChannel() {
    SSL_free(ssl_);
}

// expect: RFC 2818 §3.1 for whom the certificate must name; RFC 6066 §3, no SNI for addresses.
void TlsChannel::expect(const std::string& host) {
    X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl_);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) {
        return;
    }
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) != 1) {
        throw std::bad_alloc();
    }
    if (!host.empty()) {
        SSL_set_tlsext_host_name(ssl_, host.c_str());
    }
}

Result TlsChannel::receive(std::span<std::byte> out) {
    last_ = socket_->try_read(out);
    if (last_.status == Status::ok && !std::exchange(heard_, true)) {
        // RFC 8446 §5.1: the first record of a peer is of a handshake or an alert.
        const auto type = std::to_integer<int>(out.front());
        spoke_tls_ = type == SSL3_RT_HANDSHAKE || type == SSL3_RT_ALERT;
    }
    return last_;
}

Result TlsChannel::transmit(std::span<const std::byte> in) {
    last_ = socket_->try_write(in);
    return last_;
}

Result TlsChannel::handshake(Socket& socket) {
    if (SSL_is_init_finished(ssl_) != 0) {
        return {};
    }
    if (read_end_.status != Status::ok) {
        return read_end_;
    }
    socket_ = &socket;
    last_ = {};
    ERR_clear_error();
    std::int16_t events = POLLIN;
    Result result = result_of(SSL_do_handshake(ssl_), events);
    if (would_block(result)) {
        read_events_ = write_events_ = events;
        return result;
    }
    read_events_ = POLLIN;
    write_events_ = POLLOUT;
    if (result.status == Status::truncated) {
        result.status = Status::end_of_stream;  // nothing was promised yet
    }
    if (result.status != Status::ok) {
        read_end_ = write_end_ = result;
    }
    // What came behind the handshake may be in OpenSSL's hands already.
    may_have_more_ = true;
    return result;
}

Result TlsChannel::read(Socket& socket, std::span<std::byte> out) {
    if (const Result agreed = handshake(socket); agreed.status != Status::ok) {
        return agreed;
    }
    if (read_end_.status != Status::ok) {
        return read_end_;
    }
    socket_ = &socket;
    last_ = {};
    ERR_clear_error();
    std::size_t size = 0;
    const int returned = SSL_read_ex(ssl_, out.data(), out.size(), &size);
    read_events_ = POLLIN;
    Result result = result_of(returned, read_events_);
    may_have_more_ = result.status == Status::ok;
    if (result.status != Status::ok && !would_block(result)) {
        read_end_ = result;
    }
    result.size = size;
    return result;
}

// write makes one record of as many bytes as it can hold: small pieces leave together.
Result TlsChannel::write(Socket& socket, std::span<const std::span<const std::byte>> pieces) {
    if (const Result agreed = handshake(socket); agreed.status != Status::ok) {
        return agreed;
    }
    if (write_end_.status != Status::ok) {
        return write_end_;
    }
    if (record_.empty()) {
        for (const auto piece : pieces) {
            const auto part = piece.first(std::min(piece.size(), kRecordMax - record_.size()));
            record_.insert(record_.end(), part.begin(), part.end());
        }
    }
    return record_.empty() ? Result{} : write_record(socket);
}

Result TlsChannel::write_record(Socket& socket) {
    socket_ = &socket;
    last_ = {};
    ERR_clear_error();
    std::size_t size = 0;
    const int returned = SSL_write_ex(ssl_, record_.data(), record_.size(), &size);
    write_events_ = POLLOUT;
    Result result = result_of(returned, write_events_);
    if (would_block(result)) {
        return result;
    }
    record_.clear();
    if (result.status != Status::ok) {
        // What the peer said before it went is still to be read: only writing has ended.
        write_end_ = result;
    }
    result.size = size;
    return result;
}

// close_notify cannot cut a record that is half out: that one goes first.
bool TlsChannel::close_notify(Socket& socket) noexcept {
    if (SSL_is_init_finished(ssl_) == 0 || read_end_.status == Status::tls_failed) {
        return true;
    }
    if (!record_.empty() && would_block(write_record(socket))) {
        return false;
    }
    if (write_end_.status != Status::ok) {
        return true;
    }
    socket_ = &socket;
    last_ = {};
    ERR_clear_error();
    const int returned = SSL_shutdown(ssl_);
    if (returned < 0 && SSL_get_error(ssl_, returned) == SSL_ERROR_WANT_WRITE) {
        return false;
    }
    write_end_ = {.status = Status::reset, .size = 0, .error = EPIPE};
    return true;
}

bool TlsChannel::has_buffered() const noexcept {
    return may_have_more_ && SSL_has_pending(ssl_) != 0;
}

// result_of tells what a call of OpenSSL's came to; where it would block, `events` is what for.
Result TlsChannel::result_of(int returned, std::int16_t& events) {
    if (returned > 0) {
        return {};
    }
    switch (SSL_get_error(ssl_, returned)) {
        case SSL_ERROR_WANT_READ:
            events = POLLIN;
            return kWouldBlock;
        case SSL_ERROR_WANT_WRITE:
            events = POLLOUT;
            return kWouldBlock;
        case SSL_ERROR_ZERO_RETURN:
            return {.status = last_.status == Status::end_of_stream ? Status::truncated
                                                                    : Status::end_of_stream};
        case SSL_ERROR_SYSCALL:
            if (last_.status == Status::end_of_stream) {
                return {.status = Status::truncated};
            }
            if (last_.status != Status::ok && !would_block(last_)) {
                return last_;
            }
            break;
        default:
            break;
    }
    name_fault();
    return {.status = Status::tls_failed};
}

void TlsChannel::name_fault() {
    const auto verified = SSL_get_verify_result(ssl_);
    const std::string reason = take_tls_reason();
    if (!spoke_tls_) {
        fault_ = TlsFault::not_tls;
        error_ = "the peer does not speak TLS";
    } else if (context_->checks_certificates() && verified != X509_V_OK) {
        fault_ = TlsFault::certificate;
        error_ =
            std::string("certificate verify failed: ") + X509_verify_cert_error_string(verified);
        if (verified == X509_V_ERR_HOSTNAME_MISMATCH ||
            verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
            error_ += ": it is not for " + host_;
        }
    } else {
        fault_ = TlsFault::protocol;
        error_ = "TLS: " + reason;
    }
}

}  // namespace wsproof::net
