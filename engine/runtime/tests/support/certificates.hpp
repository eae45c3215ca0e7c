// Certificates for tests, made anew for each program: a CA of their own and what goes wrong with
// others.
#pragma once

#include <string>

namespace wsproof::test {

struct Identity {
    std::string certificate_file;
    std::string key_file;
};

// Certificates are PEM files in a directory that is removed at the end. All are for "localhost",
// 127.0.0.1 and ::1 unless the name says otherwise.
class Certificates {
  public:
    Certificates();
    ~Certificates();
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const {
        return directory_ + "/" + name;
    }

    std::string ca_file;
    std::string ca_directory;  // with the CA under the name of its hash
    Identity good;
    Identity expired;
    Identity other_host;   // for other.example
    Identity self_signed;  // by no CA

  private:
    std::string directory_;
};

// certificates makes them at the first call.
[[nodiscard]] const Certificates& certificates();

}  // namespace wsproof::test
