#include "difflm/kernels/vector_kernels.h"

#ifdef DIFFLM_X86
#include "difflm/kernels/amx/attention.h"
#endif

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

const VectorKernels& amx_table() {
  static const VectorKernels table = [] {
    VectorKernels mixed = avx512::table;
    mixed.attention_scratch = amx::attention_scratch;
    mixed.attend = amx::attend;
    mixed.attend_backward = amx::attend_backward;
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
    case Instructions::avx512_bf16:
      return avx512::table;
    case Instructions::amx:
      return amx_table();
  }
  return plain::table;
}

#else

const VectorKernels& vector_kernels(Instructions) { return plain::table; }

#endif

}  // namespace difflm
