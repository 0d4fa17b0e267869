#include "difflm/kernels/tile_kernels.h"

namespace difflm {

#ifdef DIFFLM_X86

namespace avx512_bf16 {
extern const TileKernels tile_table;
}

namespace amx {
extern const TileKernels tile_table;
}

const TileKernels* tile_kernels(Instructions level) {
  if (level == Instructions::amx) return &amx::tile_table;
  return level == Instructions::avx512_bf16 ? &avx512_bf16::tile_table : nullptr;
}

#else

const TileKernels* tile_kernels(Instructions) { return nullptr; }

#endif

}  // namespace difflm
