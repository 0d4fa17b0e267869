// Every listed guide: its gradient, its exact rule, what it pins; and which wishes are refused.
#include "difflm/steering/guide.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/expect_error.h"
#include "difflm/sampling/open_words.h"
#include "difflm/steering/guide/attribute.h"
#include "difflm/steering/guide/span.h"
#include "difflm/steering/guided_steering.h"
#include "difflm/steering/wish_words.h"
#include "nn/finite_differences.h"
#include "steering/every_sequence.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

class GuideTest : public testing::Test {
 protected:
  std::unique_ptr<Guide> make(const std::string& name, const std::string& wish, const std::string& toml = "") {
    return guide_of(run, resources, name, wish, toml);
  }
  Sequence tokens(const std::string& text) const { return run.tokenizer->encode(text); }

  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources{run};
};

// A wish of every kind that has an energy, for a text of six words.
const std::vector<std::pair<std::string, std::string>>& wishes_with_energy() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"keywords", "the"},
      {"keywords", "is a ... in"},
      {"without", "the"},
      {"without", "is a ... in"},
      {"part-of-speech", "PROPN _ AUX DET NOUN PUNCT"},
  };
  return all;
}

TEST_F(GuideTest, GradientsAreThoseOfTheEnergies) {
  for (const auto& [name, wish] : wishes_with_energy()) {
    SCOPED_TRACE(name + ": " + wish);
    const auto guide = make(name, wish);
    const Tensor words = random_probabilities(2, 6, run.tokenizer->size()).set_requires_grad(true);
    const auto loss = [&] { return guide->log_probability({words, {}, {}, 0.5}).to(torch::kFloat64).sum(); };
    expect_gradients(loss, {{"words", words}}, {1e-6, 1e-4});
  }
}

// A certain text has log-probability 0 where the exact rule holds and a very low one where it does not.
TEST_F(GuideTest, ASureTextIsJudgedAsByTheExactRule) {
  const std::vector<std::string> sure = {"Red Arms is a cafe.", "There is the cafe.", "Red Arms is a pub in", "is in a the cafe."};
  for (const auto& [name, wish] : wishes_with_energy()) {
    const auto guide = make(name, wish);
    for (const auto& text : sure) {
      const Sequence ids = tokens(text);
      const Tensor index = torch::tensor(std::vector<int64_t>(ids.begin(), ids.end()), torch::kInt64).unsqueeze(0);
      const Tensor words = torch::one_hot(index, run.tokenizer->size()).to(torch::kFloat64);
      if (name == "part-of-speech" && ids.size() != 6) continue;
      const double log_probability = guide->log_probability({words, {}, {}, 0.0}).item<double>();
      EXPECT_EQ(*guide->is_fulfilled(ids), log_probability > std::log(0.5))
          << name << " " << wish << " of " << text << " " << log_probability;
    }
  }
}

TEST_F(GuideTest, KeywordsAreFoundInEitherCase) {
  const auto the = make("keywords", "the");
  EXPECT_TRUE(*the->is_fulfilled(tokens("The cafe")));
  EXPECT_TRUE(*make("keywords", "The")->is_fulfilled(tokens("in the cafe")));
  EXPECT_FALSE(*the->is_fulfilled(tokens("a cafe")));
}

// What a tokenizer of `kind`, trained on `text`, finds of a wish in another text.
class TypedWish {
 public:
  TypedWish(const std::string& kind, const std::string& text, const std::string& toml = "") : training_(20) {
    Config config;
    config.read_toml(toml, "test.toml");
    for (auto& document : training_) document.text = text;
    tokenizer_ = train_tokenizer(kind, config, std::vector<std::string>(20, text));
  }
  bool holds(const std::string& text, const std::string& wish) const {
    const WordAutomaton automaton(wish_phrases(wish, {*tokenizer_, training_}, "keywords"), *tokenizer_);
    return automaton.contains(tokenizer_->encode(text));
  }
  // Whether guidance can lead to `text`: it is certain, and judged as what it is.
  bool is_certain(const std::string& text, const std::string& wish) const {
    const WordAutomaton automaton(wish_phrases(wish, {*tokenizer_, training_}, "keywords"), *tokenizer_);
    const Sequence ids = tokenizer_->encode(text);
    const Tensor index = torch::tensor(std::vector<int64_t>(ids.begin(), ids.end()), torch::kInt64).unsqueeze(0);
    return automaton.log_contains(torch::one_hot(index, tokenizer_->size()).to(torch::kFloat64)).item<double>() > -0.1;
  }
  std::string given(const std::string& wish) const {
    return tokenizer_->decode(wish_tokens(wish, {*tokenizer_, training_}, "infill"));
  }
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  const std::vector<Document>& training() const { return training_; }

