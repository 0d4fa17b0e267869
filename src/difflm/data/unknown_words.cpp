#include "difflm/data/unknown_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {
namespace {

double share_left_unknown(const Tokenizer& tokenizer, const std::vector<Document>& texts) {
  SideFacts facts;
  for (const auto& text : texts) {
    const auto tokens = tokenizer.encode(text.text);
    facts.tokens += tokens.size();
    facts.unknown_tokens += static_cast<size_t>(std::count(tokens.begin(), tokens.end(), kUnknown));
  }
  return unknown_share(facts);
}

// "spaced 0%, word 23.1%, ..."; SentencePiece, which takes long to train, knows every character.
std::string shares_of_all(const std::vector<Document>& training, const Config& config) {
  const TextSource texts = [&](const TextVisitor& visit) {
    for (const auto& text : training) visit(text.text);
  };
  std::string shares;
  for (const auto& name : tokenizers().names()) {
    if (name == "sentencepiece") continue;
    const double share = share_left_unknown(*train_tokenizer(name, config, texts), training);
    shares += fmt::format("{}{} {:.2g}%", shares.empty() ? "" : ", ", name, 100 * share);
  }
  return shares;
}

}  // namespace

double unknown_share(const SideFacts& side) {
  return static_cast<double>(side.unknown_tokens) / std::max(1.0, static_cast<double>(side.tokens));
}

void check_unknown_share(const SideFacts& facts, double most, const std::string& kind, const std::vector<Document>& training,
                         const Config& config) {
  const double share = unknown_share(facts);
  if (share <= most) return;
  throw usage_error(
      "data.tokenizer",
      fmt::format("'{}' leaves {:.2g}% of the training texts unknown, expected at most {:.2g}%. Of these texts are unknown: {}",
                  kind, 100 * share, 100 * most, shares_of_all(training, config)),
      "use data.tokenizer=spaced, which loses nothing, or keep rarer words by " +
          fmt::format("data.{}.min_count=1; data.most_unknown allows it", kind == "char" ? "char" : "word"));
}

}  // namespace difflm
