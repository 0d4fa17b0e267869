// The public interface: texts, steered texts, facts, and one type of error.
#include "difflm/difflm.h"

#include <gtest/gtest.h>

#include "steering/trained_run.h"

namespace difflm::test {
namespace {

TEST(Model, WritesTheSameTextsForTheSameSeed) {
  const auto model = difflm::Model::open(trained_run_folder(), 1);
  const auto texts = model.sample({.count = 3, .seed = 4});
  ASSERT_EQ(texts.size(), 3);
  EXPECT_EQ(model.sample({.count = 3, .seed = 4})[2].text, texts[2].text);
  EXPECT_EQ(model.facts().kind, "diffusion");
}

TEST(Model, FulfilsWishes) {
  const auto model = difflm::Model::open(trained_run_folder(), 1);
  const auto texts =
      model.control({.wishes = {{"keywords", "cafe"}, {"length", "9"}}, .count = 4, .settings = {"sampling.steps=5"}});
  ASSERT_EQ(texts.size(), 4);
  for (const auto& text : texts) {
    EXPECT_NE(text.text.text.find("cafe"), std::string::npos) << text.text.text;
    EXPECT_EQ(text.holds, (std::vector<std::optional<bool>>{true, true}));
  }
  // A request's settings are its own.
  EXPECT_EQ(model.facts().configuration.find("steps = 5\n"), std::string::npos);
}

TEST(Model, SteersByClassifiers) {
  const auto model = difflm::Model::open(trained_run_folder(), 1);
  const auto texts = model.control({.wishes = {{"attribute", "kind=cafe"}, {"tree", "(S (NP (_ _) (_ _)) (VP (_ _)) (_ _))"}},
                                    .count = 2,
                                    .classifier = trained_classifier_folder("classifier"),
                                    .span_classifier = trained_classifier_folder("span-classifier"),
                                    .settings = {"sampling.steps=4"}});
  ASSERT_EQ(texts.size(), 2);
  EXPECT_FALSE(texts[0].text.text.empty());
  EXPECT_THROW(model.control({.wishes = {{"attribute", "kind=cafe"}}}), RunError);  // without its classifier
  EXPECT_THROW(model.control({.wishes = {{"tree", "(S (_ _))"}}}), RunError);
}

TEST(Model, ThrowsOneTypeOfError) {
  EXPECT_THROW(difflm::Model::open("nothere"), RunError);
  const auto model = difflm::Model::open(trained_run_folder(), 1);
  EXPECT_THROW(model.control({}), RunError);
  EXPECT_THROW(model.control({.wishes = {{"keywords", "frobnicate"}}}), RunError);
  EXPECT_THROW(model.control({.wishes = {{"keywords", "the"}}, .settings = {"model.scale=2"}}), RunError);
  try {
    model.control({.wishes = {{"keywords", "the"}}, .settings = {"control.keyword.weight=2"}});
    ADD_FAILURE() << "a misspelt key was taken";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'control.keywords.weight'"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace difflm::test
