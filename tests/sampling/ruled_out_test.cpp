// Unknown words are never written, however much the model believes in them.
#include "difflm/sampling/ruled_out.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "difflm/model/autoregressive_model.h"
#include "sampling/random_run.h"

namespace difflm::test {
namespace {

bool holds(const std::vector<SampledText>& samples, Token token) {
  return std::any_of(samples.begin(), samples.end(), [&](const SampledText& sample) {
    return std::find(sample.tokens.begin(), sample.tokens.end(), token) != sample.tokens.end();
  });
}

// <unk> is the most probable token at every place: by its logit, and as the embedding that is nearest to every estimate.
difflm::Run unknowing_run(const std::string& packing) {
  difflm::Run run = random_run("[data]\npacking = \"" + packing + "\"\n");
  const torch::NoGradGuard no_grad;
  parameter_of(*run.model, "rounding.bias")[kUnknown] = 50;
  return run;
}

TEST(RuledOut, ADiffusionNeverWritesUnknown) {
  for (const std::string packing : {"bucket", "block", "pad"}) {
    for (const std::string rounding : {"model", "cosine", "nearest"}) {
      for (const std::string clamp : {"off", "always"}) {
        difflm::Run run = unknowing_run(packing);
        SamplingOptions options = few_steps();
        options.rounding = rounding;
        options.clamp = clamp;
        options.corrections = rounding == "model" ? 1 : 0;
        options.improbable = 1;
        options.commit_threshold = rounding == "model" ? 0.3 : 1;
        const auto samples = generate(run, options, request_of(8));
        EXPECT_FALSE(holds(samples, kUnknown)) << packing << " " << rounding << " " << clamp;
        for (const auto& sample : samples) EXPECT_EQ(sample.text.find("<unk>"), std::string::npos);
      }
    }
  }
}

TEST(RuledOut, WholeTextsHoldNoMarkAndSoKeepTheirLength) {
  difflm::Run run = random_run("");
  {
    const torch::NoGradGuard no_grad;
    parameter_of(*run.model, "rounding.bias").narrow(0, 0, kSpecialTokens).fill_(20);
  }
  SampleRequest request = request_of(6);
  request.length = 7;
  for (const auto& sample : generate(run, few_steps(), request)) EXPECT_EQ(sample.tokens.size(), 7);
}

TEST(RuledOut, TheModelIsAsBeforeOnceTextsAreWritten) {
  difflm::Run run = unknowing_run("bucket");
  auto& model = dynamic_cast<DiffusionModel&>(*run.model);
  const torch::NoGradGuard no_grad;
  const Tensor table = model.table();
  const Tensor points = torch::randn({2, 3, table.size(1)});
  const Tensor before = model.logits(points, table);
  const Tensor nearest = model.nearest(table[kUnknown].unsqueeze(0), table);
  generate(run, few_steps(), request_of(2));
  EXPECT_TRUE(torch::equal(model.logits(points, table), before));
  EXPECT_EQ(model.round(points, table).tokens[0][0].item<int64_t>(), kUnknown);
  EXPECT_TRUE(torch::equal(model.nearest(table[kUnknown].unsqueeze(0), table), nearest));
  {
    const RuledOut scope(model, table, Frame::whole);
    EXPECT_NE(model.round(points, table).tokens[0][0].item<int64_t>(), kUnknown);
    EXPECT_NE(model.nearest(table[kUnknown].unsqueeze(0), table).item<int64_t>(), kUnknown);
  }
}

TEST(RuledOut, AnAutoregressiveModelNeverWritesUnknown) {
  difflm::Run run = random_run("[model]\nkind = \"autoregressive\"\n");
  {
    const torch::NoGradGuard no_grad;
    const Tensor words = parameter_of(*run.model, "embedding.weight");
    auto& model = dynamic_cast<AutoregressiveModel&>(*run.model);
    const Tensor scores = model.logits(torch::zeros({1, 1}, torch::kInt64))[0][0];
    words[kUnknown].copy_(words[scores.argmax().item<int64_t>()] * 10);
  }
  EXPECT_FALSE(holds(generate(run, few_steps(), request_of(20)), kUnknown));
}

}  // namespace
}  // namespace difflm::test
