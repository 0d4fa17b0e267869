#include "difflm/sampling/acceptance.h"

#include "difflm/model/runtime.h"

namespace difflm {

namespace {

std::vector<std::string> strings_of(std::vector<SampledText> texts) {
  std::vector<std::string> strings;
  for (auto& text : texts) strings.push_back(std::move(text.text));
  return strings;
}

}  // namespace

Acceptance::Acceptance(const Run& run, const SamplingOptions& options, Steering* steering)
    : steering_(steering), is_rated_(steering != nullptr && steering->weighs_texts()), judge_share_(options.judge_share) {
  if (options.judge.empty()) return;
  const char* const option = "sampling.judge";
  if (options.corrections == 0 || options.improbable < 1) {
    throw usage_error(option,
                      "accepts corrections of every token, expected sampling.corrections of at least 1, sampling.improbable=1");
  }
  judge_.emplace(options.judge, option);
  judge_->check_reads(*run.tokenizer, *run.packing, option);
  use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *judge_->run().model);
}

std::vector<double> Acceptance::weigh(const Draft& draft, const Rounding::Rounded& text) const {
  auto weights =
      is_rated_ ? steering_->weigh(strings_of(draft.read(text))) : std::vector<double>(static_cast<size_t>(draft.rows()), 0);
  if (!judge_) return weights;
  const Tensor judged = judge_->log_probability(text.tokens);  // [B]
  for (size_t row = 0; row < weights.size(); ++row) weights[row] += judge_share_ * judged.data_ptr<double>()[row];
  return weights;
}

}  // namespace difflm
