#include "frame_spec.hpp"

namespace wsproof::conformance {

wire::ByteString body_of(const FrameSpec& frame, wire::ByteView payload) {
    wire::ByteString body;
    if (frame.close_code) {
        body = {static_cast<std::byte>(*frame.close_code >> 8),
                static_cast<std::byte>(*frame.close_code)};
    }
    body.insert(body.end(), payload.begin(), payload.end());
    return body;
}

wire::RawFrame raw_frame(const FrameSpec& frame, wire::ByteView body) {
    return {.fin = frame.fin,
            .rsv = frame.rsv,
            .opcode = frame.opcode,
            .length = frame.length,
            .declared = frame.declared,
            .payload = body};
}

}  // namespace wsproof::conformance
