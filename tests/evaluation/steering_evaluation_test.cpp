// The figures of a steering evaluation are those of its texts; a wish fulfilled in part is not a success; the table.
#include "difflm/evaluation/steering/steering_evaluation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "steering/trained_run.h"

namespace difflm::test {
namespace {

class SteeringEvaluationTest : public testing::Test {
 protected:
  SteeringEvaluationTest() {
    sampling.steps = 5;
    plan.count = 6;
  }
  SteeringReport evaluate() {
    return evaluate_steering(run, sampling, {}, plan, rule, nullptr, [](size_t, size_t) { return true; });
  }

  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources{run};
  TextRule rule{run, resources.documents()};
  SamplingOptions sampling;
  SteeringPlan plan;
};

TEST_F(SteeringEvaluationTest, SuccessIsTheMeanOverTasksOfTheirTexts) {
  plan.tasks = {{"keywords", {{"keywords", "cafe"}}}, {"keywords", {{"keywords", "is"}}}, {"length", {{"length", "9"}}}};
  run.config.read_toml("[control.keywords]\nweight = 0.2\n", "test.toml");  // so that not every text has its word
  const auto report = evaluate();
  ASSERT_EQ(report.kinds.size(), 2);
  ASSERT_EQ(report.texts.size(), 18);
  double keywords = 0;
  for (size_t at = 0; at < 12; ++at) keywords += *report.texts[at].fulfilment / 12;
  EXPECT_NEAR(report.kinds[0].success.value, keywords, 1e-12);
  EXPECT_EQ(report.kinds[1].success.value, 1);
  EXPECT_EQ(report.kinds[0].targets, 2);
  EXPECT_EQ(report.kinds[0].judged, 1);
}

// By chance: what the unsteered texts of the same seeds do; rejection keeps one in as many.
TEST_F(SteeringEvaluationTest, RejectionCostsUnsteeredTextsForEachThatFulfilsAll) {
  plan.count = 40;
  plan.tasks = {{"keywords", {{"keywords", "is"}}}};
  const auto report = evaluate();
  SampleRequest request;
  request.count = plan.count;
  request.seed = plan.seed;
  const auto guide = guide_of(run, resources, "keywords", "is");
  double fulfilled = 0;
  for (const auto& sample : generate(run, sampling, request)) fulfilled += *guide->is_fulfilled(sample.tokens) ? 1.0 : 0.0;
  ASSERT_GT(fulfilled, 0);
  EXPECT_NEAR(report.kinds[0].by_chance, fulfilled / 40, 1e-12);
  EXPECT_NEAR(report.kinds[0].wholly_by_chance, fulfilled / 40, 1e-12);
  const std::string table = steering_table(report);
  EXPECT_NE(table.find(fmt::format("| {:.2f} |\n", report.unsteered.seconds / (fulfilled / 40))), std::string::npos) << table;
}

// For a tree the mean is that of F1, and texts that the grammar cannot read are left out; rejection keeps whole trees only.
TEST_F(SteeringEvaluationTest, ATreeCountsByItsF1) {
  plan.tasks = draw_steering_tasks("tree", 2, read_prepared_documents(prepared_folder(run.config, run.folder), Side::validation),
                                   run, rule.labels(), 1);
  run.config.read_toml("[control.tree]\nclassifier = \"" + trained_classifier_folder("span-classifier") + "\"\n", "test.toml");
  const auto report = evaluate();
  double judged = 0;
  for (const auto& text : report.texts) {
    EXPECT_EQ(text.fulfilment, rule.tree_match(plan.tasks[text.task].wishes[0].text, text.text));
    judged += text.fulfilment ? 1.0 : 0.0;
  }
  EXPECT_NEAR(report.kinds[0].judged, judged / 12, 1e-12);
  EXPECT_EQ(report.kinds[0].wholly_by_chance, 0);
  EXPECT_NE(steering_table(report).find("| > "), std::string::npos);
}

TEST_F(SteeringEvaluationTest, AMatterOfDegreeIsNoSuccess) {
  plan.tasks = {{"fluency+length", {{"fluency", autoregressive_folder()}, {"length", "9"}}}};
  const auto report = evaluate();
  EXPECT_EQ(report.kinds[0].success.value, 1);
  EXPECT_LT(report.kinds[0].by_chance, 1);  // that of the length alone
}

// Where words are given, they occur in the unsteered texts of the control as well, whose other words stay.
TEST_F(SteeringEvaluationTest, GivenWordsAreWrittenOverUnsteeredTexts) {
  plan.tasks = {{"infill", {{"infill", "_ cafe is _ ."}}}, {"length", {{"length", "9"}}}};
  const auto report = evaluate();
  SampleRequest request;
  request.count = plan.count;
  request.seed = plan.seed;
  std::set<std::pair<Token, Token>> pairs;
  const auto given = run.tokenizer->encode("cafe is .");
  for (const auto& sample : generate(run, sampling, request)) {
    const auto& own = sample.tokens;
    const std::vector<Token> text = {own[0], given[0], given[1], own[3 % own.size()], given[2]};
    for (size_t at = 0; at + 1 < text.size(); ++at) pairs.emplace(text[at], text[at + 1]);
  }
  EXPECT_NEAR(report.kinds[0].written_over.at("distinct-2").value, static_cast<double>(pairs.size()) / (6 * 4), 1e-12);
  EXPECT_TRUE(report.kinds[1].written_over.empty());
  EXPECT_NE(steering_table(report).find("| infill: given words written over unsteered texts |"), std::string::npos);
}

// Texts of one word have no pairs of words, and nothing could be judged: dashes, not "nan".
TEST(SteeringTable, HasADashForAnUndefinedFigure) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  SteeringReport report;
  report.unsteered.metrics["distinct-2"] = {kNone, kNone, kNone, kNone};
  report.unsteered.seconds = 1;
  SteeringFigures figures;
  figures.kind = "keywords";
  figures.judged = 0;
  figures.success = {kNone, kNone, kNone, kNone};
  report.kinds = {figures};
  EXPECT_EQ(steering_table(report).find("nan"), std::string::npos) << steering_table(report);
}

}  // namespace
}  // namespace difflm::test
