#include "difflm/evaluation/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "difflm/core/json.h"
#include "difflm/evaluation/controls.h"
#include "difflm/evaluation/report.h"
#include "evaluation/judges.h"
#include "evaluation/small_corpus.h"

namespace difflm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class EvaluationTest : public testing::Test {
 protected:
  EvaluationReport run() const { return evaluate(texts_, &judge_, options_, config_); }
  double value(const EvaluationReport& report, const std::string& row, const std::string& metric) const {
    return report.row(row).at(metric).value;
  }

  EvaluationTexts texts_{small_corpus(300, 1), small_corpus(600, 2), small_corpus(1500, 3)};
  BigramJudge judge_{small_corpus(1500, 4)};
  EvaluationOptions options_{{}, 100, 5};
  Config config_ = builtin();  // so that no metric is left out

 private:
  static Config builtin() {
    Config config;
    config.read_override("data.corpus=builtin");
    return config;
  }
};

std::vector<std::string> names(const EvaluationReport& report) {
  std::vector<std::string> result;
  for (const auto& row : report.rows) result.push_back(row.name);
  return result;
}

TEST_F(EvaluationTest, HasEveryMetricForSamplesAndControls) {
  const auto report = run();
  EXPECT_THAT(names(report), ElementsAre("samples", "held-out", "unigram", "cyclic", "phrases", "repeated", "shuffled", "copied"));
  EXPECT_EQ(report.metrics.size(), metrics().names().size());
  for (const auto& row : report.rows) {
    EXPECT_EQ(row.texts, 300u);
    for (const auto& metric : metrics().names()) EXPECT_TRUE(std::isfinite(row.at(metric).value)) << row.name << " " << metric;
  }
  EXPECT_EQ(report.reference_texts, 300u);
}

TEST_F(EvaluationTest, ControlsGiveThemselvesAway) {
  const auto report = run();
  // The circle of 64 words has all of them equally often, unlike real text.
  EXPECT_NEAR(value(report, "cyclic", "unigram_entropy"), std::log(64), 0.1);
  EXPECT_GT(value(report, "cyclic", "unigram_divergence"), 3 * value(report, "held-out", "unigram_divergence"));
  // Words alone look right in the unigram and shuffled controls, order does not.
  EXPECT_NEAR(value(report, "shuffled", "unigram_entropy"), value(report, "held-out", "unigram_entropy"), 1e-9);
  EXPECT_LT(value(report, "unigram", "unigram_divergence"), 2 * value(report, "held-out", "unigram_divergence"));
  for (const auto* row : {"unigram", "cyclic", "shuffled"}) {
    EXPECT_GT(value(report, row, "judge_perplexity"), 2 * value(report, "held-out", "judge_perplexity")) << row;
    EXPECT_LT(value(report, row, "copied_ngram"), 0.5 * value(report, "held-out", "copied_ngram")) << row;
  }
  EXPECT_EQ(value(report, "copied", "novelty"), 0);
  EXPECT_EQ(value(report, "copied", "copied_ngram"), 1);
  EXPECT_GT(value(report, "held-out", "novelty"), 0.5);
  // The samples come from the source of the held-out text.
  const auto& samples = report.row("samples").at("judge_perplexity");
  const auto& held_out = report.row("held-out").at("judge_perplexity");
  EXPECT_LT(std::max(samples.lower, held_out.lower), std::min(samples.upper, held_out.upper));
}

// Samples of the source beat all nonsense; the circle of words as samples is reported as nonsense.
TEST_F(EvaluationTest, WarnsOfSamplesNoBetterThanNonsense) {
  options_.metrics = {"energy_distance"};
  EXPECT_THAT(run().warnings, testing::Not(testing::Contains(testing::HasSubstr("no better"))));
  texts_.samples = cyclic_texts(make_text_set(texts_.training), make_text_set(texts_.held_out), 300, 9);
  const auto report = run();
  EXPECT_THAT(report.warnings, testing::Contains(testing::HasSubstr("'shuffled' in energy_distance")));
  EXPECT_THAT(evaluation_table(report), testing::HasSubstr("WARNING: "));
}

