// The three ways to compute the same thing: difflm's fused kernels, LibTorch's operators under bfloat16 autocast, and LibTorch's
// operators in float32.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/nn/torch.h"

namespace difflm::bench {

struct Way {
  std::string name;
  bool kernels;   // fused kernels where there are some
  bool autocast;  // matrix products in bfloat16
};

inline const Way kFused = {"fused", true, true};
inline const Way kEagerBfloat16 = {"eager bfloat16", false, true};
inline const Way kEagerFloat32 = {"eager float32", false, false};

// The first is what the others are compared with.
inline const std::vector<Way>& ways() {
  static const std::vector<Way> all = {kFused, kEagerBfloat16, kEagerFloat32};
  return all;
}

// The section `runtime` of a configuration.
std::string runtime_toml(const Way& way);

// Lets a part of a model compute in this way, as `runtime_toml` does for a whole model.
void use_way(const Way& way, const std::shared_ptr<torch::nn::Module>& part);

// Counts a change of each tensor, whose values stay the same: whatever a way keeps of them between calls must be made again.
void mark_changed(const std::vector<Tensor>& tensors);

}  // namespace difflm::bench
