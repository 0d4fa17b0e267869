// What this processor offers beyond what every x86-64 has.
#pragma once

namespace difflm {

// True where the kernels can run: they are compiled for AVX512, and their products want bfloat16 (AVX512-BF16, better AMX).
inline bool has_avx512_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}

}  // namespace difflm
