// Invariant: of a URL that the Hub opens, what it connects to and asks for is what the judge reads
// in it, and is legal in a request; an authority and a target that pass are whole.
#include <string>
#include <wsproof/hub.hpp>

#include "input.hpp"
#include "play.hpp"
#include "require.hpp"
#include "setting.hpp"
#include "target.hpp"
#include "uri.hpp"
#include "wire/http_request.hpp"

namespace {

using namespace wsproof;
using fuzz::require;

void check_uri(std::string_view text) {
    const AbsoluteUri uri = split_absolute_uri(text);
    if (uri.authority.empty()) {
        require(uri.path_and_query.empty(), "no URI has no parts");
        return;
    }
    require(text.ends_with(std::string(uri.authority) + std::string(uri.path_and_query)),
            "a URI is made of its parts");
    require(is_authority(uri.authority), "an authority is one");
    const std::string name = "/" + std::string(uri.path_and_query);
    require(is_resource_name(name), "a path is a resource name");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const std::string_view url = fuzz::text(input.rest());
    check_uri(url);
    fuzz::FixedEntropy entropy;
    Hub hub(Options{}, entropy, Time{});
    const auto opened = hub.open(url, 1);
    if (!opened) {
        return 0;
    }
    const auto destination = hub.destination(opened.value);
    require(static_cast<bool>(destination), "what is opened has a destination");
    const auto judged = conformance::parse_target(url);
    if (judged.error.empty()) {  // it is stricter about schemes and ports that are written oddly
        require(judged.target.host == destination.value.host &&
                    judged.target.port == destination.value.port &&
                    judged.target.is_secure == destination.value.tls,
                "Hub and judge connect to the same place");
    }
    require(!hub.connected(opened.value, {}, {}), "it can be connected");
    fuzz::Buffer bytes;
    for (const Bytes piece : hub.output(opened.value)) {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    conformance::wire::HttpRequestReader reader;
    conformance::wire::ByteView in = bytes;
    const auto request = reader.next(in);
    require(request && request->deviations.empty() && in.empty(), "a URL makes one request");
    require(is_resource_name(request->target), "RFC 6455 §3: a request has a resource name");
    require(request->values("Host").size() == 1 && is_authority(request->values("Host").front()),
            "a request has a Host");
    require(!judged.error.empty() || request->target == judged.target.resource,
            "Hub and judge ask for the same");
    return 0;
}
