// TLS for streams: who is trusted, and who we are. TLS 1.2 and 1.3; ALPN is http/1.1 alone, since
// RFC 6455 §1.7 opens with an HTTP/1.1 request.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;  // of OpenSSL

namespace wsproof::net {

// Without a CA file or directory a client trusts what the system does.
struct TlsClientOptions {
    std::string ca_file{};       // PEM, one or more certificates
    std::string ca_directory{};  // PEM files under names that `openssl rehash` gives
    bool insecure = false;       // no certificate is checked: the peer can be anybody
};

struct TlsServerOptions {
    std::string certificate_file{};  // PEM, our own first, then those between it and the root
    std::string key_file{};          // PEM, without a pass phrase
};

// TlsContext is made once and shared by any number of streams, in any threads. It reads its files
// when it is made.
class TlsContext {
  public:
    // nullptr: `error` says what is wrong, with the file's name.
    [[nodiscard]] static std::shared_ptr<const TlsContext> client(const TlsClientOptions& options,
                                                                  std::string& error);
    [[nodiscard]] static std::shared_ptr<const TlsContext> server(const TlsServerOptions& options,
                                                                  std::string& error);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

    [[nodiscard]] bool is_server() const noexcept { return is_server_; }
    [[nodiscard]] bool checks_certificates() const noexcept { return checks_; }
    [[nodiscard]] ssl_ctx_st* native() const noexcept { return context_; }  // for net itself

  private:
    TlsContext(bool is_server, bool checks);

    ssl_ctx_st* context_ = nullptr;
    bool is_server_ = false;
    bool checks_ = false;
};

}  // namespace wsproof::net
