// The report for people who were not there: one HTML file for a target, which needs no network, and
// a matrix that links to many of them. Drawn by conformance/report/*.js from data inside the file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// PageOptions is what a run itself does not know of its page.
struct PageOptions {
    std::string name{};                // of the target, for people; empty: run.target
    std::string tool{};                // what judged; empty: this wsproof
    std::string home{};                // the file of the matrix, as it is linked to; empty: none
    std::size_t size_max = 1'000'000;  // bytes
};

// html_page: passes without a transcript, others with one of at most 4 KiB; less if the page would
// be over `options.size_max` otherwise.
[[nodiscard]] std::string html_page(const RunResult& run, const Catalogue& catalogue,
                                    const PageOptions& options = {});

// html_live: the page by which `wsproof serve` judges the browser that opens it. Its script is the
// client; what it plays it asks of where it came from, see page_request.hpp. `command` plays a case
// again, without its id.
[[nodiscard]] std::string html_live(const std::vector<const Case*>& cases,
                                    const Catalogue& catalogue, const std::string& command);

// MatrixTarget is a column of the matrix.
struct MatrixTarget {
    std::string name;
    std::string file;  // of its page, as it is linked to
    std::string tool;
    const RunResult* run = nullptr;
};

// html_matrix: scenarios x targets, by section. `targets` has at least one.
[[nodiscard]] std::string html_matrix(const std::vector<MatrixTarget>& targets,
                                      const Catalogue& catalogue, const std::string& title);

}  // namespace wsproof::conformance
