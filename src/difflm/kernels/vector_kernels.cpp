#include "difflm/kernels/vector_kernels.h"

#include "difflm/kernels/tile_kernels.h"

namespace difflm {

namespace plain {
extern const VectorKernels table;
}

#ifdef DIFFLM_X86

namespace avx2 {
extern const VectorKernels table;
}

namespace avx512 {
extern const VectorKernels table;
}

namespace {

template <Instructions kLevel>
const VectorKernels& table_with_tiles() {
  static const VectorKernels table = [] {
    const TileKernels& tiles = *tile_kernels(kLevel);
    VectorKernels mixed = avx512::table;
    mixed.attention_scratch = tiles.attention_scratch;
    mixed.attend = tiles.attend;
    mixed.attend_backward = tiles.attend_backward;
    return mixed;
  }();
  return table;
}

}  // namespace

const VectorKernels& vector_kernels(Instructions level) {
  switch (level) {
    case Instructions::plain:
      return plain::table;
    case Instructions::avx2:
      return avx2::table;
    case Instructions::avx512:
      return avx512::table;
    case Instructions::avx512_bf16:
      return table_with_tiles<Instructions::avx512_bf16>();
    case Instructions::amx:
      return table_with_tiles<Instructions::amx>();
  }
  return plain::table;
}

#else

const VectorKernels& vector_kernels(Instructions) { return plain::table; }

#endif

}  // namespace difflm