// One text over and over: the best of all by perplexity, better than real text, and given away by each of its guards.
TEST_F(EvaluationTest, PerplexityAloneIsWonByATextThatSaysNothing) {
  const auto report = run();
  EXPECT_LT(value(report, "repeated", "judge_perplexity"), value(report, "held-out", "judge_perplexity"));
  EXPECT_LT(value(report, "repeated", "ngram_perplexity"), value(report, "held-out", "ngram_perplexity"));
  EXPECT_LT(value(report, "repeated", "unigram_entropy"), 0.8 * value(report, "held-out", "unigram_entropy"));
  EXPECT_LT(value(report, "repeated", "distinct-2"), 0.1 * value(report, "held-out", "distinct-2"));
  EXPECT_GT(value(report, "repeated", "energy_distance"), 10 * value(report, "held-out", "energy_distance"));
}

TEST_F(EvaluationTest, ALeakingSplitIsCalledWhatItIs) {
  texts_.held_out.erase(
      std::remove_if(texts_.held_out.begin(), texts_.held_out.end(),
                     [&](const auto& text) { return std::count(texts_.training.begin(), texts_.training.end(), text) > 0; }),
      texts_.held_out.end());
  EXPECT_THAT(run().warnings, testing::Not(Contains(HasSubstr("the split leaks"))));
  const size_t leaked = texts_.held_out.size() / 10;
  std::copy_n(texts_.training.begin(), leaked, texts_.held_out.begin());
  EXPECT_THAT(run().warnings,
              Contains(HasSubstr(fmt::format("{} of {} held-out texts are training texts", leaked, texts_.held_out.size()))));
}

TEST_F(EvaluationTest, PositiveControlIsNotComparedWithItself) { EXPECT_GT(value(run(), "held-out", "unigram_divergence"), 0); }

TEST_F(EvaluationTest, IsDeterministicBySeed) {
  options_.resamples = 30;
  EXPECT_EQ(to_text(evaluation_json(run())), to_text(evaluation_json(run())));
  const auto before = to_text(evaluation_json(run()));
  options_.seed = 6;
  EXPECT_NE(before, to_text(evaluation_json(run())));
}

TEST_F(EvaluationTest, PerplexityBringsItsGuards) {
  options_.metrics = {"judge_perplexity"};
  const auto report = run();
  std::vector<std::string> shown;
  for (const auto& metric : report.metrics) shown.push_back(metric.name);
  EXPECT_THAT(shown, ElementsAre("judge_perplexity", "unigram_entropy", "rep_n", "distinct-2"));
}

TEST_F(EvaluationTest, WithoutAJudgeOrTrainingTextsSaysWhatIsLeftOut) {
  texts_.training.clear();
  const auto report = evaluate(texts_, nullptr, options_, {});
  EXPECT_THAT(names(report), ElementsAre("samples", "held-out", "unigram", "cyclic", "phrases", "repeated", "shuffled"));
  EXPECT_THAT(report.notes, Contains(HasSubstr("ngram_perplexity is left out")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("judge_perplexity is left out")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("novelty is left out")));
  EXPECT_THROW(report.row("samples").at("novelty"), Error);
  EXPECT_TRUE(evaluation_json(report)["config"]["judge"].is_null());
}

TEST_F(EvaluationTest, UnequalCountsAndFewSamplesAreNoted) {
  texts_.held_out.resize(100);
  options_.metrics = {"length"};
  const auto report = run();
  EXPECT_EQ(report.row("held-out").texts, 50u);
  EXPECT_THAT(report.notes, Contains(HasSubstr("300 samples are few")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("'held-out' has 50 texts for 300 samples")));
}

