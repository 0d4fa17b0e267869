// The levels of instructions, to run a test at each that the processor has.
#pragma once

#include <array>

#include "difflm/kernels/processor.h"

namespace difflm {

constexpr std::array<Instructions, 5> kAllInstructions = {Instructions::plain, Instructions::avx2, Instructions::avx512,
                                                          Instructions::avx512_bf16, Instructions::amx};

}  // namespace difflm
