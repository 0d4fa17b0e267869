#include "difflm/training/starting_point.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "difflm/core/error.h"
#include "difflm/data/prepared.h"

namespace difflm {
namespace {

constexpr std::string_view kKey = "train.start";
constexpr std::string_view kLabels = "labels.";  // the tensors of LabelEmbedding

Run open_start(const std::string& folder) {
  if (!is_run(folder)) {
    throw usage_error(kKey, folder + " is not a trained run, expected a run folder made by `train`");
  }
  return open_run(folder);
}

// Whether `from` fits: equal, or a matrix of fewer inputs.
bool fits(const Tensor& to, const Tensor& from) {
  if (to.sizes() == from.sizes()) return true;
  return to.dim() == 2 && from.dim() == 2 && to.size(0) == from.size(0) && to.size(1) > from.size(1);
}

std::string shape_of(const Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.sizes(), ",")); }

}  // namespace

StartingPoint::StartingPoint(const std::string& folder) : run_(open_start(folder)) {}

void StartingPoint::check_tokenizer(const std::string& asked) const {
  if (asked == run_.tokenizer->kind()) return;
  throw usage_error(
      kKey, fmt::format("{} reads text with tokenizer '{}', data.tokenizer is '{}'", run_.folder, run_.tokenizer->kind(), asked),
      "set data.tokenizer=" + run_.tokenizer->kind());
}

void StartingPoint::check_vocabulary(const Tokenizer& tokenizer, const std::string& where) const {
  if (same_vocabulary(*run_.tokenizer, tokenizer)) return;
  throw usage_error(kKey,
                    fmt::format("{} has {} words, {} has {}, expected the same words in the same order", run_.folder,
                                run_.tokenizer->size(), where, tokenizer.size()),
                    "name the texts with data.path: they are then read with the vocabulary of " + run_.folder);
}

std::string StartingPoint::copy_to(LanguageModel& model, const std::vector<Label>& labels) const {
  if (model.kind() != run_.model->kind()) {
    throw usage_error(kKey, fmt::format("{} is of kind '{}', model.kind is '{}'", run_.folder, run_.model->kind(), model.kind()),
                      "fine-tune with the configuration it was trained with: " + run_.folder + "/config.toml");
  }
  const bool same_labels = labels == run_.corpus.labels;
  NamedTensors from = model_tensors(*run_.model);
  NamedTensors to = model_tensors(model);
  std::vector<std::string> fresh;
  std::vector<std::string> left;
  for (auto at = to.begin(); at != to.end();) {
    const auto found = from.find(at->first);
    const bool other_labels = at->first.starts_with(kLabels) && !same_labels;
    if (found != from.end() && !other_labels) {
      if (!fits(at->second, found->second)) {
        throw usage_error(kKey,
                          fmt::format("'{}' of {} has shape {}, here it is {}", at->first, run_.folder, shape_of(found->second),
                                      shape_of(at->second)),
                          "fine-tune with the configuration it was trained with: " + run_.folder + "/config.toml");
      }
      ++at;
      continue;
    }
    fresh.push_back(at->first);
    at = to.erase(at);
  }
  for (const auto& [name, tensor] : from) {
    if (to.find(name) == to.end()) left.push_back(name);
  }

  const torch::NoGradGuard no_grad;
  bool is_widened = false;
  for (auto& [name, tensor] : to) {
    const Tensor& learned = from.at(name);
    if (tensor.sizes() == learned.sizes()) {
      tensor.copy_(learned);
      continue;
    }
    is_widened = true;
    tensor.zero_();
    tensor.narrow(1, 0, learned.size(1)).copy_(learned);
  }
  // Vectors that are added to those of the tokens start at 0. Those with weights of 0 must not be 0 too, or neither would learn.
  NamedTensors all = model_tensors(model);
  for (const auto& name : fresh) {
    if (!is_widened && name.starts_with(kLabels)) all.at(name).zero_();
  }
  std::string line = "begins with what " + run_.folder + " has learned";
  if (!fresh.empty()) line += fmt::format("; new: {}", fmt::join(fresh, ", "));
  if (!left.empty()) line += fmt::format("; left out: {}", fmt::join(left, ", "));
  return line;
}

}  // namespace difflm
