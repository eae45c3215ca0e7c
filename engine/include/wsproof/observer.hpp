// Observer: sees the frames of a connection go by, for logs, statistics and tests.
#pragma once

#include <wsproof/frame.hpp>

namespace wsproof {

// Observer is called from within calls to the Connection, and must not call it. It outlives it.
class Observer {
  public:
    // received: the header is complete and breaks no rule; its payload is yet to come.
    virtual void received(const FrameHeader& header) noexcept = 0;
    // sent: the frame has been queued.
    virtual void sent(const FrameHeader& header) noexcept = 0;

  protected:
    ~Observer() = default;
};

}  // namespace wsproof
