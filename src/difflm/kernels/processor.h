// What this processor offers, and the levels of instructions that the kernels are written for.
#pragma once

#include <string>

namespace difflm {

// Each level includes all of those before it.
enum class Instructions {
  plain,        // what every processor of this architecture has; products in float32
  avx2,         // vectors of 8 numbers, fused multiply-add
  avx512,       // vectors of 16 numbers
  avx512_bf16,  // products in bfloat16
  amx,          // products in bfloat16 by the matrix unit
};

// The highest level that this processor and operating system offer. Asks the latter once for permission to use the
// matrix unit.
Instructions best_instructions();

// "auto" is the best level; a name above the best throws a usage error that names `option`.
Instructions choose_instructions(const std::string& name, const std::string& option);

std::string name_of(Instructions level);

}  // namespace difflm
