// Clients that are started by a command, once a visit (tools/shims/PORTING.md).
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "client.hpp"

namespace wsproof::conformance {

class LaunchedClients final : public Clients {
  public:
    // `words` is the command, with {url} where the URL goes.
    explicit LaunchedClients(std::vector<std::string> words) : words_(std::move(words)) {}

    [[nodiscard]] std::unique_ptr<Visit> visit(const ClientWishes& wishes) override;
    [[nodiscard]] bool listens() const noexcept override { return true; }

  private:
    std::vector<std::string> words_;
    std::atomic<int> lingered_{0};  // how many did not end by themselves
};

}  // namespace wsproof::conformance
