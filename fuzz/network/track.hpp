// One connection of a program: what the reference has seen of it, what was sent since nothing was
// due, and what is due from the peer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "program.hpp"
#include "reference_peer.hpp"

namespace wsproof::netfuzz {

struct Track {
    // `tags` collects the features of all connections of a program; it outlives this.
    Track(std::string its_name, conformance::Role peer, bool deflate,
          std::set<std::string>& all_tags)
        : name(std::move(its_name)), reference(peer, deflate), deflates(deflate), tags_(all_tags) {}

    // begin notes what an item is, before the reference has seen it.
    void begin(const Json& item);
    // owe: an echo of this message has to come.
    void owe(const Reaction& message, bool echoes);
    // is_corrupt: what has come of the compressed message is no stream, whatever follows and
    // whatever was sent before it. refers_back: it may be one, but only by what was sent before.
    [[nodiscard]] bool is_corrupt() const;
    [[nodiscard]] bool refers_back() const;
    // is: for the clause of the next expectation, and to tell programs apart.
    void is(const std::string& feature);

    std::string name;
    ReferencePeer reference;
    bool deflates = false;
    bool is_over = false;
    Json messages = Json::array();  // due, in order
    bool has_large = false;         // one of them may meet a limit
    Json pongs = Json::array();     // payloads due, in order
    std::set<std::string> features{};
    bool in_compressed = false;  // the message in progress, or the last
    ByteString sent{};

  private:
    void begin_frame(const Json& item);
    void note_compression(const Json& item);
    // stream makes what has come of the compressed message: slow, and seldom asked for.
    [[nodiscard]] ByteString stream() const;

    std::set<std::string>& tags_;
    Json parts_ = Json::array();       // payloads of the frames of the message in progress
    std::uint64_t fragment_size_ = 0;  // of a message that is cut evenly
    std::size_t compressed_count_ = 0;
    Json compressed_parts_ = Json::array();  // those of a compressed one, if it is written frame by
                                             // frame
};

}  // namespace wsproof::netfuzz
