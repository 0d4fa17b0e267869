// What is read from a folder, and the two files that hold it for other programs.
#include "difflm/comparison/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "comparison/small_results.h"
#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

using test::kAsHeldOut;
using test::kHigher;
using test::kLower;
using testing::ElementsAre;
using testing::HasSubstr;

const Choice kPlain = {{"rounding", "plain"}};
const Choice kOdd = {{"rounding", "odd, \"so\""}};

// Seed 1 of plain is done, that of odd has failed, seed 2 of plain is missing, that of odd is done.
Results mixed_results() {
  Results results = test::small_results({{"rounding", test::variants({"plain", "odd, \"so\""})}}, {1, 2});
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  test::run_of(results, kPlain, 1).evaluations["default"] =
      test::small_evaluation({{kLower, 1.25}, {kHigher, undefined}}, {{kLower, 0.125}});
  test::run_of(results, kOdd, 1).failure = "exit code 1\nout of memory";
  test::run_of(results, kOdd, 2).evaluations["default"] = test::small_evaluation({{kHigher, 3}});
  return results;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Results, AValueThatIsUndefinedOrMissingIsNone) {
  const auto results = mixed_results();
  const Json& evaluation = results.runs[0].evaluations.at("default");
  EXPECT_EQ(Results::value(evaluation, "samples", kLower), 1.25);
  EXPECT_EQ(Results::value(evaluation, "samples", kLower, "lower"), 0.75);
  EXPECT_EQ(Results::value(evaluation, "held-out", kLower, "upper"), 0.625);
  EXPECT_TRUE(std::isnan(Results::value(evaluation, "samples", kHigher)));
  EXPECT_TRUE(std::isnan(Results::value(evaluation, "samples", kAsHeldOut)));
  EXPECT_TRUE(std::isnan(Results::value(evaluation, "cyclic", kLower)));
  EXPECT_TRUE(std::isnan(Results::value(Json::object(), "samples", kLower)));
  EXPECT_THAT(results.metrics(), ElementsAre(kLower, kHigher, kAsHeldOut));
  EXPECT_THAT(results.controls(), ElementsAre("held-out"));
  EXPECT_TRUE(Results().metrics().empty());
}

TEST(Results, JsonLinesParseBack) {
  const auto lines = lines_of(results_jsonl(mixed_results()));
  ASSERT_EQ(lines.size(), 4U);
  std::vector<std::string> states;
  for (const auto& line : lines) states.push_back(parse_json(line).at("status"));
  EXPECT_THAT(states, ElementsAre("done", "failed", "missing", "done"));
  const Json done = parse_json(lines[0]);
  EXPECT_EQ(done.at("address"), "0000000000000001");
  EXPECT_EQ(done.at("seed"), 1);
  EXPECT_EQ(done.at("choice").at("rounding"), "plain");
  EXPECT_EQ(done.at("sampling"), "default");
  EXPECT_EQ(done.at("results").at("samples").at("energy_distance,none"), 1.25);
  EXPECT_TRUE(done.at("results").at("samples").at("mauve,none").is_null());
  EXPECT_EQ(parse_json(lines[1]).at("failure"), "exit code 1\nout of memory");
  EXPECT_FALSE(parse_json(lines[2]).contains("failure"));
}

// A log may hold any bytes: a letter that was cut in two must not cost the results of all other runs.
TEST(Results, JsonLinesTakeALogThatIsNoText) {
  auto results = mixed_results();
  test::run_of(results, kOdd, 1).failure = "exit code 137\nfor\xC3";
  const auto lines = lines_of(results_jsonl(results));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(parse_json(lines[1]).at("failure"), "exit code 137\nfor\uFFFD");
}

// Undefined values have no line.
TEST(Results, CsvHasALineAValueAndQuotesCommas) {
  EXPECT_THAT(lines_of(results_csv(mixed_results())),
              ElementsAre("address,code,seed,rounding,sampling,row,metric,unit,value,lower,upper",
                          "0000000000000001,1,1,plain,default,samples,energy_distance,none,1.25,0.75,1.75",
                          "0000000000000001,1,1,plain,default,held-out,energy_distance,none,0.125,-0.375,0.625",
                          "0000000000000004,1,2,\"odd, \"\"so\"\"\",default,samples,mauve,\"share, of 1\",3,2.5,3.5"));
}

TEST(Results, AreReadFromTheFolder) {
  const test::TemporaryFolder temporary;
  const ExperimentFolder folder(temporary.path());
  const Results planned = mixed_results();
  const auto& experiment = planned.plan.experiment;
  folder.write(planned.plan);
  const auto path = [&](size_t run) { return folder.evaluation(planned.runs[run].run, experiment, experiment.samplings[0]); };
  write_text(path(0), to_text(planned.runs[0].evaluations.at("default")));
  write_text(folder.failure_note(planned.runs[1].run), "no memory");
  write_text(path(2), "");  // what a full disk leaves

  const Results found = read_results(folder);
  ASSERT_EQ(found.runs.size(), 4U);
  EXPECT_EQ(found.runs[0].evaluations.at("default"), planned.runs[0].evaluations.at("default"));
  EXPECT_EQ(found.runs[1].failure, "no memory");
  EXPECT_TRUE(found.runs[2].evaluations.empty());
  for (const char* damaged : {"{\"results\": {", "[]", "{}"}) {
    write_text(path(3), damaged);
    EXPECT_THAT(test::failure_message([&] { read_results(folder); }), HasSubstr(path(3)));
  }
}

}  // namespace
}  // namespace difflm
