// The posterior rule against Bayes' rule by sums over every text; what every rule leaves alone; the moves of the others.
#include "difflm/steering/update_rule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "difflm/nn/random_tensor.h"
#include "difflm/steering/guided_steering.h"
#include "difflm/steering/word_automaton.h"
#include "steering/every_sequence.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

// Wishes over a vocabulary without words, for sums over every text.
class AutomatonGuide : public Guide {
 public:
  AutomatonGuide(const std::vector<std::vector<WordClass>>& phrases, bool contains, double weight)
      : Guide({weight, 1, 0}), automaton_(phrases), contains_(contains) {}
  Tensor log_probability(const GuideView& view) const override {
    return contains_ ? automaton_.log_contains(view.words) : automaton_.log_lacks(view.words);
  }
  std::optional<bool> holds(std::span<const Token> tokens) const override { return automaton_.contains(tokens) == contains_; }

 private:
  WordAutomaton automaton_;
  bool contains_;
};

Wishes one_wish(std::unique_ptr<Guide> guide) {
  Wishes wishes;
  wishes.push_back(std::move(guide));
  return wishes;
}

// The shared run, opened, with what rules need of it.
class LatentRuleTest : public testing::Test {
 protected:
  Wishes the_word(const std::string& toml = "") { return one_wish(guide_of(run, resources, "keywords", "the", toml)); }

  const torch::NoGradGuard no_grad;
  difflm::Run run = open_run(trained_run_folder());
  DiffusionModel& model = dynamic_cast<DiffusionModel&>(*run.model);
  const Tensor table = model.table();
  GuideResources resources{run};
};

Tensor pulled(const Tensor& words, const Tensor& pull) { return (words.log() + pull).softmax(-1); }

TEST(PosteriorRule, IsBayesRuleWhereWordsAreIndependent) {
  const difflm::Run run;  // which this rule does not ask
  const Tensor table = torch::zeros({4, 1}, torch::kFloat64);
  const auto rule = update_rules().make("posterior", Config(), run);
  const std::vector<std::vector<std::vector<WordClass>>> examples = {{{{1}}}, {{{1}, {2}}}, {{{1}}, {{2}}}, {{{1}, {1}, {2}}}};
  for (const auto& phrases : examples) {
    for (const bool contains : {true, false}) {
      const auto wishes = one_wish(std::make_unique<AutomatonGuide>(phrases, contains, 1));
      const Tensor words = random_words(2, 5, 4);
      const Tensor pull = rule->move_words({words, {}, {}, 0.5, table}, wishes).pull;
      for (int64_t row = 0; row < 2; ++row) {
        const Posterior exact = exact_posterior(words[row], [&](const Sequence& sequence) { return *wishes[0]->holds(sequence); });
        EXPECT_TRUE(torch::allclose(pulled(words[row], pull[row]), exact.words, 1e-4, 1e-6));
      }
    }
  }
}

// Pulled words are drawn at their own temperature; words that no wish pulls are left as they are.
TEST(GuidedSteering, PulledWordsHaveATemperature) {
  const difflm::Run run;
  const Tensor table = torch::zeros({4, 1}, torch::kFloat64);
  const Tensor words = random_words(2, 5, 4);
  const auto pull_at = [&](double temperature, double weight) {
    GuidedSteering steering(one_wish(std::make_unique<AutomatonGuide>(std::vector<std::vector<WordClass>>{{{1}}}, true, weight)),
                            update_rules().make("posterior", Config(), run), temperature, {}, false, 1);
    return steering.pull_words({words, {}, {}, 0.5, table});
  };
  const Tensor plain = pulled(words, pull_at(1, 1));
  EXPECT_TRUE(torch::allclose(pulled(words, pull_at(1.5, 1)), (plain.log() / 1.5).softmax(-1), 1e-5, 1e-8));
  EXPECT_FALSE(pull_at(1.5, 0).defined());
}

