// A client engine and a server engine that say things at random, over a channel that cuts and
// delays.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>
#include <wsproof/message_reader.hpp>
#include <wsproof/prepared_message.hpp>

#include "feed.hpp"

namespace wsproof::test {

class Random {
  public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    [[nodiscard]] std::size_t below(std::size_t bound) { return engine_() % bound; }
    [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }
    [[nodiscard]] Buffer bytes(std::size_t size) {
        Buffer bytes(size);
        std::generate(bytes.begin(), bytes.end(), [this] { return std::byte(below(256)); });
        return bytes;
    }
    // text: of one to four bytes a character, so that cuts fall inside them.
    [[nodiscard]] Buffer text(std::size_t characters) {
        static const std::vector<std::string> kCharacters = {"a", "é", "€", "😀"};
        std::string text;
        for (std::size_t i = 0; i < characters; ++i) {
            text += kCharacters[below(kCharacters.size())];
        }
        return to_bytes(text);
    }

  private:
    std::mt19937 engine_;
};

struct Sent {
    MessageType type;
    Buffer payload;
    friend bool operator==(const Sent&, const Sent&) = default;
};

inline std::size_t random_size(Random& random) {
    static constexpr std::size_t kSizes[] = {0, 1, 3, 125, 126, 127, 1000, 65535, 65536, 70000};
    return random.one_in(2) ? random.below(200) : kSizes[random.below(std::size(kSizes))];
}

// Side is one engine with an application that says things at random.
class Side {
  public:
    Side(Connection connection, Random& random)
        : connection_(std::move(connection)), random_(random) {}

    void say() {
        switch (random_.below(8)) {
            case 0:
                static_cast<void>(connection_.ping(random_.bytes(random_.below(126))));
                return;
            case 1:
                static_cast<void>(connection_.pong(random_.bytes(random_.below(126))));
                return;
            case 2:
                say_prepared();
                return;
            case 3:
                say_in_parts();
                return;
            default:
                say_message();
                return;
        }
    }
    void close() { static_cast<void>(connection_.close(CloseCode::normal, "that is all")); }

    // write takes some of the output.
    void write(std::deque<std::byte>& channel, std::size_t most) {
        std::size_t taken = 0;
        for (const Bytes piece : connection_.output()) {
            const std::size_t size = std::min(piece.size(), most - taken);
            channel.insert(channel.end(), piece.begin(),
                           piece.begin() + static_cast<std::ptrdiff_t>(size));
            taken += size;
        }
        connection_.consume(taken);
        while (const auto token = connection_.next_released()) {
            lent_.at(*token).clear();  // whoever still shows it reads freed memory
            lent_.at(*token).shrink_to_fit();
            --tokens_out_;
        }
    }
    void read(std::deque<std::byte>& channel, std::size_t most) {
        const auto size = static_cast<std::ptrdiff_t>(std::min(most, channel.size()));
        Buffer bytes(channel.begin(), channel.begin() + size);
        channel.erase(channel.begin(), channel.begin() + size);
        MutableBytes in(bytes);
        while (const auto event = connection_.next(in)) {
            take(*event);
        }
    }
    void end_of_input() {
        connection_.end_of_input();
        std::deque<std::byte> nothing;
        read(nothing, 0);
    }
    void finish() {
        std::deque<std::byte> nowhere;
        while (connection_.queued() > 0) {
            write(nowhere, SIZE_MAX);
        }
        write(nowhere, 0);
    }

