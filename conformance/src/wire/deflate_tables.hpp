// The numbers of RFC 1951 §3.2.5 to §3.2.7 that reader and writer of DEFLATE share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wsproof::conformance::wire {

constexpr std::size_t kDeflateWindow = 32768;  // bytes: the largest distance
constexpr int kEndOfBlock = 256;
constexpr std::size_t kLengthMax = 258;

struct Range {
    std::uint16_t base = 0;
    std::uint8_t extra_bits = 0;
};

// Length codes 257 to 285.
constexpr std::array<Range, 29> kLengths = {
    {{3, 0},  {4, 0},  {5, 0},  {6, 0},   {7, 0},   {8, 0},   {9, 0},   {10, 0},  {11, 1}, {13, 1},
     {15, 1}, {17, 1}, {19, 2}, {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},  {51, 3}, {59, 3},
     {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};

// Distance codes 0 to 29.
constexpr std::array<Range, 30> kDistances = {
    {{1, 0},     {2, 0},     {3, 0},     {4, 0},      {5, 1},      {7, 1},
     {9, 2},     {13, 2},    {17, 3},    {25, 3},     {33, 4},     {49, 4},
     {65, 5},    {97, 5},    {129, 6},   {193, 6},    {257, 7},    {385, 7},
     {513, 8},   {769, 8},   {1025, 9},  {1537, 9},   {2049, 10},  {3073, 10},
     {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};

// The order in which a dynamic block tells the lengths of its code length codes.
constexpr std::array<std::uint8_t, 19> kCodeLengthOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                           11, 4,  12, 3, 13, 2, 14, 1, 15};

// fixed_code_length is the number of bits of a literal or length code in a fixed block.
constexpr std::uint8_t fixed_code_length(int symbol) {
    return symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
}

}  // namespace wsproof::conformance::wire