// Tags: each position is its own question, and the posterior that of one word.
TEST(PosteriorRule, IsBayesRuleForPartsOfSpeech) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  const auto wishes = one_wish(guide_of(run, resources, "part-of-speech", "DET _"));
  const int64_t vocabulary = run.tokenizer->size();
  const Tensor words = random_words(1, 2, vocabulary);
  const Tensor pull = update_rules()
                          .make("posterior", Config(), run)
                          ->move_words({words, {}, {}, 0.5, torch::zeros({vocabulary, 1}, torch::kFloat64)}, wishes)
                          .pull;
  const Tensor posterior = pulled(words, pull);
  EXPECT_TRUE(torch::allclose(posterior[0][1], words[0][1], 1e-5, 1e-9));
  Tensor fits = torch::empty({vocabulary}, torch::kFloat64);  // p(DET | word), from sure words
  for (int64_t word = 0; word < vocabulary; ++word) {
    Tensor sure = torch::zeros({1, 2, vocabulary}, torch::kFloat64);
    sure[0][0][word] = 1;
    sure[0][1][5] = 1;
    fits[word] = std::exp(wishes[0]->log_probability({sure, {}, {}, 0.5}).item<double>());
  }
  const Tensor expected = words[0][0] * fits / (words[0][0] * fits).sum();
  EXPECT_TRUE(torch::allclose(posterior[0][0], expected, 1e-4, 1e-6));
}

TEST_F(LatentRuleTest, AWishOutsideItsRangeOrOfNoWeightChangesNothing) {
  const Tensor x = torch::randn({2, 6, table.size(1)});
  const Tensor words = random_words(2, 6, table.size(0)).to(torch::kFloat32);
  for (const auto& name : update_rules().names()) {
    const auto rule = update_rules().make(name, Config(), run);
    for (const std::string range : {"weight = 0.0", "to = 0.6", "from = 0.4"}) {
      const auto wishes = the_word("[control.keywords]\n" + range + "\n");
      if (rule->moves_words()) {
        EXPECT_FALSE(rule->move_words({words, {}, x, 0.5, table}, wishes).pull.defined()) << name << " " << range;
      } else {
        EXPECT_TRUE(torch::equal(rule->move_latents({x, 0.5, {x, {}}, x, {}, table}, wishes), x)) << name << " " << range;
      }
    }
  }
}

// Without a pull back, each move is `rate` along the sign of the gradient in every coordinate.
TEST_F(LatentRuleTest, TheReferenceMovesByTheSignOfTheGradient) {
  const auto wishes = the_word();
  const Tensor x = torch::randn({2, 5, table.size(1)});
  Config config;
  config.read_toml("[control.reference]\nmoves = 1\nfluency = 0.0\nrate = 0.25\n", "test.toml");
  const SteeredStep step = {x, 0.5, {torch::zeros_like(x), torch::tensor(0.5)}, x, {}, table};
  const Tensor moved = update_rules().make("reference", config, run)->move_latents(step, wishes) - x;
  Tensor leaf = x.clone().set_requires_grad(true);
  {
    const torch::AutoGradMode with_gradient(true);
    weighted_log_probability(wishes, context_free_view(leaf, 0.5, table, model)).sum().backward();
  }
  const Tensor g = leaf.grad();
  EXPECT_TRUE(torch::allclose(moved, 0.25 * g / (g.abs() + 1e-10), 1e-4, 1e-5));
  EXPECT_GT((moved.abs() > 0.2499).to(torch::kFloat32).mean().item<double>(), 0.5);  // whatever its size
  // With nothing but the pull back, towards the mean.
  config.read_toml("[control.reference]\nfluency = 1.0\n", "test.toml");
  const auto weak = the_word("[control.keywords]\nweight = 1e-12\n");
  const Tensor back = update_rules().make("reference", config, run)->move_latents(step, weak) - x;
  EXPECT_TRUE(torch::allclose(back, -0.25 * x.sign(), 1e-3, 1e-3));
  EXPECT_TRUE(
      torch::equal(update_rules().make("reference", config, run)->move_latents({x, 0.04, step.move, x, {}, table}, wishes), x));
}

