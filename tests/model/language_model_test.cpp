// Building language models, and loading what was saved of them.
#include "difflm/model/language_model.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/model/autoregressive_model.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

bool equal_tensors(const LanguageModel& a, const LanguageModel& b) {
  const auto left = model_tensors(a);
  const auto right = model_tensors(b);
  if (left.size() != right.size()) return false;
  for (const auto& [name, tensor] : left) {
    if (!right.contains(name) || !torch::equal(tensor, right.at(name))) return false;
  }
  return true;
}

NamedTensors copies(const LanguageModel& model) {
  NamedTensors result;
  for (const auto& [name, tensor] : model_tensors(model)) result[name] = tensor.clone();
  return result;
}

TEST(LanguageModelContract, ParametersAreAFunctionOfTheSeed) {
  for (const auto& kind : writing_kinds()) {
    SCOPED_TRACE(kind);
    const std::string toml = "[model]\nkind = \"" + kind + "\"\n";
    const auto model = small_model(toml);
    EXPECT_EQ(model.model->kind(), kind);
    EXPECT_TRUE(equal_tensors(*model.model, *small_model(toml).model));
    EXPECT_FALSE(equal_tensors(*model.model, *small_model(toml, 20, 12, 2).model));
    int64_t count = 0;
    for (const auto& parameter : model.model->parameters()) count += parameter.numel();
    EXPECT_EQ(model.model->parameter_count(), count);
  }
}

TEST(LanguageModelContract, SavedTensorsRebuildTheModel) {
  for (const auto& kind : writing_kinds()) {
    const auto model = small_model("[model]\nkind = \"" + kind + "\"\n");
    randomise_parameters(*model.model);
    const NamedTensors saved = copies(*model.model);
    const auto rebuilt =
        build_model({.config = &model.config, .tokenizer = model.tokenizer.get(), .max_length = 12, .saved = &saved}, 77);
    EXPECT_TRUE(equal_tensors(*model.model, *rebuilt)) << kind;
  }
}

TEST(LanguageModelContract, ForeignTensorsAreFailuresThatNameThem) {
  for (const auto& kind : writing_kinds()) {
    SCOPED_TRACE(kind);
    const auto model = small_model("[model]\nkind = \"" + kind + "\"\n");
    const auto message = [&](const NamedTensors& tensors) {
      return failure_message([&] { load_model_tensors(*model.model, tensors, "run/model.safetensors"); });
    };
    const NamedTensors own = copies(*model.model);
    const std::string name = own.rbegin()->first;
    NamedTensors tensors = own;
    tensors.erase(name);
    EXPECT_NE(message(tensors).find("'" + name + "' is missing"), std::string::npos);
    tensors = own;
    tensors[name] = torch::zeros({3, 1, 2});
    EXPECT_NE(message(tensors).find("'" + name + "' has shape [3,1,2]"), std::string::npos);
    tensors = own;
    tensors["stranger"] = torch::zeros({1});
    EXPECT_NE(message(tensors).find("'stranger' does not belong"), std::string::npos);
    const auto other = small_model("[model]\nkind = \"" + kind + "\"\n", 21);  // another vocabulary
    EXPECT_NE(message(copies(*other.model)).find("run/model.safetensors"), std::string::npos);
  }
}

TEST(LanguageModel, UnknownKindsAndPartsSuggestTheNearest) {
  EXPECT_NE(usage_message([] { small_model("[model]\nkind = \"difusion\"\n"); }).find("diffusion"), std::string::npos);
  EXPECT_NE(usage_message([] { small_model("[model]\ndenoiser = \"brt\"\n"); }).find("bert"), std::string::npos);
  EXPECT_NE(usage_message([] { small_model("[noise]\nschedule = \"sqr\"\n"); }).find("sqrt"), std::string::npos);
}

TEST(DiffusionModel, FeaturesAreLatentSelfConditionContextFreeEstimateAndFlag) {
  const auto width = [](const std::string& toml) {
    return parameter_of(*small_model(toml).model, "denoiser.input.weight").size(1);
  };
  EXPECT_EQ(width(""), 19);
  EXPECT_EQ(width("[model]\nself_conditioning = false\n"), 13);
  EXPECT_EQ(width("[model]\ncontext_free = false\n"), 13);
  EXPECT_EQ(width("[model]\ngiven_flag = false\n"), 18);
  EXPECT_EQ(width("[model]\nparametrisation = \"x0\"\n"), 13);  // without logits there is no context-free estimate
  EXPECT_EQ(width("[model]\nself_conditioning = false\ncontext_free = false\ngiven_flag = false\n"), 6);
  EXPECT_EQ(width("[model]\nlabels = true\n"), 25);  // as many channels as an embedding has
}

