#include "predict.hpp"

#include <algorithm>
#include <list>
#include <utility>

#include "clauses.hpp"
#include "recipe.hpp"
#include "track.hpp"

namespace wsproof::netfuzz {

namespace {

using conformance::Role;

constexpr std::size_t kEnormous = 1'000'000;  // bytes
constexpr std::size_t kControlMax = 125;      // RFC 6455 §5.5
constexpr unsigned kMoment = 20;              // ms: for what cannot be waited for

// Sent is what one send step came to.
struct Sent {
    Json items = Json::array();
    std::optional<Offence> offence{};
    std::optional<Reaction> close{};
    Json taken{};          // of an offence that a lenient peer may take
    std::size_t tail = 0;  // items behind the offence or the Close
    bool is_limit = false;
    std::size_t size = 0;  // bytes
};

class Predictor {
  public:
    explicit Predictor(const Setting& setting) : setting_(setting) {}

    Prediction predict(const Program& program) {
        for (const Act& act : program.acts) {
            play(act);
        }
        for (Track& track : tracks_) {
            settle(track);
            if (!track.is_over && track.reference.is_inside_frame()) {
                add(track, {{"drop", true}});
            }
        }
        finish();
        return std::move(out_);
    }

  private:
    void play(const Act& act) {
        if (act.kind == Act::Kind::canary) {
            if (setting_.many_connections && !out_.steps.empty()) {
                out_.steps.push_back({{"canary", true}});
                need("connections");
                out_.tags.insert("canary");
            }
            return;
        }
        const auto found = std::find_if(tracks_.begin(), tracks_.end(),
                                        [&](const Track& each) { return each.name == act.on; });
        if (act.kind == Act::Kind::open) {
            if (found == tracks_.end()) {
                open(act);
            }
            return;
        }
        if (found == tracks_.end()) {
            tracks_.emplace_back(act.on, setting_.peer, false, out_.tags);
            if (tracks_.size() > 1) {
                out_.tags.insert("connections");
                need("connections");
            }
        }
        Track& track = found == tracks_.end() ? tracks_.back() : *found;
        if (track.is_over) {
            return;
        }
        on_open(act, track);
    }

    void on_open(const Act& act, Track& track) {
        switch (act.kind) {
            case Act::Kind::send:
                send(act, track);
                break;
            case Act::Kind::pause:
                add(track, {{"pause_ms", act.pause_ms}});
                out_.tags.insert("pause");
                break;
            case Act::Kind::half_close:
            case Act::Kind::drop:
                settle(track);
                add(track, {{"drop", true}});
                track.is_over = true;
                out_.tags.insert("drop");
                break;
            case Act::Kind::open:
            case Act::Kind::canary:
                break;
        }
    }

    void open(const Act& act) {
        const Opening& opening = act.opening;
        tracks_.emplace_back(act.on, setting_.peer, opening.deflates, out_.tags);
        Track& track = tracks_.back();
        if (tracks_.size() > 1) {
            need("connections");
            out_.tags.insert("connections");
        }
        if (opening.step.is_null()) {
            return;
        }
        Json step = opening.step;
        if (!act.cut.is_null() && opening.head_size > 0 && act.cut != "frames") {
            cut(step, act, opening.head_size);
        }
        add(track, std::move(step));
        out_.tags.insert("opening:" + opening.name);
        if (opening.deflates) {
            need("deflate");
        }
        if (!opening.expect.is_null()) {
            Json expect = opening.expect;
            cite(expect, opening.requires_row);
            add(track, std::move(expect));
        } else if (!opening.requires_row.empty()) {
            out_.rows.insert(out_.rows.begin(), opening.requires_row);
        }
        track.is_over = !opening.opens;
        if (track.is_over &&
            opening.expect.is_null()) {  // half a head: others are served all the same
            out_.steps.push_back({{"pause_ms", kMoment}});
            if (setting_.many_connections) {
                out_.steps.push_back({{"canary", true}});
                need("connections");
            }
            add(track, {{"drop", true}});
        }
    }

