// Mixed precision: matrix products in bfloat16, everything else unchanged.
//
// This file isolates the names that changed between LibTorch 1.13 and 2.4.
#pragma once

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include "difflm/nn/torch.h"

namespace difflm {

// True where bfloat16 matrix products run in hardware: AVX512-BF16 or AMX on x86, and every CUDA device.
inline bool has_bfloat16(const torch::Device& device) {
  if (device.is_cuda()) return true;
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

// While it lives, matrix products of this thread on `device` run in bfloat16 if `enabled`. Gradients come back in float32.
class Autocast {
 public:
  Autocast(bool enabled, const torch::Device& device) : type_(device.type()), previous_(is_enabled(type_)) { set(type_, enabled); }
  ~Autocast() {
    set(type_, previous_);
    if (!previous_) at::autocast::clear_cache();
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  static bool is_enabled(torch::DeviceType type) { return at::autocast::is_autocast_enabled(type); }
  static void set(torch::DeviceType type, bool enabled) {
    at::autocast::set_autocast_enabled(type, enabled);
    at::autocast::set_autocast_dtype(type, torch::kBFloat16);
  }
#else
  static bool is_enabled(torch::DeviceType type) {
    return type == torch::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
  }
  static void set(torch::DeviceType type, bool enabled) {
    if (type == torch::kCPU) {
      at::autocast::set_cpu_enabled(enabled);
      at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
    } else {
      at::autocast::set_enabled(enabled);
      at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
    }
  }
#endif

 private:
  torch::DeviceType type_;
  bool previous_;
};

}  // namespace difflm
