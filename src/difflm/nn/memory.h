// Memory for training: large temporaries are kept for reuse instead of being returned to the system after each operation.
//
// glibc returns blocks above 128 KiB at once, so every fresh activation costs page faults: a third of a small training step.
#pragma once

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace difflm {

// Affects the whole process, so programs call it (the difflm command does), not the library.
inline void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace difflm
