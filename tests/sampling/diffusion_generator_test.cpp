// Texts by denoising: samplers, blocks, what is committed, corrections, and what each needs of the model.
#include "difflm/sampling/diffusion_generator.h"

#include <gtest/gtest.h>

#include <set>

#include "core/expect_error.h"
#include "difflm/sampling/sampler.h"
#include "sampling/random_run.h"

namespace difflm::test {
namespace {

TEST(DiffusionGenerator, EverySamplerWritesTexts) {
  for (const auto& name : samplers().names()) {
    for (const std::string noise : {"", "[noise]\nsteps = 20\n"}) {
      difflm::Run run = random_run(noise);
      SamplingOptions options = few_steps();
      options.sampler = name;
      const auto samples = generate(run, options, request_of(5));
      EXPECT_EQ(samples.size(), 5) << name;
      EXPECT_EQ(texts_of(generate(run, options, request_of(5))), texts_of(samples)) << name;
    }
  }
}

TEST(DiffusionGenerator, AStreamGoesOnBeyondTheModelsLength) {
  difflm::Run run = random_run("[data]\npacking = \"block\"\n");
  forbid_special_tokens(run);
  SampleRequest request = request_of(3);
  const auto first_block = generate(run, few_steps(), request);
  request.length = 31;
  std::vector<std::vector<Token>> seen;
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    EXPECT_EQ(step.index, seen.size());
    EXPECT_EQ(step.count, 5 * 6);
    seen.push_back(step.texts().front().tokens);
    return true;
  };
  SamplingOptions options = few_steps();
  const auto samples = generate(run, options, request, events);
  ASSERT_EQ(seen.size(), 30);
  for (size_t step = 0; step < seen.size(); ++step) {
    const size_t block = step / 6;
    EXPECT_EQ(seen[step].size(), std::min<size_t>(12 + 6 * block, 31));
    // What earlier blocks wrote stays.
    const size_t written = block == 0 ? 0 : 12 + 6 * (block - 1);
    EXPECT_TRUE(
        std::equal(seen[step].begin(), seen[step].begin() + static_cast<std::ptrdiff_t>(written), samples[0].tokens.begin()));
  }
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].tokens.size(), 31);
    EXPECT_TRUE(std::equal(first_block[i].tokens.begin(), first_block[i].tokens.end(), samples[i].tokens.begin()));
    EXPECT_GT(samples[i].confidence, 0);
  }
  options.batch = 1;
  EXPECT_EQ(texts_of(generate(run, options, request)), texts_of(samples));
}

TEST(DiffusionGenerator, AModelThatCannotBeGivenWordsDoesNotGoOn) {
  difflm::Run run = random_run("[data]\npacking = \"block\"\n[model]\ngiven_flag = false\n");
  SampleRequest request = request_of(1);
  request.length = 31;
  EXPECT_NE(usage_message([&] { generate(run, few_steps(), request); }).find("given_flag"), std::string::npos);
}

TEST(DiffusionGenerator, AWordOnceSettledStays) {
  difflm::Run run = random_run("[data]\npacking = \"block\"\n");
  forbid_special_tokens(run);
  SamplingOptions options = few_steps();
  options.steps = 30;
  const auto record = [&](std::vector<std::vector<Token>>& seen) {
    SampleEvents events;
    events.on_step = [&](const SampleStep& step) {
      seen.push_back(step.texts().front().tokens);
      return true;
    };
    return generate(run, options, request_of(1), events).front();
  };
  const auto changes = [](const std::vector<std::vector<Token>>& seen) {
    int count = 0;
    for (size_t step = 1; step < seen.size(); ++step) {
      for (size_t at = 0; at < seen[step].size(); ++at) count += seen[step][at] != seen[step - 1][at] ? 1 : 0;
    }
    return count;
  };
  std::vector<std::vector<Token>> open;
  record(open);

  options.commit_threshold = 0;  // every token is final from the first step on
  std::vector<std::vector<Token>> all;
  EXPECT_EQ(record(all).tokens, open.front());
  for (const auto& tokens : all) EXPECT_EQ(tokens, open.front());

  options.commit_threshold = 0.9;  // tokens are committed one by one
  std::vector<std::vector<Token>> some;
  record(some);
  EXPECT_GT(changes(some), 0);
  EXPECT_LT(changes(some), changes(open));
}

