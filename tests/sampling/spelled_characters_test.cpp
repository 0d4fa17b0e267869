// Bytes that are no character are found, and drawn again as characters, from what the model says under that condition.
#include "difflm/sampling/spelled_characters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "difflm/sampling/autoregressive_generator.h"
#include "difflm/sampling/generate.h"
#include "difflm/text/utf8.h"
#include "sampling/random_run.h"
#include "tokenizers/listed_tokens.h"

namespace difflm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Token kLetter = 4;   // "a"
constexpr Token kTwo = 5;      // first of two bytes
constexpr Token kThree = 6;    // first of three
constexpr Token kRest = 7;     // a later byte
constexpr Token kEndAndA = 8;  // a later byte, then a letter

// Of a letter and bytes of others; further tokens are "b".
ListedTokens bytes_of(size_t size = 9) {
  std::vector<std::string> bytes = {"a", "\xC3", "\xE1", "\x9F",
                                    "\x9F"
                                    "a"};
  bytes.resize(size - kSpecialTokens, "b");
  return ListedTokens(std::move(bytes));
}

std::vector<std::pair<size_t, size_t>> misspelled(const std::vector<int64_t>& tokens) {
  std::vector<std::pair<size_t, size_t>> places;
  for (const auto& place : SpelledCharacters(bytes_of()).misspelled(tokens)) places.emplace_back(place.begin, place.count);
  return places;
}

TEST(SpelledCharacters, FindsWhatIsNoCharacter) {
  EXPECT_THAT(misspelled({kStart, kLetter, kTwo, kRest, kThree, kRest, kEndAndA, kTwo, kEndAndA, kEnd, kPad}), IsEmpty());
  EXPECT_THAT(misspelled({kLetter, kRest, kLetter}), ElementsAre(std::pair(1, 1))) << "a later byte alone";
  EXPECT_THAT(misspelled({kThree, kRest, kLetter}), ElementsAre(std::pair(0, 2))) << "a letter too early";
  EXPECT_THAT(misspelled({kThree, kTwo, kRest}), ElementsAre(std::pair(0, 1))) << "what breaks it is a character itself";
  EXPECT_THAT(misspelled({kTwo, kRest, kRest, kRest, kLetter, kTwo, kEnd}), ElementsAre(std::pair(2, 2), std::pair(5, 1)));
  EXPECT_THAT(misspelled({kLetter, kThree, kRest}), ElementsAre(std::pair(1, 2))) << "at the end";
  EXPECT_TRUE(SpelledCharacters(*random_run("").tokenizer).empty()) << "whole words";
}

TEST(SpelledCharacters, DrawsEveryValidSpellingByItsShareOfTheModelsProbability) {
  Tensor probabilities = torch::full({3, 9}, 0.05);
  probabilities[0][kThree] = 0.5;
  probabilities[1][kRest] = 0.4;
  probabilities[2][kTwo] = 0.45;
  const SpelledCharacters characters(bytes_of());
  std::map<std::vector<int64_t>, double> expected;
  double valid = 0;
  for (int64_t a = 4; a < 9; ++a) {
    for (int64_t b = 4; b < 9; ++b) {
      for (int64_t c = 4; c < 9; ++c) {
        const std::vector<int64_t> tokens = {a, b, c};
        const std::vector<Token> narrow(tokens.begin(), tokens.end());
        if (!is_valid_utf8(bytes_of().decode(narrow))) continue;
        const double product =
            probabilities[0][a].item<double>() * probabilities[1][b].item<double>() * probabilities[2][c].item<double>();
        expected[tokens] = product;
        valid += product;
      }
    }
  }
  // Marks and <unk>, three whole tokens of 0.05 each here, are the model's to rule out.
  probabilities.narrow(1, 0, kSpecialTokens).zero_();
  RandomStream random(5);
  std::map<std::vector<int64_t>, int> seen;
  constexpr int kMany = 20000;
  for (int i = 0; i < kMany; ++i) ++seen[characters.draw(probabilities, random)];
  EXPECT_GT(expected.size(), 5U);
  EXPECT_EQ(seen.size(), expected.size());
  for (const auto& [tokens, product] : expected) EXPECT_NEAR(seen[tokens] / static_cast<double>(kMany), product / valid, 0.015);
}

TEST(SpelledCharacters, DrawsNothingWhereNothingIsPossible) {
  Tensor probabilities = torch::zeros({1, 9});
  probabilities[0][kTwo] = 1;
  RandomStream random(1);
  EXPECT_THAT(SpelledCharacters(bytes_of()).draw(probabilities, random), IsEmpty());
}

TEST(SpelledCharacters, BarsWhatCannotFollow) {
  const SpelledCharacters characters(bytes_of());
  const Tensor barred = characters.cannot_follow({Utf8State::whole, Utf8State::two_more, Utf8State::one_more}, 1);
  const auto allowed = [&](int64_t row) {
    std::vector<int64_t> tokens;
    for (int64_t token = 0; token < 9; ++token) {
      if (!barred[row][token].item<bool>()) tokens.push_back(token);
    }
    return tokens;
  };
  EXPECT_THAT(allowed(0), ElementsAre(kStart, kEnd, kUnknown, kPad, kLetter, kTwo)) << "one token is not enough for three bytes";
  EXPECT_THAT(allowed(1), ElementsAre(kRest));
  EXPECT_THAT(allowed(2), ElementsAre(kRest, kEndAndA));
}

// Of every kind that writes, with any noise: no text has bytes that are no character.
class EveryKindOfText : public testing::TestWithParam<const char*> {};

TEST_P(EveryKindOfText, IsMadeOfWholeCharacters) {
  difflm::Run run = random_run(GetParam());
  run.tokenizer = std::make_unique<ListedTokens>(bytes_of(24));
  if (dynamic_cast<DiffusionModel*>(run.model.get()) != nullptr) {
    const torch::NoGradGuard no_grad;
    parameter_of(*run.model, "rounding.bias").fill_(-30).narrow(0, kLetter, 5).fill_(30);
  }
  int others = 0;  // characters of several tokens
  for (const auto& sample : generate(run, few_steps(), request_of(200))) {
    std::string bytes;
    for (const Token token : sample.tokens) bytes += run.tokenizer->bytes(token);
    EXPECT_TRUE(is_valid_utf8(bytes)) << testing::PrintToString(sample.tokens);
    for (const char byte : bytes) others += static_cast<unsigned char>(byte) >= 0x80;
  }
  EXPECT_GT(others, 50);
}

INSTANTIATE_TEST_SUITE_P(SpelledCharacters, EveryKindOfText,
                         testing::Values("[model]\nkind = \"autoregressive\"\n", "", "[noise]\nprocess = \"mask\"\n",
                                         "[noise]\nprocess = \"uniform\"\n"));

}  // namespace
}  // namespace difflm::test