TEST_F(EvaluationTest, TextsOfAnotherLengthAreNoted) {
  options_.metrics = {"length"};
  EXPECT_THAT(run().notes, testing::Not(Contains(HasSubstr("depend on length"))));
  for (auto& text : texts_.samples) text += " " + text + " " + text;
  EXPECT_THAT(run().notes, Contains(HasSubstr("depend on length and do not compare")));
}

TEST_F(EvaluationTest, BadInputIsAClearError) {
  const auto message = [&] {
    try {
      run();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), Error::Kind::usage);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  options_.metrics = {"novelti"};
  EXPECT_THAT(message(), HasSubstr("did you mean 'novelty'?"));
  options_.metrics.clear();
  options_.words = "no/such/list.txt";
  EXPECT_THAT(message(), HasSubstr("no/such/list.txt: no such file"));
  options_.words.clear();
  texts_.held_out.resize(1);
  texts_.training.clear();
  EXPECT_THAT(message(), HasSubstr("expected at least 2"));
  texts_.samples.clear();
  EXPECT_THAT(message(), HasSubstr("no samples"));
}

// Thirty held-out texts: too few to compare by, which is said, before there are samples and after; and no verdict is made of it.
TEST_F(EvaluationTest, AnUndefinedFigureIsExplainedAndBringsNoVerdict) {
  texts_.samples.resize(100);
  texts_.held_out.resize(30);
  options_.metrics = {"mauve", "distinct-2"};
  const auto note = HasSubstr("mauve is undefined (-): it needs 20 texts, and there are 100 samples and 15 held-out texts");
  EXPECT_THAT(foresee(texts_, 100, true, options_, config_), ElementsAre(note));
  const auto report = run();
  EXPECT_THAT(report.notes, Contains(note));
  EXPECT_THAT(report.warnings, testing::Not(Contains(HasSubstr("mauve"))));
  EXPECT_TRUE(std::isnan(value(report, "samples", "mauve")));
  EXPECT_THAT(evaluation_table(report), testing::Not(HasSubstr("nan")));
  EXPECT_TRUE(evaluation_json(report)["results"]["samples"]["mauve,none"].is_null());
}

// Sentences without a space: each character counts, and the report says so. A clause as one word would make every text new.
TEST_F(EvaluationTest, CountsCharactersOfScriptsWithoutSpaces) {
  const std::vector<std::string> pieces = {"我们", "他们", "喜欢", "看见", "咖啡", "茶", "图书馆", "学校", "明天", "早上"};
  const auto corpus = [&](size_t count, uint64_t seed) {
    RandomStream random(seed, "pieces");
    std::vector<std::string> texts(count);
    for (auto& text : texts) {
      for (int i = 0; i < 5; ++i) text += pieces[random.below(pieces.size())];
      text += "。";
    }
    return texts;
  };
  texts_ = {corpus(100, 1), corpus(200, 2), corpus(500, 3)};
  options_.metrics = {"length", "distinct-2", "copied_ngram", "judge_perplexity"};
  const auto report = run();
  EXPECT_EQ(report.metrics.front().unit, "characters");
  EXPECT_THAT(report.notes, Contains(HasSubstr("each character counts as a word (9")));
  EXPECT_GT(value(report, "samples", "length"), 8);
  EXPECT_LT(value(report, "samples", "distinct-2"), 0.2);
  EXPECT_GT(value(report, "samples", "copied_ngram"), 0.3);
  // The controls are written without spaces too.
  EXPECT_EQ(shuffled_texts(make_text_set(texts_.held_out), 1).front().find(' '), std::string::npos);
  texts_ = {small_corpus(50, 1), small_corpus(100, 2), small_corpus(100, 3)};
  EXPECT_EQ(run().metrics.front().unit, "words");
}