    // cut: as the act says, but into so few pieces that it does not take long.
    void cut(Json& step, const Act& act, std::size_t size) {
        constexpr std::size_t kPieces = 60;
        const std::size_t each = act.cut == "bytes" ? 1
                                 : act.cut.is_object() && act.cut.contains("every")
                                     ? act.cut["every"].get<std::size_t>()
                                     : size;
        step["cut"] = act.cut;
        if (each < size && size / each > kPieces && act.pause_ms > 0) {
            step["cut"] = {{"every", size / kPieces + 1}};
        }
        if (act.pause_ms > 0) {
            step["pause_ms"] = act.pause_ms;
        }
        out_.tags.insert("cut");
    }

    void send(const Act& act, Track& track) {
        Sent sent = feed(act, track);
        if (sent.items.empty()) {
            if (sent.is_limit) {
                give_up(track);
            }
            return;
        }
        Json step = {{"send", sent.items.size() == 1 ? sent.items[0] : sent.items}};
        if (!act.cut.is_null()) {
            cut(step, act, sent.size);
            track.features.insert("cut");
        }
        add(track, std::move(step));
        if (sent.items.size() > 1) {
            track.is("several");
        }
        if (sent.offence) {
            offended(track, sent);
        } else if (sent.is_limit) {
            give_up(track);
        } else if (sent.close) {
            closed(track, sent);
        } else if (act.waits) {
            settle(track);
        } else {
            track.is("pipelined");
        }
    }

    // feed gives the items to the reference, to the first offence or Close; a little of what stands
    // behind goes out too, and nobody may make anything of it.
    Sent feed(const Act& act, Track& track) {
        constexpr std::size_t kTail = 2;
        Sent sent;
        for (const Json& each : act.items) {
            const Json item = canonical(each);
            if (!track.is_over && track.reference.is_inside_frame() && !item.contains("raw")) {
                sent.is_limit =
                    true;  // the rest of a frame would be bytes that a mask key decides on
                break;
            }
            if (!track.is_over) {
                sent.items.push_back(item);
                take(item, track, sent);
                continue;
            }
            if (sent.is_limit || sent.tail == kTail || track.reference.is_inside_frame() ||
                !is_tail(item)) {
                break;
            }
            sent.items.push_back(item);  // with contents of its own: an echo of it is known for one
            sent.items.back()["payload"] = "behind " + std::to_string(++sent.tail);
        }
        return sent;
    }

    static bool is_tail(const Json& item) {
        return item.contains("message")
                   ? !item.contains("compress")
                   : item.contains("frame") && item["frame"] == "ping" && item.size() == 2;
    }

    void take(const Json& item, Track& track, Sent& sent) {
        const ByteString bytes = bytes_of(item, we_mask(), kRecipeSeed);
        sent.size += bytes.size();
        track.begin(item);
        for (Reaction& reaction : track.reference.feed(bytes)) {
            react(std::move(reaction), item, track, sent);
        }
        track.sent.insert(track.sent.end(), bytes.begin(), bytes.end());
        if (!sent.offence || !track.reference.is_inside_message() ||
            track.reference.is_inside_frame()) {
            return;
        }
        // A16: who looks at whole messages has to be given one.
        const Error error = sent.offence->error;
        if (error == Error::invalid_utf8 || error == Error::bad_deflate) {
            sent.items.push_back({{"frame", "continuation"}, {"payload", ""}});
        }
    }

    void react(Reaction reaction, const Json& item, Track& track, Sent& sent) {
        switch (reaction.kind) {
            case Reaction::Kind::message:
                // Nobody has to take the one (A25), and the other is no stream, or is (A36).
                if (reaction.payload.size() > kEnormous ||
                    (track.in_compressed && (reaction.payload.empty() || track.refers_back()))) {
                    track.is_over = sent.is_limit = true;
                    out_.tags.insert("open");
                    break;
                }
                track.owe(reaction, setting_.echoes);
                break;
            case Reaction::Kind::ping:
                track.pongs.push_back(recipe_for(
                    reaction.payload,
                    item.contains("payload") ? Json::array({item["payload"]}) : Json::array()));
                break;
            case Reaction::Kind::close:
                sent.close = reaction;
                track.is_over = true;
                break;
            case Reaction::Kind::failure:
                fail(reaction.error, item, track, sent);
                break;
        }
    }

