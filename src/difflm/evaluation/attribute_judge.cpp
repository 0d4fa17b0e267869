#include "difflm/evaluation/attribute_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "difflm/core/error.h"
#include "difflm/data/prepared.h"

namespace difflm {
namespace {

constexpr int64_t kLeastTexts = 10;  // of a label, as for the rule
constexpr double kLeastTrue = 0.9;
constexpr double kMostShared = 0.05;  // of the model's texts; a few short ones are the same in any two corpora

}  // namespace

bool AttributeJudge::Accuracy::is_trusted() const {
  return has >= kLeastTexts && static_cast<double>(found) >= kLeastTrue * static_cast<double>(std::max(has, said));
}

AttributeJudge::AttributeJudge(const std::string& folder, const std::vector<Document>& training,
                               const std::vector<Document>& held_out)
    : run_(open_run(folder)), classifier_(dynamic_cast<PrefixClassifier*>(run_.model.get())) {
  if (classifier_ == nullptr) {
    throw usage_error("--attribute-judge",
                      fmt::format("{} holds a model of kind {}, expected a prefix-classifier", folder, run_.model->kind()),
                      "difflm train configs/prefix-classifier.toml data.path=OTHER_TEXTS -o FOLDER");
  }
  std::set<std::string> own;
  for (const auto& document : read_prepared_documents(prepared_folder(run_.config, folder), "train")) own.insert(document.text);
  const auto shared =
      std::count_if(training.begin(), training.end(), [&](const auto& document) { return own.contains(document.text); });
  if (static_cast<double>(shared) > kMostShared * static_cast<double>(training.size())) {
    throw usage_error("--attribute-judge",
                      fmt::format("{} was trained on {} of the model's {} training texts, so it is no independent judge", folder,
                                  shared, training.size()),
                      "train it on other texts of the same kind");
  }
  for (const auto& label : classifier_->labels()) index_.emplace(to_text(label), static_cast<int64_t>(index_.size()));
  for (const auto& document : held_out) {
    if (own.contains(document.text)) continue;
    const Tensor scores = says(document.text);
    std::set<std::string> has;
    for (const auto& label : labels_of(document)) has.insert(to_text(label));
    for (const auto& [label, at] : index_) {
      const bool said = scores[at].item<float>() > 0;
      Accuracy& accuracy = accuracy_[label];
      accuracy.has += has.contains(label) ? 1 : 0;
      accuracy.said += said ? 1 : 0;
      accuracy.found += said && has.contains(label) ? 1 : 0;
    }
  }
}

Tensor AttributeJudge::says(const std::string& text) const {
  const torch::NoGradGuard no_grad;
  std::vector<int64_t> inputs = {kStart};
  for (const Token token : run_.tokenizer->encode(text)) inputs.push_back(token);
  inputs.resize(std::min(inputs.size(), static_cast<size_t>(run_.length) + 1));
  inputs.push_back(kEnd);
  return classifier_->scores(torch::tensor(inputs).unsqueeze(0))[0][static_cast<int64_t>(inputs.size()) - 1];
}

bool AttributeJudge::is_trusted(const std::string& label) const {
  const auto found = accuracy_.find(label);
  return found != accuracy_.end() && found->second.is_trusted();
}

bool AttributeJudge::expresses(const std::string& label, const std::string& text) const {
  return says(text)[index_.at(label)].item<float>() > 0;
}

std::string AttributeJudge::summary() const {
  Accuracy all;
  int64_t trusted = 0;
  for (const auto& [label, accuracy] : accuracy_) {
    if (!accuracy.is_trusted()) continue;
    ++trusted;
    all.has += accuracy.has;
    all.found += accuracy.found;
    all.said += accuracy.said;
  }
  const auto share = [](int64_t part, int64_t whole) {
    return 100 * static_cast<double>(part) / static_cast<double>(std::max<int64_t>(1, whole));
  };
  return fmt::format(
      "attribute judge: {} of {} labels trusted; of these it finds {:.1f}% in held-out texts, and {:.1f}% of what it finds is "
      "there",
      trusted, accuracy_.size(), share(all.found, all.has), share(all.found, all.said));
}

}  // namespace difflm
