#include "difflm/evaluation/judge/autoregressive_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "difflm/evaluation/judge/reading_windows.h"
#include "difflm/model/model_as.h"
#include "difflm/model/runtime.h"
#include "difflm/text/counted_words.h"

namespace difflm {
namespace {

constexpr size_t kScoringBatch = 64;
constexpr int64_t kUnscored = -100;
constexpr size_t kFewTexts = 500;      // to learn from
constexpr double kManyUnknown = 0.01;  // share of tokens

}  // namespace

AutoregressiveJudge::AutoregressiveJudge(const std::string& folder)
    : run_(open_run(folder)), model_(model_as<AutoregressiveModel>(run_.model, folder)) {
  RuntimeOptions runtime;
  runtime.threads = torch::get_num_threads();  // those of the evaluation, whatever the judge was trained with
  use_runtime(runtime, *model_);
  name_ = fmt::format("autoregressive, {:.1f}M parameters, held-out loss {:.3f} nats/token",
                      static_cast<double>(model_->parameter_count()) / 1e6, run_.progress.best_loss);
}

// Whole texts have START and END besides; a framed sequence holds these two; a window into a stream begins with START.
size_t AutoregressiveJudge::limit() const {
  const auto length = static_cast<size_t>(model_->max_length());
  switch (run_.packing->frame()) {
    case Frame::whole:
      return length + 1;
    case Frame::framed:
      return std::max<size_t>(2, length - 1);
    case Frame::stream:
      break;
  }
  return std::max<size_t>(2, length);
}

std::vector<AutoregressiveJudge::Window> AutoregressiveJudge::windows_of(const std::vector<std::string>& texts) const {
  // In a stream a text begins after the END of the one before it.
  const bool stream = run_.packing->frame() == Frame::stream;
  const std::vector<int64_t> before = stream ? std::vector<int64_t>{kStart, kEnd} : std::vector<int64_t>{kStart};
  std::vector<Window> windows;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::vector<Token> own = run_.tokenizer->encode(texts[i]);
    std::vector<int64_t> tokens = before;
    tokens.insert(tokens.end(), own.begin(), own.end());
    tokens.push_back(kEnd);
    for (const auto& [begin, end, scored] : reading_windows(tokens.size() - 1, limit(), before.size() - 1)) {
      const auto from = tokens.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto to = tokens.begin() + static_cast<std::ptrdiff_t>(end);
      Window window = {i, {from, to}, {from + 1, to + 1}};
      window.inputs.front() = kStart;  // as every sequence of its training began
      std::fill_n(window.targets.begin(), scored - begin, kUnscored);
      windows.push_back(std::move(window));
    }
  }
  return windows;
}

template <class Visit>
void AutoregressiveJudge::for_each_batch(std::vector<Window> windows, Visit visit) const {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model_->parameters().front().device();
  std::stable_sort(windows.begin(), windows.end(), [](const auto& a, const auto& b) { return a.inputs.size() < b.inputs.size(); });
  for (size_t at = 0; at < windows.size(); at += kScoringBatch) {
    const std::span<const Window> batch(windows.data() + at, std::min(kScoringBatch, windows.size() - at));
    const auto length = static_cast<int64_t>(batch.back().inputs.size());
    Tensor inputs = torch::full({static_cast<int64_t>(batch.size()), length}, kEnd, torch::kInt64);
    for (size_t row = 0; row < batch.size(); ++row) {
      std::copy(batch[row].inputs.begin(), batch[row].inputs.end(), inputs[static_cast<int64_t>(row)].data_ptr<int64_t>());
    }
    visit(batch, inputs.to(device));
  }
}

std::vector<Judge::Score> AutoregressiveJudge::score(const std::vector<std::string>& texts) const {
  std::vector<Score> scores(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) scores[i].tokens = static_cast<int64_t>(counted_words(texts[i]).size()) + 1;
  for_each_batch(windows_of(texts), [&](std::span<const Window> batch, const Tensor& inputs) {
    Tensor targets = torch::full(inputs.sizes(), kUnscored, torch::kInt64);
    for (size_t row = 0; row < batch.size(); ++row) {
      std::copy(batch[row].targets.begin(), batch[row].targets.end(), targets[static_cast<int64_t>(row)].data_ptr<int64_t>());
    }
    const Tensor logits = model_->logits(inputs);
    const Tensor nats =
        torch::cross_entropy_loss(logits.flatten(0, 1), targets.to(inputs.device()).flatten(), {}, at::Reduction::None, kUnscored)
            .view_as(targets)
            .to(torch::kCPU, torch::kFloat64)
            .sum(1);
    for (size_t row = 0; row < batch.size(); ++row) {
      scores[batch[row].text].nats += nats[static_cast<int64_t>(row)].item<double>();
    }
  });
  return scores;
}

std::vector<std::vector<float>> AutoregressiveJudge::features(const std::vector<std::string>& texts) const {
  std::vector<Window> last;  // of each text
  for (auto& window : windows_of(texts)) {
    if (!last.empty() && last.back().text == window.text) last.pop_back();
    last.push_back(std::move(window));
  }
  std::vector<std::vector<float>> features(texts.size());
  for_each_batch(std::move(last), [&](std::span<const Window> batch, const Tensor& inputs) {
    const Tensor states = model_->states(inputs).to(torch::kCPU).contiguous();
    for (size_t row = 0; row < batch.size(); ++row) {
      const Tensor state = states[static_cast<int64_t>(row)][static_cast<int64_t>(batch[row].inputs.size()) - 1];
      features[batch[row].text].assign(state.data_ptr<float>(), state.data_ptr<float>() + state.numel());
    }
  });
  return features;
}

std::vector<std::string> AutoregressiveJudge::notes(const std::vector<std::string>& texts) const {
  size_t longer = 0;
  double unknown = 0;
  double all = 0;
  for (const auto& text : texts) {
    const auto tokens = run_.tokenizer->encode(text);
    longer += tokens.size() + 1 > limit() ? 1 : 0;
    unknown += static_cast<double>(std::count(tokens.begin(), tokens.end(), kUnknown));
    all += static_cast<double>(tokens.size());
  }
  std::vector<std::string> notes;
  if (longer > 0) {
    notes.push_back(
        fmt::format("{} of {} samples are longer than the {} tokens that the judge reads at once: it reads them in "
                    "overlapping windows",
                    longer, texts.size(), limit()));
  }
  if (unknown > kManyUnknown * all) {
    notes.push_back(
        fmt::format("{:.0f}% of the samples' tokens are unknown to the judge, and all cost the same: a judge of byte "
                    "pairs would spell them",
                    100 * unknown / all));
  }
  if (run_.corpus.training.documents < kFewTexts) {
    notes.push_back(
        fmt::format("the judge has learned from {} texts only: compare its figures with those of held-out text, and "
                    "with nothing else",
                    run_.corpus.training.documents));
  }
  return notes;
}

}  // namespace difflm
