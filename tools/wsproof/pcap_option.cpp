#include "pcap_option.hpp"

#include <iostream>

#include "commands.hpp"

namespace wsproof::tools {

void add_pcap_option(CLI::App& command, std::string& file) {
    command
        .add_option("--pcap", file,
                    "Write each connection there as a packet capture for Wireshark; of wss what is "
                    "inside, on port 80")
        ->type_name("FILE");
}

PcapFile::PcapFile(const std::string& file) {
    if (!file.empty()) {
        capture_ = conformance::Capture::open(file, error_);
    }
}

int PcapFile::finish(int exit_code) {
    if (capture_ == nullptr) {
        return exit_code;
    }
    if (const std::string error = capture_->finish(); !error.empty()) {
        std::cerr << "wsproof: " << error << '\n';
        return exit_code == kConforms ? kHarnessFault : exit_code;
    }
    return exit_code;
}

}  // namespace wsproof::tools
