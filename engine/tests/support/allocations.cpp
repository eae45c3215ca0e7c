#include "allocations.hpp"

#include <cstdlib>
#include <new>

namespace {
std::size_t made_count = 0;
std::size_t held_count = 0;
std::size_t left_to_failure = 0;  // allocations, with the one that fails; 0: none does
}  // namespace

// All forms are replaced: a sanitizer brings its own of those that are not, and compares.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    if (left_to_failure > 0 && --left_to_failure == 0) {
        return nullptr;
    }
    ++made_count;
    ++held_count;
    return std::malloc(size != 0 ? size : 1);
}
void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) {
        return memory;
    }
    throw std::bad_alloc();
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
    return operator new(size, tag);
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void operator delete(void* memory) noexcept {
    held_count -= memory != nullptr ? 1 : 0;
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    operator delete(memory);
}
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
    operator delete(memory);
}
void operator delete[](void* memory) noexcept {
    operator delete(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
    operator delete(memory);
}
void operator delete[](void* memory, const std::nothrow_t& /*tag*/) noexcept {
    operator delete(memory);
}

namespace wsproof::test {

std::size_t allocations_made() noexcept {
    return made_count;
}

std::size_t memory_held() noexcept {
    return held_count;
}

FailingAllocation::FailingAllocation(std::size_t passing) noexcept {
    left_to_failure = passing + 1;
}

FailingAllocation::~FailingAllocation() {
    left_to_failure = 0;
}

bool FailingAllocation::has_failed() const noexcept {
    return left_to_failure == 0;
}

}  // namespace wsproof::test
