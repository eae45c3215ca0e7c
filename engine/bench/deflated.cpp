#include "deflated.hpp"

#include <zlib.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace wsproof::bench {

namespace {

constexpr std::string_view kTail("\x00\x00\xFF\xFF", 4);  // RFC 7692 §7.2.1: not sent
constexpr int kWindowBits = -15;                          // negative: without zlib's wrapper

void require(bool is_so, const char* what) {
    if (!is_so) {
        std::fprintf(stderr, "zlib: %s\n", what);
        std::abort();
    }
}

Bytef* bytes_of(const char* text) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(text));  // zlib only reads what is next_in
}

// Deflating is one direction of a connection, out.
class Deflating {
  public:
    Deflating(int level, int memory_level) {
        require(deflateInit2(&stream_, level, Z_DEFLATED, kWindowBits, memory_level,
                             Z_DEFAULT_STRATEGY) == Z_OK,
                "deflateInit2");
    }
    Deflating(const Deflating&) = delete;
    Deflating& operator=(const Deflating&) = delete;
    ~Deflating() { deflateEnd(&stream_); }

    // deflate returns a view that dies with the next call.
    std::string_view deflate(std::string_view message, bool takeover) {
        if (!takeover) {
            deflateReset(&stream_);
        }
        out_.resize(message.size() + message.size() / 8 + 256);
        stream_.next_in = bytes_of(message.data());
        stream_.avail_in = static_cast<uInt>(message.size());
        stream_.next_out = bytes_of(out_.data());
        stream_.avail_out = static_cast<uInt>(out_.size());
        require(::deflate(&stream_, Z_SYNC_FLUSH) == Z_OK && stream_.avail_out > 0, "deflate");
        return std::string_view(out_).substr(0, out_.size() - stream_.avail_out - kTail.size());
    }

  private:
    z_stream stream_{};
    std::string out_;
};

// Inflating is one direction of a connection, in.
class Inflating {
  public:
    Inflating() { require(inflateInit2(&stream_, kWindowBits) == Z_OK, "inflateInit2"); }
    Inflating(const Inflating&) = delete;
    Inflating& operator=(const Inflating&) = delete;
    ~Inflating() { inflateEnd(&stream_); }

    // inflate returns a view that dies with the next call.
    std::string_view inflate(std::string_view compressed, bool takeover) {
        if (!takeover) {
            inflateReset(&stream_);
        }
        size_ = 0;
        feed(compressed);
        feed(kTail);
        return std::string_view(out_).substr(0, size_);
    }

  private:
    void feed(std::string_view in) {
        stream_.next_in = bytes_of(in.data());
        stream_.avail_in = static_cast<uInt>(in.size());
        do {
            if (size_ == out_.size()) {
                out_.resize(out_.size() * 2 + kReadSize);
            }
            stream_.next_out = bytes_of(out_.data() + size_);
            stream_.avail_out = static_cast<uInt>(out_.size() - size_);
            const int result = ::inflate(&stream_, Z_SYNC_FLUSH);
            require(result == Z_OK || result == Z_BUF_ERROR, "inflate");
            size_ = out_.size() - stream_.avail_out;
        } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    }

    z_stream stream_{};
    std::string out_;
    std::size_t size_ = 0;
};

// ZlibEchoer knows of frames only as much as it takes to find the payloads of masked ones.
class ZlibEchoer final : public Echoer {
  public:
    ZlibEchoer(const EchoSetup& setup, Wire& wire)
        : wire_(wire), setup_(setup), deflating_(setup.level, setup.memory_level) {}

    void echo(Source source, std::size_t /*count*/) override {
        std::string_view rest = source.rest;
        while (!rest.empty()) {
            const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
            const std::size_t form = byte(1) & 0x7FU;
            const std::size_t size = form < 126 ? form : byte(2) * std::size_t{256} + byte(3);
            require(form < 127, "payload of 64 KiB or more");
            const std::size_t begin = form < 126 ? 6 : 8;
            payload_.assign(rest.substr(begin, size));
            for (std::size_t i = 0; i < size; ++i) {
                payload_[i] = static_cast<char>(payload_[i] ^ rest[begin - 4 + i % 4]);
            }
            rest.remove_prefix(begin + size);
            const std::string_view plain = inflating_.inflate(payload_, setup_.takeover);
            write_frame(deflating_.deflate(plain, setup_.takeover));
        }
    }

  private:
    void write_frame(std::string_view payload) {
        std::string header("\xC1", 1);
        if (payload.size() < 126) {
            header.push_back(static_cast<char>(payload.size()));
        } else {
            header.push_back(126);
            header.push_back(static_cast<char>(payload.size() >> 8U));
            header.push_back(static_cast<char>(payload.size()));
        }
        wire_.write(header);
        wire_.write(payload);
    }

    Wire& wire_;
    EchoSetup setup_;
    std::string payload_;
    Deflating deflating_;
    Inflating inflating_;
};

}  // namespace

std::vector<std::string> deflate(const std::vector<std::string>& messages, bool takeover) {
    Deflating deflating(6, 8);
    std::vector<std::string> compressed;
    compressed.reserve(messages.size());
    for (const std::string& message : messages) {
        compressed.emplace_back(deflating.deflate(message, takeover));
    }
    return compressed;
}

std::vector<std::string> inflate(const std::vector<std::string>& compressed, bool takeover) {
    Inflating inflating;
    std::vector<std::string> messages;
    messages.reserve(compressed.size());
    for (const std::string& each : compressed) {
        messages.emplace_back(inflating.inflate(each, takeover));
    }
    return messages;
}

Engine zlib_engine() {
    Engine engine;
    engine.name = "zlib";
    engine.echoer = [](const EchoSetup& setup, Wire& wire) -> std::unique_ptr<Echoer> {
        return std::make_unique<ZlibEchoer>(setup, wire);
    };
    engine.has_deflate = true;
    engine.has_levels = true;
    return engine;
}

}  // namespace wsproof::bench
