#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "difflm/steering/guide/part_of_speech.h"
#include "difflm/steering/wish_words.h"

namespace difflm {
namespace {

struct WordTagCounts {
  std::vector<std::string> tags;
  Tensor counts;  // [V,K]
};

WordTagCounts count_tags(const Run& run, GuideResources& resources, const std::string& option) {
  const auto& documents = resources.documents();
  WordTagCounts result;
  for (const auto& document : documents) result.tags.insert(result.tags.end(), document.tags.begin(), document.tags.end());
  std::sort(result.tags.begin(), result.tags.end());
  result.tags.erase(std::unique(result.tags.begin(), result.tags.end()), result.tags.end());
  result.counts = torch::zeros({run.tokenizer->size(), static_cast<int64_t>(result.tags.size())});
  if (result.tags.empty()) {
    throw usage_error(option, "needs training texts with parts of speech, and this run's have none",
                      "the builtin corpus has them, data.corpus=tagged reads them, and `annotate` parses plain English");
  }
  auto access = result.counts.accessor<float, 2>();
  size_t tagged = 0;
  size_t aligned = 0;
  for (size_t index = 0; index < documents.size(); ++index) {
    const auto& document = documents[index];
    const auto& tokens = resources.tokens()[index];
    tagged += document.tags.empty() ? 0 : 1;
    if (document.tags.empty() || tokens.size() != document.tags.size()) continue;  // not one token per word
    ++aligned;
    for (size_t at = 0; at < tokens.size(); ++at) {
      const auto tag = std::lower_bound(result.tags.begin(), result.tags.end(), document.tags[at]) - result.tags.begin();
      access[tokens[at]][tag] += 1;
    }
  }
  if (2 * aligned < tagged) {
    throw usage_error(option, fmt::format("needs one token per word, which {} of {} tagged texts have", aligned, tagged),
                      "train with data.tokenizer=word");
  }
  return result;
}

}  // namespace

PartOfSpeechGuide::PartOfSpeechGuide(const Options& options, const GuideSource& source, const std::string& option)
    : Guide(options) {
  if (source.run.packing->frame() == Frame::framed) {
    throw usage_error(option, "needs a model whose texts differ in length", "train with data.packing=bucket");
  }
  const WordTagCounts counted = count_tags(source.run, source.resources, option);
  for (const auto& word : split_at_spaces(source.wish)) {
    const auto found = std::find(counted.tags.begin(), counted.tags.end(), word);
    if (word != "_" && found == counted.tags.end()) {
      throw usage_error(option, fmt::format("'{}' is not a part of speech of the training texts", word),
                        fmt::format("there are: {}, and _ for any", fmt::join(counted.tags, " ")));
    }
    wanted_.push_back(word == "_" ? -1 : found - counted.tags.begin());
  }
  if (wanted_.empty() || static_cast<int64_t>(wanted_.size()) > source.run.length) {
    throw usage_error(option, fmt::format("has {} tags, expected 1 to {}", wanted_.size(), source.run.length));
  }
  const Tensor prior = 0.01 * counted.counts.sum(0) / counted.counts.sum();  // for a word never seen
  const Tensor smoothed = counted.counts + prior;
  tag_of_word_ = smoothed / smoothed.sum(1, true);
  tag_of_word_.narrow(0, 0, kSpecialTokens).fill_(1e-6);  // START, END, UNK and PAD are not words
}

Tensor PartOfSpeechGuide::log_probability(const GuideView& view) const {
  std::vector<int64_t> positions;
  std::vector<int64_t> tags;
  for (size_t at = 0; at < wanted_.size(); ++at) {
    if (wanted_[at] < 0) continue;
    positions.push_back(static_cast<int64_t>(at));
    tags.push_back(wanted_[at]);
  }
  if (tags.empty()) return view.probabilities.sum({1, 2}).log() * 0;
  const auto index = [&](const std::vector<int64_t>& values) {
    return torch::tensor(values, torch::kInt64).to(view.probabilities.device());
  };
  const Tensor fits = tag_of_word_.to(view.probabilities.device()).index_select(1, index(tags)).t();  // [P,V]
  return (view.probabilities.index_select(1, index(positions)) * fits).sum(-1).log().sum(1);
}

std::optional<bool> PartOfSpeechGuide::is_fulfilled(std::span<const Token> tokens) const {
  if (tokens.size() != wanted_.size()) return false;
  const Tensor best = tag_of_word_.argmax(1);
  for (size_t at = 0; at < wanted_.size(); ++at) {
    if (wanted_[at] >= 0 && best[tokens[at]].item<int64_t>() != wanted_[at]) return false;
  }
  return true;
}

}  // namespace difflm
