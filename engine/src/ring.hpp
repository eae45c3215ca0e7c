// A queue in a ring of memory: it grows when it must and allocates nothing in steady state, which
// std::deque does not promise.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wsproof {

template <typename T>
class Ring {
  public:
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // operator[]: 0 is the front. The index must be below size().
    [[nodiscard]] T& operator[](std::size_t index) noexcept {
        assert(index < size_);
        return slots_[slot(index)];
    }
    [[nodiscard]] T& front() noexcept { return (*this)[0]; }
    [[nodiscard]] T& back() noexcept { return (*this)[size_ - 1]; }

    // reserve: the next `count` pushes allocate nothing.
    void reserve(std::size_t count) {
        while (slots_.size() - size_ < count) {
            grow();
        }
    }
    void push_back(const T& value) {
        reserve(1);
        slots_[slot(size_)] = value;
        ++size_;
    }
    void push_front(const T& value) {
        reserve(1);
        begin_ = slot(slots_.size() - 1);
        slots_[begin_] = value;
        ++size_;
    }
    void pop_front() noexcept {
        assert(size_ > 0);
        begin_ = slot(1);
        --size_;
    }
    void pop_back() noexcept {
        assert(size_ > 0);
        --size_;
    }
    // erase moves what is behind `index` forward: linear.
    void erase(std::size_t index) noexcept {
        for (std::size_t i = index; i + 1 < size_; ++i) {
            (*this)[i] = (*this)[i + 1];
        }
        pop_back();
    }

    // release gives the memory back; nothing is in it.
    void release() noexcept {
        assert(size_ == 0);
        slots_ = std::vector<T>();
        begin_ = 0;
    }

  private:
    [[nodiscard]] std::uint32_t slot(std::size_t index) const noexcept {
        return static_cast<std::uint32_t>((begin_ + index) & (slots_.size() - 1));
    }
    void grow() {
        std::vector<T> larger(slots_.empty() ? 4 : 2 * slots_.size());
        for (std::size_t i = 0; i < size_; ++i) {
            larger[i] = (*this)[i];
        }
        slots_ = std::move(larger);
        begin_ = 0;
    }

    std::vector<T> slots_;  // its size is a power of two
    std::uint32_t begin_ = 0;
    std::uint32_t size_ = 0;
};

}  // namespace wsproof
