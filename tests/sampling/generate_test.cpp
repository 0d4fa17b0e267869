// Texts from a run: sample i of a seed is one text in any batch; temperature, length, rounding and stopping do what they say.
#include "difflm/sampling/generate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/expect_error.h"
#include "difflm/diffusion/spread.h"
#include "difflm/model/autoregressive_model.h"
#include "difflm/sampling/sampler.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

constexpr int64_t kLength = 12;

// A run in memory whose model has random weights and a training text of lengths 3, 5 and 8.
Run run_of(const std::string& toml) {
  SmallModel small = small_model(toml, 24, kLength);
  stir(*small.model, 0.4);
  difflm::Run run;
  run.config = small.config;
  run.tokenizer = std::move(small.tokenizer);
  const auto* packing = run.config.find("data.packing");
  run.packing = packings().make(packing == nullptr ? "bucket" : std::get<std::string>(packing->data), run.config);
  run.model = small.model;
  run.length = kLength;
  run.corpus.training.lengths = {{3, 5}, {5, 3}, {8, 2}, {50, 9}};
  return run;
}

// Makes the special tokens impossible, so that the text shows the length.
void forbid_special_tokens(const Run& run) {
  const torch::NoGradGuard no_grad;
  parameter_of(*run.model, "rounding.bias").narrow(0, 0, kSpecialTokens).fill_(-1e4);
}

SamplingOptions few_steps(int64_t batch = 64) {
  SamplingOptions options;
  options.steps = 6;
  options.batch = batch;
  return options;
}

SampleRequest request_of(int64_t count, uint64_t seed = 3) {
  SampleRequest request;
  request.count = count;
  request.seed = seed;
  return request;
}

std::vector<std::string> texts_of(const std::vector<SampledText>& samples) {
  std::vector<std::string> result;
  for (const auto& sample : samples) result.push_back(sample.text);
  return result;
}

