// Evaluation through the public interface: of a run, of texts, and of steering.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "difflm/difflm.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

const Figure& figure(const EvaluatedRow& row, const std::string& metric) {
  for (const auto& [name, value] : row.figures) {
    if (name == metric) return value;
  }
  throw std::logic_error("no figure " + metric);
}

std::vector<std::string> names_of(const Evaluation& evaluation) {
  std::vector<std::string> names;
  for (const auto& row : evaluation.rows) names.push_back(row.name);
  return names;
}

size_t lines_of(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

TEST(Evaluate, compares_the_samples_of_a_run_with_held_out_text_and_nonsense) {
  std::vector<int64_t> done;
  const Evaluation evaluation = evaluate({.run = trained_run_folder(),
                                          .count = 12,
                                          .settings = {"sampling.batch=6", "sampling.steps=3", "evaluation.resamples=20"},
                                          .use_judge = false,
                                          .on_progress = [&](int64_t at, int64_t count) {
                                            EXPECT_EQ(count, 12);
                                            done.push_back(at);
                                            return true;
                                          }});
  EXPECT_FALSE(evaluation.stopped);
  EXPECT_EQ(done.front(), 0);
  EXPECT_EQ(done.back(), 12);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  const auto names = names_of(evaluation);
  EXPECT_EQ(names.front(), "samples");
  EXPECT_NE(std::find(names.begin(), names.end(), "held-out"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "shuffled"), names.end());
  EXPECT_EQ(evaluation.rows.front().texts, 12);
  for (const auto& metric : evaluation.metrics) {
    EXPECT_FALSE(metric.better.empty());
    EXPECT_EQ(evaluation.rows.front().figures.size(), evaluation.metrics.size());
    EXPECT_NE(evaluation.table.find("| " + metric.name), std::string::npos);
  }
  const Figure entropy = figure(evaluation.rows.front(), "unigram_entropy");
  EXPECT_LE(entropy.lower, entropy.value);
  EXPECT_LE(entropy.value, entropy.upper);
  const auto json = nlohmann::json::parse(evaluation.json);
  EXPECT_EQ(json.at("results").at("samples").at("unigram_entropy,none"), entropy.value);
  EXPECT_EQ(json.at("origin").at("run"), trained_run_folder());
  EXPECT_TRUE(json.contains("model"));
  EXPECT_EQ(lines_of(evaluation.texts), 12);
}

TEST(Evaluate, judges_given_texts_and_a_file_of_them_alike) {
  const TemporaryFolder folder;
  std::vector<std::string> texts;
  for (const auto& text : Model::open(trained_run_folder()).sample({.count = 8})) texts.push_back(text.text);
  std::string lines;
  for (const auto& text : texts) lines += text + "\n";
  EvaluationRequest request = {
      .texts = texts, .reference = {trained_run_folder() + "/data"}, .settings = {"evaluation.resamples=20"}, .use_judge = false};
  const Evaluation given = evaluate(request);
  request.texts = {};
  request.texts_file = folder.write("texts.txt", lines);
  const Evaluation read = evaluate(request);
  EXPECT_EQ(given.table, read.table);
  EXPECT_EQ(given.rows.front().texts, 8);
}

// A byte order mark, carriage returns, blank lines and bytes of another encoding, as files from elsewhere have them.
TEST(Evaluate, reads_a_file_of_texts_as_a_corpus_is_read) {
  const TemporaryFolder folder;
  EvaluationRequest request = {.texts = {"A quiet pub.", "Caf\xEF\xBF\xBD near the river."},
                               .reference = {trained_run_folder() + "/data"},
                               .settings = {"evaluation.resamples=20"},
                               .use_judge = false};
  const Evaluation given = evaluate(request);
  request.texts = {};
  request.texts_file = folder.write("texts.txt",
                                    "\xEF\xBB\xBF"
                                    "A quiet pub.\r\n\r\nCaf\x81 near the river.\r\n");
  const Evaluation read = evaluate(request);
  for (const auto& [name, value] : given.rows.front().figures) {
    const Figure other = figure(read.rows.front(), name);
    EXPECT_TRUE(value.value == other.value || (std::isnan(value.value) && std::isnan(other.value))) << name;
  }
  const auto said = [&](const std::string& words) {
    return std::any_of(read.notes.begin(), read.notes.end(),
                       [&](const auto& note) { return note.find(words) != std::string::npos; });
  };
  EXPECT_TRUE(said("samples: 1 bytes that are not UTF-8"));
  EXPECT_TRUE(said("samples: 1 empty texts are left out"));
  EXPECT_EQ(nlohmann::json::parse(read.texts.substr(0, read.texts.find('\n'))).at("text"), "A quiet pub.");
}

// One long line as the reference, as books come: it is compared in pieces as long as the samples.
TEST(Evaluate, compares_with_a_stream_in_pieces) {
  const TemporaryFolder folder;
  std::string stream;
  for (int i = 0; i < 400; ++i) stream += "The quiet pub near the river number " + std::to_string(i * 7919 % 1000) + " is open. ";
  stream += "\nThe end of the book.";
  for (int i = 0; i < 100; ++i) stream += " The old inn near the tower number " + std::to_string(i * 7919 % 1000) + " is shut.";
  const Evaluation evaluation = evaluate({.texts = {"The quiet pub near the river number 3 is open.", "The old inn is shut."},
                                          .reference = {folder.write("book.txt", stream)},
                                          .settings = {"evaluation.resamples=20", "data.txt.mode=stream"},
                                          .use_judge = false});
  EXPECT_GT(evaluation.rows[1].texts, 1);
  EXPECT_TRUE(std::any_of(evaluation.notes.begin(), evaluation.notes.end(),
                          [](const auto& note) { return note.find("the reference is one text") != std::string::npos; }));
  EXPECT_GT(figure(evaluation.rows.front(), "length").value, 0);
}

// What a program gives may be any bytes; nothing of JSON reaches the caller as an exception.
TEST(Evaluate, takes_texts_of_any_bytes) {
  const Evaluation evaluation = evaluate({.texts = {"caf\xE9\r\nb\xFF", "pub"},
                                          .reference = {trained_run_folder() + "/data"},
                                          .settings = {"evaluation.resamples=20"},
                                          .use_judge = false});
  EXPECT_TRUE(nlohmann::json::accept(evaluation.json));
  EXPECT_EQ(nlohmann::json::parse(evaluation.texts.substr(0, evaluation.texts.find('\n'))).at("text"),
            "caf\xEF\xBF\xBD\nb\xEF\xBF\xBD");
}

TEST(Evaluate, finds_out_before_sampling_what_cannot_be_done) {
  const auto message_of = [](EvaluationRequest request) -> std::string {
    request.run = trained_run_folder();
    request.on_progress = [](int64_t, int64_t) {
      ADD_FAILURE() << "sampled before the error";
      return false;
    };
    try {
      evaluate(request);
    } catch (const RunError& error) {
      EXPECT_EQ(error.kind(), RunError::Kind::usage);
      return error.what();
    }
    return "no error";
  };
  EXPECT_NE(message_of({.judge = "no/such/judge"}).find("no such run folder"), std::string::npos);
  EXPECT_NE(message_of({.judge = trained_run_folder()}).find("autoregressive"), std::string::npos);
  EXPECT_NE(message_of({.settings = {"evaluation.metrics=novelti"}}).find("did you mean 'novelty'?"), std::string::npos);
  EXPECT_NE(message_of({.settings = {"evaluation.words=no/words.txt"}, .use_judge = false}).find("no such file"),
            std::string::npos);
  EXPECT_NE(message_of({.count = 0, .use_judge = false}).find("expected at least 1"), std::string::npos);
}

TEST(Evaluate, takes_a_run_as_judge) {
  const Evaluation evaluation = evaluate({.run = trained_run_folder(),
                                          .count = 6,
                                          .settings = {"sampling.steps=3", "evaluation.resamples=20"},
                                          .judge = autoregressive_folder(),
                                          .describe_model = false});
  EXPECT_GT(figure(evaluation.rows.front(), "judge_perplexity").value, 1);
}

// A judge that is stopped while it learns is kept, and the same request goes on from there, before anything is sampled.
TEST(Evaluate, goes_on_training_a_judge_that_was_stopped) {
  const TemporaryFolder cache;
  ASSERT_EQ(setenv("XDG_CACHE_HOME", cache.path().c_str(), 1), 0);
  std::vector<int64_t> steps;
  bool sampled = false;
  EvaluationRequest request = {.run = trained_run_folder(),
                               .count = 6,
                               .settings = {"sampling.steps=3", "evaluation.resamples=20", "evaluation.judge_steps=4"},
                               .describe_model = false,
                               .on_progress =
                                   [&](int64_t, int64_t) {
                                     sampled = true;
                                     return true;
                                   },
                               .on_judge =
                                   [&](const TrainingStep& step) {
                                     steps.push_back(step.step);
                                     EXPECT_EQ(step.steps, 4);
                                     EXPECT_GE(step.seconds_left, 0);
                                     return steps.size() != 2;
                                   }};
  EXPECT_TRUE(evaluate(request).stopped);
  EXPECT_FALSE(sampled);
  const Evaluation evaluation = evaluate(request);
  EXPECT_EQ(steps, (std::vector<int64_t>{1, 2, 3, 4}));
  EXPECT_TRUE(sampled);
  EXPECT_GT(figure(evaluation.rows.front(), "judge_perplexity").value, 1);
  EXPECT_FALSE(evaluate(request).stopped);
  EXPECT_EQ(steps.size(), 4u);  // found in the cache
}

// What was sampled before a stop is not sampled again, and the figures are those of an evaluation that nobody stopped.
TEST(Evaluate, goes_on_sampling_where_it_was_stopped) {
  const TemporaryFolder cache;
  ASSERT_EQ(setenv("XDG_CACHE_HOME", cache.path().c_str(), 1), 0);
  std::vector<std::string> lines;
  int64_t first = -1;
  int64_t stop_at = 4;
  EvaluationRequest request = {.run = trained_run_folder(),
                               .count = 12,
                               .settings = {"sampling.batch=2", "sampling.steps=3", "evaluation.resamples=20"},
                               .use_judge = false,
                               .describe_model = false,
                               .on_progress =
                                   [&](int64_t done, int64_t) {
                                     if (first < 0) first = done;
                                     return done < stop_at;
                                   },
                               .on_message = [&](const std::string& line) { lines.push_back(line); }};
  EXPECT_TRUE(evaluate(request).stopped);
  EXPECT_EQ(first, 0);
  const auto said = [&](const std::string& words) {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.find(words) != std::string::npos; });
  };
  EXPECT_TRUE(said("texts are kept in " + cache.path()));
  first = -1;
  stop_at = 13;
  const Evaluation resumed = evaluate(request);
  EXPECT_GE(first, 4);
  EXPECT_TRUE(said("texts of an interrupted evaluation are there already"));
  first = -1;
  const Evaluation whole = evaluate(request);
  EXPECT_EQ(first, 0) << "texts of a finished evaluation are not kept";
  EXPECT_EQ(resumed.texts, whole.texts);
  EXPECT_EQ(resumed.table, whole.table);
}