    void fail(Error error, const Json& item, Track& track, Sent& sent) {
        track.is_over = true;
        // The reference calls a control frame long by the form of its length; A20 looks at the
        // length.
        const bool is_form = error == Error::long_control && item.contains("length") &&
                             payload_of(item).size() <= kControlMax;
        // A stream that is merely cut is one that others may take for whole.
        const bool is_unclear = (error == Error::long_control && item.contains("raw")) ||
                                (error == Error::bad_deflate && !track.is_corrupt());
        if (info(error).kind == ErrorKind::limit || is_unclear || answers_twice(item, track)) {
            sent.is_limit = true;
            return;
        }
        sent.items.back()["offence"] = true;
        sent.offence = Offence{.error = is_form ? Error::length_not_minimal : error,
                               .item = item,
                               .peer = setting_.peer,
                               .deflates = track.deflates,
                               .was_compressed = track.in_compressed};
        if (sent.offence->error == Error::length_not_minimal) {
            sent.taken = taken_from(track, item);
        }
    }

    static ByteString payload_of(const Json& item) {
        return conformance::make_payload(
            {.recipe = nlohmann::json(item.value("payload", Json("")))}, kRecipeSeed);
    }

    // answers_twice: the Pong that is due for an earlier Ping would be taken for one to this.
    static bool answers_twice(const Json& item, const Track& track) {
        return item.value("frame", Json()) == "ping" &&
               std::any_of(track.pongs.begin(), track.pongs.end(), [&](const Json& pong) {
                   return payload_of({{"payload", pong}}) == payload_of(item);
               });
    }

    // taken_from is what comes of an item whose length is too long a form, if that is passed over.
    Json taken_from(const Track& track, Json item) const {
        item.erase("length");
        if (item.contains("declared")) {
            return {};
        }
        ReferencePeer other(setting_.peer, track.deflates);
        static_cast<void>(other.feed(track.sent));
        const std::vector<Reaction> reactions = other.feed(bytes_of(item, we_mask(), kRecipeSeed));
        if (reactions.size() != 1) {
            return {};
        }
        const Reaction& only = reactions.front();
        if (only.kind == Reaction::Kind::message && setting_.echoes) {
            return {{"message", only.opcode == 1 ? "text" : "binary"},
                    {"payload", recipe_for(only.payload, Json::array())}};
        }
        if (only.kind == Reaction::Kind::ping) {
            return {{"pong", recipe_for(only.payload, Json::array())}};
        }
        return {};
    }

    // settle waits for what is due on a connection.
    void settle(Track& track) {
        if (track.is_over) {
            return;
        }
        // A Pong may wait for the end of the message that its Ping stands in (A22).
        const bool holds_pongs =
            track.reference.is_inside_message() || track.reference.is_inside_frame();
        Json pongs = holds_pongs || !(setting_.pongs || setting_.echoes)
                         ? Json::array()
                         : std::exchange(track.pongs, Json::array());
        pongs = up_to_last(pongs);
        Json messages = std::exchange(track.messages, Json::array());
        const bool may_be_refused = std::exchange(track.has_large, false);
        if (!messages.empty()) {
            track.pongs = Json::array();  // a Pong that came already is passed over
        }
        if (!pongs.empty() && !messages.empty() && !may_be_refused) {
            messages.push_back({{"pongs", pongs}});
            expect(track, {{"unordered", messages}}, row_of_echo(track.features));
        } else if (!messages.empty()) {
            for (const Json& message : messages) {
                expect(track, may_be_refused ? or_refused(message) : message,
                       row_of_echo(track.features));
            }
        } else if (!pongs.empty()) {
            expect(track, pongs.size() == 1 ? Json({{"pong", pongs[0]}}) : Json({{"pongs", pongs}}),
                   row_of_pong(track.features));
        }
        if (track.pongs.empty()) {
            track.features.clear();
        }
    }

    // or_refused: a limit of the peer's ends the case (A25, A27).
    static Json or_refused(const Json& message) {
        const auto limit = [](Json what) {
            what["verdict"] = "unsupported";
            what["because"] = "A25";
            what["note"] = "a limit of the peer's";
            return what;
        };
        return {{"any", Json::array({message, limit({{"close", Json::array({1009, 1008})}})})}};
    }

    Json allowed(const Track& track) const {
        Json list = track.messages;
        for (const Json& pong : track.pongs) {
            list.push_back({{"pong", pong}});
        }
        return list;
    }