TEST_F(EvaluationTest, ADashOfShortTextsHasItsReason) {
  for (auto& text : texts_.samples) text = "rain";
  options_.metrics = {"rep_n"};
  EXPECT_THAT(run().notes, Contains(HasSubstr("rep_n is undefined (-) where no text has 4 words")));
}

// One held-out text leaves no control: what needs it is left out and named, the rest is measured.
TEST_F(EvaluationTest, WithoutHeldOutTextsTheRestIsMeasured) {
  texts_.held_out.resize(1);
  const auto report = run();
  EXPECT_THAT(names(report), ElementsAre("samples", "unigram", "cyclic", "phrases", "repeated", "shuffled", "copied"));
  EXPECT_THAT(report.notes, Contains(HasSubstr("energy_distance is left out: there are fewer than two held-out texts")));
  EXPECT_THROW(report.row("samples").at("energy_distance"), Error);
  EXPECT_GT(value(report, "samples", "novelty"), 0);
  EXPECT_THAT(foresee(texts_, 300, true, options_, config_), testing::IsSubsetOf(report.notes));
}

TEST_F(EvaluationTest, OptionsOfAMetricComeFromTheConfig) {
  options_.metrics = {"rep_n"};
  Config config;
  config.read_override("evaluation.rep_n.n=1");
  const auto report = evaluate(texts_, nullptr, options_, config);
  EXPECT_GT(value(report, "samples", "rep_n"), 0);  // words repeat within a text, 4-grams do not
  EXPECT_EQ(value(evaluate(texts_, nullptr, options_, {}), "samples", "rep_n"), 0);
}

TEST_F(EvaluationTest, JsonHasTheShapeOfTheHarness) {
  const auto json = evaluation_json(run());
  const auto& samples = json["results"]["samples"];
  const double value = samples["judge_perplexity,none"];
  EXPECT_GT(value, 1);
  EXPECT_LE(samples["judge_perplexity_lower,none"].get<double>(), value);
  EXPECT_GE(samples["judge_perplexity_upper,none"].get<double>(), value);
  EXPECT_GT(samples["judge_perplexity_stderr,none"].get<double>(), 0);
  EXPECT_EQ(samples["alias"], "samples");
  EXPECT_EQ(json["results"].size(), 8u);
  EXPECT_TRUE(json["higher_is_better"]["samples"]["judge_perplexity"].is_null());
  EXPECT_EQ(json["higher_is_better"]["samples"]["novelty"], true);
  EXPECT_EQ(json["higher_is_better"]["samples"]["unigram_divergence"], false);
  EXPECT_EQ(json["n-samples"]["held-out"]["effective"], 300);
  EXPECT_EQ(json["config"]["bootstrap_iters"], 100);
  EXPECT_EQ(json["config"]["random_seed"], 5);
  EXPECT_EQ(json["config"]["judge"], "bigram");
  EXPECT_EQ(json["units"]["length"], "words");
  EXPECT_EQ(parse_json(to_text(json)), json);
}

TEST_F(EvaluationTest, UndefinedValuesAreNullAndADash) {
  texts_.samples.assign(20, "");
  options_.metrics = {"unigram_entropy"};
  const auto report = run();
  EXPECT_TRUE(evaluation_json(report)["results"]["samples"]["unigram_entropy,none"].is_null());
  EXPECT_THAT(evaluation_table(report), testing::ContainsRegex("unigram_entropy \\| nats  \\| as held-out \\| -  "));
}

TEST_F(EvaluationTest, TableIsAligned) {
  const std::string table = evaluation_table(run());
  std::vector<size_t> widths;
  for (size_t at = 0; table[at] == '|';) {
    const size_t end = table.find('\n', at);
    widths.push_back(end - at);
    at = end + 1;
  }
  EXPECT_EQ(widths.size(), metrics().names().size() + 3);
  EXPECT_THAT(widths, testing::Each(widths.front()));
  EXPECT_THAT(table, HasSubstr("judge: bigram"));
}

}  // namespace
}  // namespace difflm
