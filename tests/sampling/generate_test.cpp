// Texts from a run, of any kind of model: sample i of a seed is one text in any batch; lengths, observers and stopping.
#include "difflm/sampling/generate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/expect_error.h"
#include "sampling/random_run.h"

namespace difflm::test {
namespace {

TEST(GenerateContract, ASampleIsTheSameInAnyBatch) {
  for (const auto& kind : writing_kinds()) {
    for (const auto& packing : packings().names()) {
      SCOPED_TRACE(kind + ", " + packing);
      difflm::Run run = random_run("[model]\nkind = \"" + kind + "\"\n[data]\npacking = \"" + packing + "\"\n");
      const auto all = generate(run, few_steps(), request_of(12));
      ASSERT_EQ(all.size(), 12);
      std::set<std::string> distinct;
      for (size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].index, static_cast<int64_t>(i));
        EXPECT_EQ(all[i].text, run.tokenizer->decode(all[i].tokens));
        EXPECT_GT(all[i].confidence, 0);
        EXPECT_LE(all[i].confidence, 1);
        distinct.insert(all[i].text);
      }
      EXPECT_GT(distinct.size(), 6);
      for (const int64_t batch : {1, 5})
        EXPECT_EQ(texts_of(generate(run, few_steps(batch), request_of(12))), texts_of(all)) << batch;
      const auto few = texts_of(generate(run, few_steps(), request_of(4)));
      EXPECT_TRUE(std::equal(few.begin(), few.end(), texts_of(all).begin()));
      EXPECT_NE(texts_of(generate(run, few_steps(), request_of(12, 4))), texts_of(all));
    }
  }
}

TEST(Generate, LengthsFollowTheTrainingText) {
  difflm::Run run = random_run("");
  forbid_special_tokens(run);
  SamplingOptions options = few_steps();
  options.steps = 1;
  std::map<size_t, int> seen;
  for (const auto& sample : generate(run, options, request_of(1000))) ++seen[sample.tokens.size()];
  EXPECT_EQ(seen.size(), 3);  // 50 is longer than the model
  EXPECT_NEAR(seen[3], 500, 60);
  EXPECT_NEAR(seen[5], 300, 60);
  EXPECT_NEAR(seen[8], 200, 60);
}

TEST(Generate, ALengthAskedForIsKeptOrRefused) {
  difflm::Run run = random_run("");
  forbid_special_tokens(run);
  SampleRequest request = request_of(4);
  for (const int64_t length : {1, 7, 12}) {
    request.length = length;
    for (const auto& sample : generate(run, few_steps(), request)) EXPECT_EQ(sample.tokens.size(), static_cast<size_t>(length));
  }
  request.length = 13;
  EXPECT_NE(usage_message([&] { generate(run, few_steps(), request); }).find("1 to 12"), std::string::npos);
  request.length = 5;
  difflm::Run padded = random_run("[data]\npacking = \"pad\"\n");
  usage_message([&] { generate(padded, few_steps(), request); });
  difflm::Run autoregressive = random_run("[model]\nkind = \"autoregressive\"\n");
  usage_message([&] { generate(autoregressive, few_steps(), request); });
}

TEST(Generate, BadRequestsAreUsageErrors) {
  difflm::Run run = random_run("[noise]\nsteps = 5\n");
  usage_message([&] { generate(run, few_steps(), request_of(0)); });
  usage_message([&] { generate(run, few_steps(), request_of(1)); });  // 6 steps of 5
  SamplingOptions options = few_steps();
  options.rounding = "cosin";
  difflm::Run continuous = random_run("");
  EXPECT_NE(usage_message([&] { generate(continuous, options, request_of(1)); }).find("cosine"), std::string::npos);
}

TEST(Generate, ObserversSeeEveryStepAndCanStop) {
  for (const auto& kind : writing_kinds()) {
    SCOPED_TRACE(kind);
    difflm::Run run = random_run("[model]\nkind = \"" + kind + "\"\n");
    const auto all = generate(run, few_steps(2), request_of(6));
    SampleEvents events;
    std::map<int64_t, std::string> last;
    int64_t done = 0;
    events.on_step = [&](const SampleStep& step) {
      EXPECT_LT(step.index, step.count);
      const auto texts = step.texts();
      EXPECT_EQ(texts.size(), step.samples.size());
      for (size_t i = 0; i < texts.size(); ++i) {
        EXPECT_EQ(texts[i].index, step.samples[i]);
        last[texts[i].index] = texts[i].text;
      }
      return true;
    };
    events.on_batch = [&](int64_t made, int64_t count) {
      EXPECT_GT(made, done);
      EXPECT_EQ(count, 6);
      done = made;
    };
    EXPECT_EQ(texts_of(generate(run, few_steps(2), request_of(6), events)), texts_of(all));
    EXPECT_EQ(done, 6);
    ASSERT_EQ(last.size(), 6);
    for (const auto& sample : all) EXPECT_EQ(last[sample.index], sample.text);

    int calls = 0;
    events.on_step = [&](const SampleStep&) { return ++calls < 2; };
    events.on_batch = nullptr;
    const auto stopped = generate(run, few_steps(2), request_of(6), events);
    EXPECT_EQ(calls, 2);  // no other batch is begun, whatever its length
    EXPECT_GE(stopped.size(), 1);
    EXPECT_LE(stopped.size(), 2);
  }
}

}  // namespace
}  // namespace difflm::test
