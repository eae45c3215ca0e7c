// Needs wsproof::engine alone: a server's connection takes an opening handshake, byte for byte.
#include <cstring>
#include <iostream>
#include <string>
#include <wsproof/handshake.hpp>

int main() {
    const auto key = wsproof::accept_key("dGhlIHNhbXBsZSBub25jZQ==");  // RFC 6455 §1.3
    std::cout << std::string(key.data(), key.size()) << '\n';
}
