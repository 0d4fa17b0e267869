#include "difflm/evaluation/judge/autoregressive_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/data/prepared.h"
#include "difflm/evaluation/judge/reading_windows.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/model/model_as.h"
#include "difflm/text/words.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

TEST(ReadingWindows, ScoreEachTargetOnceGivenHalfAWindow) {
  for (const size_t limit : {2u, 3u, 8u, 25u}) {
    for (const size_t count : {1u, 2u, 7u, 8u, 9u, 24u, 25u, 26u, 100u, 251u}) {
      SCOPED_TRACE(testing::Message() << count << " inputs, " << limit << " at once");
      std::vector<int> scored(count, 0);
      for (const auto& window : reading_windows(count, limit, 0)) {
        ASSERT_LE(window.end, count);
        ASSERT_LE(window.end - window.begin, limit);
        for (size_t at = window.scored; at < window.end; ++at) {
          ++scored[at];
          EXPECT_GE(at - window.begin, std::min(at, limit / 2));
        }
      }
      EXPECT_THAT(scored, testing::Each(1));
    }
  }
}

TEST(ReadingWindows, LeaveOutWhatComesBeforeTheText) {
  const auto windows = reading_windows(5, 8, 1);
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows.front(), (ReadingWindow{0, 5, 1}));
}

// A text of the training corpus over and over, longer than the model (24 tokens).
std::string text_of(const Run& run, size_t tokens) {
  const auto documents = read_prepared_documents(prepared_folder(run.config, run.folder), Side::training);
  std::vector<std::string> words;
  for (size_t at = 0; words.size() < tokens; ++at) {
    for (const auto& word : split_words(documents[at].text)) {
      if (words.size() < tokens) words.push_back(word);
    }
  }
  return join_words(words);
}

// -log p of the target of the last input, by the model itself.
double nats_of_last(AutoregressiveModel& model, const std::vector<int64_t>& inputs, int64_t target) {
  const torch::NoGradGuard no_grad;
  const Tensor logits = model.logits(torch::tensor(inputs).unsqueeze(0)).select(1, -1);
  return -torch::log_softmax(logits, -1)[0][target].item<double>();
}

TEST(AutoregressiveJudge, ReadsALongTextInWindowsOfWhichEachTokenIsExact) {
  const auto run = open_run(autoregressive_folder());
  auto& model = *model_as<AutoregressiveModel>(run.model, run.folder);
  const std::string text = text_of(run, 70);
  std::vector<int64_t> tokens = {kStart};
  for (const Token token : run.tokenizer->encode(text)) tokens.push_back(token);
  tokens.push_back(kEnd);
  // Windows of 25 inputs; the next token to be scored has 12 before it at least.
  double expected = 0;
  for (size_t at = 0; at + 1 < tokens.size(); ++at) {
    size_t begin = 0;
    if (at >= 25) {
      const size_t scored = 25 + (at - 25) / 13 * 13;
      begin = std::min(tokens.size() - 1, scored + 13) - 25;
    }
    std::vector<int64_t> inputs(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                                tokens.begin() + static_cast<std::ptrdiff_t>(at + 1));
    inputs.front() = kStart;
    expected += nats_of_last(model, inputs, tokens[at + 1]);
  }
  const AutoregressiveJudge judge(autoregressive_folder());
  const auto score = judge.score({text}).front();
  EXPECT_NEAR(score.nats, expected, 1e-3 * expected);
  EXPECT_EQ(score.tokens, 71);
  EXPECT_EQ(judge.features({text}).front().size(), judge.features({"The"}).front().size());
  EXPECT_THAT(judge.notes({text, "The"}), testing::Contains(testing::HasSubstr("1 of 2 samples are longer than the 25 tokens")));
}

TEST(AutoregressiveJudge, ReadsATextAsLongAsTheModelAtOnce) {
  const auto run = open_run(autoregressive_folder());
  auto& model = *model_as<AutoregressiveModel>(run.model, run.folder);
  const std::string text = text_of(run, 24);
  const auto own = run.tokenizer->encode(text);
  ASSERT_EQ(own.size(), 24u);
  const Batch batch = make_batch({{{own.begin(), own.end()}, 0}}, Side::validation);
  const auto [nats, count] = exact_nats(model, Frame::whole, {batch});
  const AutoregressiveJudge judge(autoregressive_folder());
  EXPECT_NEAR(judge.score({text}).front().nats, nats * static_cast<double>(count), 1e-2);
  EXPECT_THAT(judge.notes({text}), testing::Not(testing::Contains(testing::HasSubstr("are longer"))));
}

TEST(AutoregressiveJudge, SaysWhatItDoesNotKnow) {
  const AutoregressiveJudge judge(autoregressive_folder());
  EXPECT_THAT(judge.notes({"xyzzy plugh"}), testing::Contains(testing::HasSubstr("100% of the samples' tokens are unknown")));
  EXPECT_THAT(judge.notes({"xyzzy"}), testing::Contains(testing::HasSubstr("has learned from")));
}

TEST(AutoregressiveJudge, IsAnAutoregressiveRun) {
  EXPECT_NE(usage_message([] { AutoregressiveJudge judge(trained_run_folder()); }).find("autoregressive"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
