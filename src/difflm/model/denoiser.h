// Denoisers: the network. Features of a noisy latent and its noise level -> an output that the parametrisation reads. A family.
#pragma once

#include "difflm/core/family.h"
#include "difflm/nn/torch.h"

namespace difflm {

struct DenoiserShape {
  int64_t inputs = 0;      // channels of the features
  int64_t outputs = 0;     // channels of the output, D
  int64_t max_length = 0;  // longest sequence
  std::vector<std::string> positions;
  const Config* config = nullptr;  // for the options of the positions
};

class Denoiser : public torch::nn::Module {
 public:
  // features [B,T,inputs], time [B] (0 .. 1000) -> [B,T,outputs]
  virtual Tensor forward(const Tensor& features, const Tensor& time) = 0;
};

// Values of sequences [B,C], broadcast to add to [B,T,C]: [B,1,C].
inline Tensor broadcast_to_positions(const Tensor& values) { return values.unsqueeze(1); }

using DenoiserFamily = Family<Denoiser, const DenoiserShape&>;
const DenoiserFamily& denoisers();  // model.denoiser

}  // namespace difflm
