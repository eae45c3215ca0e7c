#include "memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

// Of the time since the last Memory was made. What was taken before can be given back meanwhile:
// the sum may be below zero.
std::ptrdiff_t held_size = 0;
std::ptrdiff_t peak_size = 0;
std::size_t made_count = 0;

}  // namespace

// All forms are replaced: a sanitizer brings its own of those that are not, and compares.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    void* memory = std::malloc(size != 0 ? size : 1);
    if (memory != nullptr) {
        held_size += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
        peak_size = std::max(peak_size, held_size);
        ++made_count;
    }
    return memory;
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
    if (memory != nullptr) {
        held_size -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    }
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

namespace wsproof::fuzz {

Memory::Memory() noexcept {
    held_size = 0;
    peak_size = 0;
    made_count = 0;
}

std::size_t Memory::peak() const noexcept {
    return static_cast<std::size_t>(peak_size);
}

std::size_t Memory::held() const noexcept {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(held_size, 0));
}

std::size_t Memory::count() const noexcept {
    return made_count;
}

}  // namespace wsproof::fuzz
