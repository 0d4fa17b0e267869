// What may follow inside and outside of the known words, and that an autoregressive model writes no others.
#include "difflm/sampling/word_paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/sampling/spelled_words.h"
#include "sampling/pieces.h"
#include "sampling/random_run.h"

namespace difflm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The tokens of the vocabulary, without the special ones, that may follow `before`, with `left` more after them.
std::vector<Token> may_follow(const std::vector<Token>& before, int64_t left) {
  const WordPaths paths{Pieces()};
  WordPaths::State state = WordPaths::kOutside;
  for (const Token token : before) state = paths.after(state, token);
  const Tensor barred = paths.cannot_follow({state}, left)[0];
  std::vector<Token> allowed;
  for (Token token = kSpecialTokens; token < 10; ++token) {
    if (!barred[token].item<bool>()) allowed.push_back(token);
  }
  return allowed;
}

TEST(WordPaths, OutsideOfWordsOnlyKnownOnesBegin) {
  EXPECT_THAT(may_follow({}, 9), ElementsAre(kCat, kMa, kTe, kNa, kStop, kYear)) << "what no space begins is left alone";
  EXPECT_THAT(may_follow({kStop}, 9), ElementsAre(kCat, kMa, kTe, kNa, kStop, kYear));
  EXPECT_THAT(may_follow({kStop}, 0), ElementsAre(kCat, kTe, kNa, kStop, kYear)) << " ma is no word, and no room is left";
}

TEST(WordPaths, InsideOfAWordItsTokensFollow) {
  EXPECT_THAT(may_follow({kMa}, 9), ElementsAre(kTe, kNa));
  EXPECT_THAT(may_follow({kMa, kTe}, 9), ElementsAre(kCat, kMa, kStop, kYear)) << "mate ends";
  EXPECT_THAT(may_follow({kMa, kNa}, 9), ElementsAre(kCat, kMa, kTe, kStop, kYear)) << "mana, or manate";
  EXPECT_THAT(may_follow({kCat}, 9), ElementsAre(kCat, kMa, kStop, kYear));
}

TEST(WordPaths, AnUnknownWordIsLeftAlone) {
  EXPECT_THAT(may_follow({kCat, kTe}, 9), ElementsAre(kCat, kMa, kTe, kNa, kStop, kYear));
}

TEST(WordPaths, ATextEndsOnlyBetweenWords) {
  const WordPaths paths{Pieces()};
  const Tensor barred = paths.cannot_follow({paths.after(WordPaths::kOutside, kMa), paths.after(WordPaths::kOutside, kCat)}, 9);
  EXPECT_TRUE(barred[0][kEnd].item<bool>());
  EXPECT_FALSE(barred[1][kEnd].item<bool>());
}

TEST(WordPaths, AnAutoregressiveModelWritesNoOtherWords) {
  difflm::Run run = random_run("[model]\nkind = \"autoregressive\"\n");
  run.tokenizer = std::make_unique<Pieces>(24);
  const SpelledWords spelling(*run.tokenizer);
  const auto unknown = [&](const char* how) {
    SamplingOptions options = few_steps();
    options.spelling = how;
    size_t count = 0;
    for (const auto& sample : generate(run, options, request_of(100))) {
      count += spelling.misspelled(std::vector<int64_t>(sample.tokens.begin(), sample.tokens.end())).size();
    }
    return count;
  };
  EXPECT_GT(unknown("free"), 20U);
  EXPECT_EQ(unknown("known"), 0U);
}

TEST(WordPaths, NeedsTheWordsOfTheTexts) {
  const ListedTokens without({" cat"});
  EXPECT_THAT(usage_message([&] { WordPaths{without}; }), HasSubstr("sampling.spelling: needs the words of the training texts"));
}

}  // namespace
}  // namespace difflm::test