// A model with random parameters, and two noisy sequences.
struct TwoSequences {
  explicit TwoSequences(const std::string& toml) : small(small_model(toml)) {
    randomise_parameters(*small.model);
    table = small.diffusion().table();
    torch::manual_seed(3);
    x_t = torch::randn({2, 5, 6});
  }
  Tensor output(const Tensor& condition, const Tensor& given) const {
    return small.diffusion().estimate({x_t, u, condition, given}, table).output;
  }

  SmallModel small;
  Tensor table;
  Tensor x_t;
  Tensor u = torch::tensor({0.3, 0.8}, torch::kFloat64);
};

TEST(DiffusionModel, SelfConditionAndFlagAreSeen) {
  for (const std::string context_free : {"false", "true"}) {
    SCOPED_TRACE(context_free);
    const TwoSequences of("[model]\ncontext_free = " + context_free + "\n");
    const Tensor plain = of.output({}, {});
    EXPECT_TRUE(torch::equal(plain, of.output({}, torch::zeros({2, 5}))));
    EXPECT_FALSE(torch::allclose(plain, of.output(torch::randn_like(of.x_t), {})));
    EXPECT_FALSE(torch::allclose(plain, of.output({}, torch::ones({2, 5}))));
  }
}

TEST(DiffusionModel, SelfConditioningStartsFromTheContextFreeEstimateOrFromNothing) {
  const TwoSequences shown("");
  auto& model = shown.small.diffusion();
  const DenoiseInput input = {shown.x_t, shown.u, {}, {}};
  const Tensor zeros = torch::zeros_like(shown.x_t);
  EXPECT_TRUE(torch::equal(shown.output({}, {}), shown.output(model.context_free_estimate(input, shown.table), {})));
  EXPECT_FALSE(torch::allclose(shown.output({}, {}), shown.output(zeros, {})));
  const TwoSequences hidden("[model]\ncontext_free = false\n");
  EXPECT_TRUE(torch::equal(hidden.output({}, {}), hidden.output(zeros, {})));
}

TEST(DiffusionModel, LabelsAreSeenAndGuidanceMovesAlongWhatTheyChange) {
  const TwoSequences of("[model]\nlabels = true\n");
  const auto output = [&](const Tensor& labels, double guidance_scale = 1) {
    return of.small.diffusion().estimate({of.x_t, of.u, {}, {}, labels, guidance_scale}, of.table).output;
  };
  const Tensor unconditional = output({});
  EXPECT_TRUE(torch::equal(unconditional, output(torch::zeros({2, 3}))));
  const Tensor conditional = output(torch::tensor({{1.0F, 0.0F, 1.0F}, {0.0F, 0.0F, 0.0F}}));
  EXPECT_FALSE(torch::allclose(conditional[0], unconditional[0]));
  EXPECT_TRUE(torch::equal(conditional[1], unconditional[1]));
  const Tensor labels = torch::tensor({{1.0F, 0.0F, 1.0F}, {0.0F, 1.0F, 0.0F}});
  const Tensor both = output(labels);
  EXPECT_TRUE(torch::allclose(output(labels, 2.5), unconditional + 2.5 * (both - unconditional), 1e-5, 1e-6));
  EXPECT_TRUE(torch::allclose(output(labels, 0), unconditional, 1e-5, 1e-6));
}

TEST(AutoregressiveModel, LabelsAreSeen) {
  const auto small = small_model("[model]\nkind = \"autoregressive\"\nlabels = true\n");
  randomise_parameters(*small.model);
  auto& model = dynamic_cast<AutoregressiveModel&>(*small.model);
  const Tensor inputs = torch::tensor({{1, 5, 6}, {1, 7, 8}});
  const Tensor unconditional = model.logits(inputs);
  const Tensor conditional = model.logits(inputs, torch::tensor({{0.0F, 1.0F, 0.0F}, {0.0F, 0.0F, 0.0F}}));
  EXPECT_FALSE(torch::allclose(conditional[0], unconditional[0]));
  EXPECT_TRUE(torch::equal(conditional[1], unconditional[1]));
  const Tensor next = model.next_logits(inputs, torch::tensor({{0.0F, 1.0F, 0.0F}, {0.0F, 0.0F, 0.0F}}));
  EXPECT_TRUE(torch::allclose(next, conditional.select(1, 2), 1e-5, 1e-6));
}

