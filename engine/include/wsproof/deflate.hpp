// What the engine needs of a DEFLATE library for permessage-deflate (RFC 7692). The engine's core
// names none: wsproof/deflate/zlib_codecs.hpp is the one that comes with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <wsproof/types.hpp>

namespace wsproof {

enum class CodecStatus : std::uint8_t {
    ok,
    bad_data,       // RFC 1951 has no such stream
    out_of_memory,  // the stream cannot be gone on with
};

// Inflater reads one direction of a connection. It keeps the last 32768 bytes that it gave out, to
// which later messages may refer.
class Inflater {
  public:
    struct Progress {
        CodecStatus status = CodecStatus::ok;
        std::size_t consumed = 0;  // bytes of `in`
        std::size_t produced = 0;  // bytes of `out`, also if status is not ok
    };
    // inflate goes on until `in` is consumed and all that it tells is in `out`, or `out` (not
    // empty) is full. Blocks may follow one that is marked as the last (RFC 7692 §7.2.3.4).
    [[nodiscard]] virtual Progress inflate(Bytes in, MutableBytes out) noexcept = 0;
    // is_at_block_end: all that was consumed ends with a block, and no bit of a next one.
    [[nodiscard]] virtual bool is_at_block_end() const noexcept = 0;
    // is_after_final_block: and that block was marked as the last.
    [[nodiscard]] virtual bool is_after_final_block() const noexcept = 0;
    // reset forgets all that was given out.
    virtual void reset() noexcept = 0;
    // chunk is memory of the size that Codecs::take_inflater() was asked for.
    [[nodiscard]] virtual MutableBytes chunk() noexcept = 0;

  protected:
    ~Inflater() = default;
};

// Deflater writes one direction of a connection.
class Deflater {
  public:
    // deflate compresses all of `in`, which is not empty, and ends with an empty stored block: the
    // bytes 00 00 FF FF (RFC 7692 §7.2.1). nullopt if memory ran out. The bytes die at the next
    // call of deflate() on any Deflater of the same Codecs.
    [[nodiscard]] virtual std::optional<Bytes> deflate(Bytes in) noexcept = 0;
    // reset forgets all that was compressed: what follows refers to nothing before.
    virtual void reset() noexcept = 0;

  protected:
    ~Deflater() = default;
};

// Codecs lends inflaters and deflaters to connections and takes them back. One serves any number of
// connections, one thread at a time; it outlives them.
class Codecs {
  public:
    // Both come as if reset; nullptr if memory ran out. `chunk_size` and the window are in bytes
    // and in bits, 8 to 15: no distance is above 2 to the power of `window_bits`.
    [[nodiscard]] virtual Inflater* take_inflater(std::size_t chunk_size) noexcept = 0;
    [[nodiscard]] virtual Deflater* take_deflater(int window_bits) noexcept = 0;
    virtual void give_back(Inflater& inflater) noexcept = 0;
    virtual void give_back(Deflater& deflater) noexcept = 0;

  protected:
    ~Codecs() = default;
};

}  // namespace wsproof
