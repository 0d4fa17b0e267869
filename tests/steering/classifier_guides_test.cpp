// The guides that use another run, a classifier or a judge: their gradients, that guidance follows them, and that a classifier is
// opened once.
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/model/classifier_model.h"
#include "difflm/model/span_classifier.h"
#include "difflm/steering/update_rule.h"
#include "nn/finite_differences.h"
#include "steering/every_sequence.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

struct AskingWish {
  std::string guide;
  std::string kind;  // of its classifier; "" for a judge
  std::string wish;
};

const std::vector<AskingWish>& asking_wishes() {
  static const std::vector<AskingWish> all = {
      {"attribute", "classifier", "kind=cafe"},
      {"span", "span-classifier", "NP 1-3"},
      {"tree", "span-classifier", "(S (NP (_ _) (_ _)) (VP (_ _) (_ _) (_ _)) (_ _))"},
      {"fluency", "", autoregressive_folder()},
  };
  return all;
}

std::string option_of(const AskingWish& wish) {
  const std::string section = "[control." + wish.guide + "]\n";
  return wish.kind.empty() ? section : section + "classifier = \"" + trained_classifier_folder(wish.kind) + "\"\n";
}

TEST(ClassifierGuides, GradientsAreThoseOfTheEnergies) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  auto& model = dynamic_cast<DiffusionModel&>(*run.model);
  const Tensor table = model.table().detach();
  for (const auto& wish : asking_wishes()) {
    SCOPED_TRACE(wish.guide);
    const auto guide = guide_of(run, resources, wish.guide, wish.wish, option_of(wish));
    const Tensor words = random_probabilities(2, 6, table.size(0)).to(torch::kFloat32).set_requires_grad(true);
    const auto loss = [&] { return guide->log_probability({words, torch::matmul(words, table), {}, 0.5}).sum(); };
    expect_gradients(loss, {{"words", words}}, {2e-3, 2e-2});
  }
}

// One update by Bayes' rule raises the probability that the other run gives the wish in every text, however little it has learned.
TEST(ClassifierGuides, APullRaisesTheirBelief) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  const Tensor table = dynamic_cast<DiffusionModel&>(*run.model).table().detach();
  const auto rule = update_rules().make("posterior", Config(), run);
  for (const auto& wish : asking_wishes()) {
    Guides wishes;
    wishes.push_back(guide_of(run, resources, wish.guide, wish.wish, option_of(wish) + "weight = 0.3\n"));
    const auto belief = [&](const Tensor& words) {
      return wishes[0]->log_probability({words, torch::matmul(words, table), {}, 0.5}).detach();
    };
    const Tensor words = random_probabilities(8, 6, table.size(0)).to(torch::kFloat32);
    const Tensor guidance = rule->guide_logits({words, {}, {}, 0.5, table}, wishes).guidance;
    const Tensor guided = (words.log() + guidance).softmax(-1);
    EXPECT_TRUE((belief(guided) > belief(words)).all().item<bool>()) << wish.guide << belief(guided) - belief(words);
  }
}

TEST(ClassifierGuides, AClassifierIsOpenedOnceAndOnlyForItsModel) {
  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources(run);
  const std::string folder = trained_classifier_folder("classifier");
  const auto first = resources.reader<ClassifierModel>(folder, run, "attribute");
  EXPECT_EQ(resources.reader<ClassifierModel>(folder, run, "attribute"), first);
  EXPECT_NE(usage_message([&] {
              resources.reader<SpanClassifier>(folder, run, "span");
            }).find("of kind classifier, expected one of kind span-classifier"),
            std::string::npos);
  const TemporaryFolder other;
  tiny_run(tiny_run_config("[train]\nseed = 9\n"), other.path() + "/run");
  difflm::Run stranger = open_run(other.path() + "/run");
  EXPECT_NE(usage_message([&] { resources.reader<ClassifierModel>(folder, stranger, "attribute"); }).find("for another model"),
            std::string::npos);
}

}  // namespace
}  // namespace difflm::test
