// Scenario steps in plain words, for findings, transcripts and `explain`.
#include "monitor.hpp"
#include "payload.hpp"
#include "player.hpp"

namespace wsproof::conformance {

namespace {

template <typename... Ts>
struct Visitor : Ts... {
    using Ts::operator()...;
};

template <typename List, typename Text>
std::string joined(const List& list, const char* word, Text text) {
    std::string all;
    for (const auto& element : list) {
        all += (all.empty() ? "" : word) + text(element);
    }
    return all;
}

std::string describe_frame(const FrameSpec& frame) {
    std::string text = opcode_name(frame.opcode);
    if (frame.close_code) {
        text += " " + std::to_string(*frame.close_code);
    }
    text += frame.fin ? "" : " without FIN";
    for (int bit = 1; bit <= 3; ++bit) {
        text += (frame.rsv >> (3 - bit) & 1) != 0 ? " with RSV" + std::to_string(bit) : "";
    }
    text += frame.mask == false ? ", unmasked" : "";
    if (frame.length != wire::LengthForm::minimal) {
        text += frame.length == wire::LengthForm::bits16 ? ", length in 16 bits"
                                                         : ", length in 64 bits";
    }
    if (frame.declared) {
        text += ", declaring " + std::to_string(*frame.declared) + " bytes";
    }
    if (frame.payload.recipe != "") {
        text += ": " + describe(frame.payload);
    }
    return text;
}

std::string describe_message(const MessageSpec& message) {
    std::string text = std::string(message.opcode == 1 ? "text" : "binary") + " message " +
                       describe(message.payload);
    text += message.compress ? ", compressed" : "";
    if (!message.fragments.empty()) {
        text += " in " + std::to_string(message.fragments.size() + 1) + " fragments";
    } else if (message.fragment_size) {
        text += " in fragments of " + std::to_string(*message.fragment_size) + " bytes";
    }
    return text;
}

std::string describe_rules(const std::vector<HeaderRule>& rules) {
    return joined(rules, "", [](const HeaderRule& rule) {
        switch (rule.kind) {
            case HeaderRule::Kind::present:
                return ", with " + rule.name;
            case HeaderRule::Kind::absent:
                return ", without " + rule.name;
            case HeaderRule::Kind::is:
                return ", " + rule.name + " being \"" + rule.value + "\"";
            case HeaderRule::Kind::token:
                return ", " + rule.name + " listing \"" + rule.value + "\"";
            case HeaderRule::Kind::contains:
                return ", " + rule.name + " with \"" + rule.value + "\" in it";
            case HeaderRule::Kind::lacks:
                return ", " + rule.name + " without \"" + rule.value + "\" in it";
            case HeaderRule::Kind::one_of:
                return ", " + rule.name + " being " +
                       joined(rule.one_of, " or ", [](const auto& value) {
                           return value ? "\"" + *value + "\"" : std::string("absent");
                       });
        }
        return std::string();
    });
}

std::string describe_agreement(const ExpectResponse& response) {
    if (!response.deflates) {
        return "";
    }
    return *response.deflates
               ? ", agreeing to permessage-deflate" + describe_rules(response.agreement)
               : ", declining permessage-deflate";
}

std::string describe_response(const ExpectResponse& response) {
    const std::string status =
        joined(response.status, " or ", [](int code) { return std::to_string(code); });
    switch (response.kind) {
        case ExpectResponse::Kind::opened:
            return "a 101 that opens the connection" + describe_agreement(response) +
                   describe_rules(response.headers);
        case ExpectResponse::Kind::refused:
            return (status.empty() ? "an HTTP answer other than 101" : "the answer " + status) +
                   describe_rules(response.headers);
        case ExpectResponse::Kind::response:
            return "the answer " + (status.empty() ? "of any status" : status) +
                   describe_rules(response.headers);
    }
    return "";
}

std::string describe_codes(const ExpectClose& close) {
    if (close.codes.empty()) {
        return "a Close with any legal code";
    }
    return joined(close.codes, " or ", [](const auto& code) {
        return code ? "Close " + std::to_string(*code) : std::string("an empty Close");
    });
}

std::string describe_cut(const Cut& cut) {
    const std::string pause =
        cut.pause.count() > 0 ? ", " + std::to_string(cut.pause.count()) + " ms between the pieces"
                              : "";
    switch (cut.kind) {
        case Cut::Kind::whole:
            return "";
        case Cut::Kind::frames:
            return ", frame by frame" + pause;
        case Cut::Kind::bytes:
            return ", byte by byte" + pause;
        case Cut::Kind::at:
            return ", cut at " +
                   joined(cut.offsets, ", ", [](auto offset) { return std::to_string(offset); }) +
                   pause;
        case Cut::Kind::every:
            return ", in pieces of " + std::to_string(cut.every) + " bytes" + pause;
    }
    return "";
}

std::string describe_expect(const ExpectStep& step) {
    const char* word = step.mode == ExpectStep::Mode::any ? "; or " : "; and, in any order, ";
    return "expect " + joined(step.expectations, word, [](const Expectation& each) {
               return describe(each) + (each.verdict == Behaviour::pass
                                            ? ""
                                            : " [" + std::string(name(each.verdict)) + "]");
           });
}

// describe_edits says what a scenario changes in a correct head, and what it sends behind it.
std::string describe_edits(const HeadSpec& spec) {
    std::string text;
    for (const auto& [name, value] : spec.set) {
        text += ", " + name + ": " + describe(value);
    }
    text += joined(spec.remove, "", [](const std::string& name) { return ", no " + name; });
    for (const auto& [name, value] : spec.add) {
        text += ", also " + name + ": " + describe(value);
    }
    text += spec.reversed ? ", fields in reverse order" : "";
    text += spec.names == HeadSpec::Names::lower   ? ", names in lower case"
            : spec.names == HeadSpec::Names::upper ? ", names in upper case"
                                                   : "";
    return text +
           joined(spec.then, "", [](const Item& item) { return ", then " + describe(item); });
}

std::string describe_deflate(const DeflateStep& step) {
    return "agree on permessage-deflate" + joined(step.parameters, "", [](const auto& each) {
               return ", " + each.first + (each.second ? "=" + *each.second : "");
           });
}

std::string describe_request(const ExpectRequest& request) {
    return "an opening handshake" + (request.target ? " for " + *request.target : "") +
           describe_rules(request.headers);
}

std::string describe_close(const CloseStep& close) {
    return close.code ? "Close " + std::to_string(*close.code) : std::string("an empty Close");
}

}  // namespace

std::string describe(const Item& item) {
    return std::visit(Visitor{
                          [](const FrameSpec& frame) { return describe_frame(frame); },
                          [](const MessageSpec& message) { return describe_message(message); },
                          [](const RawSpec& raw) { return "raw bytes " + describe(raw.bytes); },
                      },
                      item.what);
}

std::string describe(const RequestStep& request) {
    if (request.raw) {
        return "the request " + describe(*request.raw);
    }
    return request.method + " " + request.target.value_or("${target}") + " " + request.version +
           (request.plain ? ", without TLS" : "") + describe_edits(request);
}

std::string describe(const RespondStep& response) {
    const std::string text =
        response.raw ? "the answer " + describe(*response.raw)
                     : "the answer " + std::to_string(response.status) +
                           (response.version == "HTTP/1.1" ? "" : " in " + response.version) +
                           describe_edits(response);
    return text + (response.before ? ", behind " + describe(*response.before) : "");
}

std::string describe(const Expectation& expectation) {
    return std::visit(
        Visitor{
            [](const ExpectMessage& message) {
                if (message.like) {
                    return "a message like \"" + *message.like + "\"";
                }
                return std::string(message.opcode == 1 ? "the text" : "the binary") + " message " +
                       describe(message.payload);
            },
            [](const ExpectPong& pong) { return "a Pong with " + describe(pong.payload); },
            [](const ExpectPongs& pongs) {
                return "Pongs in order up to the last of " + std::to_string(pongs.payloads.size());
            },
            [](const ExpectClose& close) { return describe_codes(close); },
            [](const ExpectEof&) { return std::string("the end of the TCP connection"); },
            [](const ExpectFailure& failure) {
                return "the connection fails (" + describe_codes(ExpectClose{failure.codes}) +
                       ", or TCP closed) and nothing is delivered";
            },
            [](const ExpectResponse& response) { return describe_response(response); },
            [](const ExpectRequest& request) { return describe_request(request); },
        },
        expectation.what);
}

std::string describe_step(const Step& step) {
    const std::string text = std::visit(
        Visitor{
            [](const SendStep& send) {
                return "send " +
                       joined(send.items, ", then ",
                              [](const Item& item) { return describe(item); }) +
                       describe_cut(send.cut);
            },
            [](const RequestStep& request) {
                return "request: " + describe(request) + describe_cut(request.cut);
            },
            [](const RespondStep& response) {
                return "answer: " + describe(response) + describe_cut(response.cut);
            },
            [](const DeflateStep& deflate) { return describe_deflate(deflate); },
            [](const ConnectStep&) { return std::string("open TCP and send nothing"); },
            [](const ExpectStep& expect) { return describe_expect(expect); },
            [](const FenceStep& fence) {
                return std::string(fence.echo ? "a sentinel message is echoed"
                                              : "a sentinel Ping is answered") +
                       ", and no message comes before";
            },
            [](const CloseStep& close) { return "close with " + describe_close(close); },
            [](const HalfCloseStep&) { return std::string("shut down writing (FIN)"); },
            [](const ReadingStep& reading) {
                return std::string(reading.reads ? "read on" : "stop reading");
            },
            [](const ResetStep&) { return std::string("reset the connection (RST)"); },
            [](const DropStep&) { return std::string("close TCP without a word"); },
            [](const PauseStep& pause) {
                return "wait " + std::to_string(pause.time.count()) + " ms";
            },
            [](const CanaryStep&) {
                return std::string(
                    "an older connection still answers, and a new one opens and answers");
            },
            [](const AssertStep& check) {
                switch (check.what) {
                    case AssertStep::What::peer_closed_first:
                        return std::string("the server ended TCP first");
                    case AssertStep::What::player_closed_first:
                        return std::string("the player ended TCP first");
                    case AssertStep::What::back_pressure:
                        return std::string("not all that was sent has been taken");
                }
                return std::string();
            },
        },
        step.action);
    return step.on == "main" ? text : "[" + step.on + "] " + text;
}

}  // namespace wsproof::conformance
