// Texts from a run, of any kind of model: sample i of a seed is one text in any batch; lengths, observers and stopping.
#include "difflm/sampling/generate.h"

#include <fmt/format.h>
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
  EXPECT_EQ(seen.size(), 3);  // those of 50 were left out
  EXPECT_NEAR(seen[3], 500, 60);
  EXPECT_NEAR(seen[5], 300, 60);
  EXPECT_NEAR(seen[8], 200, 60);
}

// A model of long texts in parts writes texts of their lengths.
TEST(Generate, LongTextsAreAsLongAsThoseOfTheTrainingText) {
  for (const auto& kind : writing_kinds()) {
    for (const std::string packing : {"bucket", "pad"}) {
      SCOPED_TRACE(kind + ", " + packing);
      difflm::Run run = random_run("[model]\nkind = \"" + kind + "\"\n[data]\nlong = \"split\"\npacking = \"" + packing + "\"\n");
      if (kind == "diffusion" && packing == "bucket") forbid_special_tokens(run);
      SamplingOptions options = few_steps();
      options.steps = 1;
      size_t longest = 0;
      for (const auto& sample : generate(run, options, request_of(40))) longest = std::max(longest, sample.tokens.size());
      EXPECT_GT(longest, kLength);
      EXPECT_LE(longest, 52);  // START and END included where there are any
      if (kind == "diffusion" && packing == "bucket") {
        EXPECT_EQ(longest, 50);
      }
    }
  }
}

// Of every kind and packing, also beyond the model's sequences.
TEST(Generate, ALengthAskedForIsKept) {
  for (const auto& kind : writing_kinds()) {
    for (const auto& packing : packings().names()) {
      difflm::Run run = random_run("[model]\nkind = \"" + kind + "\"\n[data]\npacking = \"" + packing + "\"\n");
      SampleRequest request = request_of(4);
      for (const int64_t length : {1, 7, 10, 11, 12, 13, 18, 40}) {
        SCOPED_TRACE(fmt::format("{}, {}, {} tokens", kind, packing, length));
        request.length = length;
        const auto samples = generate(run, few_steps(), request);
        ASSERT_EQ(samples.size(), 4);
        for (const auto& sample : samples) {
          if (run.packing->frame() == Frame::stream) {  // END between texts is none of their tokens
            EXPECT_LE(sample.tokens.size(), static_cast<size_t>(length));
          } else {
            EXPECT_EQ(sample.tokens.size(), static_cast<size_t>(length));
          }
        }
      }
      request.length = 1'000'001;
      usage_message([&] { generate(run, few_steps(), request); });
    }
  }
}

TEST(Generate, AModelWithoutGivenTokensWritesNothingLongerThanItsSequences) {
  difflm::Run run = random_run("[model]\ngiven_flag = false\n[data]\nlong = \"split\"\n");
  for (const auto& sample : generate(run, few_steps(), request_of(30))) EXPECT_LE(sample.tokens.size(), kLength);
  SampleRequest request = request_of(1);
  request.length = 13;
  EXPECT_NE(usage_message([&] { generate(run, few_steps(), request); }).find("given_flag"), std::string::npos);
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
