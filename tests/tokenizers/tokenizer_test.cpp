#include "difflm/tokenizers/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/expect_error.h"
#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/text/words.h"
#include "tokenizers/round_trip.h"
#include "tokenizers/trained_tokenizer.h"

namespace difflm {
namespace {

using test::knowing_all;
using test::knows_all;
using test::nasty_and_random;
using test::Texts;
using test::trained;
using test::training_texts;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class EveryTokenizer : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryTokenizer, its_training_texts_come_back) {
  const auto tokenizer = trained(GetParam(), knowing_all(GetParam()));
  for (const auto& text : training_texts()) {
    const auto tokens = tokenizer->encode(text);
    ASSERT_TRUE(knows_all(tokens)) << text;
    ASSERT_EQ(tokenizer->decode(tokens), tokenizer->normalise(text));
    ASSERT_EQ(tokenizer->decode(tokens), text);  // these texts are in normal form already
  }
}

TEST_P(EveryTokenizer, any_text_it_knows_comes_back_normalised) {
  const Texts texts = nasty_and_random(1, 1500);
  Texts seen = training_texts();
  seen.insert(seen.end(), texts.begin(), texts.end());
  const auto tokenizer = trained(GetParam(), knowing_all(GetParam()), seen);
  size_t known = 0;
  for (const auto& text : texts) {
    const auto tokens = tokenizer->encode(text);
    const auto normal = tokenizer->normalise(text);
    ASSERT_TRUE(is_valid_utf8(normal));
    ASSERT_EQ(tokenizer->normalise(normal), normal) << text;
    for (const Token token : tokens) ASSERT_TRUE(token >= 0 && token < tokenizer->size());
    if (!knows_all(tokens)) continue;
    ++known;
    ASSERT_EQ(tokenizer->decode(tokens), normal) << text;
  }
  EXPECT_GT(known, texts.size() * 9 / 10);
}

TEST_P(EveryTokenizer, normalising_is_the_stated_rule) {
  const auto tokenizer = trained(GetParam());
  for (const auto& text : nasty_and_random(2, 300)) {
    std::string expected = to_valid_utf8(text);
    if (GetParam() == "word") {
      expected = join_words(split_words(text));
    } else if (GetParam() == "char") {
      expected = compose(expected);
    } else if (GetParam() == "sentencepiece") {
      for (size_t at = expected.find("\u2581"); at != std::string::npos; at = expected.find("\u2581"))
        expected.replace(at, 3, 1, ' ');
    }
    ASSERT_EQ(tokenizer->normalise(text), expected) << text;
  }
}

TEST_P(EveryTokenizer, the_saved_form_makes_the_same_tokenizer) {
  const auto tokenizer = trained(GetParam());
  const auto saved = parse_json(to_text(tokenizer->to_json()));
  EXPECT_EQ(saved.begin().key(), "kind");
  EXPECT_EQ(saved["kind"], GetParam());
  const auto loaded = load_tokenizer(saved, "tokenizer.json");
  EXPECT_EQ(loaded->kind(), GetParam());
  EXPECT_EQ(loaded->to_json(), tokenizer->to_json());
  ASSERT_EQ(loaded->size(), tokenizer->size());
  for (Token token = 0; token < loaded->size(); ++token) {
    ASSERT_EQ(loaded->piece(token), tokenizer->piece(token));
    ASSERT_EQ(loaded->source_id(token), tokenizer->source_id(token));
  }
  for (const auto& text : nasty_and_random(3, 200)) {
    ASSERT_EQ(loaded->encode(text), tokenizer->encode(text));
    ASSERT_EQ(loaded->normalise(text), tokenizer->normalise(text));
  }
}

TEST_P(EveryTokenizer, has_the_special_tokens_first_and_never_encodes_to_them) {
  Texts texts = training_texts();
  for (int i = 0; i < 20; ++i) texts.push_back("<start> <end> <unk> <pad> <s> </s>");
  const auto tokenizer = trained(GetParam(), knowing_all(GetParam()), texts);
  EXPECT_EQ(tokenizer->piece(kStart), "<start>");
  EXPECT_EQ(tokenizer->piece(kEnd), "<end>");
  EXPECT_EQ(tokenizer->piece(kUnknown), "<unk>");
  EXPECT_EQ(tokenizer->piece(kPad), "<pad>");
  const auto tokens = tokenizer->encode("<start> <end> <unk> <pad> <s> </s>");
  for (const Token token : tokens) EXPECT_GE(token, kSpecialTokens);
  EXPECT_EQ(tokenizer->decode(tokens), tokenizer->normalise("<start> <end> <unk> <pad> <s> </s>"));
}

TEST_P(EveryTokenizer, decoding_leaves_out_start_end_and_pad_and_writes_unknown) {
  const auto tokenizer = trained(GetParam());
  std::vector<Token> tokens = {kStart};
  for (const Token token : tokenizer->encode("The Eagle serves food")) tokens.push_back(token);
  for (const Token token : {kEnd, kPad, kPad}) tokens.push_back(token);
  EXPECT_EQ(tokenizer->decode(tokens), "The Eagle serves food");
  EXPECT_EQ(tokenizer->decode(std::vector<Token>{kUnknown}), "<unk>");
  EXPECT_EQ(tokenizer->decode(std::vector<Token>{}), "");
}

TEST_P(EveryTokenizer, any_sequence_of_ids_decodes_to_valid_text) {
  const auto tokenizer = trained(GetParam(), "", nasty_and_random(4, 400));
  for (uint64_t i = 0; i < 500; ++i) {
    RandomStream stream(5, "ids", i);
    std::vector<Token> tokens;
    for (uint64_t k = stream.below(12); k > 0; --k)
      tokens.push_back(static_cast<Token>(stream.below(static_cast<uint64_t>(tokenizer->size()))));
    ASSERT_TRUE(is_valid_utf8(tokenizer->decode(tokens)));
  }
}

TEST_P(EveryTokenizer, pieces_differ_and_ids_outside_the_vocabulary_are_errors) {
  const auto tokenizer = trained(GetParam());
  std::set<std::string> pieces;
  for (Token token = 0; token < tokenizer->size(); ++token) pieces.insert(tokenizer->piece(token));
  EXPECT_EQ(static_cast<Token>(pieces.size()), tokenizer->size());
  test::failure_message([&] { tokenizer->decode(std::vector<Token>{tokenizer->size()}); });
  test::failure_message([&] { tokenizer->decode(std::vector<Token>{-1}); });
  test::failure_message([&] { tokenizer->piece(tokenizer->size()); });
}

TEST_P(EveryTokenizer, training_twice_gives_the_same) { EXPECT_EQ(trained(GetParam())->to_json(), trained(GetParam())->to_json()); }

TEST_P(EveryTokenizer, a_damaged_saved_form_is_a_failure_that_names_the_file) {
  const auto saved = trained(GetParam())->to_json();
  for (const auto& [key, value] : saved.items()) {
    auto damaged = saved;
    damaged.erase(key);
    if (key != "spelled") {  // which runs of before 2026-11-30 have not
      EXPECT_THAT(test::failure_message([&] { load_tokenizer(damaged, "run/tokenizer.json"); }), HasSubstr("run/tokenizer.json"))
          << key;
    }
    damaged = saved;
    damaged[key] = parse_json(R"([[1, "x"]])");
    EXPECT_THAT(test::failure_message([&] { load_tokenizer(damaged, "run/tokenizer.json"); }), HasSubstr("run/tokenizer.json"))
        << key;
  }
}

TEST_P(EveryTokenizer, options_survive_toml) { test::expect_options_survive(tokenizers().info(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Tokenizers, EveryTokenizer, ::testing::ValuesIn(tokenizers().names()),
                         [](const auto& test) { return test.param; });

TEST(LoadTokenizer, refuses_json_that_is_no_tokenizer) {
  for (const auto* text : {"{}", "[]", "3", R"({"kind": 3})", R"({"kind": "words"})", R"({"model": {"type": "BPE"}})"}) {
    EXPECT_THAT(test::failure_message([&] { load_tokenizer(parse_json(text), "t.json"); }), HasSubstr("t.json"));
  }
}

TEST(TrainTokenizer, an_unknown_kind_names_the_nearest) {
  EXPECT_THAT(test::usage_message([] { trained("words"); }), HasSubstr("did you mean 'word'?"));
}

TEST(WordTokenizer, ids_go_by_count_then_first_occurrence) {
  const auto tokenizer = trained("word", "[data.word]\nmin_count = 1\n", {"b a c", "c a c d"});
  EXPECT_THAT(tokenizer->encode("c a b d"), ElementsAre(4, 5, 6, 7));
  EXPECT_EQ(tokenizer->size(), 8);
}

TEST(WordTokenizer, rare_words_are_unknown) {
  const Texts texts = {"a a a b b c c c"};
  const auto tokenizer = trained("word", "", texts);  // min_count 3
  EXPECT_THAT(tokenizer->encode("a b c zebra"), ElementsAre(4, kUnknown, 5, kUnknown));
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("a b.")), "a <unk> <unk>");
}

TEST(WordTokenizer, max_size_keeps_the_most_frequent_words) {
  const auto tokenizer = trained("word", "[data.word]\nmin_count = 1\nmax_size = 6\n", {"a a a b b c"});
  EXPECT_EQ(tokenizer->size(), 6);
  EXPECT_THAT(tokenizer->encode("a b c"), ElementsAre(4, 5, kUnknown));
}

TEST(WordTokenizer, lower_case_is_an_option_that_is_saved) {
  const auto tokenizer = trained("word", "[data.word]\nmin_count = 1\nlowercase = true\n", {"The \u00C9clair THE"});
  EXPECT_EQ(tokenizer->size(), 6);
  EXPECT_EQ(tokenizer->normalise("The \u00C9CLAIR"), "the \u00E9clair");
  EXPECT_EQ(load_tokenizer(tokenizer->to_json(), "x")->decode(tokenizer->encode("tHe \u00E9CLAIR")), "the \u00E9clair");
}

TEST(CharTokenizer, has_one_token_a_code_point_composed) {
  const auto tokenizer = trained("char", "", {"aab\u00E9"});
  EXPECT_EQ(tokenizer->size(), 7);
  EXPECT_THAT(tokenizer->encode("ba e\u0301"), ElementsAre(5, 4, kUnknown, 6));
  EXPECT_EQ(trained("char", "[data.char]\nmin_count = 2\n", {"aab"})->size(), 5);
}

TEST(BpeTokenizer, has_bytes_then_merges) {
  const auto tokenizer = trained("bpe", "[data.bpe]\nvocab_size = 262\nmin_count = 1\n", {"low low low lower"});
  EXPECT_EQ(tokenizer->size(), 262);
  EXPECT_EQ(tokenizer->piece(4 + 'a'), "a");
  EXPECT_EQ(tokenizer->piece(4 + 0xE2), "<0xE2>");
  EXPECT_EQ(tokenizer->piece(260), "lo");  // l o and o w both occur 4 times; the smaller left symbol wins
  EXPECT_EQ(tokenizer->piece(261), "low");
  EXPECT_THAT(tokenizer->encode("low lo"), ElementsAre(261, 4 + ' ', 260));
}

TEST(BpeTokenizer, never_needs_unknown_and_changes_nothing_but_invalid_bytes) {
  const auto tokenizer = trained("bpe");
  for (const auto& text : nasty_and_random(6, 500)) {
    const auto tokens = tokenizer->encode(text);
    ASSERT_TRUE(knows_all(tokens));
    ASSERT_EQ(tokenizer->decode(tokens), to_valid_utf8(text));
  }
}

TEST(BpeTokenizer, refuses_merges_that_cannot_be) {
  for (const auto* merges : {"[[300, 5]]", "[[97, -1]]", "[[97, 98], [97, 98]]"}) {
    Json saved = {{"kind", "bpe"}, {"merges", parse_json(merges)}};
    EXPECT_THAT(test::failure_message([&] { load_tokenizer(saved, "t.json"); }), HasSubstr("t.json"));
  }
}

}  // namespace
}  // namespace difflm