 private:
  std::vector<Document> training_;
  std::unique_ptr<Tokenizer> tokenizer_;
};

class EveryTokenizersWish : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryTokenizersWish, IsFoundWhereItStandsAsAWord) {
  const TypedWish wish(
      GetParam(), "My love (my love), my glove and the lovely dove. \"Love the dove\", don't! \u00C9t\u00E9, \u00E9t\u00E9 love",
      "[data.word]\nmin_count = 1\n[data.bpe]\nvocab_size = 320\n[data.sentencepiece]\nvocab_size = 300\n");
  for (const std::string text : {"my love", "my love (love)", "Love the dove", "\"Love the dove\"", "love, my dove"}) {
    EXPECT_TRUE(wish.holds(text, "love")) << text;
    EXPECT_TRUE(wish.is_certain(text, "Love")) << text;
  }
  for (const std::string text : {"my glove", "lovely dove", "the dove"}) {
    EXPECT_FALSE(wish.holds(text, "love")) << text;
    EXPECT_FALSE(wish.is_certain(text, "love")) << text;
  }
  EXPECT_TRUE(wish.holds("and the dove", "the dove"));
  EXPECT_TRUE(wish.holds("my glove and the dove", "my ... the dove"));
  EXPECT_FALSE(wish.holds("the dove and my glove", "my ... the dove"));
  EXPECT_TRUE(wish.holds("\u00C9t\u00E9", "\u00E9t\u00E9"));
  EXPECT_TRUE(wish.holds("don't", "Don't"));
}

INSTANTIATE_TEST_SUITE_P(WishWords, EveryTokenizersWish, ::testing::ValuesIn(tokenizers().names()),
                         [](const auto& test) { return test.param; });

TEST(WishWords, StandAnywhereInScriptsWithoutSpaces) {
  for (const std::string kind : {"spaced", "bpe", "char", "sentencepiece"}) {
    const TypedWish wish(
        kind, "\u6211\u53BB\u5496\u5561\u9986\u559D\u8336\uFF0C\u5496\u5561\u9986\u5F88\u597D\u3002\u5496\u5561\u597D\u559D\u3002",
        "[data.sentencepiece]\nvocab_size = 300\n");
    EXPECT_TRUE(wish.holds("\u6211\u53BB\u5496\u5561\u9986\u559D\u8336", "\u5496\u5561\u9986")) << kind;
    EXPECT_TRUE(wish.holds("\u5496\u5561\u9986\u5F88\u597D", "\u5496\u5561\u9986")) << kind;
    EXPECT_FALSE(wish.holds("\u5496\u5561\u597D\u559D", "\u5496\u5561\u9986")) << kind;
  }
}

// Typed composed, while the texts have letters and marks, and the other way round.
TEST(WishWords, AreMatchedAndGivenAsTheTextsHaveThem) {
  const std::string composed = "sch\u00F6ne gr\u00FC\u00DFe";
  const std::string decomposed = "scho\u0308ne gru\u0308\u00DFe";
  for (const std::string kind : {"spaced", "bpe", "sentencepiece"}) {
    for (const bool split : {true, false}) {
      const std::string& text = split ? decomposed : composed;
      const TypedWish wish(kind, text + ", " + text + " und " + text,
                           "[data.bpe]\nvocab_size = 300\n[data.sentencepiece]\nvocab_size = 300\n");
      for (const std::string& typed : {composed, decomposed}) {
        EXPECT_TRUE(wish.holds(text, typed)) << kind;
        EXPECT_TRUE(wish.is_certain(text, typed)) << kind;
        EXPECT_EQ(wish.given(typed), text) << kind;
      }
    }
  }
}

