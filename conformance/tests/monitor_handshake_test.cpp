// The monitor on 101 answers: each fault it catches, beside the legal answer that comes nearest.
#include <catch2/catch.hpp>

#include "monitor.hpp"
#include "support/bytes.hpp"
#include "support/findings.hpp"

namespace wsproof::conformance::test {

namespace {

using Lines = std::vector<std::string>;

const std::string kStatus = "HTTP/1.1 101 Switching Protocols\r\n";
const std::string kUpgrade = "Upgrade: websocket\r\n";
const std::string kConnection = "Connection: Upgrade\r\n";
const std::string kAccept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

Offer offer() {
    return {.key = "dGhlIHNhbXBsZSBub25jZQ==",
            .subprotocols = {"chat", "superchat"},
            .extensions = wire::extensions_of("permessage-deflate, x-mine")};
}

void answer(Monitor& monitor, const std::string& head) {
    wire::HttpResponseReader reader;
    const ByteString bytes = to_bytes(head + "\r\n");
    ByteView in(bytes);
    const auto response = reader.next(in);
    REQUIRE(response);
    monitor.response(*response);
}

Lines judge(const std::string& head, Offer offered = offer()) {
    Monitor monitor;
    monitor.offered(std::move(offered));
    answer(monitor, head);
    return lines(monitor);
}

// with: an answer that conforms but for what is added.
Lines with(const std::string& fields, Offer offered = offer()) {
    return judge(kStatus + kUpgrade + kConnection + kAccept + fields, std::move(offered));
}

}  // namespace

TEST_CASE("Monitor: a 101 that conforms, in any order, case and with other fields") {
    CHECK(with("").empty());
    CHECK(judge("HTTP/1.1 101 \r\nSEC-websocket-ACCEPT:s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                "connection: UPGRADE\r\nupgrade:\tWebSocket \r\nServer: x\r\nDate: now\r\n")
              .empty());
    CHECK(with("Sec-WebSocket-Protocol: superchat\r\n"
               "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n")
              .empty());
}

TEST_CASE("Monitor: answers other than 101 are not its business") {
    CHECK(judge("HTTP/1.1 400 Bad Request\nfoo\r\nSec-WebSocket-Extensions:\r\n").empty());
    CHECK(judge("HTTP/1.0 404\r\n").empty());
}

TEST_CASE("Monitor: the status line") {
    const std::string rest = kUpgrade + kConnection + kAccept;
    CHECK(judge("HTTP/1.0 101 x\r\n" + rest) == Lines{"info 6455-4.2.2-18 A30"});
    CHECK(judge("HTTP/1.1 101\r\n" + rest) == Lines{"info 6455-4.2.2-18 A30"});
    CHECK(judge("HTTP/1.1 101 \r\n" + rest).empty());
    CHECK(judge("HTTP/1.1 101 Any Words At All\r\n" + rest).empty());
}

TEST_CASE("Monitor: heads that break the grammar of HTTP") {
    const Lines fault{"fail 6455-4.2.2-17 A30"};
    CHECK(judge("HTTP/1.1 101 x\n" + kUpgrade + kConnection + kAccept) == fault);
    CHECK(with("X : y\r\n") == fault);
    CHECK(with("X: y\r\n z\r\n") == fault);
    CHECK(with("nonsense\r\n") == fault);
    CHECK(with("X: y\t z\r\nX-Empty:\r\n").empty());
}

TEST_CASE("Monitor: a body announced in a 101") {
    CHECK(with("Content-Length: 0\r\n") == Lines{"info 6455-4.2.2-17 A30"});
    CHECK(with("Content-Length: 5\r\n") == Lines{"fail 6455-4.2.2-17 A30"});
    CHECK(with("Transfer-Encoding: chunked\r\n") == Lines{"fail 6455-4.2.2-17 A30"});
    CHECK(with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n") ==
          Lines{"fail 6455-4.2.2-17 A30"});
    CHECK(with("Content-Type: text/plain\r\n").empty());
}

TEST_CASE("Monitor: Upgrade") {
    const auto upgrade = [](const std::string& fields) {
        return judge(kStatus + fields + kConnection + kAccept);
    };
    CHECK(upgrade("") == Lines{"fail 6455-4.2.2-19 A9"});
    CHECK(upgrade("Upgrade: websockets\r\n") == Lines{"fail 6455-4.2.2-19 A9"});
    CHECK(upgrade("Upgrade: h2c\r\n") == Lines{"fail 6455-4.2.2-19 A9"});
    CHECK(upgrade("Upgrade: websocket, h2c\r\n") == Lines{"non-strict 6455-4.2.2-19 A9"});
    CHECK(upgrade(kUpgrade + kUpgrade) == Lines{"non-strict 6455-4.2.2-19 A9"});
    CHECK(upgrade("Upgrade: WEBSOCKET\r\n").empty());
}

TEST_CASE("Monitor: Connection") {
    const auto connection = [](const std::string& fields) {
        return judge(kStatus + kUpgrade + fields + kAccept);
    };
    CHECK(connection("") == Lines{"fail 6455-4.2.2-20 A9"});
    CHECK(connection("Connection: close\r\n") == Lines{"fail 6455-4.2.2-20 A9"});
    CHECK(connection("Connection: Upgraded\r\n") == Lines{"fail 6455-4.2.2-20 A9"});
    CHECK(connection("Connection: keep-alive, Upgrade\r\n") ==
          Lines{"non-strict 6455-4.2.2-20 A9"});
    CHECK(connection("Connection: , upgrade\r\n").empty());
}

TEST_CASE("Monitor: Sec-WebSocket-Accept") {
    const auto accept = [](const std::string& fields, Offer offered = offer()) {
        return judge(kStatus + kUpgrade + kConnection + fields, std::move(offered));
    };
    CHECK(accept("") == Lines{"fail 6455-4.2.2-21"});
    CHECK(accept("Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") ==
          Lines{"fail 6455-4.2.2-21"});
    CHECK(accept("Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ==\r\n") ==
          Lines{"fail 6455-4.2.2-21"});
    CHECK(accept(kAccept + kAccept) == Lines{"fail 6455-11.3.3-1 A3"});
    Offer keyless = offer();
    keyless.key.clear();
    CHECK(accept("", keyless).empty());  // A3, A8: no right answer, hence no wrong one
}

TEST_CASE("Monitor: Sec-WebSocket-Protocol") {
    const auto protocol = [](const std::string& value, Offer offered = offer()) {
        return with("Sec-WebSocket-Protocol: " + value + "\r\n", std::move(offered));
    };
    CHECK(protocol("other") == Lines{"fail 6455-4.2.2-11"});
    CHECK(protocol("Chat") == Lines{"fail 6455-4.2.2-11"});
    CHECK(protocol("") == Lines{"fail 6455-4.2.2-13"});
    CHECK(protocol("chat, superchat") == Lines{"fail 6455-4.3-5"});
    CHECK(protocol("chat\r\nSec-WebSocket-Protocol: superchat") == Lines{"fail 6455-11.3.4-2 A4"});
    CHECK(protocol("chat", {.key = offer().key, .subprotocols = {}, .extensions = {}}) ==
          Lines{"fail 6455-4.2.2-11"});
    CHECK(protocol("chat").empty());
}

TEST_CASE("Monitor: Sec-WebSocket-Extensions") {
    const auto extensions = [](const std::string& value) {
        return with("Sec-WebSocket-Extensions: " + value + "\r\n");
    };
    CHECK(extensions("") == Lines{"fail 6455-4.2.2-16"});
    CHECK(extensions("x-other") == Lines{"fail 6455-4.2.2-15"});
    CHECK(extensions("permessage-deflate, x-other") == Lines{"fail 6455-4.2.2-15"});
    CHECK(extensions("X-Mine") == Lines{"info 6455-4.2.2-15 A10"});
    CHECK(extensions("X-Mine, x-other") == Lines{"fail 6455-4.2.2-15"});
    CHECK(extensions("x-mine; a=\"b, c\", permessage-deflate").empty());
    // Erratum 3433: several lines are allowed.
    CHECK(extensions("x-mine\r\nSec-WebSocket-Extensions: permessage-deflate").empty());
}

TEST_CASE("Monitor: RSV1 once permessage-deflate was agreed") {
    const auto frames = [](const ByteString& in) {
        Monitor monitor;
        monitor.offered(offer());
        answer(monitor, kStatus + kUpgrade + kConnection + kAccept +
                            "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        CHECK(monitor.deflate());
        wire::FrameReader reader;
        ByteView rest(in);
        while (!rest.empty()) {
            if (const auto frame = reader.next(rest)) {
                monitor.frame(*frame);
            }
        }
        return lines(monitor);
    };
    // A compressed text need not be UTF-8, and a binary message inflates to anything.
    CHECK(frames("c1 07 f2 48 cd c9 c9 07 00 82 01 ff 42 01 02 80 01 00"_hex).empty());
    CHECK(frames("81 01 ff"_hex) == Lines{"fail 6455-5.6-1"});  // text in clear is
    CHECK(frames("e1 01 00"_hex) == Lines{"fail 6455-5.2-2"});
    CHECK(frames("41 00 c0 01 00"_hex) == Lines{"fail 7692-6.1-3 A21"});
    CHECK(frames("c9 00"_hex) == Lines{"fail 7692-6.1-3 A21"});
}

TEST_CASE("Monitor: findings say what was wanted and what came") {
    Monitor monitor;
    monitor.offered(offer());
    answer(monitor, kStatus + kUpgrade + kConnection);
    REQUIRE(monitor.findings().size() == 1);
    const Finding& finding = monitor.findings().front();
    CHECK(finding.monitor);
    CHECK(finding.text == "Sec-WebSocket-Accept is s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(finding.got == "no such field");
}

}  // namespace wsproof::conformance::test
