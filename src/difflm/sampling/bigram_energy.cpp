#include "difflm/sampling/bigram_energy.h"

#include <fmt/format.h>

#include "difflm/core/error.h"
#include "difflm/data/prepared.h"

namespace difflm {
namespace {

constexpr Token kLargest = 8192;  // tokens: a table of 256 MB
constexpr double kDiscount = 0.75;
constexpr double kFloor = 1e-4;  // of a ratio, so that a pair never seen is unlikely, not impossible

}  // namespace

Tensor bigram_counts(const std::vector<PackedSequence>& sequences, Token vocabulary, Frame frame) {
  Tensor counts = torch::zeros({vocabulary, vocabulary});
  auto access = counts.accessor<float, 2>();
  for (const auto& packed : sequences) {
    const Sequence& sequence = packed.tokens;
    if (sequence.empty()) continue;
    for (size_t i = 1; i < sequence.size(); ++i) access[sequence[i - 1]][sequence[i]] += 1;
    if (frame != Frame::whole) continue;
    if (packed.first == 0) access[kStart][sequence.front()] += 1;
    if (packed.ends) access[sequence.back()][kEnd] += 1;
  }
  return counts;
}

Tensor bigram_ratios(const Tensor& counts) {
  const Tensor total = counts.sum(1, /*keepdim=*/true);  // [V,1]
  const Tensor kinds = (counts > 0).to(torch::kFloat32);
  const Tensor unigram = counts.sum(0) / counts.sum();         // [V]
  const Tensor continuation = kinds.sum(0) / kinds.sum();      // [V]
  const Tensor rest = kDiscount * kinds.sum(1, true) / total;  // [V,1]
  const Tensor conditional = (counts - kDiscount).clamp_min(0) / total + rest * continuation;
  const Tensor known = torch::logical_and(total > 0, unigram > 0);
  return torch::where(known, conditional / unigram, torch::ones_like(counts)).clamp_min(kFloor);
}

Tensor BigramEnergy::messages(const Tensor& probabilities) const {
  const int64_t rows = probabilities.size(0);
  const int64_t length = probabilities.size(1);
  const auto end = [&](const Tensor& ratios) {  // [V] -> [B,1,V]
    return (framed_by_ends_ ? ratios : torch::ones_like(ratios)).view({1, 1, -1}).expand({rows, 1, ratios.size(0)});
  };
  const Tensor left = torch::matmul(probabilities.narrow(1, 0, length - 1), ratios_);
  const Tensor right = torch::matmul(probabilities.narrow(1, 1, length - 1), ratios_.t());
  return torch::cat({end(ratios_.select(0, kStart)), left}, 1).log() + torch::cat({right, end(ratios_.select(1, kEnd))}, 1).log();
}

BigramEnergy bigram_energy_of(const Run& run, const torch::Device& device) {
  const Token vocabulary = run.tokenizer->size();
  if (vocabulary > kLargest) {
    throw usage_error(
        "sampling.fluency",
        fmt::format("needs a table of all pairs of {} tokens, expected a vocabulary of at most {}", vocabulary, kLargest),
        "sample with sampling.fluency=0, or train with a smaller vocabulary");
  }
  const std::string folder = prepared_folder(run.config, run.folder);
  if (!is_prepared(folder)) {
    throw failure("sampling.fluency", "needs the texts the run was trained on, but they are not in " + folder,
                  "sample with sampling.fluency=0");
  }
  const auto sequences = run.packing->pack(open_prepared(folder).training, run.length, 0, nullptr);
  const Frame frame = run.packing->frame();
  return {bigram_ratios(bigram_counts(sequences, vocabulary, frame)).to(device), frame == Frame::whole};
}

}  // namespace difflm