TEST(Evaluate, measures_steering) {
  const Evaluation evaluation = evaluate({.run = trained_run_folder(),
                                          .settings = {"sampling.steps=4"},
                                          .use_judge = false,
                                          .tasks = "keywords,length",
                                          .targets = 2,
                                          .per_target = 3});
  EXPECT_EQ(names_of(evaluation), (std::vector<std::string>{"unsteered", "keywords", "length"}));
  EXPECT_TRUE(std::isnan(figure(evaluation.rows[0], "success").value));
  EXPECT_EQ(figure(evaluation.rows[2], "success").value, 1);
  EXPECT_EQ(evaluation.rows[1].texts, 6);
  EXPECT_EQ(figure(evaluation.rows[1], "network_evaluations").value, 4);
  EXPECT_EQ(lines_of(evaluation.texts), 12);
  EXPECT_TRUE(nlohmann::json::accept(evaluation.json));
}

TEST(Evaluate, stops_when_told) {
  const auto stop = [](int64_t, int64_t) { return false; };
  EXPECT_TRUE(evaluate({.run = trained_run_folder(), .count = 4, .use_judge = false, .on_progress = stop}).stopped);
  EXPECT_TRUE(
      evaluate({.run = trained_run_folder(), .use_judge = false, .tasks = "length", .targets = 1, .on_progress = stop}).stopped);
}

}  // namespace
}  // namespace difflm::test
