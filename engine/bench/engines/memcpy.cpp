// No engine: what the copies cost that all engines pay.
#include <vector>

#include "../subject.hpp"

namespace wsproof::bench {

namespace {

class CopyIn final : public Decoder {
  public:
    void decode(Source source, std::size_t /*count*/) override {
        while (source.read(buffer_.data(), buffer_.size()) > 0) {
        }
    }

  private:
    std::vector<char> buffer_ = std::vector<char>(kReadSize);
};

class CopyOut final : public Encoder {
  public:
    explicit CopyOut(Wire& wire) : wire_(wire) {}
    void send(std::string_view message, std::size_t count) override {
        for (std::size_t i = 0; i < count; ++i) {
            wire_.write(message);
        }
    }

  private:
    Wire& wire_;
};

}  // namespace

Engine memcpy_engine() {
    return {.name = "memcpy",
            .decoder = [](Sink& /*sink*/) -> std::unique_ptr<Decoder> {
                return std::make_unique<CopyIn>();
            },
            .encoder = [](bool /*is_client*/, Wire& wire) -> std::unique_ptr<Encoder> {
                return std::make_unique<CopyOut>(wire);
            }};
}

}  // namespace wsproof::bench
