#include "difflm/sampling/draft.h"

#include <algorithm>

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/open_words.h"

namespace difflm {
namespace {

Rounding::Rounded where(const Tensor& condition, const Rounding::Rounded& yes, const Rounding::Rounded& no) {
  return {torch::where(condition, yes.tokens, no.tokens), torch::where(condition, yes.probability, no.probability)};
}

// `block` [B,T] after `before` [B,n], which may be undefined.
Rounding::Rounded joined(const Rounding::Rounded& before, const Rounding::Rounded& block) {
  if (!before.tokens.defined()) return block;
  return {torch::cat({before.tokens, block.tokens}, 1), torch::cat({before.probability, block.probability}, 1)};
}

Rounding::Rounded part(const Rounding::Rounded& whole, int64_t begin, int64_t count) {
  return {whole.tokens.narrow(1, begin, count), whole.probability.narrow(1, begin, count)};
}

// [B,T], every token open.
Rounding::Rounded open_tokens(int64_t rows, int64_t length, const torch::Device& device) {
  return {torch::full({rows, length}, -1, torch::TensorOptions().dtype(torch::kInt64).device(device)),
          torch::zeros({rows, length}, torch::TensorOptions().device(device))};
}

}  // namespace

Draft::Draft(const Run& run, std::vector<int64_t> indices, int64_t length, const Tensor& table)
    : run_(run),
      indices_(std::move(indices)),
      length_(length),
      block_(std::min(length, run.length)),
      table_(table),
      committed_(open_tokens(rows(), block_, table.device())),
      given_(torch::zeros({rows(), block_}, torch::TensorOptions().dtype(torch::kBool).device(table.device()))) {}

size_t Draft::blocks() const {
  const int64_t fresh = (block_ + 1) / 2;
  return static_cast<size_t>(1 + (length_ - block_ + fresh - 1) / fresh);
}

void Draft::pin(int64_t row, const Sequence& tokens) {
  if (tokens.empty()) return;
  const auto count = static_cast<int64_t>(tokens.size());
  const std::vector<int64_t> ids(tokens.begin(), tokens.end());
  if (!pins_.defined()) pins_ = torch::full({rows(), length_}, -1, committed_.tokens.options());
  pins_[row].narrow(0, 0, count).copy_(torch::tensor(ids, torch::kInt64));
  commit_pins(row, 1, 0);
}

void Draft::commit_pins(int64_t first, int64_t count, int64_t written) {
  if (!pins_.defined()) return;
  const auto of_rows = [&](const Tensor& tensor) { return tensor.narrow(0, first, count); };
  const Tensor pinned = of_rows(pins_).narrow(1, written, block_);  // [N,T]
  const Tensor stands = pinned >= 0;
  of_rows(committed_.tokens).copy_(torch::where(stands, pinned, of_rows(committed_.tokens)));
  of_rows(committed_.probability).masked_fill_(stands, 1);
  of_rows(given_).logical_or_(stands);
  if (!penalty_.defined() && !(pinned < kOpen).any().item<bool>()) return;
  const Tensor penalties = open_word_penalties(*run_.tokenizer).to(table_.device());  // [3,V]
  if (!penalty_.defined()) {
    penalty_ = torch::zeros({rows(), block_, penalties.size(1)}, torch::TensorOptions().device(table_.device()));
  }
  of_rows(penalty_).copy_(penalties.index_select(0, (-1 - pinned).clamp_min(0).flatten()).view({count, block_, -1}));
}

void Draft::commit(const Rounding::Rounded& rounded, const Tensor& chosen) {
  committed_ = where((committed_.tokens < 0).logical_and(chosen), rounded, committed_);
}

void Draft::open(const Tensor& chosen) { committed_.tokens = committed_.tokens.masked_fill(chosen, -1); }

Tensor Draft::with_committed(const Tensor& latents) const {
  return torch::where(committed().unsqueeze(-1), embed(tokens().clamp_min(0)), latents);
}

Tensor Draft::with_certainty(const Tensor& probabilities) const {
  const Tensor certain = torch::one_hot(tokens().clamp_min(0), table_.size(0)).to(probabilities.dtype());
  return torch::where(committed().unsqueeze(-1), certain, probabilities);
}

Rounding::Rounded Draft::over(const Rounding::Rounded& rounded) const { return where(committed(), committed_, rounded); }

void Draft::go_on(const Rounding::Rounded& finished) {
  const int64_t written = (before_.tokens.defined() ? before_.tokens.size(1) : 0) + block_;
  const int64_t fresh = std::min((block_ + 1) / 2, length_ - written);
  before_ = joined(before_, part(finished, 0, fresh));
  committed_ = joined(part(finished, fresh, block_ - fresh), open_tokens(rows(), fresh, table_.device()));
  given_ = torch::zeros_like(given_);
  commit_pins(0, rows(), before_.tokens.size(1));
}

bool Draft::all_end(const Rounding::Rounded& finished) const {
  return (joined(before_, finished).tokens == int64_t{kEnd}).any(1).all().item<bool>();
}

std::vector<SampledText> Draft::read(const Rounding::Rounded& block, bool finished) const {
  const Rounding::Rounded whole = joined(before_, block);
  const int64_t written = whole.tokens.size(1) - block_;  // in blocks before the present one
  const Tensor probability = whole.probability.to(torch::kCPU, torch::kFloat64).contiguous();
  const Tensor given = given_.to(torch::kCPU).contiguous();
  const Tensor final = finished ? torch::ones_like(given) : committed().to(torch::kCPU).contiguous();
  const auto state_at = [&](int64_t row, int64_t position) {
    if (position < written) return TokenState::committed;
    const int64_t at = row * block_ + position - written;
    if (given.data_ptr<bool>()[at]) return TokenState::given;
    return final.data_ptr<bool>()[at] ? TokenState::committed : TokenState::draft;
  };
  const Tensor ids = whole.tokens.to(torch::kCPU).contiguous();
  const Tensor confidence = whole.probability.mean(1).to(torch::kCPU, torch::kFloat64).contiguous();
  std::vector<SampledText> texts;
  for (size_t row = 0; row < indices_.size(); ++row) {
    const int64_t* first = ids.data_ptr<int64_t>() + static_cast<int64_t>(row) * ids.size(1);
    const std::vector<Token> sequence(first, first + ids.size(1));
    SampledText text;
    text.index = indices_[row];
    for (const size_t position : run_.packing->positions(sequence)) {
      const auto at = static_cast<int64_t>(position);
      text.tokens.push_back(sequence[position]);
      text.probabilities.push_back(probability.data_ptr<double>()[static_cast<int64_t>(row) * ids.size(1) + at]);
      text.states.push_back(state_at(static_cast<int64_t>(row), at));
    }
    text.text = run_.tokenizer->decode(text.tokens);
    text.confidence = confidence.data_ptr<double>()[row];
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace difflm
