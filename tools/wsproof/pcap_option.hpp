// --pcap FILE: what went over each connection, for Wireshark.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "capture.hpp"

namespace wsproof::tools {

void add_pcap_option(CLI::App& command, std::string& file);

// PcapFile is the file while a command runs.
class PcapFile {
  public:
    // Without a name there is none.
    explicit PcapFile(const std::string& file);
    [[nodiscard]] const std::string& error() const noexcept { return error_; }
    [[nodiscard]] conformance::Capture* get() const noexcept { return capture_.get(); }
    // finish gives `exit_code`, or another if the file could not be written.
    [[nodiscard]] int finish(int exit_code);

  private:
    std::string error_{};
    std::unique_ptr<conformance::Capture> capture_{};
};

}  // namespace wsproof::tools
