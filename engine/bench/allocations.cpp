// glibc lets a program replace malloc and friends for itself and all its libraries, and keeps its
// own under other names. Not atomic: the benchmarks have one thread.
#include "allocations.hpp"

#include <malloc.h>

#include <cerrno>

namespace {

std::uint64_t made_count = 0;
bool is_holding = false;
std::int64_t held_size = 0;  // bytes

void* count(void* memory) noexcept {
    ++made_count;
    if (is_holding && memory != nullptr) {
        held_size += static_cast<std::int64_t>(malloc_usable_size(memory));
    }
    return memory;
}

void uncount(void* memory) noexcept {
    if (is_holding && memory != nullptr) {
        held_size -= static_cast<std::int64_t>(malloc_usable_size(memory));
    }
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): these are glibc's names.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) {
    return count(__libc_malloc(size));
}
void* calloc(std::size_t number, std::size_t size) {
    return count(__libc_calloc(number, size));
}
void* realloc(void* memory, std::size_t size) {
    uncount(memory);
    return count(__libc_realloc(memory, size));
}
void* memalign(std::size_t alignment, std::size_t size) {
    return count(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = memalign(alignment, size);
    return *memory != nullptr ? 0 : ENOMEM;
}
void free(void* memory) {
    uncount(memory);
    __libc_free(memory);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)

namespace wsproof::bench {

std::uint64_t allocation_count() noexcept {
    return made_count;
}

Held::Held() noexcept {
    held_size = 0;
    is_holding = true;
}

Held::~Held() {
    is_holding = false;
}

std::int64_t Held::size() const noexcept {
    return held_size;
}

}  // namespace wsproof::bench
