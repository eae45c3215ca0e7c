#include "certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace wsproof::test {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

constexpr const char* kOurs = "DNS:localhost,IP:127.0.0.1,IP:::1";
constexpr int kDay = 86'400;

struct Made {
    Key key{nullptr, EVP_PKEY_free};
    Certificate certificate{nullptr, X509_free};
};

void must(bool holds, const char* what) {
    if (!holds) {
        throw std::runtime_error(std::string("certificates: ") + what);
    }
}

void extend(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value);
    X509_EXTENSION_free(extension);
}

// make signs with `issuer`'s key; without an issuer the certificate signs itself. `names` is empty
// for a CA; `days` counts from now to the end, and is negative once that is over.
Made make(const std::string& subject, const Made* issuer, const std::string& names, int days) {
    static int serial = 0;
    Made made;
    made.key = Key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    made.certificate = Certificate(X509_new(), X509_free);
    X509* certificate = made.certificate.get();
    must(made.key != nullptr && certificate != nullptr, "no memory");
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(days) * kDay);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
    const Made& signer = issuer != nullptr ? *issuer : made;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate.get()));
    if (names.empty()) {
        extend(certificate, signer.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate, signer.certificate.get(), NID_key_usage, "keyCertSign,cRLSign");
    } else {
        extend(certificate, signer.certificate.get(), NID_subject_alt_name, names.c_str());
    }
    must(X509_sign(certificate, signer.key.get(), EVP_sha256()) > 0, "signing failed");
    return made;
}

Identity write(const Certificates& all, const std::string& name, const Made& made) {
    Identity identity{.certificate_file = all.path(name + ".pem"),
                      .key_file = all.path(name + ".key")};
    const File certificate(std::fopen(identity.certificate_file.c_str(), "w"), std::fclose);
    const File key(std::fopen(identity.key_file.c_str(), "w"), std::fclose);
    must(certificate != nullptr && key != nullptr, "cannot write");
    must(PEM_write_X509(certificate.get(), made.certificate.get()) == 1, "cannot write");
    must(
        PEM_write_PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "cannot write");
    return identity;
}

}  // namespace

Certificates::Certificates() {
    std::string pattern = std::filesystem::temp_directory_path() / "wsproof-test-XXXXXX";
    must(::mkdtemp(pattern.data()) != nullptr, "no directory");
    directory_ = pattern;
    const Made ca = make("wsproof test CA", nullptr, "", 30);
    ca_file = write(*this, "ca", ca).certificate_file;
    ca_directory = path("hashed");
    std::filesystem::create_directory(ca_directory);
    char name[16];
    std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(ca.certificate.get()));
    std::filesystem::copy(ca_file, ca_directory + "/" + name);
    good = write(*this, "good", make("good", &ca, kOurs, 30));
    expired = write(*this, "expired", make("expired", &ca, kOurs, -1));
    other_host = write(*this, "other", make("other", &ca, "DNS:other.example", 30));
    self_signed = write(*this, "self", make("localhost", nullptr, kOurs, 30));
}

Certificates::~Certificates() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

const Certificates& certificates() {
    static const Certificates made;
    return made;
}

}  // namespace wsproof::test
