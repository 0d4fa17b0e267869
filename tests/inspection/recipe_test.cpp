#include "difflm/inspection/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "difflm/inspection/rules.h"

namespace difflm {
namespace {

using ::testing::HasSubstr;

const std::string kDiffusion = "model.transformer";

CorpusProfile profile(int64_t texts, int64_t words) {
  CorpusProfile result;
  result.texts = texts;
  result.words = words;
  for (const auto& name : tried_tokenizers()) {
    TokenizerProfile tried;
    tried.name = name;
    const int64_t longer = name == "char" ? 4 : 1;
    tried.tokens = {3 * longer, 12 * longer, 30 * longer, 90 * longer, 14.0 * static_cast<double>(longer)};
    result.tokenizers.push_back(tried);
  }
  return result;
}

Config asked(const std::vector<std::string>& settings) {
  Config config;
  for (const auto& setting : settings) config.read_override(setting);
  return config;
}

const RecipeSetting* found(const Recipe& recipe, const std::string& key) {
  for (const auto& one : recipe) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

template <class Value>
Value value_of(const Recipe& recipe, const std::string& key) {
  const auto* one = found(recipe, key);
  if (one == nullptr) throw std::logic_error("not chosen: " + key);
  return std::get<Value>(one->value);
}

TEST(Rules, length_is_the_least_multiple_of_eight_that_holds_nearly_all_texts) {
  const auto length = [](int64_t most) { return choose_length(profile(100, 1000), {1, 5, most, most, 5.0}, "bucket").value; };
  EXPECT_EQ(length(30), 32);
  EXPECT_EQ(length(32), 32);
  EXPECT_EQ(length(33), 40);
  EXPECT_EQ(length(3), 16);
  EXPECT_EQ(length(2000), 256);
}

TEST(Rules, vocabulary_grows_with_the_corpus) {
  EXPECT_EQ(choose_vocabulary(1000).value, 512);
  EXPECT_EQ(choose_vocabulary(1'000'000).value, 8192);
  EXPECT_EQ(choose_vocabulary(10).value, 512);
  int64_t before = 0;
  for (int64_t words = 1; words < 1'000'000'000; words *= 3) {
    EXPECT_GE(choose_vocabulary(words).value, before);
    before = choose_vocabulary(words).value;
  }
}

TEST(Rules, batch_has_enough_tokens_but_never_most_of_the_texts) {
  EXPECT_EQ(choose_batch(20, 100'000).value, 96);
  EXPECT_LT(choose_batch(100, 100'000).value, choose_batch(20, 100'000).value);
  EXPECT_EQ(choose_batch(20, 400).value, 48);
  EXPECT_EQ(choose_batch(20, 5).value, 8);
  EXPECT_LE(choose_batch(1, 1e9).value, 512);
}

TEST(Rules, some_texts_are_held_out_of_any_corpus) {
  for (const int64_t texts : {10, 30, 300, 3000, 30'000, 3'000'000}) {
    const double share = choose_validation(profile(texts, 10 * texts)).value;
    EXPECT_GT(share * static_cast<double>(texts), 1) << texts;
    EXPECT_LE(share, 0.2) << texts;
  }
  EXPECT_DOUBLE_EQ(choose_validation(profile(5000, 50'000)).value, 0.075);
}

TEST(Rules, a_small_corpus_gets_a_small_network) {
  EXPECT_LT(choose_network(10'000, 10).value.width, choose_network(1'000'000, 10).value.width);
  EXPECT_LT(choose_network(5'000'000, 10).value.width, choose_network(5'000'000, 60).value.width);
}

TEST(Rules, texts_that_are_read_often_are_kept_from_being_learned_by_heart) {
  EXPECT_EQ(choose_dropout(2).value, 0);
  EXPECT_EQ(choose_dropout(20).value, 0.1);
  EXPECT_EQ(choose_dropout(200).value, 0.2);
  EXPECT_GT(tokens_read(10, 0), tokens_read(5, 0));
  EXPECT_GT(tokens_read(0, 2000), tokens_read(0, 1000));
  EXPECT_EQ(tokens_read(10, 100), tokens_read(0, 100)) << "what ends first";
  EXPECT_EQ(tokens_read(1, 1e6), tokens_read(1, 0));
}

TEST(Recipe, has_a_reason_for_each_setting) {
  const Recipe recipe = choose_recipe(profile(5000, 70'000), Config(), kDiffusion);
  for (const char* key :
       {"data.tokenizer", "data.spaced.vocab_size", "data.packing", "data.length", "data.validation", "train.minutes",
        "model.transformer.width", "model.transformer.layers", "model.transformer.dropout", "train.batch"}) {
    ASSERT_NE(found(recipe, key), nullptr) << key;
    EXPECT_FALSE(found(recipe, key)->reason.empty()) << key;
  }
  EXPECT_EQ(value_of<std::string>(recipe, "data.tokenizer"), "spaced");
  EXPECT_EQ(value_of<int64_t>(recipe, "data.length"), 32);
}

TEST(Recipe, leaves_alone_what_was_asked_for_and_follows_it) {
  const Recipe recipe = choose_recipe(profile(5000, 70'000), asked({"data.tokenizer=char", "train.batch=7", "train.minutes=3"}),
                                      "model.autoregressive");
  for (const char* key : {"data.tokenizer", "train.batch", "train.minutes", "data.spaced.vocab_size", "model.transformer.width"})
    EXPECT_EQ(found(recipe, key), nullptr) << key;
  EXPECT_EQ(value_of<int64_t>(recipe, "data.length"), 120);  // in characters
  EXPECT_NE(found(recipe, "model.autoregressive.width"), nullptr);
}

TEST(Recipe, spells_rare_words_as_the_texts_do_unless_they_are_invented_ones) {
  CorpusProfile corpus = profile(5000, 70'000);
  const auto spelling = [&](const Config& config, const std::string& network = kDiffusion) {
    const RecipeSetting* one = found(choose_recipe(corpus, config, network), "sampling.spelling");
    return one == nullptr ? "" : std::get<std::string>(one->value);
  };
  corpus.tokenizers[1].unknown = 0.13;
  EXPECT_EQ(spelling(Config()), "known");
  EXPECT_EQ(spelling(asked({"data.tokenizer=char"})), "") << "a tokenizer without words";
  EXPECT_EQ(spelling(Config(), "model.autoregressive"), "known");
  corpus.tokenizers[1].unknown = 0.83;
  EXPECT_EQ(spelling(Config()), "free");
  corpus.tokenizers[1].unknown = 0.03;
  corpus.unspaced = 0.9;
  EXPECT_EQ(spelling(Config()), "free");
}

TEST(Recipe, a_budget_in_steps_is_not_cut_short_by_minutes) {
  EXPECT_EQ(value_of<double>(choose_recipe(profile(5000, 70'000), asked({"train.steps=8"}), kDiffusion), "train.minutes"), 0);
}

TEST(Recipe, a_longer_budget_needs_more_dropout) {
  const auto chosen = [](const std::string& budget) {
    return value_of<double>(choose_recipe(profile(100'000, 1'000'000), asked({budget}), kDiffusion), "model.transformer.dropout");
  };
  EXPECT_EQ(chosen("train.minutes=5"), 0);
  EXPECT_EQ(chosen("train.minutes=30"), 0.1);
  EXPECT_EQ(chosen("train.steps=1000"), 0);
  EXPECT_EQ(chosen("train.steps=10000"), 0.1);
}

TEST(Recipe, texts_that_are_too_long_are_split_and_said_so) {
  const auto chosen = [](const Config& config) {
    return found(choose_recipe(profile(5000, 70'000), config, kDiffusion), "data.long") != nullptr;
  };
  EXPECT_TRUE(chosen(Config()));  // the longest has 90 tokens
  EXPECT_FALSE(chosen(asked({"data.length=90"})));
  EXPECT_FALSE(chosen(asked({"data.packing=block"})));
  EXPECT_FALSE(chosen(asked({"data.long=cut"})));
}

TEST(Recipe, one_long_text_is_learned_in_windows) {
  EXPECT_EQ(value_of<std::string>(choose_recipe(profile(1, 70'000), Config(), kDiffusion), "data.packing"), "block");
}

TEST(Recipe, as_toml_is_read_back_to_the_same_values) {
  const Recipe recipe = {
      {"data.tokenizer", std::string("spaced"), "a reason"}, {"train.batch", int64_t{64}, "b"}, {"data.validation", 0.075, "c"}};
  const std::string toml = to_toml(recipe, "A title");
  EXPECT_THAT(toml, HasSubstr("# A title\n"));
  EXPECT_THAT(toml, HasSubstr("# a reason\n"));
  Config read;
  read.read_toml(toml, "chosen.toml");
  ASSERT_EQ(read.values().size(), recipe.size());
  for (const auto& one : recipe) EXPECT_EQ(read.find(one.key)->data, one.value) << one.key;
}

}  // namespace
}  // namespace difflm