// Where words are not tokens, an open word begins with one that has a space before it, and what follows goes on with it.
TEST(OpenWords, AskForTheTokensOfOneWord) {
  for (const std::string kind : {"spaced", "bpe", "sentencepiece"}) {
    const TypedWish wish(kind, "a cafe, a pub (old) and a cafe. A pub!", "[data.sentencepiece]\nvocab_size = 300\n");
    const Tensor penalties = open_word_penalties(wish.tokenizer());
    for (Token token = kSpecialTokens; token < wish.tokenizer().size(); ++token) {
      const std::string bytes = wish.tokenizer().bytes(token);
      const bool letters =
          bytes.size() > 1 && std::all_of(bytes.begin() + 1, bytes.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
      if (bytes[0] == ' ' && letters) {
        EXPECT_EQ(penalties[1][token].item<float>(), 0) << bytes;
      }
      if (bytes[0] != ' ') {
        EXPECT_LT(penalties[1][token].item<float>(), -1000) << bytes;
      }
      if (bytes == "," || bytes == " (" || bytes == " ") {
        EXPECT_LT(penalties[2][token].item<float>(), -1000) << bytes;
      }
    }
  }
}

TEST(WishWords, AreGivenAfterAWordWithTheSpaceTheyAreTypedWith) {
  const TypedWish wish("spaced", "a cafe, a pub (old) and a cafe. A pub!");
  const auto pieces = [&](const std::string& text) {
    std::string all;
    for (const Token token : wish_tokens(text, {wish.tokenizer(), wish.training()}, "infill", true))
      all += "|" + wish.tokenizer().piece(token);
    return all;
  };
  EXPECT_EQ(pieces(" cafe"), "| cafe");
  EXPECT_EQ(pieces(", a pub"), "|,| a| pub");
  EXPECT_EQ(pieces("."), "|.");
}

TEST_F(GuideTest, PartsOfSpeechAreCountedInTheTrainingTexts) {
  const auto guide = make("part-of-speech", "DET NOUN _");
  EXPECT_EQ(guide->choose_length(0, 17), 3);
  EXPECT_TRUE(*guide->is_fulfilled(tokens("a cafe is")));
  EXPECT_FALSE(*guide->is_fulfilled(tokens("cafe a is")));
  EXPECT_FALSE(*guide->is_fulfilled(tokens("a cafe")));
}

TEST_F(GuideTest, ALengthIsKeptOrDrawnWithinItsRange) {
  EXPECT_EQ(make("length", "9")->choose_length(0, 17), 9);
  const auto range = make("length", "10..13");
  EXPECT_EQ(range->choose_length(0, 12), 12);
  std::set<int64_t> drawn;
  for (int64_t index = 0; index < 100; ++index) drawn.insert(range->choose_length(index, 20));
  EXPECT_EQ(drawn, (std::set<int64_t>{10, 11, 12, 13}));
  EXPECT_TRUE(range->pins(0, 12).empty());
  EXPECT_TRUE(*range->is_fulfilled(Sequence(10, 5)));
  EXPECT_FALSE(*range->is_fulfilled(Sequence(14, 5)));
}

TEST_F(GuideTest, PaddedTextsGetTheirLengthByPins) {
  run.packing = packings().make("pad", Config());
  const Sequence pins = make("length", "2")->pins(0, 6);
  EXPECT_EQ(pins, (Sequence{kStart, -1, -1, kEnd, kPad, kPad}));
  EXPECT_EQ(make("infill", "_ cafe")->pins(0, 6), (Sequence{kStart, -1, tokens("cafe")[0], kEnd, kPad, kPad}));
}

TEST_F(GuideTest, AnInfillPinsItsWordsAndFitsItsGaps) {
  const Token the = tokens("the")[0];
  const Token cafe = tokens("cafe")[0];
  const auto fixed = make("infill", "the _ cafe _");
  EXPECT_EQ(fixed->choose_length(0, 11), 4);
  EXPECT_EQ(fixed->pins(0, 4), (Sequence{the, -1, cafe, -1}));
  const auto open = make("infill", "* the * cafe");
  EXPECT_EQ(open->choose_length(0, 7), 7);
  EXPECT_EQ(open->choose_length(0, 1), 2);
  for (int64_t index = 0; index < 20; ++index) {
    const Sequence pins = open->pins(index, 7);
    ASSERT_EQ(pins.size(), 7);
    EXPECT_EQ(pins[6], cafe);
    EXPECT_EQ(std::count(pins.begin(), pins.end(), the), 1);
    EXPECT_EQ(std::count(pins.begin(), pins.end(), -1), 5);
  }
  EXPECT_TRUE(*open->is_fulfilled(tokens("is the a cafe")));
  EXPECT_TRUE(*open->is_fulfilled(tokens("the cafe")));
  EXPECT_FALSE(*open->is_fulfilled(tokens("the cafe is")));
  EXPECT_FALSE(*fixed->is_fulfilled(tokens("the cafe is a")));
  const Token stop = tokens(".")[0];
  EXPECT_EQ(make("infill", "the ___, cafe _.")->pins(0, 6), (Sequence{the, -1, tokens(",")[0], cafe, -1, stop}));
}

TEST_F(GuideTest, LengthsAreDrawnAsTextsThatFulfilTheWishHaveThem) {
  Guides wishes;
  wishes.push_back(make("keywords", "called"));
  const auto weights = length_weights(wishes, resources, run.length);
  ASSERT_EQ(weights.size(), static_cast<size_t>(run.length) + 1);
  std::vector<double> expected(weights.size(), 0);
  for (const auto& text : resources.tokens()) {
    const bool has = std::find(text.begin(), text.end(), tokens("called")[0]) != text.end();
    if (has && text.size() < expected.size()) ++expected[text.size()];
  }
  for (size_t length = 0; length < weights.size(); ++length) EXPECT_NEAR(weights[length], expected[length], 1e-9);
  Guides silent;
  silent.push_back(make("length", "9"));
  EXPECT_TRUE(length_weights(silent, resources, run.length).empty());
}

TEST_F(GuideTest, WishesThatCannotBeFulfilledAreRefused) {
  const auto refused = [&](const std::string& name, const std::string& wish) { return error_of([&] { make(name, wish); }); };
  const std::vector<std::tuple<std::string, std::string, std::string>> all = {
      {"keywords", "frobnicate", "not a word of the model's vocabulary"},
      {"keywords", "", "has no word"},
      {"keywords", "a ... ... the", "has no word"},
      {"without", "frobnicate", "without"},
      {"part-of-speech", "DET NOUNS", "'NOUNS' is not a part of speech"},
      {"part-of-speech", "", "has 0 tags"},
      {"length", "0", "expected 1 to"},
      {"length", "99", "longest text"},
      {"length", "12..3", "expected 1 to"},
      {"length", "some", "expected a number"},
      {"infill", "", "is empty"},
      {"infill", "the frobnicate", "not a word"},
      {"infill", "the frobnicate _.", "not a word"},
      {"attribute", "kind=cafe", "needs a classifier"},
      {"span", "NP 1-3", "needs a span-classifier"},
  };
  for (const auto& [name, wish, message] : all) {
    const Caught caught = refused(name, wish);
    EXPECT_EQ(caught.kind, Error::Kind::usage) << name << " " << wish;
    EXPECT_NE(caught.text.find(message), std::string::npos) << caught.text;
  }
  std::string long_text;
  for (int i = 0; i < 40; ++i) long_text += "the ";
  EXPECT_NE(refused("infill", long_text).text.find("longest text"), std::string::npos);
}

TEST(ReadSpans, CountWordsFromOne) {
  EXPECT_EQ(read_spans("NP 1-4, VP 5-5"), (std::vector<Span>{{"NP", 0, 3}, {"VP", 4, 4}}));
  for (const std::string wrong : {"", "NP", "NP 1", "NP 0-3", "NP a-3", "NP 1-", "NP 1-3,VP 2-3"})
    EXPECT_NE(usage_message([&] { read_spans(wrong); }).find("expected a label and words"), std::string::npos) << wrong;
  EXPECT_NE(usage_message([] { read_spans("NP 4-3"); }).find("ends before it begins"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