    [[nodiscard]] Connection& connection() { return connection_; }
    [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
    [[nodiscard]] const std::vector<Sent>& received() const { return received_; }
    [[nodiscard]] std::size_t tokens_out() const { return tokens_out_; }
    [[nodiscard]] std::size_t closed_count() const { return closed_count_; }
    [[nodiscard]] bool is_clean() const { return is_clean_; }
    [[nodiscard]] Error failure() const { return failure_; }

  private:
    void say_message() {
        const bool is_text = random_.one_in(2);
        const MessageType type = is_text ? MessageType::text : MessageType::binary;
        Sent sent{type, is_text ? random_.text(random_size(random_) / 2)
                                : random_.bytes(random_size(random_))};
        SendOptions options{.compress = !random_.one_in(4)};
        if (random_.one_in(3)) {
            options.fragment_at = 1 + random_.below(sent.payload.size() + 1);
        }
        if (options.fragment_at < sent.payload.size() / 200) {
            options.fragment_at = sent.payload.size() / 200;  // enough frames are enough
        }
        Error error = Error::none;
        if (random_.one_in(2)) {
            error = connection_.send(type, Payload::copy(Bytes(sent.payload)), options);
        } else {
            lent_.push_back(sent.payload);
            const Token token = lent_.size() - 1;
            error =
                connection_.send(type,
                                 random_.one_in(2) ? Payload::borrow(lent_.back(), token)
                                                   : Payload::borrow_mutable(lent_.back(), token),
                                 options);
            tokens_out_ += error == Error::none ? 1 : 0;
        }
        note(error, std::move(sent));
    }
    void say_in_parts() {
        Sent sent{MessageType::binary, {}};
        Error error = connection_.begin(MessageType::binary);
        for (std::size_t parts = random_.below(4); parts > 0 && error == Error::none; --parts) {
            const Buffer part = random_.bytes(random_.below(300));
            error = connection_.append(Payload::copy(Bytes(part)));
            sent.payload = sent.payload + part;
        }
        if (error == Error::none && random_.one_in(2)) {
            const Buffer last = random_.bytes(random_.below(300));
            sent.payload = sent.payload + last;
            error = connection_.finish(Payload::copy(Bytes(last)));
        } else if (error == Error::none) {
            error = connection_.finish();
        }
        note(error, std::move(sent));
    }
    void say_prepared() {
        const Buffer text = random_.text(random_.below(300));
        prepared_.emplace_back(MessageType::text, text);
        lent_.emplace_back();
        const Error error = connection_.send(prepared_.back(), lent_.size() - 1);
        tokens_out_ += error == Error::none ? 1 : 0;
        note(error, {MessageType::text, text});
    }
    void note(Error error, Sent sent) {
        if (error == Error::none) {
            sent_.push_back(std::move(sent));
        }
    }
    void take(const Event& event) {
        CHECK(closed_count_ == 0);  // Closed is the last event
        if (const auto* piece = std::get_if<MessageData>(&event)) {
            CHECK(reader_.add(*piece) == Error::none);
            if (const auto& message = reader_.message()) {
                received_.push_back(
                    {message->type, {message->payload.begin(), message->payload.end()}});
            }
        } else if (const auto* failed = std::get_if<Failed>(&event)) {
            failure_ = failed->error;
        } else if (std::holds_alternative<UpgradeRequest>(event)) {
            CHECK(connection_.accept() == Error::none);
        } else if (const auto* closed = std::get_if<Closed>(&event)) {
            ++closed_count_;
            is_clean_ = closed->clean;
        }
    }

    Connection connection_;
    Random& random_;
    MessageReader reader_{1 << 20};
    std::vector<Sent> sent_;
    std::vector<Sent> received_;
    std::deque<Buffer> lent_;  // by token
    std::deque<PreparedMessage> prepared_;
    std::size_t tokens_out_ = 0;
    std::size_t closed_count_ = 0;
    bool is_clean_ = false;
    Error failure_ = Error::none;
};

// Dialogue: two sides and what is on its way between them.
class Dialogue {
  public:
    explicit Dialogue(std::uint32_t seed, const Options& client = {}, const Options& server = {})
        : random_(seed),
          client_(Connection::client({.host = "example.com"}, client, entropy_, Time{}), random_),
          server_(Connection::server(server, entropy_, Time{}), random_) {}

    // run: things happen at random; then both close, unless the channel ends first.
    void run(bool channel_ends) {
        const std::size_t count = 100 + random_.below(200);
        for (std::size_t i = 0; i < count; ++i) {
            happen();
        }
        if (channel_ends) {
            client_.end_of_input();
            server_.end_of_input();
        } else {
            (random_.one_in(2) ? client_ : server_).close();
            for (int i = 0; i < 100'000 && !are_closed(); ++i) {
                happen();
                end_transports();
            }
        }
        client_.finish();
        server_.finish();
    }

    [[nodiscard]] bool are_closed() {
        return client_.closed_count() > 0 && server_.closed_count() > 0;
    }
    [[nodiscard]] Side& client() { return client_; }
    [[nodiscard]] Side& server() { return server_; }

  private:
    void happen() {
        Side& side = random_.one_in(2) ? client_ : server_;
        auto& to = &side == &client_ ? to_server_ : to_client_;
        auto& from = &side == &client_ ? to_client_ : to_server_;
        const std::size_t most = random_.one_in(3) ? random_.below(8) : random_.below(20'000);
        switch (random_.below(4)) {
            case 0:
                side.say();
                return;
            case 1:
                side.write(to, most);
                return;
            default:
                side.read(from, most);
                return;
        }
    }
    void end_transports() {
        end_transport(client_, to_server_, server_);
        end_transport(server_, to_client_, client_);
    }
    static void end_transport(Side& from, const std::deque<std::byte>& on_its_way, Side& to) {
        if (from.connection().transport() != Transport::keep && from.connection().queued() == 0 &&
            on_its_way.empty() && to.closed_count() == 0) {
            to.end_of_input();
        }
    }

    FakeEntropy entropy_;
    Random random_;
    Side client_;
    Side server_;
    std::deque<std::byte> to_client_;
    std::deque<std::byte> to_server_;
};

inline bool is_start_of(const std::vector<Sent>& start, const std::vector<Sent>& whole) {
    return start.size() <= whole.size() && std::equal(start.begin(), start.end(), whole.begin());
}

}  // namespace wsproof::test
