#include "difflm/inspection/corpus_profile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "difflm/core/error.h"
#include "difflm/inspection/rules.h"
#include "difflm/inspection/script.h"
#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"
#include "difflm/text/words.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {
namespace {

constexpr size_t kSampleBytes = 2'000'000;
constexpr size_t kHeldOutEvery = 10;  // of the sample

// Texts spread evenly over the corpus; of a single long one, its beginning up to a line or word.
std::vector<std::string> sample_of(const std::vector<Document>& documents, size_t bytes) {
  std::vector<std::string> sample;
  const size_t every = bytes / kSampleBytes + 1;
  for (size_t at = 0; at < documents.size(); at += every) {
    const std::string& text = documents[at].text;
    if (text.size() <= kSampleBytes) {
      sample.push_back(text);
    } else {
      const size_t end = text.find_last_of("\n ", kSampleBytes);
      sample.push_back(to_valid_utf8(text.substr(0, end == std::string::npos ? kSampleBytes : end)));
    }
  }
  return sample;
}

struct Parts {
  std::vector<std::string> training;
  std::vector<std::string> held_out;
};

// A single text is cut at a line or space near its end.
Parts split_sample(const std::vector<std::string>& sample) {
  if (sample.size() == 1) {
    const std::string& text = sample.front();
    size_t cut = text.find_first_of("\n ", text.size() - text.size() / kHeldOutEvery);
    if (cut == std::string::npos) cut = text.size();
    return {{text.substr(0, cut)}, {text.substr(cut)}};
  }
  Parts parts;
  for (size_t at = 0; at < sample.size(); ++at) {
    (at % kHeldOutEvery == kHeldOutEvery / 2 || (at == 1 && sample.size() <= kHeldOutEvery / 2) ? parts.held_out : parts.training)
        .push_back(sample[at]);
  }
  return parts;
}

void count_letters(const std::vector<std::string>& sample, CorpusProfile& profile) {
  std::map<std::string_view, int64_t> counts;
  int64_t letters = 0;
  int64_t unspaced = 0;
  for (const auto& text : sample) {
    for (size_t at = 0; at < text.size();) {
      const CodePoint point = code_point_at(text, at);
      at += point.length;
      const std::string_view script = script_of(point.value);
      if (script.empty()) continue;
      ++letters;
      ++counts[script];
      unspaced += is_unspaced(point.value) ? 1 : 0;
    }
  }
  for (const auto& [script, count] : counts) {
    profile.scripts.emplace_back(script, static_cast<double>(count) / static_cast<double>(letters));
  }
  std::sort(profile.scripts.begin(), profile.scripts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  profile.unspaced = static_cast<double>(unspaced) / static_cast<double>(std::max<int64_t>(1, letters));
}

TokenizerProfile try_tokenizer(const std::string& name, const Config& config, const std::vector<std::string>& sample,
                               int64_t words) {
  TokenizerProfile profile;
  profile.name = name;
  const Parts parts = split_sample(sample);
  const auto before = train_tokenizer(name, config, parts.training);
  int64_t unknown = 0;
  int64_t all = 0;
  for (const auto& text : parts.held_out) {
    const auto tokens = before->encode(text);
    all += static_cast<int64_t>(tokens.size());
    unknown += std::count(tokens.begin(), tokens.end(), kUnknown);
  }
  profile.unknown = static_cast<double>(unknown) / static_cast<double>(std::max<int64_t>(1, all));

  const auto tokenizer = train_tokenizer(name, config, sample);
  profile.vocabulary = tokenizer->size();
  std::vector<int64_t> lengths;
  int64_t total = 0;
  for (const auto& text : sample) {
    lengths.push_back(static_cast<int64_t>(tokenizer->encode(text).size()));
    total += lengths.back();
  }
  profile.tokens_per_word = static_cast<double>(total) / static_cast<double>(std::max<int64_t>(1, words));
  profile.tokens = profile_of(std::move(lengths));
  return profile;
}

}  // namespace

LengthProfile profile_of(std::vector<int64_t> lengths) {
  LengthProfile profile;
  if (lengths.empty()) return profile;
  std::sort(lengths.begin(), lengths.end());
  const auto at = [&](double share) {  // the smallest length that this share of the texts does not exceed
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(lengths.size())));
    return lengths[std::max<size_t>(1, rank) - 1];
  };
  profile.shortest = lengths.front();
  profile.half = at(0.5);
  profile.most = at(kHeldByLength);
  profile.longest = lengths.back();
  for (const int64_t length : lengths) profile.mean += static_cast<double>(length) / static_cast<double>(lengths.size());
  return profile;
}

const TokenizerProfile& CorpusProfile::tokenizer(const std::string& name) const {
  for (const auto& one : tokenizers) {
    if (one.name == name) return one;
  }
  throw failure("data.tokenizer", "'" + name + "' was not tried");
}

CorpusProfile profile_corpus(const std::vector<Document>& documents, const Config& config,
                             const std::vector<std::string>& tokenizers) {
  CorpusProfile profile;
  profile.texts = static_cast<int64_t>(documents.size());
  std::unordered_set<std::string_view> seen;
  for (const auto& document : documents) {
    profile.bytes += static_cast<int64_t>(document.text.size());
    profile.duplicates += seen.insert(document.text).second ? 0 : 1;
  }
  const auto sample = sample_of(documents, static_cast<size_t>(profile.bytes));
  std::vector<int64_t> lengths;
  int64_t words = 0;
  size_t bytes = 0;
  for (const auto& text : sample) {
    lengths.push_back(static_cast<int64_t>(split_words(text).size()));
    words += lengths.back();
    bytes += text.size();
  }
  profile.sampled = bytes < static_cast<size_t>(profile.bytes);
  profile.words = profile.sampled ? static_cast<int64_t>(static_cast<double>(words) * static_cast<double>(profile.bytes) /
                                                         static_cast<double>(std::max<size_t>(1, bytes)))
                                  : words;
  profile.length = profile_of(std::move(lengths));
  count_letters(sample, profile);

  Config sized = config;
  for (const auto& [key, size] : vocabulary_sizes(profile.words)) {
    if (sized.find(key) == nullptr) sized.set(key, {size, "chosen"});
  }
  for (const auto& name : tokenizers) profile.tokenizers.push_back(try_tokenizer(name, sized, sample, words));
  return profile;
}

}  // namespace difflm
