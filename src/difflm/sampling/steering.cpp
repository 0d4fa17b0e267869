#include "difflm/sampling/steering.h"

namespace difflm {

Tensor to_tensor(const Condition& condition, int64_t rows, int64_t count, const torch::Device& device) {
  if (condition.labels.empty()) return {};
  Tensor labels = torch::zeros({rows, count});
  for (const int64_t label : condition.labels) labels.select(1, label).fill_(1);
  return labels.to(device);
}

}  // namespace difflm
