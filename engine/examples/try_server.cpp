// Starts one of the servers among these examples and tries it as a client would:
//
//   try_server PROGRAM echo|http|broadcast
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>
#include <wsproof/net/socket.hpp>
#include <wsproof/runtime/client.hpp>

using namespace wsproof;
using runtime::Client;
using runtime::Outcome;

net::Deadline soon() {
    return net::Clock::now() + std::chrono::seconds(10);
}

void must(bool holds, const std::string& what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

// Server is a child process, from its line "listening on URL" on.
class Server {
  public:
    explicit Server(const char* program) {
        std::array<int, 2> ends{};
        must(::pipe(ends.data()) == 0 && (process_ = ::fork()) >= 0, "no process");
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::execl(program, program, nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        std::string line;
        for (char c = 0; c != '\n' && ::read(ends[0], &c, 1) == 1;) {
            line += c;
        }
        ::close(ends[0]);
        must(line.starts_with("listening on ") && line.ends_with('\n'), "it does not listen");
        url = line.substr(13, line.size() - 14);
    }
    ~Server() {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::string url;

  private:
    pid_t process_ = -1;
};

Client open(const std::string& url) {
    runtime::OpenResult result = Client::open(url);
    if (!result.client) {
        throw std::runtime_error(result.error);
    }
    return std::move(*result.client);
}

void close(Client& client) {
    must(client.close(soon()) == Outcome::ok, "no end");
    const auto& closed = client.closed();
    must(closed.has_value() && closed->clean, "no clean end");
}

void expect(Client& client, std::string_view text) {
    const runtime::Received received = client.receive(soon());
    must(received.outcome == Outcome::ok && received.text() == text,
         "another message came, or none");
}

void try_echo(const std::string& url) {
    Client client = open(url);
    const std::string big(1 << 20, 'x');
    for (const std::string_view text :
         {std::string_view("Hello"), std::string_view(), std::string_view(big)}) {
        must(client.send(text, soon()) == Outcome::ok, "cannot send");
        expect(client, text);
    }
    must(client.ping({}, soon()) == Outcome::ok, "no Pong");
    close(client);
}

std::string ask(const std::string& url, const std::string& request) {
    const std::string port = url.substr(url.rfind(':') + 1);
    const auto number = static_cast<std::uint16_t>(std::stoi(port));
    net::Connected connected =
        net::connect(net::resolve("127.0.0.1", number, soon()).endpoints, soon());
    must(connected.socket.write(std::as_bytes(std::span(request)), soon()).size == request.size(),
         "cannot write");
    std::string answer;
    std::array<char, 4096> buffer;
    connected.socket.shut_down_write();
    net::Result result;
    while ((result = connected.socket.read(std::as_writable_bytes(std::span(buffer)), soon()))
               .status == net::Status::ok) {
        answer.append(buffer.data(), result.size);
    }
    return answer;
}

// A page; a request that is no upgrade; frames in the same packet as the request; then all else.
void try_http(const std::string& url) {
    must(ask(url, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").ends_with("\r\n\r\nhello\n"), "no page");
    must(ask(url, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 4"), "no refusal");
    const std::string early("\x81\x82\0\0\0\0hi\x88\x80\0\0\0\0", 14);
    const std::string answer =
        ask(url,
            "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                early);
    must(answer.starts_with("HTTP/1.1 101 "), "no upgrade");
    must(answer.ends_with(std::string("\r\n\r\n\x81\x02hi\x88\x00", 10)),
         "no echo of the early frame");
    try_echo(url);
}

void try_broadcast(const std::string& url) {
    std::vector<Client> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(open(url));
        must(clients.back().ping({}, soon()) == Outcome::ok, "no Pong");
    }
    must(clients[3].send("to all", soon()) == Outcome::ok, "cannot send");
    for (Client& client : clients) {
        expect(client, "to all");
    }
    close(clients[0]);
    must(clients[19].send("to the rest", soon()) == Outcome::ok, "cannot send");
    for (std::size_t i = 1; i < clients.size(); ++i) {
        expect(clients[i], "to the rest");
    }
}

int main(int argc, char** argv) {
    try {
        must(argc == 3, "usage: try_server PROGRAM echo|http|broadcast");
        const Server server(argv[1]);
        const std::string how = argv[2];
        (how == "http" ? try_http : how == "broadcast" ? try_broadcast : try_echo)(server.url);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "try_server: " << error.what() << '\n';
        return 1;
    }
}