TEST(GenerateContract, ASampleIsTheSameInAnyBatch) {
  for (const auto& kind : writing_kinds()) {
    for (const auto& packing : packings().names()) {
      SCOPED_TRACE(kind + ", " + packing);
      difflm::Run run = run_of("[model]\nkind = \"" + kind + "\"\n[data]\npacking = \"" + packing + "\"\n");
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

TEST(GenerateContract, EverySamplerWritesTexts) {
  for (const auto& name : samplers().names()) {
    for (const std::string noise : {"", "[noise]\nsteps = 20\n"}) {
      difflm::Run run = run_of(noise);
      SamplingOptions options = few_steps();
      options.sampler = name;
      const auto samples = generate(run, options, request_of(5));
      EXPECT_EQ(samples.size(), 5) << name;
      EXPECT_EQ(texts_of(generate(run, options, request_of(5))), texts_of(samples)) << name;
    }
  }
}

TEST(Generate, LengthsFollowTheTrainingText) {
  difflm::Run run = run_of("");
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
  difflm::Run run = run_of("");
  forbid_special_tokens(run);
  SampleRequest request = request_of(4);
  for (const int64_t length : {1, 7, 12}) {
    request.length = length;
    for (const auto& sample : generate(run, few_steps(), request)) EXPECT_EQ(sample.tokens.size(), static_cast<size_t>(length));
  }
  request.length = 13;
  EXPECT_NE(usage_message([&] { generate(run, few_steps(), request); }).find("1 to 12"), std::string::npos);
  request.length = 5;
  difflm::Run padded = run_of("[data]\npacking = \"pad\"\n");
  usage_message([&] { generate(padded, few_steps(), request); });
  difflm::Run autoregressive = run_of("[model]\nkind = \"autoregressive\"\n");
  usage_message([&] { generate(autoregressive, few_steps(), request); });
}

TEST(Generate, BadRequestsAreUsageErrors) {
  difflm::Run run = run_of("[noise]\nsteps = 5\n");
  usage_message([&] { generate(run, few_steps(), request_of(0)); });
  usage_message([&] { generate(run, few_steps(), request_of(1)); });  // 6 steps of 5
  SamplingOptions options = few_steps();
  options.rounding = "cosin";
  difflm::Run continuous = run_of("");
  EXPECT_NE(usage_message([&] { generate(continuous, options, request_of(1)); }).find("cosine"), std::string::npos);
}

// 31 tokens by a model of 12: blocks end at 12, 18, 24, 30 and 31.
TEST(Generate, AStreamGoesOnBeyondTheModelsLength) {
  difflm::Run run = run_of("[data]\npacking = \"block\"\n");
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

// What is settled stays, whatever later steps would say, and speaks to the words that are still open.
TEST(Generate, AWordOnceSettledStays) {
  difflm::Run run = run_of("[data]\npacking = \"block\"\n");
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

  options.settle = 0;  // every word is final from the first step on
  std::vector<std::vector<Token>> all;
  EXPECT_EQ(record(all).tokens, open.front());
  for (const auto& tokens : all) EXPECT_EQ(tokens, open.front());

  options.settle = 0.9;  // words come to stay one by one
  std::vector<std::vector<Token>> some;
  record(some);
  EXPECT_GT(changes(some), 0);
  EXPECT_LT(changes(some), changes(open));
}

TEST(Generate, SettlingDoesNotDependOnTheBatch) {
  difflm::Run run = run_of("");
  SamplingOptions options = few_steps();
  options.settle = 0.2;
  const auto texts = texts_of(generate(run, options, request_of(12)));
  options.batch = 1;
  EXPECT_EQ(texts_of(generate(run, options, request_of(12))), texts);
  options.settle = 1;
  EXPECT_NE(texts_of(generate(run, options, request_of(12))), texts);
}

TEST(Generate, SettlingNeedsAModelThatCanBeGivenWords) {
  difflm::Run run = run_of("[model]\ngiven_flag = false\n");
  SamplingOptions options = few_steps();
  options.settle = 0.9;
  EXPECT_NE(usage_message([&] { generate(run, options, request_of(1)); }).find("given_flag"), std::string::npos);
  options.rounding = "cosine";  // another rounding settles nothing
  EXPECT_EQ(generate(run, options, request_of(1)).size(), 1);
}

TEST(Generate, CorrectionsDoNotDependOnTheBatchAndAreSteps) {
  difflm::Run run = run_of("");
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

TEST(Generate, CorrectionsNeedAModelThatCanBeGivenWords) {
  difflm::Run run = run_of("[model]\ngiven_flag = false\n");
  SamplingOptions options = few_steps();
  options.corrections = 1;
  EXPECT_NE(usage_message([&] { generate(run, options, request_of(1)); }).find("sampling.corrections"), std::string::npos);
}

TEST(Generate, AModelThatCannotBeGivenWordsDoesNotGoOn) {
  difflm::Run run = run_of("[data]\npacking = \"block\"\n[model]\ngiven_flag = false\n");
  SampleRequest request = request_of(1);
  request.length = 31;
  EXPECT_NE(usage_message([&] { generate(run, few_steps(), request); }).find("given_flag"), std::string::npos);
}

TEST(Generate, AWindowNeedsAModelOfUnevenLevels) {
  difflm::Run even = run_of("");
  difflm::Run uneven = run_of("[noise]\nspread = \"front\"\n[model]\ngiven_flag = true\n");
  SamplingOptions options = few_steps();
  options.steps = 20;
  const auto whole = texts_of(generate(uneven, options, request_of(6)));
  options.window = 3;
  EXPECT_NE(usage_message([&] { generate(even, options, request_of(1)); }).find("noise.spread=front"), std::string::npos);
  const auto texts = texts_of(generate(uneven, options, request_of(6)));
  EXPECT_NE(texts, whole);
  options.batch = 2;
  EXPECT_EQ(texts_of(generate(uneven, options, request_of(6))), texts);
  options.window = 0.5;
  EXPECT_NE(usage_message([&] { generate(uneven, options, request_of(1)); }).find("at least 1"), std::string::npos);
}

// What the front has passed is written: no later step changes it.
TEST(Generate, WordsBehindTheFrontStay) {
  difflm::Run run = run_of("[noise]\nspread = \"front\"\n[model]\ngiven_flag = true\n[data]\npacking = \"block\"\n");
  forbid_special_tokens(run);
  SamplingOptions options = few_steps();
  options.steps = 30;
  options.window = 2;
  std::vector<std::vector<Token>> seen;
  std::vector<double> times;
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    seen.push_back(step.texts().front().tokens);
    times.push_back(step.u);
    return true;
  };
  const auto last = generate(run, options, request_of(1), events).front().tokens;
  ASSERT_EQ(last.size(), static_cast<size_t>(kLength));
  int changed_before = 0;
  for (size_t step = 0; step < seen.size(); ++step) {
    const auto levels = front_levels(times[step], kLength, options.window);
    for (size_t at = 0; at < last.size(); ++at) {
      if (levels[at] == 0) {
        EXPECT_EQ(seen[step][at], last[at]) << step << " " << at;
      }
      if (levels[at] > 0 && seen[step][at] != last[at]) ++changed_before;
    }
  }
  EXPECT_GT(changed_before, 0);
}

TEST(Generate, AutoregressiveAtLowTemperatureIsGreedy) {
  difflm::Run run = run_of("[model]\nkind = \"autoregressive\"\n");
  auto& model = dynamic_cast<AutoregressiveModel&>(*run.model);
  SamplingOptions options = few_steps();
  options.temperature = 1e-3;
  const auto samples = generate(run, options, request_of(3));
  std::vector<Token> expected;
  std::vector<int64_t> inputs = {kStart};
  while (expected.size() < static_cast<size_t>(kLength)) {
    Tensor logits = model.logits(torch::tensor(inputs).unsqueeze(0))[0][-1].clone();
    for (const Token token : {kStart, kPad}) logits[token] = -1e30;
    const auto next = static_cast<Token>(logits.argmax().item<int64_t>());
    if (next == kEnd) break;
    expected.push_back(next);
    inputs.push_back(next);
  }
  for (const auto& sample : samples) {
    EXPECT_EQ(sample.tokens, run.packing->unpack(expected));
    EXPECT_GT(sample.confidence, 0.99);
  }
  options.temperature = 100;
  const auto hot = generate(run, options, request_of(3));
  EXPECT_NE(hot[0].text, hot[1].text);
  EXPECT_LT(hot[0].confidence, 0.2);
}

// Frequencies of the first token against the softmax the model gives.
TEST(Generate, AutoregressiveDrawsFromTheSoftmax) {
  difflm::Run run = run_of("[model]\nkind = \"autoregressive\"\n[data]\npacking = \"block\"\n");
  run.length = 1;
  auto& model = dynamic_cast<AutoregressiveModel&>(*run.model);
  SamplingOptions options = few_steps(1000);
  options.temperature = 2;
  {
    // PAD becomes far likelier than any word, and is still never written; END becomes rare.
    const torch::NoGradGuard no_grad;
    const Tensor words = parameter_of(*run.model, "embedding.weight");
    const Tensor scores = model.logits(torch::zeros({1, 1}, torch::kInt64))[0][0].narrow(0, kSpecialTokens, 20);
    words[kPad].copy_(words[kSpecialTokens + scores.argmax().item<int64_t>()] * 10);
    words[kEnd].zero_();
  }
  Tensor logits = model.logits(torch::zeros({1, 1}, torch::kInt64))[0][0].detach().clone() / 2;
  for (const Token token : {kStart, kPad}) logits[token] = -1e30;
  const Tensor chances = torch::softmax(logits, 0);
  std::map<Token, int> seen;
  constexpr int kCount = 4000;
  for (const auto& sample : generate(run, options, request_of(kCount))) {
    if (!sample.tokens.empty()) ++seen[sample.tokens[0]];
  }
  for (Token token = kSpecialTokens; token < 24; ++token) {
    EXPECT_NEAR(seen[token] / static_cast<double>(kCount), chances[token].item<double>(), 0.02) << token;
  }
}

TEST(Generate, TemperatureMakesTheEstimateAWord) {
  difflm::Run run = run_of("");
  SamplingOptions options = few_steps();
  options.temperature = 1e-3;
  SamplingOptions by_distance = options;
  by_distance.rounding = "nearest";
  // Sharp estimates are embeddings, so the nearest word and the learned rounding agree.
  EXPECT_EQ(texts_of(generate(run, by_distance, request_of(6))), texts_of(generate(run, options, request_of(6))));
}

TEST(Generate, ClampingGivesWordsToTheRounding) {
  difflm::Run run = run_of("[model]\nparametrisation = \"x0\"\n");
  SamplingOptions options = few_steps();
  const auto free = texts_of(generate(run, options, request_of(6)));
  options.clamp = "always";
  const auto clamped = texts_of(generate(run, options, request_of(6)));
  SamplingOptions nearest = options;
  nearest.rounding = "nearest";
  EXPECT_EQ(texts_of(generate(run, nearest, request_of(6))).size(), clamped.size());
  EXPECT_NE(free, clamped);
  options.clamp = "below";
  options.clamp_below = 0.0;
  EXPECT_EQ(texts_of(generate(run, options, request_of(6))), free);
  options.clamp_below = 1.0;
  EXPECT_EQ(texts_of(generate(run, options, request_of(6))), clamped);
}

TEST(Generate, ObserversSeeEveryStepAndCanStop) {
  for (const auto& kind : writing_kinds()) {
    SCOPED_TRACE(kind);
    difflm::Run run = run_of("[model]\nkind = \"" + kind + "\"\n");
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