    void offended(Track& track, const Sent& sent) {
        const Offence& offence = *sent.offence;
        const std::string frame = !offence.item.contains("frame") ? ""
                                  : offence.item["frame"].is_string()
                                      ? offence.item["frame"].get<std::string>()
                                      : "reserved";
        out_.tags.insert("offence:" + std::string(info(offence.error).name) +
                         (frame.empty() ? "" : ":" + frame));
        if (sent.tail > 0) {
            out_.tags.insert("tail");
        }
        // Who waits for the whole frame waits for ever, but for a length that cannot be.
        if (track.reference.is_inside_frame() && offence.error != Error::length_msb_set) {
            give_up(track);
            return;
        }
        Json answer = answer_to(offence, allowed(track), sent.taken);
        if (answer.is_null() || (sent.tail > 0 && !sent.taken.is_null())) {
            give_up(track);
            return;
        }
        expect(track, std::move(answer), row_of(offence));
    }

    void closed(Track& track, const Sent& sent) {
        out_.tags.insert("close");
        const Json before = allowed(track);
        if (sent.tail > 0 || !before.empty()) {
            Json list = before;
            for (std::size_t i = sent.items.size() - sent.tail; i < sent.items.size(); ++i) {
                const Json& item = sent.items[i];
                list.push_back(item.contains("message") ? Json({{"message", item["message"]},
                                                                {"payload", item["payload"]}})
                                                        : Json({{"pong", item["payload"]}}));
            }
            out_.tags.insert(sent.tail > 0 ? "behind-close" : "message-and-close");
            expect(track, {{"failure", Json::array({1000, "empty"})}, {"allow", list}},
                   sent.tail > 0 ? "6455-5.5.1-6" : "6455-5.5.1-7");
            return;
        }
        expect(track, answer_to_close(sent.close->code), "6455-5.5.1-7");
        if (sent.close->code.value_or(1000) >= 1012) {
            return;  // what was refused has ended already
        }
        expect(track, {{"eof", true}},
               setting_.peer == Role::server ? "6455-5.5.1-14" : "6455-5.5.1-13");
        if (setting_.peer == Role::client) {
            out_.steps.back()["otherwise"] = "non-strict";
            out_.steps.back()["because"] = "A17";
        }
    }

    // give_up: the RFC leaves open what comes of this; others must not suffer from it.
    void give_up(Track& track) {
        add(track, {{"pause_ms", kMoment}});
        if (setting_.many_connections) {
            out_.steps.push_back({{"canary", true}});
            out_.rows.insert(out_.rows.begin(), "6455-10.4-1");
            need("connections");
        }
        add(track, {{"drop", true}});
        track.is_over = true;
    }

    void expect(Track& track, Json what, const std::string& row) {
        Json step = {{"expect", std::move(what)}};
        cite(step, row);
        add(track, std::move(step));
    }

    void cite(Json& step, const std::string& row) {
        step["requires"] = row;
        out_.rows.insert(out_.rows.begin(), row);
    }

    void add(const Track& track, Json step) {
        if (track.name != "main") {
            Json named = {{"on", track.name}};
            named.update(step);
            step = std::move(named);
        }
        out_.steps.push_back(std::move(step));
    }
    void need(const std::string& what) {
        if (std::find(out_.needs.begin(), out_.needs.end(), what) == out_.needs.end()) {
            out_.needs.push_back(what);
        }
    }

    void finish() {
        std::vector<std::string> rows;
        for (const std::string& row : out_.rows) {
            if (std::find(rows.begin(), rows.end(), row) == rows.end()) {
                rows.push_back(row);
            }
        }
        if (rows.empty()) {
            rows.emplace_back("6455-7.1.1-1");
        }
        out_.rows = std::move(rows);
        out_.steps = canonical(std::move(out_.steps));
        if (setting_.echoes && out_.steps.dump().find("{\"message\"") != std::string::npos) {
            need("echo");
        }
    }

    [[nodiscard]] bool we_mask() const noexcept { return setting_.peer == Role::server; }
    const Setting& setting_;
    Prediction out_{};
    std::list<Track> tracks_{};
};

}  // namespace

Prediction predict(const Program& program, const Setting& setting) {
    return Predictor(setting).predict(program);
}

}  // namespace wsproof::netfuzz
