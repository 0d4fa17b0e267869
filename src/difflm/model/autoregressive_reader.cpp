#include "difflm/model/autoregressive_reader.h"

#include "difflm/core/error.h"
#include "difflm/model/model_as.h"

namespace difflm {
namespace {

Run open_judge(const std::string& folder, const std::string& option) {
  if (folder.empty()) {
    throw usage_error(option, "is missing, expected the run folder of an autoregressive model with the same vocabulary",
                      "`train` makes one with the preset autoregressive and the same data.* keys");
  }
  return open_run(folder);
}

// One certain token at the edge of every text, [B,1,V].
Tensor edge(Token word, const Tensor& probabilities) {
  return torch::one_hot(torch::full({probabilities.size(0), 1}, word, probabilities.options().dtype(torch::kInt64)),
                        probabilities.size(2))
      .to(probabilities.dtype());
}

}  // namespace

AutoregressiveReader::AutoregressiveReader(const std::string& folder, const std::string& option)
    : run_(open_judge(folder, option)), model_(model_as<AutoregressiveModel>(run_.model, run_.folder, option)) {
  for (auto& parameter : model_->parameters()) parameter.requires_grad_(false);
}

void AutoregressiveReader::check_reads(const Tokenizer& tokenizer, const Packing& packing, const std::string& option) const {
  if (!same_vocabulary(*run_.tokenizer, tokenizer)) {
    throw usage_error(option, run_.folder + " has another vocabulary than the model",
                      "train both on the same texts with the same data.* keys");
  }
  if (run_.packing->frame() != packing.frame()) {
    throw usage_error(option, run_.folder + " reads another kind of sequences than the model",
                      "train both with the same data.packing");
  }
}

Tensor AutoregressiveReader::log_probability(const Tensor& tokens) const {
  const NextTokens next = next_tokens(tokens, run_.packing->frame());
  return -model_->nats(next.inputs, next.targets).sum(1).to(torch::kCPU, torch::kFloat64);
}

Tensor AutoregressiveReader::log_likelihood(const Tensor& probabilities) const {
  const int64_t length = probabilities.size(1);
  const Frame frame = run_.packing->frame();
  Tensor inputs = probabilities.narrow(1, 0, length - 1);
  Tensor targets = probabilities;
  if (frame == Frame::framed) {
    targets = probabilities.narrow(1, 1, length - 1);
  } else if (frame == Frame::stream) {
    inputs = torch::cat({edge(kStart, probabilities), inputs}, 1);
  } else {
    inputs = torch::cat({edge(kStart, probabilities), probabilities}, 1);
    targets = torch::cat({probabilities, edge(kEnd, probabilities)}, 1);
  }
  const Tensor scores = model_->logits_of_probabilities(inputs).log_softmax(-1);
  const Tensor scored = 1 - targets.select(-1, kPad);  // PAD is neither scored nor counted
  const Tensor sums = (targets * scores).sum(-1) - targets.select(-1, kPad) * scores.select(-1, kPad);
  return sums.sum(1) / scored.sum(1).clamp_min(1);
}

}  // namespace difflm
