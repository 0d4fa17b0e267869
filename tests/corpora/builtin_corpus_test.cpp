#include "difflm/corpora/builtin_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

namespace difflm {
namespace {

using Words = std::vector<std::string>;

std::vector<Document> generate(int64_t count, int64_t seed = 1) {
  BuiltinCorpus::Options options;
  options.sentences = count;
  options.seed = seed;
  return BuiltinCorpus(options).parse("", "");
}

const std::vector<Document>& many() {
  static const std::vector<Document> documents = generate(20000);
  return documents;
}

bool accepts(const std::string& text) { return builtin_grammar().accepts(split_words(text)); }

std::string lowered(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The leaves of a bracketed tree as "TAG word" pairs; empty when brackets do not balance into one tree.
std::vector<std::pair<std::string, std::string>> leaves(const std::string& tree) {
  std::vector<std::pair<std::string, std::string>> result;
  int depth = 0;
  for (size_t i = 0; i < tree.size(); ++i) {
    if (tree[i] == '(') {
      ++depth;
      const size_t end = tree.find_first_of("()", i + 1);
      const size_t space = tree.find(' ', i);
      if (end != std::string::npos && tree[end] == ')')
        result.emplace_back(tree.substr(i + 1, space - i - 1), tree.substr(space + 1, end - space - 1));
    } else if (tree[i] == ')') {
      --depth;
      if (depth < 0 || (depth == 0 && i + 1 != tree.size())) return {};
    }
  }
  if (depth != 0) return {};
  return result;
}

TEST(BuiltinCorpus, FirstTextsOfSeedOne) {
  const auto documents = generate(3);
  EXPECT_EQ(documents[0].text, "If you want live comedy and concerts, visit Copper Playhouse on High Street.");
  EXPECT_EQ(documents[1].text,
            "Willow Loaf and Red Oven are two large bakeries on Mill Street, and they are open from ten to six.");
  EXPECT_EQ(documents[2].text, "Oak Basket is a farm shop on Station Road.");
  EXPECT_EQ(documents[0].tree,
            "(S (SBAR (SCONJ If) (S (NP (PRON you)) (VP (VERB want) (NP (NP (ADJ live) (NOUN comedy)) (CCONJ and) (NP (NOUN "
            "concerts)))))) (PUNCT ,) (VP (VERB visit) (NP (PROPN Copper) (PROPN Playhouse)) (PP (ADP on) (NP (PROPN High) (PROPN "
            "Street)))) (PUNCT .))");
  EXPECT_THAT(documents[0].tags, testing::ElementsAre("SCONJ", "PRON", "VERB", "ADJ", "NOUN", "CCONJ", "NOUN", "PUNCT", "VERB",
                                                      "PROPN", "PROPN", "ADP", "PROPN", "PROPN", "PUNCT"));
  const std::map<std::string, std::string> attributes = {
      {"area", "Mill Street"}, {"closes", "six"}, {"kind", "bakery"}, {"name", "Willow Loaf, Red Oven"}, {"opens", "ten"}};
  EXPECT_EQ(documents[1].attributes, attributes);
}

TEST(BuiltinCorpus, TextDependsOnSeedAndIndexOnly) {
  const auto few = generate(10), more = generate(30), other = generate(10, 2);
  for (size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few[i].text, more[i].text);
    EXPECT_NE(few[i].text, other[i].text);
  }
  const auto ignored = BuiltinCorpus({10, 1}).parse("some/path", "some text");
  EXPECT_EQ(ignored[9].text, few[9].text);
  EXPECT_FALSE(BuiltinCorpus({}).reads_files());
}

TEST(BuiltinCorpus, IsChosenByName) {
  Config config;
  config.read_override("data.builtin.sentences=4");
  config.read_override("data.builtin.seed=2");
  const auto documents = corpora().make("builtin", config)->parse("", "");
  ASSERT_EQ(documents.size(), 4u);
  EXPECT_EQ(documents[3].text, generate(4, 2)[3].text);
}

TEST(BuiltinCorpus, TagsTreeAndWordsAgree) {
  const std::set<std::string> universal = {"NOUN", "PROPN", "VERB",  "AUX",   "ADJ",  "ADV",   "DET", "ADP",
                                           "PRON", "NUM",   "CCONJ", "SCONJ", "PART", "PUNCT", "INTJ"};
  std::set<std::string> used;
  for (const auto& document : many()) {
    const auto words = split_words(document.text);
    const auto found = leaves(document.tree);
    ASSERT_EQ(words.size(), document.tags.size()) << document.text;
    ASSERT_EQ(words.size(), found.size()) << document.tree;
    for (size_t i = 0; i < words.size(); ++i) {
      ASSERT_EQ(found[i], std::make_pair(document.tags[i], words[i])) << document.tree;
      used.insert(document.tags[i]);
    }
  }
  EXPECT_TRUE(std::includes(universal.begin(), universal.end(), used.begin(), used.end()));
  EXPECT_GE(used.size(), 13u);
}

TEST(BuiltinCorpus, SizesAreAsDocumented) {
  EXPECT_GE(builtin_grammar().rules(), 60u);
  std::map<std::string, size_t> counts;
  std::set<std::string> texts;
  size_t words = 0, longest = 0, pairs = 0;
  for (const auto& document : many()) {
    texts.insert(document.text);
    const auto list = split_words(document.text);
    words += list.size();
    longest = std::max(longest, list.size());
    pairs += document.tree.rfind("(TEXT ", 0) == 0;
    for (const auto& word : list) ++counts[word];
  }
  EXPECT_GE(texts.size(), 19400u);
  EXPECT_GE(counts.size(), 500u);
  EXPECT_LE(counts.size(), 750u);
  const double mean = static_cast<double>(words) / 20000;
  EXPECT_GT(mean, 10);
  EXPECT_LT(mean, 20);
  EXPECT_LE(longest, 40u);
  EXPECT_GT(pairs, 4000u);
  EXPECT_LT(pairs, 16000u);
}

// Zipf's law: log frequency falls with log rank at a slope near -1 (0 for uniform frequencies).
TEST(BuiltinCorpus, WordFrequenciesFallLikeZipf) {
  std::map<std::string, double> counts;
  double total = 0;
  for (const auto& document : many()) {
    for (const auto& word : split_words(document.text)) ++counts[word], ++total;
  }
  std::vector<double> sorted;
  for (const auto& [word, count] : counts) sorted.push_back(count);
  std::sort(sorted.rbegin(), sorted.rend());
  double sx = 0, sy = 0, sxx = 0, sxy = 0, top = 0;
  const size_t ranks = 400;
  for (size_t i = 0; i < ranks; ++i) {
    const double x = std::log(static_cast<double>(i + 1)), y = std::log(sorted[i]);
    sx += x, sy += y, sxx += x * x, sxy += x * y;
    if (i < 10) top += sorted[i] / total;
  }
  const double slope = (ranks * sxy - sx * sy) / (ranks * sxx - sx * sx);
  EXPECT_LT(slope, -0.8);
  EXPECT_GT(slope, -1.3);
  EXPECT_GT(top, 0.25);
  EXPECT_LT(top, 0.5);
}

TEST(BuiltinCorpus, ParseRecoversTheGoldAnalysis) {
  for (size_t i = 0; i < 5000; ++i) {
    const auto& document = many()[i];
    const auto parsed = builtin_grammar().parse(split_words(document.text));
    ASSERT_TRUE(parsed) << document.text;
    ASSERT_EQ(parsed->tree, document.tree);
    ASSERT_EQ(parsed->tags, document.tags);
    ASSERT_EQ(parsed->attributes, document.attributes) << document.text;
  }
}

TEST(BuiltinCorpus, AttributesAreThoseTheTextExpresses) {
  // Fields whose values are words of the text; kind, price, rating and feature are normalised values.
  const std::set<std::string> literal = {"name",   "area",   "near",  "offers", "audience", "opens",
                                         "closes", "closed", "since", "owner",  "service"};
  const std::set<std::string> several = {"name", "offers", "audience"};
  std::map<std::string, size_t> counts;
  for (const auto& document : many()) {
    EXPECT_FALSE(document.attributes.empty());
    const std::string text = lowered(document.text);
    for (const auto& [field, value] : document.attributes) {
      ++counts[field];
      if (!several.count(field)) {
        EXPECT_EQ(value.find(','), std::string::npos) << field << " of " << document.text;
      }
      if (!literal.count(field) || value == "never") continue;
      size_t start = 0;
      while (start < value.size()) {
        const size_t end = std::min(value.find(", ", start), value.size());
        const std::string part = value.substr(start, end - start);
        EXPECT_NE(text.find(lowered(part)), std::string::npos) << field << "=" << part << " of " << document.text;
        start = end + 2;
      }
    }
  }
  for (const auto* field :
       {"name", "kind", "area", "price", "rating", "offers", "audience", "near", "opens", "closed", "dogs", "feature"}) {
    EXPECT_GT(counts[field], 500u) << field;
    EXPECT_LT(counts[field], 20000u) << field;  // present only where the text says so
  }
}

TEST(BuiltinCorpus, HandWrittenSentences) {
  const auto parsed =
      builtin_grammar().parse(split_words("Copper Kettle is an old cafe in Riverside that serves fresh coffee and scones."));
  ASSERT_TRUE(parsed);
  const std::map<std::string, std::string> attributes = {
      {"name", "Copper Kettle"}, {"kind", "cafe"}, {"area", "Riverside"}, {"offers", "coffee, scones"}};
  EXPECT_EQ(parsed->attributes, attributes);
  EXPECT_TRUE(accepts("Copper Kettle is a cheap cafe near the station. It opens at nine and closes at six."));
  EXPECT_TRUE(accepts("Copper Kettle and Blue Cup are cheap cafes near the station. They open at nine and close at six."));
  EXPECT_TRUE(accepts("My sister loves Old House because it displays rare coins."));
  EXPECT_TRUE(accepts("I love Old House because it displays rare coins."));
}

TEST(BuiltinCorpus, WrongSentencesAreRejected) {
  const Words wrong = {
      "Copper Kettle is a old cafe in Riverside that serves fresh coffee.",              // a/an
      "Copper Kettle is an small cafe in Riverside that serves fresh coffee.",           //
      "Copper Kettle are an old cafe in Riverside that serves fresh coffee.",            // agreement with the subject
      "Copper Kettle is an old cafe in Riverside that serve fresh coffee.",              // inside a relative clause
      "Copper Kettle is an old cafes in Riverside that serves fresh coffee.",            // determiner and noun
      "Copper Kettle and Blue Cup are cheap cafes near the station. It opens at nine.",  // pronoun of the second sentence
      "Copper Kettle is a cheap cafe near the station. They open at nine.",              //
      "Copper Kettle is a cheap cafe near the station. It open at nine.",                // its verb
      "Copper Kettle is a cheap cafe near the station. It is cheap.",                    // said twice
      "Copper Kettle is a cheap cafe near the station. it opens at nine.",               // capital
      "copper Kettle is an old cafe.",                                                   //
      "Copper Kettle is an Old cafe.",                                                   //
      "Copper Kettle is an old cafe that sells novels.",                                 // a cafe sells no novels
      "Copper Kettle is an old pub.",                                                    // name and kind
      "I loves Old House because it displays rare coins.",                               // person
      "My sister love Old House because it displays rare coins.",                        //
      "Copper Kettle is an old cafe",                                                    // no full stop
      "Copper Kettle is an old cafe. It opens at nine. It opens at nine.",               // three sentences
      "Copper Kettle is old an cafe.",
      "Kettle Copper is an old cafe.",
      "Copper Kettle an old cafe.",
      "It opens at nine.",
      "",
      ".",
  };
  for (const auto& text : wrong) EXPECT_FALSE(accepts(text)) << text;
}

TEST(BuiltinCorpus, CorruptedTextsAreMostlyRejected) {
  const std::map<std::string, std::string> numbers = {
      {"is", "are"},  {"are", "is"},       {"has", "have"},     {"have", "has"},     {"opens", "open"}, {"It", "They"},
      {"They", "It"}, {"serves", "serve"}, {"serve", "serves"}, {"offers", "offer"}, {"cafe", "cafes"}, {"bakery", "bakeries"}};
  const std::map<std::string, std::string> articles = {{"a", "an"}, {"an", "a"}};
  RandomStream random(5);
  size_t swapped = 0, swaps_accepted = 0, changed = 0, changes_accepted = 0;
  for (size_t i = 0; i < 1000; ++i) {
    const auto words = split_words(many()[i].text);
    Words swap = words;
    std::swap(swap[random.below(words.size())], swap[random.below(words.size())]);
    if (swap != words) {
      ++swapped;
      swaps_accepted += builtin_grammar().accepts(swap);
    }
    for (size_t at = 0; at < words.size(); ++at) {
      Words change = words;
      if (const auto number = numbers.find(words[at]); number != numbers.end()) {
        change[at] = number->second;
        ++changed;
        changes_accepted += builtin_grammar().accepts(change);
      } else if (const auto article = articles.find(words[at]); article != articles.end()) {
        change[at] = article->second;
        EXPECT_FALSE(builtin_grammar().accepts(change)) << join_words(change);
      }
    }
  }
  EXPECT_GT(swapped, 800u);
  EXPECT_LT(static_cast<double>(swaps_accepted), 0.02 * static_cast<double>(swapped));
  EXPECT_GT(changed, 800u);
  EXPECT_LT(static_cast<double>(changes_accepted), 0.02 * static_cast<double>(changed));
}

}  // namespace
}  // namespace difflm
