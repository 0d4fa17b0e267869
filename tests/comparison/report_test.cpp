// A folder as an experiment leaves it becomes three files, whatever has finished: the page is one file that asks for nothing else.
#include "difflm/comparison/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "comparison/small_results.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

using test::kLower;
using test::kNearest;
using test::kSoftmax;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Report : public testing::Test {
 protected:
  Report() : planned_(test::small_results({test::kRounding}, {1, 2, 3})) {
    planned_.plan.experiment.question = "is 1 < 2?";
    planned_.plan.experiment.contrasts = {{"main", kSoftmax, kNearest, kLower}};
  }

  // Makes the files of the folder from what the results hold, then the report.
  std::vector<std::string> write() {
    const auto& experiment = planned_.plan.experiment;
    folder_.write(planned_.plan);
    for (const auto& run : planned_.runs) {
      for (const auto& sampling : experiment.samplings) {
        const auto found = run.evaluations.find(sampling.name);
        if (found != run.evaluations.end())
          write_text(folder_.evaluation(run.run, experiment, sampling), to_text(found->second, 2));
      }
      if (!run.failure.empty()) write_text(folder_.failure_note(run.run), run.failure);
    }
    auto sentences = write_report(folder_);
    page_ = temporary_.read("report.html");
    return sentences;
  }

  void finish_all() {
    test::finish(planned_, kSoftmax, kLower, {2, 3, 4});
    test::finish(planned_, kNearest, kLower, {3, 4.1, 4.9});
  }

  // A page that works from a file, without a network: nothing runs in it and nothing is fetched. (http-equiv is no address.)
  void expect_sound_page() const {
    EXPECT_THAT(page_, testing::StartsWith("<!doctype html>"));
    EXPECT_THAT(page_, testing::EndsWith("</html>\n"));
    for (const char* foreign : {"http:", "https:", "src=", "url(", "@import", "<script", "javascript:", " onclick", "<iframe"}) {
      EXPECT_THAT(page_, Not(HasSubstr(foreign)));
    }
  }

  test::TemporaryFolder temporary_;
  ExperimentFolder folder_{temporary_.path()};
  Results planned_;
  std::string page_;
};

TEST_F(Report, HoldsTheAnswerAndTheFigures) {
  finish_all();
  EXPECT_THAT(write(), ElementsAre(HasSubstr("rounding=softmax beats rounding=nearest")));
  expect_sound_page();
  EXPECT_THAT(page_, HasSubstr("6 of 6 runs finished"));
  EXPECT_THAT(page_, HasSubstr("rounding=softmax beats rounding=nearest"));
  EXPECT_THAT(page_, HasSubstr("energy_distance"));
  EXPECT_THAT(page_, HasSubstr("held-out"));
  for (const auto& run : planned_.runs) EXPECT_THAT(page_, HasSubstr(run.run.address));
  EXPECT_THAT(temporary_.read("results.csv"), HasSubstr("softmax,default,samples,energy_distance,none,2,1.5,2.5"));
  EXPECT_THAT(temporary_.read("results.jsonl"), HasSubstr("\"status\":\"done\""));
}

TEST_F(Report, WhatIsNoMarkupIsEscaped) {
  finish_all();
  auto& evaluation = test::run_of(planned_, kSoftmax, 1).evaluations["default"];
  evaluation["warnings"] = {"a <i>warning</i>"};
  const auto& experiment = planned_.plan.experiment;
  const auto& run = test::run_of(planned_, kSoftmax, 1).run;
  folder_.write(planned_.plan);
  write_text(folder_.texts(run, experiment, experiment.samplings[0]), "{\"text\": \"a <script>alert(1)</script> text\"}\n");
  write();
  expect_sound_page();
  EXPECT_THAT(page_, HasSubstr("<h1>is 1 &lt; 2?</h1>"));
  EXPECT_THAT(page_, HasSubstr("a &lt;i&gt;warning&lt;/i&gt;"));
  EXPECT_THAT(page_, HasSubstr("id=\"samples\""));
}

// "one two three" occurs twice; eight words in a row, from "one" to "five", occur in training text.
TEST_F(Report, RepeatedAndCopiedWordsAreMarked) {
  finish_all();
  const auto& experiment = planned_.plan.experiment;
  const auto& run = test::run_of(planned_, kNearest, 1).run;
  folder_.write(planned_.plan);
  make_folder(folder_.model(run) + "/data");
  write_text(folder_.model(run) + "/data/train.jsonl", "{\"text\": \"one two three one two three four five\"}\n");
  write_text(folder_.texts(run, experiment, experiment.samplings[0]),
             "{\"text\": \"one two three one two three four five six\"}\n");
  write();
  EXPECT_THAT(page_, HasSubstr("<u>three</u> <u><mark class=\"again\">one</mark></u>"));
  EXPECT_THAT(page_, HasSubstr("<u>five</u> six"));
}

TEST_F(Report, AFailedRunIsShownWithItsLog) {
  test::finish(planned_, kSoftmax, kLower, {2, 3, 4});
  test::run_of(planned_, kNearest, 1).failure = "exit code 1\nloss is not finite at <step> 7";
  EXPECT_THAT(write(), ElementsAre(HasSubstr("No answer yet")));
  expect_sound_page();
  EXPECT_THAT(page_, HasSubstr("3 of 6 runs finished"));
  EXPECT_THAT(page_, HasSubstr("loss is not finite at &lt;step&gt; 7"));
  EXPECT_THAT(temporary_.read("results.jsonl"), HasSubstr("\"status\":\"failed\""));
}

TEST_F(Report, NothingNeedsToBeFinished) {
  EXPECT_THAT(write(), ElementsAre(HasSubstr("No answer")));
  expect_sound_page();
  EXPECT_THAT(page_, HasSubstr("0 of 6 runs finished"));
  EXPECT_THAT(page_, Not(HasSubstr("id=\"table\"")));
  EXPECT_EQ(temporary_.read("results.csv"), "address,code,seed,rounding,sampling,row,metric,unit,value,lower,upper\n");
}

// A model whose embeddings have collapsed to one point has a map without figures: JSON has null for what is not finite.
TEST_F(Report, AMapWithoutFiguresDoesNotStopThePage) {
  finish_all();
  const auto map = parse_json(
      R"({"words": 3, "dimension": 2, "nearest": null, "mean_cosine": null, "dimensions_used": 0, "variance_shown": null,
          "frequent": [{"word": "the", "x": null, "y": null, "neighbours": ["a"]}]})");
  for (auto& run : planned_.runs) run.evaluations["default"]["model"]["embedding_map"] = map;
  write();
  expect_sound_page();
  EXPECT_THAT(page_, HasSubstr("id=\"embedding\""));
}

// Validation losses come from the run folders; a line that was cut off is skipped.
TEST_F(Report, ShowsTheLossesOfUnfinishedRunsToo) {
  folder_.write(planned_.plan);
  const std::string model = folder_.model(planned_.runs[0].run);
  make_folder(model);
  write_text(
      model + "/metrics.jsonl",
      "{\"step\":10,\"validation/loss\":2.5}\n{\"step\":11,\"train/loss\":2}\n{\"step\":20,\"validation/loss\":2.25}\n{\"st");
  write();
  EXPECT_THAT(page_, HasSubstr("(10, 2.5)"));
  EXPECT_THAT(page_, HasSubstr("(20, 2.25)"));
}

}  // namespace
}  // namespace difflm
