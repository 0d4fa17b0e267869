#include "difflm/sampling/mixed_decoder.h"

#include "difflm/data/prepared.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/ruled_out.h"
#include "difflm/sampling/token_draw.h"

namespace difflm {
namespace {

const char* const kOption = "sampling.mixed.autoregressive";

// Log-frequencies of the tokens of the training texts, [V].
Tensor log_frequencies(const Run& run) {
  const std::string folder = prepared_folder(run.config, run.folder);
  if (!is_prepared(folder)) {
    throw failure(folder, "does not hold the texts the run was trained on, whose tokens mixed decoding counts",
                  "sample with another sampling.rounding");
  }
  Tensor counts = torch::full({run.tokenizer->size()}, 1.0);
  auto access = counts.accessor<float, 1>();
  for (const auto& text : open_prepared(folder).training) {
    for (const Token token : text) access[token] += 1;
  }
  return (counts / counts.sum()).log();
}

}  // namespace

void MixedOptions::describe(OptionVisitor& visitor) {
  visitor.field("autoregressive", autoregressive, "the run folder of an autoregressive model of the same texts and vocabulary");
  visitor.field("weight", weight, "weight of what the autoregressive model adds; 0: nothing", {0, 10});
  visitor.field("from", from, "noise level u at which the diffusion ends and tokens are written; 0: not before its last step",
                {0, 1});
}

MixedDecoder::MixedDecoder(const Run& run)
    : options_(read_options<MixedOptions>(run.config, "sampling.mixed")),
      reader_(options_.autoregressive, kOption),
      frame_(run.packing->frame()) {
  reader_.check_reads(*run.tokenizer, *run.packing, kOption);
  const torch::Device device = use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *reader_.run().model);
  log_frequencies_ = log_frequencies(run).to(device);
}

Rounding::Rounded MixedDecoder::decode(const Tensor& logits, const Tensor& standing, double temperature,
                                       std::vector<RandomStream>& random) const {
  const int64_t rows = logits.size(0);
  const int64_t length = logits.size(1);
  const auto integers = torch::TensorOptions().dtype(torch::kInt64).device(logits.device());
  const Tensor own = (logits / temperature).log_softmax(-1);  // [B,T,V]
  const Tensor stands = standing.defined() ? standing.to(torch::kCPU) : torch::full({rows, length}, -1, torch::kInt64);
  const Tensor never = torch::tensor(never_drawn(frame_), torch::kInt64).to(logits.device());
  // The first token of a framed sequence is START, which has no predecessor.
  Tensor before = frame_ == Frame::framed ? torch::empty({rows, 0}, integers) : torch::full({rows, 1}, kStart, integers);
  Rounding::Rounded best = {torch::empty({rows, length}, torch::kInt64), torch::empty({rows, length})};
  for (int64_t at = 0; at < length; ++at) {
    Tensor mixed = own.select(1, at);
    if (before.size(1) > 0) {
      mixed = mixed + options_.weight * ((reader_.next_logits(before) / temperature).log_softmax(-1) - log_frequencies_);
    }
    mixed = mixed.index_fill(1, never, -INFINITY);
    const TokenDraw distribution(mixed.softmax(-1));
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t drawn = distribution.draw(row, random[static_cast<size_t>(row)]);
      const auto stood = stands[row][at].item<int64_t>();
      best.tokens[row][at] = stood >= 0 ? stood : drawn;
      best.probability[row][at] = stood >= 0 ? 1.0 : distribution.probability(row, drawn);
    }
    before = torch::cat({before, best.tokens.narrow(1, at, 1).to(logits.device())}, 1);
  }
  return best;
}

}  // namespace difflm
