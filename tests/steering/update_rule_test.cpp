// The posterior rule against Bayes' rule by sums over every text; what every rule leaves alone; the moves of the others.
#include "difflm/steering/update_rule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "difflm/steering/guided_steering.h"
#include "difflm/steering/word_automaton.h"
#include "steering/every_sequence.h"
#include "steering/listed_phrases.h"
#include "steering/trained_run.h"
#include "tokenizers/listed_tokens.h"

namespace difflm::test {
namespace {

// Wishes over a vocabulary of three words, for sums over every text.
class AutomatonGuide : public Guide {
 public:
  AutomatonGuide(const std::vector<std::string>& phrases, bool contains, double weight)
      : Guide({weight, 1, 0}), automaton_(phrases_of(phrases), tokens()), contains_(contains) {}
  static const ListedTokens& tokens() {
    static const ListedTokens all({"a ", "b ", "c "});
    return all;
  }
  Tensor log_probability(const GuideView& view) const override {
    return contains_ ? automaton_.log_contains(view.probabilities) : automaton_.log_lacks(view.probabilities);
  }
  std::optional<bool> is_fulfilled(std::span<const Token> tokens) const override {
    return automaton_.contains(tokens) == contains_;
  }

 private:
  WordAutomaton automaton_;
  bool contains_;
};

Guides one_wish(std::unique_ptr<Guide> guide) {
  Guides guides;
  guides.push_back(std::move(guide));
  return guides;
}

// The shared run, opened, with what rules need from it.
class LatentRuleTest : public testing::Test {
 protected:
  Guides the_word(const std::string& toml = "") { return one_wish(guide_of(run, resources, "keywords", "the", toml)); }