// The squares of all gradients of a text add up, and are forgotten where the noise level rises: another text begins.
TEST_F(LatentRuleTest, AdagradDividesByAllGradientsOfTheText) {
  const auto wishes = the_word();
  const Tensor x = torch::randn({2, 5, table.size(1)});
  Config config;
  config.read_toml("[control.adagrad]\nmoves = 1\nfluency = 0.0\nrate = 0.25\n", "test.toml");
  const auto rule = update_rules().make("adagrad", config, run);
  const auto moved = [&](double u) { return rule->move_latents({x, u, {x, {}}, x, {}, table}, wishes) - x; };
  const auto gradient = [&](double u) { return latent_gradient(x, {x, u, {x, {}}, x, {}, table}, wishes, model, 0); };
  const Tensor first = gradient(0.6);
  const Tensor second = gradient(0.5);
  EXPECT_TRUE(torch::allclose(moved(0.6), -0.25 * first / (first.abs() + 1e-10), 1e-3, 1e-4));
  EXPECT_TRUE(torch::allclose(moved(0.5), -0.25 * second / ((first.square() + second.square()).sqrt() + 1e-10), 1e-3, 1e-4));
  EXPECT_TRUE(torch::allclose(moved(0.6), -0.25 * first / (first.abs() + 1e-10), 1e-3, 1e-4));
}

TEST_F(LatentRuleTest, NormalisedMovesHaveTheirLengthAndTheDirectionOfTheGradient) {
  const auto wishes = the_word();
  const Tensor x = torch::randn({2, 5, table.size(1)});
  Config config;
  config.read_toml("[control.normalised]\nmoves = 1\nfluency = 0.0\nrate = 0.25\n", "test.toml");
  const SteeredStep step = {x, 0.5, {x, {}}, x, {}, table};
  const Tensor moved = update_rules().make("normalised", config, run)->move_latents(step, wishes) - x;
  const Tensor g = latent_gradient(x, step, wishes, model, 0);
  EXPECT_TRUE(torch::allclose(moved.square().mean({1, 2}).sqrt(), torch::full({2}, 0.25), 1e-3, 1e-4));
  EXPECT_TRUE(torch::allclose(torch::cosine_similarity(moved.flatten(1), -g.flatten(1), 1), torch::ones({2}), 1e-3, 1e-4));
}

// With a wish that hardly weighs, many moves from anywhere end in the distribution of the step itself.
TEST_F(LatentRuleTest, LangevinLeavesTheDistributionOfTheStep) {
  const auto wishes = the_word("[control.keywords]\nweight = 1e-12\n");
  const Tensor mean = torch::full({64, 6, table.size(1)}, 2.0);
  const auto generator = make_generator(1);
  const NoiseSource noise = [&] { return torch::randn(mean.sizes(), generator); };
  const SteeredStep step = {torch::zeros_like(mean), 0.5, {mean, torch::tensor(0.3)}, mean, {}, table, noise};
  Config config;
  config.read_toml("[control.langevin]\nmoves = 200\nrate = 0.3\n", "test.toml");
  const Tensor end = update_rules().make("langevin", config, run)->move_latents(step, wishes);
  EXPECT_NEAR(end.mean().item<double>(), 2, 0.03);
  // Of moves of finite size the variance is s^2 / (1 - rate^2 / 4).
  EXPECT_NEAR(end.std().item<double>(), 0.3 / std::sqrt(1 - 0.3 * 0.3 / 4), 0.01);
  const SteeredStep silent = {mean, 0.5, {mean, {}}, mean, {}, table, noise};
  EXPECT_NE(usage_message([&] {
              update_rules().make("langevin", config, run)->move_latents(silent, wishes);
            }).find("needs a sampler that takes noise"),
            std::string::npos);
}

// Moves along the gradient make the wish likelier, as the model sees the moved latents.
TEST_F(LatentRuleTest, TheDenoiserMakesTheWishLikelier) {
  const auto wishes = the_word();
  const Tensor x = torch::randn({4, 6, table.size(1)});
  const auto log_probability = [&](const Tensor& latents) {
    const Tensor u = torch::full({4}, 0.6, torch::kFloat64);
    const Tensor words = model.logits(model.estimate({latents, u, {}, {}}, table).point, table).softmax(-1);
    return wishes[0]->log_probability({words, {}, latents, 0.6}).sum().item<double>();
  };
  Config config;
  config.read_toml("[control.denoiser]\nmoves = 5\nrate = 0.1\n", "test.toml");
  const Tensor moved = update_rules().make("denoiser", config, run)->move_latents({x, 0.6, {x, {}}, {}, {}, table}, wishes);
  EXPECT_GT(log_probability(moved), log_probability(x) + 0.05);
}

}  // namespace
}  // namespace difflm::test