TEST(LabelEmbedding, NeedsLabels) {
  EXPECT_NE(usage_message([] { LabelEmbedding({}, 4, 1); }).find("needs texts with labels"), std::string::npos);
}

TEST(DiffusionModel, TemperatureSharpensTheMeanOfEmbeddings) {
  const auto small = small_model("");
  randomise_parameters(*small.model);
  auto& model = small.diffusion();
  const Tensor table = model.table();
  torch::manual_seed(4);
  const Tensor x_t = torch::randn({2, 5, 6});
  const Tensor u = torch::tensor({0.5, 0.9}, torch::kFloat64);
  const Estimate cold = model.estimate({x_t, u, {}, {}}, table, 1e-4);
  EXPECT_TRUE(torch::allclose(cold.x0, torch::embedding(table, model.logits(cold.point, table).argmax(-1)), 1e-3, 1e-4));
  const Estimate hot = model.estimate({x_t, u, {}, {}}, table, 1e4);
  EXPECT_TRUE(torch::allclose(hot.x0, table.mean(0).expand_as(hot.x0), 1e-2, 1e-2));
}

TEST(AutoregressiveModel, NextTokensOfEachFrame) {
  const Tensor framed = torch::tensor({{0L, 7L, 8L, 1L, 3L, 3L}});
  const NextTokens pad = next_tokens(framed, Frame::framed);
  EXPECT_TRUE(torch::equal(pad.inputs, torch::tensor({{0L, 7L, 8L, 1L, 3L}})));
  EXPECT_TRUE(torch::equal(pad.targets, torch::tensor({{7L, 8L, 1L, -100L, -100L}})));
  const Tensor text = torch::tensor({{7L, 8L}});
  const NextTokens whole = next_tokens(text, Frame::whole);
  EXPECT_TRUE(torch::equal(whole.inputs, torch::tensor({{0L, 7L, 8L}})));
  EXPECT_TRUE(torch::equal(whole.targets, torch::tensor({{7L, 8L, 1L}})));
  const NextTokens parts = next_tokens(Batch{text, 0, {}, Side::training, {3}, {false}}, Frame::whole);
  EXPECT_TRUE(torch::equal(parts.inputs, whole.inputs));
  EXPECT_EQ(parts.targets[0][0].item<int64_t>(), -100);   // it does not follow START
  EXPECT_EQ(parts.targets[0][-1].item<int64_t>(), -100);  // nor does the text end
  EXPECT_TRUE(torch::equal(parts.targets.narrow(1, 1, text.size(1) - 1), whole.targets.narrow(1, 1, text.size(1) - 1)));
  const NextTokens stream = next_tokens(text, Frame::stream);
  EXPECT_TRUE(torch::equal(stream.inputs, torch::tensor({{0L, 7L}})));
  EXPECT_TRUE(torch::equal(stream.targets, text));
}

TEST(AutoregressiveModel, ATokenDoesNotSeeWhatFollows) {
  const auto small = small_model("[model]\nkind = \"autoregressive\"\n");
  randomise_parameters(*small.model);
  auto& model = dynamic_cast<AutoregressiveModel&>(*small.model);
  const Tensor inputs = torch::tensor({{0L, 5L, 6L, 7L, 8L}});
  const Tensor changed = torch::tensor({{0L, 5L, 6L, 9L, 4L}});
  const Tensor a = model.logits(inputs);
  const Tensor b = model.logits(changed);
  ASSERT_EQ(a.sizes(), (std::vector<int64_t>{1, 5, 20}));
  EXPECT_TRUE(torch::allclose(a.narrow(1, 0, 3), b.narrow(1, 0, 3), 1e-5, 1e-6));
  EXPECT_FALSE(torch::allclose(a.narrow(1, 3, 2), b.narrow(1, 3, 2), 1e-3, 1e-4));
  EXPECT_EQ(model.logits(torch::zeros({1, 13}, torch::kInt64)).size(1), 13);  // START and max_length tokens
}

}  // namespace
}  // namespace difflm::test