  const torch::NoGradGuard no_grad;
  difflm::Run run = open_run(trained_run_folder());
  DiffusionModel& model = dynamic_cast<DiffusionModel&>(*run.model);
  const Tensor table = model.table();
  GuideResources resources{run};
};

Tensor guided(const Tensor& probabilities, const Tensor& guidance) { return (probabilities.log() + guidance).softmax(-1); }

TEST(PosteriorRule, IsBayesRuleWhereWordsAreIndependent) {
  const difflm::Run run;  // which this rule does not use
  const int64_t vocabulary = AutomatonGuide::tokens().size();
  const Tensor table = torch::zeros({vocabulary, 1}, torch::kFloat64);
  const auto rule = update_rules().make("posterior", Config(), run);
  const std::vector<std::vector<std::string>> examples = {{"a "}, {"a b "}, {"a ", "b "}, {"a a b "}};
  for (const auto& phrases : examples) {
    for (const bool contains : {true, false}) {
      const auto guides = one_wish(std::make_unique<AutomatonGuide>(phrases, contains, 1));
      const Tensor probabilities = random_probabilities(2, 4, vocabulary);
      const Tensor guidance = rule->guide_logits({probabilities, {}, {}, 0.5, table}, guides).guidance;
      for (int64_t row = 0; row < 2; ++row) {
        const Posterior exact =
            exact_posterior(probabilities[row], [&](const Sequence& sequence) { return *guides[0]->is_fulfilled(sequence); });
        EXPECT_TRUE(torch::allclose(guided(probabilities[row], guidance[row]), exact.probabilities, 1e-4, 1e-6));
      }
    }
  }
}

// Guided tokens are drawn at a temperature of their own; without guidance nothing changes.
TEST(GuidedSteering, PulledWordsHaveATemperature) {
  const difflm::Run run;
  const Tensor table = torch::zeros({AutomatonGuide::tokens().size(), 1}, torch::kFloat64);
  const Tensor probabilities = random_probabilities(2, 5, AutomatonGuide::tokens().size());
  const auto pull_at = [&](double temperature, double weight) {
    GuidedSteering steering(one_wish(std::make_unique<AutomatonGuide>(std::vector<std::string>{"a "}, true, weight)),
                            update_rules().make("posterior", Config(), run), temperature, {}, false, 5, 1);
    return steering.guide_logits({probabilities, {}, {}, 0.5, table});
  };
  const Tensor plain = guided(probabilities, pull_at(1, 1));
  EXPECT_TRUE(torch::allclose(guided(probabilities, pull_at(1.5, 1)), (plain.log() / 1.5).softmax(-1), 1e-5, 1e-8));
  EXPECT_FALSE(pull_at(1.5, 0).defined());
}

// Tags: each position is a separate question, and the posterior is that of one word.
TEST(PosteriorRule, IsBayesRuleForPartsOfSpeech) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  const auto guides = one_wish(guide_of(run, resources, "part-of-speech", "DET _"));
  const int64_t vocabulary = run.tokenizer->size();
  const Tensor probabilities = random_probabilities(1, 2, vocabulary);
  const Tensor guidance = update_rules()
                              .make("posterior", Config(), run)
                              ->guide_logits({probabilities, {}, {}, 0.5, torch::zeros({vocabulary, 1}, torch::kFloat64)}, guides)
                              .guidance;
  const Tensor posterior = guided(probabilities, guidance);
  EXPECT_TRUE(torch::allclose(posterior[0][1], probabilities[0][1], 1e-5, 1e-9));
  Tensor fits = torch::empty({vocabulary}, torch::kFloat64);  // p(DET | word), from certain words
  for (int64_t word = 0; word < vocabulary; ++word) {
    Tensor sure = torch::zeros({1, 2, vocabulary}, torch::kFloat64);
    sure[0][0][word] = 1;
    sure[0][1][5] = 1;
    fits[word] = std::exp(guides[0]->log_probability({sure, {}, {}, 0.5}).item<double>());
  }
  const Tensor expected = probabilities[0][0] * fits / (probabilities[0][0] * fits).sum();
  EXPECT_TRUE(torch::allclose(posterior[0][0], expected, 1e-4, 1e-6));
}

TEST_F(LatentRuleTest, AWishOutsideItsRangeOrOfNoWeightChangesNothing) {
  const Tensor x = torch::randn({2, 6, table.size(1)});
  const Tensor probabilities = random_probabilities(2, 6, table.size(0)).to(torch::kFloat32);
  for (const auto& name : update_rules().names()) {
    const auto rule = update_rules().make(name, Config(), run);
    for (const std::string range : {"weight = 0.0", "to = 0.6", "from = 0.4"}) {
      const auto guides = the_word("[control.keywords]\n" + range + "\n");
      if (rule->guides_logits()) {
        EXPECT_FALSE(rule->guide_logits({probabilities, {}, x, 0.5, table}, guides).guidance.defined()) << name << " " << range;
      } else {
        EXPECT_TRUE(torch::equal(rule->guide_latents({x, 0.5, {x, {}}, x, {}, table}, guides), x)) << name << " " << range;
      }
    }
  }
}

// Without a pull back, each move is `rate` along the sign of the gradient in every coordinate.
TEST_F(LatentRuleTest, TheReferenceMovesByTheSignOfTheGradient) {
  const auto guides = the_word();
  const Tensor x = torch::randn({2, 5, table.size(1)});
  Config config;
  config.read_toml("[control.reference]\nmoves = 1\nfluency = 0.0\nrate = 0.25\n", "test.toml");
  const SteeredStep step = {x, 0.5, {torch::zeros_like(x), 0.5}, x, {}, table};
  const Tensor moved = update_rules().make("reference", config, run)->guide_latents(step, guides) - x;
  Tensor leaf = x.clone().set_requires_grad(true);
  {
    const torch::AutoGradMode with_gradient(true);
    weighted_log_probability(guides, context_free_view(leaf, 0.5, table, model)).sum().backward();
  }
  const Tensor g = leaf.grad();
  EXPECT_TRUE(torch::allclose(moved, 0.25 * g / (g.abs() + 1e-10), 1e-4, 1e-5));
  EXPECT_GT((moved.abs() > 0.2499).to(torch::kFloat32).mean().item<double>(), 0.5);  // whatever its size
  // With nothing but the pull back, towards the mean.
  config.read_toml("[control.reference]\nfluency = 1.0\n", "test.toml");
  const auto weak = the_word("[control.keywords]\nweight = 1e-12\n");
  const Tensor back = update_rules().make("reference", config, run)->guide_latents(step, weak) - x;
  EXPECT_TRUE(torch::allclose(back, -0.25 * x.sign(), 1e-3, 1e-3));
  EXPECT_TRUE(torch::equal(
      update_rules().make("reference", config, run)->guide_latents({x, 0.04, step.transition, x, {}, table}, guides), x));
}

// Moves along the gradient make the wish more probable, as the model sees the moved latents.
TEST_F(LatentRuleTest, TheDenoiserMakesTheWishLikelier) {
  const auto guides = the_word();
  const Tensor x = torch::randn({4, 6, table.size(1)});
  const auto log_probability = [&](const Tensor& latents) {
    const Tensor u = torch::full({4}, 0.6, torch::kFloat64);
    const Tensor probabilities = model.logits(model.estimate({latents, u, {}, {}}, table).point, table).softmax(-1);
    return guides[0]->log_probability({probabilities, {}, latents, 0.6}).sum().item<double>();
  };
  Config config;
  config.read_toml("[control.denoiser]\nmoves = 5\nrate = 0.1\n", "test.toml");
  const Tensor moved = update_rules().make("denoiser", config, run)->guide_latents({x, 0.6, {x, {}}, {}, {}, table}, guides);
  EXPECT_GT(log_probability(moved), log_probability(x) + 0.05);
}

}  // namespace
}  // namespace difflm::test
