// OutputJudge reads what an engine says with the wire layer of the judge, which shares no code with
// it, and requires that it is legal: RFC 6455 §4, §5, §7 and RFC 7692 §6.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "input.hpp"
#include "wire/frame_reader.hpp"
#include "wire/http_request.hpp"
#include "wire/http_response.hpp"
#include "wire/inflate.hpp"

namespace wsproof::fuzz {

class OutputJudge {
  public:
    // `is_open`: no handshake comes before the frames.
    OutputJudge(Role sender, bool is_open) noexcept : sender_(sender), is_open_(is_open) {}
    // agree: from here on messages may be compressed.
    void agree(const std::optional<DeflateParameters>& deflate) noexcept { deflate_ = deflate; }

    void feed(Bytes bytes);

    struct Message {
        std::uint8_t opcode;
        Buffer payload;
        friend bool operator==(const Message&, const Message&) = default;
    };
    [[nodiscard]] const std::vector<Message>& messages() const noexcept { return messages_; }
    [[nodiscard]] std::uint64_t frame_count() const noexcept { return frame_count_; }
    [[nodiscard]] bool has_closed() const noexcept { return has_closed_; }
    // close_code: of the Close; 1005 if it had none.
    [[nodiscard]] std::uint16_t close_code() const noexcept { return close_code_; }
    [[nodiscard]] const Buffer& close_reason() const noexcept { return close_reason_; }
    [[nodiscard]] std::size_t pong_count() const noexcept { return pong_count_; }
    [[nodiscard]] int status() const noexcept { return status_; }  // of a server's response

  private:
    void feed_head(conformance::wire::ByteView& in);
    void judge(const conformance::wire::Frame& frame);
    void judge_key(const conformance::wire::Frame& frame);
    void judge_data(const conformance::wire::Frame& frame);
    void judge_close(const conformance::wire::Frame& frame);
    void end_message();

    Role sender_;
    bool is_open_;
    std::optional<DeflateParameters> deflate_;
    conformance::wire::HttpRequestReader requests_;
    conformance::wire::HttpResponseReader responses_;
    conformance::wire::FrameReader frames_;
    conformance::wire::History history_;
    bool is_refused_ = false;
    bool has_closed_ = false;
    std::uint16_t close_code_ = 0;
    Buffer close_reason_;
    std::size_t pong_count_ = 0;
    std::optional<conformance::wire::Key> last_key_;
    int status_ = 0;
    std::uint64_t frame_count_ = 0;
    bool in_message_ = false;
    bool is_compressed_ = false;
    Message message_{};
    std::vector<Message> messages_;
};

}  // namespace wsproof::fuzz