TEST(DiffusionGenerator, SettlingDoesNotDependOnTheBatch) {
  difflm::Run run = random_run("");
  SamplingOptions options = few_steps();
  options.commit_threshold = 0.2;
  const auto texts = texts_of(generate(run, options, request_of(12)));
  options.batch = 1;
  EXPECT_EQ(texts_of(generate(run, options, request_of(12))), texts);
  options.commit_threshold = 1;
  EXPECT_NE(texts_of(generate(run, options, request_of(12))), texts);
}

TEST(DiffusionGenerator, SettlingNeedsAModelThatCanBeGivenWords) {
  difflm::Run run = random_run("[model]\ngiven_flag = false\n");
  SamplingOptions options = few_steps();
  options.commit_threshold = 0.9;
  EXPECT_NE(usage_message([&] { generate(run, options, request_of(1)); }).find("given_flag"), std::string::npos);
  options.rounding = "cosine";  // another rounding commits nothing
  EXPECT_EQ(generate(run, options, request_of(1)).size(), 1);
}

TEST(DiffusionGenerator, CorrectionsDoNotDependOnTheBatchAndAreSteps) {
  difflm::Run run = random_run("");
  SamplingOptions options = few_steps();
  const auto uncorrected = texts_of(generate(run, options, request_of(12)));
  options.corrections = 2;
  options.improbable = 0.9;
  size_t steps = 0;
  SampleEvents events;
  std::vector<std::string> last;
  events.on_step = [&](const SampleStep& step) {
    EXPECT_EQ(step.count, 8);
    EXPECT_EQ(step.u == 0, step.index >= 6);
    ++steps;
    for (const auto& sample : step.texts()) {
      if (step.index == 7) last.push_back(sample.text);
    }
    return true;
  };
  const auto texts = texts_of(generate(run, options, request_of(12), events));
  EXPECT_EQ(steps % 8, 0);
  EXPECT_NE(texts, uncorrected);
  EXPECT_EQ(std::multiset<std::string>(last.begin(), last.end()), std::multiset<std::string>(texts.begin(), texts.end()));
  options.batch = 1;
  EXPECT_EQ(texts_of(generate(run, options, request_of(12))), texts);
  options.improbable = 0;
  EXPECT_EQ(texts_of(generate(run, options, request_of(12))), uncorrected);
}

TEST(DiffusionGenerator, CorrectionsNeedAModelThatCanBeGivenWords) {
  difflm::Run run = random_run("[model]\ngiven_flag = false\n");
  SamplingOptions options = few_steps();
  options.corrections = 1;
  EXPECT_NE(usage_message([&] { generate(run, options, request_of(1)); }).find("sampling.corrections"), std::string::npos);
}

TEST(DiffusionGenerator, TemperatureMakesTheEstimateAWord) {
  difflm::Run run = random_run("");
  SamplingOptions options = few_steps();
  options.temperature = 1e-3;
  SamplingOptions by_distance = options;
  by_distance.rounding = "nearest";
  // Sharp estimates are embeddings, so the nearest token and the learned rounding agree.
  EXPECT_EQ(texts_of(generate(run, by_distance, request_of(6))), texts_of(generate(run, options, request_of(6))));
}

TEST(DiffusionGenerator, ClampingGivesWordsToTheRounding) {
  difflm::Run run = random_run("[model]\nparametrisation = \"x0\"\n");
  SamplingOptions options = few_steps();
  const auto free = texts_of(generate(run, options, request_of(6)));
  options.clamp = "always";
  const auto clamped = texts_of(generate(run, options, request_of(6)));
  SamplingOptions nearest = options;
  nearest.rounding = "nearest";
  EXPECT_EQ(texts_of(generate(run, nearest, request_of(6))).size(), clamped.size());
  EXPECT_NE(free, clamped);
}

}  // namespace
}  // namespace difflm::test
