// FakeEntropy: predictable keys. The first is 37 fa 21 3d, that of the examples in RFC 6455 §5.7.
#pragma once

#include <cstddef>
#include <cstdint>
#include <wsproof/options.hpp>

namespace wsproof::test {

class FakeEntropy final : public Entropy {
  public:
    void fill(MutableBytes out) noexcept override {
        static constexpr std::uint8_t kKey[] = {0x37, 0xFA, 0x21, 0x3D};
        for (std::byte& byte : out) {
            byte = static_cast<std::byte>(kKey[count_ % 4] + count_ / 4);
            ++count_;
        }
    }

  private:
    std::size_t count_ = 0;
};

}  // namespace wsproof::test
