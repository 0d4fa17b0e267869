#include "difflm/evaluation/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/evaluation/ngrams.h"
#include "difflm/text/counted_words.h"

namespace difflm {
namespace {

struct WordCount {
  std::string word;
  uint64_t count;
};

// By descending count, then by name: the same order on every platform.
std::vector<WordCount> count_words(const TextSet& set, const std::string& control) {
  std::map<std::string, uint64_t> counts;
  for (const auto& words : set.words) {
    for (const auto& word : words) ++counts[word];
  }
  if (counts.empty()) throw usage_error("control '" + control + "'", "the text it is made from has no words");
  std::vector<WordCount> result;
  result.reserve(counts.size());
  for (const auto& [word, count] : counts) result.push_back({word, count});
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  return result;
}

size_t draw_length(const TextSet& lengths, RandomStream& random) {
  return lengths.size() == 0 ? 0 : lengths.words[random.below(lengths.size())].size();
}

}  // namespace

size_t control_size(size_t texts, size_t count) { return std::clamp<size_t>(count, 1, texts / 2); }

HeldOutSplit split_held_out(const std::vector<std::string>& texts, size_t count, uint64_t seed) {
  if (texts.size() < 2) {
    throw usage_error("held-out text", fmt::format("has {} texts, expected at least 2: a control and a reference", texts.size()));
  }
  auto shuffled = chosen_texts(texts, texts.size(), seed);
  const auto middle = shuffled.begin() + static_cast<std::ptrdiff_t>(control_size(texts.size(), count));
  return {{shuffled.begin(), middle}, {middle, shuffled.end()}};
}

std::vector<std::string> unigram_texts(const TextSet& source, const TextSet& lengths, size_t count, uint64_t seed) {
  const auto words = count_words(source, "unigram");
  std::vector<uint64_t> upto;
  upto.reserve(words.size());
  uint64_t total = 0;
  for (const auto& word : words) upto.push_back(total += word.count);

  RandomStream random(seed, "unigram control");
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    std::vector<std::string> text(draw_length(lengths, random));
    for (auto& word : text) {
      word = words[static_cast<size_t>(std::upper_bound(upto.begin(), upto.end(), random.below(total)) - upto.begin())].word;
    }
    texts.push_back(join_counted_words(text));
  }
  return texts;
}

std::vector<std::string> cyclic_texts(const TextSet& source, const TextSet& lengths, size_t count, uint64_t seed, size_t circle) {
  auto words = count_words(source, "cyclic");
  words.resize(std::min(words.size(), std::max<size_t>(circle, 1)));

  RandomStream random(seed, "cyclic control");
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    std::vector<std::string> text(draw_length(lengths, random));
    size_t place = random.below(words.size());
    for (auto& word : text) word = words[place++ % words.size()].word;
    texts.push_back(join_counted_words(text));
  }
  return texts;
}

std::vector<std::string> phrase_texts(const TextSet& source, const TextSet& lengths, size_t count, uint64_t seed) {
  constexpr uint64_t kShortest = 3;
  constexpr uint64_t kLengths = 4;  // 3, 4, 5 and 6
  std::vector<size_t> with_words;
  for (size_t i = 0; i < source.size(); ++i) {
    if (!source.words[i].empty()) with_words.push_back(i);
  }
  if (with_words.empty()) throw usage_error("control 'phrases'", "the text it is made from has no words");

  RandomStream random(seed, "phrases control");
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    const size_t length = draw_length(lengths, random);
    std::vector<std::string> text;
    while (text.size() < length) {
      const auto& words = source.words[with_words[random.below(with_words.size())]];
      const size_t begin = random.below(words.size());
      const size_t end = std::min({words.size(), begin + kShortest + random.below(kLengths), begin + length - text.size()});
      for (size_t at = begin; at < end; ++at) text.push_back(words[at]);
    }
    texts.push_back(join_counted_words(text));
  }
  return texts;
}

std::vector<std::string> repeated_texts(const TextSet& source, size_t count) {
  if (source.size() == 0) throw usage_error("control 'repeated'", "there is no text to make it from");
  std::unordered_map<uint64_t, double> counts;
  std::vector<size_t> lengths;
  for (const auto& words : source.words) {
    for_each_ngram(words, 2, [&](uint64_t hash) { counts[hash] += 1; });
    lengths.push_back(words.size());
  }
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  size_t best = 0;
  double most = -1;
  for (size_t i = 0; i < source.size(); ++i) {
    const auto& words = source.words[i];
    if (words.size() < std::max<size_t>(*middle, 2)) continue;
    double sum = 0;
    for_each_ngram(words, 2, [&](uint64_t hash) { sum += std::log(counts[hash]); });
    const double mean = sum / static_cast<double>(words.size() - 1);
    if (mean > most) {
      most = mean;
      best = i;
    }
  }
  return std::vector<std::string>(count, source.texts[best]);
}

std::vector<std::string> shuffled_texts(const TextSet& texts, uint64_t seed) {
  RandomStream random(seed, "shuffled control");
  std::vector<std::string> result;
  for (auto words : texts.words) {
    random.shuffle(words);
    result.push_back(join_counted_words(words));
  }
  return result;
}

std::vector<std::string> chosen_texts(std::vector<std::string> texts, size_t count, uint64_t seed) {
  RandomStream(seed, "chosen texts").shuffle(texts);
  texts.resize(std::min(count, texts.size()));
  return texts;
}

}  // namespace difflm
