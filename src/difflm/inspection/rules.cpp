#include "difflm/inspection/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace difflm {
namespace {

// Vocabulary: 512 tokens for a thousand words, 8,192 for a million, by powers of two.
constexpr double kVocabularyAt1000 = 512;
constexpr double kVocabularyExponent = 0.4;
constexpr int64_t kLeastVocabulary = 512;
constexpr int64_t kMostVocabulary = 16384;

constexpr int64_t kLengthStep = 8;
constexpr int64_t kLeastLength = 16;
constexpr int64_t kMostLength = 256;
constexpr int64_t kStreamLength = 64;  // of a block of one long text

constexpr double kTokensPerBatch = 2000;
constexpr int64_t kBatchStep = 8;
constexpr int64_t kMostBatch = 512;
constexpr double kLeastBatches = 8;  // per epoch

constexpr double kUsualValidation = 0.075;
constexpr double kMostValidation = 0.2;
constexpr double kFewHeldOut = 20;     // texts
constexpr double kManyHeldOut = 4000;  // more of them only cost texts to learn from

constexpr int64_t kSmallCorpus = 50'000;     // words
constexpr int64_t kLargeCorpus = 2'000'000;  // enough to fill a wider network,
constexpr double kLongMinutes = 20;          // in so much time

// Verses of the King James Bible without dropout: after 6 epochs the validation loss is 3.27, after 9.5 epochs 3.25, the training
// loss 2.4 (one run).
constexpr double kSomeEpochs = 8;
constexpr double kManyEpochs = 80;
constexpr double kTokensPerMinute = 550'000;  // of a training on two cores

std::string thousands(int64_t number) {
  std::string text = fmt::format("{}", number);
  for (int64_t at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

// Names are invented; what is written in a language has some new words, but none that a small model could make up. New words
// of the Bible: 3%, of German sayings: 13%, of town names: 83%.
constexpr double kInvented = 0.3;

}  // namespace

Ruled<int64_t> choose_vocabulary(int64_t words) {
  const double size = kVocabularyAt1000 * std::pow(static_cast<double>(std::max<int64_t>(1, words)) / 1000, kVocabularyExponent);
  const auto power = static_cast<int64_t>(std::exp2(std::round(std::log2(size))));
  return {std::clamp(power, kLeastVocabulary, kMostVocabulary), fmt::format("for {} words", thousands(words))};
}

std::vector<std::pair<std::string, int64_t>> vocabulary_sizes(int64_t words) {
  const int64_t size = choose_vocabulary(words).value;
  return {{"data.spaced.vocab_size", size}, {"data.bpe.vocab_size", size}};
}

// Lossless, never an unknown word, and mostly whole words; in scripts without spaces its merges are all there is.
Ruled<std::string> choose_tokenizer(const CorpusProfile& profile) {
  if (profile.unspaced > 0.5) {
    return {"spaced", fmt::format("{:.0f}% of the letters are in scripts without spaces: pieces, learned from these texts",
                                  100 * profile.unspaced)};
  }
  const double unknown = profile.tokenizer("word").unknown;
  return {"spaced",
          fmt::format("gives every text back as it was written; `word` would not know {:.1f}% of new words", 100 * unknown)};
}

Ruled<std::string> choose_packing(const CorpusProfile& profile) {
  if (profile.texts == 1) return {"block", "one long text, learned in windows"};
  return {"bucket", fmt::format("{} texts, each a sequence", thousands(profile.texts))};
}

Ruled<int64_t> choose_length(const CorpusProfile& profile, const LengthProfile& tokens, const std::string& packing) {
  if (packing == "block") return {kStreamLength, "tokens of a window"};
  const int64_t wanted = (tokens.most + kLengthStep - 1) / kLengthStep * kLengthStep;
  const int64_t length = std::clamp(wanted, kLeastLength, kMostLength);
  if (tokens.longest <= length)
    return {length, fmt::format("tokens; the longest of {} texts has {}", thousands(profile.texts), tokens.longest)};
  if (tokens.most <= length)
    return {length, fmt::format("tokens; 95% of the texts have at most {}, the longest {}", tokens.most, tokens.longest)};
  return {length, fmt::format("tokens, the most that trains quickly; half of the texts have at most {}, the longest {}",
                              tokens.half, tokens.longest)};
}

Ruled<std::string> choose_long(const LengthProfile& tokens) {
  return {"split",
          fmt::format("longer texts, up to {} tokens, are split at the ends of sentences: none is left out", tokens.longest)};
}

Ruled<double> choose_validation(const CorpusProfile& profile) {
  const auto texts = static_cast<double>(profile.texts);
  if (profile.texts == 1) return {kUsualValidation, "the end of the text is held out"};
  const double share =
      std::clamp(kUsualValidation, std::min(kMostValidation, kFewHeldOut / texts), std::max(kManyHeldOut / texts, 0.001));
  const double rounded = std::round(share * 1000) / 1000;
  return {rounded,
          fmt::format("about {} texts are held out, to see what is learned beyond them", thousands(std::llround(rounded * texts)))};
}

Ruled<NetworkSize> choose_network(int64_t words, double minutes) {
  if (words < kSmallCorpus) return {{128, 4}, fmt::format("{} words fill no more", thousands(words))};
  if (words >= kLargeCorpus && minutes >= kLongMinutes)
    return {{256, 6}, fmt::format("{} words and {:g} minutes are enough for more", thousands(words), minutes)};
  return {{192, 4}, "many quick updates get further in minutes than few of a larger network"};
}

double tokens_read(double minutes, double steps) {
  const double in_minutes = minutes * kTokensPerMinute;
  const double in_steps = steps * kTokensPerBatch;
  return minutes > 0 && steps > 0 ? std::min(in_minutes, in_steps) : in_minutes + in_steps;
}

Ruled<double> choose_dropout(double epochs) {
  const std::string read = epochs < 1.5 ? "the texts are read about once in the budget"
                                        : fmt::format("the texts are read about {:.0f} times in the budget", epochs);
  if (epochs >= kManyEpochs) return {0.2, read + " and soon learned by heart"};
  if (epochs >= kSomeEpochs) return {0.1, read};
  return {0, read};
}

Ruled<int64_t> choose_batch(double tokens, double sequences) {
  const double by_tokens = kTokensPerBatch / std::max(1.0, tokens);
  const double by_texts = sequences / kLeastBatches;
  const auto wanted = static_cast<int64_t>(std::min(by_tokens, by_texts)) / kBatchStep * kBatchStep;
  const int64_t batch = std::clamp(wanted, kBatchStep, kMostBatch);
  if (by_texts < by_tokens) return {batch, fmt::format("few texts: at least {:g} batches per epoch", kLeastBatches)};
  return {batch, fmt::format("texts of {:.0f} tokens on average, about {} in all", tokens,
                             thousands(std::llround(tokens * static_cast<double>(batch))))};
}

Ruled<std::string> choose_spelling(const CorpusProfile& profile) {
  const double unknown = profile.tokenizer("word").unknown;
  const std::string share = fmt::format("{:.1f}% of the words of new texts are rare or new", 100 * unknown);
  if (profile.unspaced > 0.5) return {"free", "scripts without spaces have no words to look up"};
  if (unknown > kInvented) return {"free", share + ": made up, as names are"};
  return {"known", share + ": rare words are taken from these texts"};
}

}  // namespace difflm
