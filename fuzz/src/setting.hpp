// What a target's first bytes choose: limits, timers, automation and compression of a connection.
#pragma once

#include <array>
#include <cstddef>
#include <wsproof/connection.hpp>
#include <wsproof/deflate/zlib_codecs.hpp>

#include "input.hpp"

namespace wsproof::fuzz {

// FixedEntropy gives the same keys each time: the first key of a handshake is always the same, so
// that a response in a corpus can be right. No key comes again before thousands of others.
class FixedEntropy final : public Entropy {
  public:
    void fill(MutableBytes out) noexcept override;

  private:
    std::uint8_t next_ = 0;
    std::uint16_t count_ = 0;  // of bytes
};

inline constexpr std::size_t kSettingSize = 4;  // bytes of the input

// make_options reads kSettingSize bytes. `codecs` are for those that compress.
[[nodiscard]] Options make_options(Input& input, Codecs& codecs) noexcept;

// make_agreement is what connections of these options agree to that both have.
[[nodiscard]] std::optional<DeflateParameters> make_agreement(const Options& options) noexcept;

// kSmallZlib compresses badly in little memory: what is tested is what goes on around it.
inline constexpr ZlibSettings kSmallZlib{.level = 1, .memory_level = 1, .spare_count = 1};

}  // namespace wsproof::fuzz
