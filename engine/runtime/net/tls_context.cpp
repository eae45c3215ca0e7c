#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>
#include <string_view>
#include <wsproof/net/tls.hpp>

#include "tls_text.hpp"

namespace wsproof::net {

namespace {

constexpr std::string_view kAlpn = "\x08http/1.1";

const unsigned char* alpn() {
    return reinterpret_cast<const unsigned char*>(kAlpn.data());
}

// choose_alpn: a client that offers protocols but not ours is refused (RFC 7301 §3.2); one that
// offers none is not.
int choose_alpn(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                const unsigned char* offered, unsigned offered_size, void* /*argument*/) {
    unsigned char* chosen = nullptr;
    const int found =
        SSL_select_next_proto(&chosen, out_size, alpn(), kAlpn.size(), offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool load_trust(SSL_CTX* context, const TlsClientOptions& options, std::string& error) {
    if (options.ca_file.empty() && options.ca_directory.empty()) {
        SSL_CTX_set_default_verify_paths(context);
        return true;
    }
    if (!options.ca_file.empty() &&
        SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
        error = "no CA certificate can be read from " + options.ca_file + ": " + take_tls_reason();
        return false;
    }
    if (!options.ca_directory.empty() &&
        SSL_CTX_load_verify_dir(context, options.ca_directory.c_str()) != 1) {
        error = "no CA directory: " + options.ca_directory + ": " + take_tls_reason();
        return false;
    }
    return true;
}

bool load_identity(SSL_CTX* context, const TlsServerOptions& options, std::string& error) {
    if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
        error = "no certificate can be read from " + options.certificate_file + ": " +
                take_tls_reason();
        return false;
    }
    // Without this callback a key with a pass phrase would be asked for at the terminal.
    SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
    if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        error = "no key for " + options.certificate_file + " can be read from " + options.key_file +
                ": " + take_tls_reason();
        return false;
    }
    return true;
}

}  // namespace

TlsContext::TlsContext(bool is_server, bool checks)
    : context_(SSL_CTX_new(TLS_method())), is_server_(is_server), checks_(checks) {
    if (context_ == nullptr) {
        throw std::bad_alloc();
    }
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    // A FIN without close_notify is told apart in TlsChannel; to OpenSSL it must not be an error
    // that ends writing too.
    SSL_CTX_set_options(context_, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context_, 1);
    // No resumption: a ticket that the client has not read when it closes would draw a RST.
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context_, 0);
    SSL_CTX_set_verify(context_, checks ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
}

TlsContext::~TlsContext() {
    SSL_CTX_free(context_);
}

std::shared_ptr<const TlsContext> TlsContext::client(const TlsClientOptions& options,
                                                     std::string& error) {
    ERR_clear_error();
    std::shared_ptr<TlsContext> made(new TlsContext(false, !options.insecure));
    if (!options.insecure && !load_trust(made->context_, options, error)) {
        return nullptr;
    }
    if (SSL_CTX_set_alpn_protos(made->context_, alpn(), kAlpn.size()) != 0) {
        throw std::bad_alloc();
    }
    return made;
}

std::shared_ptr<const TlsContext> TlsContext::server(const TlsServerOptions& options,
                                                     std::string& error) {
    ERR_clear_error();
    std::shared_ptr<TlsContext> made(new TlsContext(true, false));
    if (!load_identity(made->context_, options, error)) {
        return nullptr;
    }
    SSL_CTX_set_alpn_select_cb(made->context_, choose_alpn, nullptr);
    return made;
}

}  // namespace wsproof::net
