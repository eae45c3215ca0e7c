// An echo server around epoll: Connection in an event loop of one's own. A turn is one recv(), all
// events of it, and one sendmsg() of all answers, or one for each that is big.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <unordered_map>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/net/socket.hpp>
#include <wsproof/output_memory.hpp>
#include <wsproof/runtime/system.hpp>

using namespace wsproof;

constexpr std::size_t kReadSize = std::size_t{64} << 10;  // bytes
constexpr std::size_t kBig = std::size_t{16} << 10;       // bytes that are better not copied

struct Peer {
    net::Socket socket;
    Connection connection;
    MutableBytes unread{};         // what came and next() has not had yet
    bool gets_big = false;         // messages that do not come in one read
    std::vector<std::byte> own{};  // then: where to read to; `unread` is of it
    bool lends = false;            // a piece of `own` to the connection, which is sending it
    bool input_has_ended = false;
    unsigned watched = EPOLLIN;
};

// echo sends a message back as it comes, whole or in pieces. The engine copies what is small. What
// is big and the peer's own is lent to it, and nothing else is read until it is sent. It is refused
// only once a Close is on its way: then nobody waits for it.
void echo(Peer& peer, const MessageData& piece) {
    const bool is_lent = !peer.own.empty() && piece.payload.size() >= kBig;
    const Payload payload =
        is_lent ? Payload::borrow(piece.payload, 0) : Payload::copy(piece.payload);
    Connection& connection = peer.connection;
    if (piece.first && piece.last) {
        peer.lends = connection.send(piece.type, payload) == Error::none && is_lent;
        return;
    }
    if (piece.first) {
        (void)connection.begin(piece.type);
    }
    const Error error = piece.last ? connection.finish(payload) : connection.append(payload);
    peer.lends = error == Error::none && is_lent;
    peer.gets_big = peer.gets_big || piece.payload.size() >= kBig;
}

void take_events(Peer& peer) {
    while (!peer.lends) {
        const auto event = peer.connection.next(peer.unread);
        if (!event) {
            return;
        }
        if (const auto* piece = std::get_if<MessageData>(&*event)) {
            echo(peer, *piece);
        } else if (std::holds_alternative<UpgradeRequest>(*event)) {
            (void)peer.connection.accept();
        }
    }
}

// room is where to read to. What all peers share stays in the cache, but cannot be lent.
MutableBytes room(Peer& peer) {
    static std::array<std::byte, kReadSize> shared;
    if (peer.gets_big) {
        peer.own.resize(kReadSize);
    }
    return peer.gets_big ? MutableBytes(peer.own) : MutableBytes(shared);
}

// receive takes what came. The end of input is told to the engine.
void receive(Peer& peer) {
    const MutableBytes buffer = room(peer);
    const ssize_t size = ::recv(peer.socket.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        peer.input_has_ended = true;
        peer.connection.end_of_input();
    }
    peer.unread = buffer.first(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
}

// send writes what the socket takes of all that is queued, which mostly is one piece: for that,
// send() takes less than sendmsg(). False: nobody is there any more.
bool send(Peer& peer) {
    constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
    const auto output = peer.connection.output();
    ssize_t size = 0;
    if (output.size() == 1) {
        size = ::send(peer.socket.fd(), output[0].data(), output[0].size(), kFlags);
    } else {
        std::array<iovec, 64> pieces;  // output() has no more
        msghdr message{};
        message.msg_iov = pieces.data();
        for (const Bytes piece : output) {
            pieces[message.msg_iovlen++] = {const_cast<std::byte*>(piece.data()), piece.size()};
        }
        size = ::sendmsg(peer.socket.fd(), &message, kFlags);
    }
    peer.connection.consume(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return size >= 0 || errno == EAGAIN || errno == EINTR;
}

// turn does all that can be done without waiting. False: the connection is over.
bool turn(int epoll, Peer& peer, bool is_readable) {
    Connection& connection = peer.connection;
    connection.tick(runtime::now());
    if (is_readable && !peer.input_has_ended && !peer.lends) {
        receive(peer);
    }
    do {
        take_events(peer);
        if (connection.queued() > 0 && !send(peer)) {
            return false;
        }
        while (connection.next_released()) {
            peer.lends = false;
        }
    } while (!peer.unread.empty() && !peer.lends);
    const bool is_sent = connection.queued() == 0;
    if (is_sent && connection.transport() == Transport::shut_down_write) {
        peer.socket.shut_down_write();  // RFC 6455 §7.1.1: and then reading to the peer's FIN
    }
    // A peer that does not take its echoes is not read from, well before the queue is full.
    const bool may_read = connection.queued() < (1U << 20) && !peer.lends && !peer.input_has_ended;
    const unsigned wanted = (may_read ? EPOLLIN : 0U) | (is_sent ? 0U : EPOLLOUT);
    if (wanted != peer.watched) {
        epoll_event change{.events = wanted, .data = {.fd = peer.socket.fd()}};
        if (::epoll_ctl(epoll, EPOLL_CTL_MOD, peer.socket.fd(), &change) != 0) {
            return false;
        }
        peer.watched = wanted;
    }
    return !(is_sent && connection.transport() == Transport::close);
}

int main() {
    std::string error;
    const auto local = net::resolve("127.0.0.1", 0, net::Deadline::max());
    auto listener = net::Listener::listen(local.endpoints.at(0), 512, error);
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event arrival{.events = EPOLLIN, .data = {.fd = listener ? listener->fd() : -1}};
    if (!listener || ::epoll_ctl(epoll, EPOLL_CTL_ADD, arrival.data.fd, &arrival) != 0) {
        std::cerr << "epoll_echo: no listener: " << error << '\n';
        return 1;
    }
    std::cout << "listening on ws://" << listener->endpoint().to_string() << "/\n" << std::flush;
    runtime::SystemEntropy entropy;
    OutputMemory output;
    Options options;
    options.output_memory = &output;
    std::unordered_map<int, Peer> peers;
    Time next_look = runtime::now();  // at the deadlines, all of them
    for (std::array<epoll_event, 64> ready;;) {
        const auto count = std::max(::epoll_wait(epoll, ready.data(), ready.size(), 250), 0);
        for (const epoll_event& event : std::span(ready).first(static_cast<unsigned>(count))) {
            const auto found = peers.find(event.data.fd);
            if (found != peers.end()) {
                if (!turn(epoll, found->second, (event.events & ~EPOLLOUT) != 0)) {
                    peers.erase(found);  // which closes the socket, and epoll forgets it
                }
            } else if (auto in = listener->accept(net::Deadline::min()); in.socket.is_open()) {
                const int fd = arrival.data.fd = in.socket.fd();
                auto engine = Connection::server(options, entropy, runtime::now());
                peers.emplace(fd, Peer{std::move(in.socket), std::move(engine)});
                if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &arrival) != 0) {
                    peers.erase(fd);
                }
            }
        }
        const Time now = runtime::now();
        if (now < next_look) {
            continue;
        }
        next_look = now + std::chrono::milliseconds(250);
        for (auto each = peers.begin(); each != peers.end();) {
            const auto due = each->second.connection.deadline();
            const bool is_over = due && *due <= now && !turn(epoll, each->second, false);
            each = is_over ? peers.erase(each) : std::next(each);
        }
    }
}
