#include "report_html.hpp"

#include <array>
#include <span>

#include "report_assets.hpp"
#include "report_html_data.hpp"
#include "report_html_matrix.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

// in_script: JSON that can stand inside a script element whatever its strings hold.
std::string in_script(const Json& json) {
    std::string safe;
    for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
        switch (c) {
            case '<':
                safe += "\\u003c";
                break;
            case '>':
                safe += "\\u003e";
                break;
            case '&':
                safe += "\\u0026";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

std::string in_text(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    }
    return safe;
}

// hash_of is how a content security policy names what it lets in.
std::string hash_of(const std::string& text) {
    const std::string hex = wire::sha256(std::as_bytes(std::span(text)));
    wire::ByteString bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return "sha256-" + wire::base64(bytes);
}

// page fills the places of page.html. What is filled in is not searched for places again.
// `policy` lets it do more than draw.
std::string page(const std::string& title, const std::string& script, const std::string& data,
                 const std::string& policy = {}) {
    const std::string style(assets::kCss);
    const std::vector<std::pair<std::string_view, std::string>> places = {
        {"{{style hash}}", hash_of(style)},
        {"{{script hash}}", hash_of(script)},
        {"{{policy}}", policy},
        {"{{title}}", in_text(title)},
        {"{{style}}", style},
        {"{{data}}", data},
        {"{{script}}", script}};
    std::string text;
    std::string_view rest = assets::kHtml;
    for (const auto& [place, content] : places) {
        const std::size_t at = rest.find(place);
        text += rest.substr(0, at);
        text += content;
        rest.remove_prefix(at + place.size());
    }
    return text + std::string(rest);
}

std::string script_of(std::string_view last) {
    return std::string(assets::kDom) + std::string(assets::kWire) + std::string(last);
}

}  // namespace

std::string html_page(const RunResult& run, const Catalogue& catalogue,
                      const PageOptions& options) {
    // From the most that a case may have to what always fits.
    constexpr std::array<PageBudget, 6> kBudgets = {
        {{4096, 400}, {2048, 300}, {1024, 200}, {512, 120}, {0, 80}, {0, 30}}};
    const std::string name = options.name.empty() ? run.target : options.name;
    const std::string script = script_of(assets::kPage);
    std::string text;
    for (const PageBudget& budget : kBudgets) {
        text =
            page("wsproof: " + name, script, in_script(page_data(run, catalogue, options, budget)));
        if (text.size() <= options.size_max) {
            break;
        }
    }
    return text;
}

std::string html_live(const std::vector<const Case*>& cases, const Catalogue& catalogue,
                      const std::string& command) {
    const std::string script = script_of(assets::kPage) + std::string(assets::kLive);
    // Not every browser takes 'self' for ws: too.
    return page("wsproof: this browser", script,
                in_script(live_data(cases, catalogue, "this browser", command)),
                "; connect-src 'self' ws:");
}

std::string html_matrix(const std::vector<MatrixTarget>& targets, const Catalogue& catalogue,
                        const std::string& title) {
    return page(title, script_of(assets::kMatrix),
                in_script(matrix_data(targets, catalogue, title)));
}

}  // namespace wsproof::conformance
