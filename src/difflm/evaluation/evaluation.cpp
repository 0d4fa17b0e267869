#include "difflm/evaluation/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "difflm/evaluation/controls.h"
#include "difflm/evaluation/judge/kneser_ney.h"

namespace difflm {
namespace {

constexpr size_t kEnoughSamples = 1000;
constexpr double kMostLeaked = 0.05;  // share of held-out texts; short texts repeat by chance
constexpr const char* kCopies = "copied";

using Metrics = std::vector<std::unique_ptr<Metric>>;

bool has(const Metrics& chosen, const std::string& name) {
  return std::any_of(chosen.begin(), chosen.end(), [&](const auto& metric) { return metric->name() == name; });
}

// The metrics asked for with their guards; those that cannot be computed are left out with a note.
Metrics choose_metrics(const EvaluationTexts& texts, const Judge* judge, const EvaluationOptions& options, const Config& config,
                       std::vector<std::string>& notes) {
  Metrics chosen;
  const auto* corpus = config.find("data.corpus");
  const bool builtin = corpus != nullptr && corpus->data == ConfigValue::Data(std::string("builtin"));
  std::vector<std::string> wanted = options.metrics.empty() ? metrics().names() : options.metrics;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (has(chosen, wanted[i])) continue;
    auto metric = metrics().make(wanted[i], config);
    const bool asked = std::find(options.metrics.begin(), options.metrics.end(), wanted[i]) != options.metrics.end();
    if (metric->needs().builtin_corpus && !builtin && !asked) continue;
    if (metric->needs().judge && !judge) {
      notes.push_back(metric->name() + " is left out: there is no judge");
    } else if ((metric->needs().training || metric->needs().ngram_judge) && texts.training.empty()) {
      notes.push_back(metric->name() + " is left out: there are no training texts");
    } else {
      for (const auto& guard : metric->guards()) wanted.push_back(guard);
      chosen.push_back(std::move(metric));
    }
  }
  return chosen;
}

struct RowTexts {
  std::string name;
  RowKind kind;
  TextSet set;
};

std::vector<RowTexts> make_rows(const EvaluationTexts& texts, std::vector<std::string> control, const TextSet& reference,
                                const TextSet& training, uint64_t seed) {
  const size_t count = texts.samples.size();
  const TextSet& source = training.size() > 0 ? training : reference;
  auto positive = make_text_set(std::move(control));
  auto shuffled = make_text_set(shuffled_texts(positive, seed));

  std::vector<RowTexts> rows;
  rows.push_back({"samples", RowKind::samples, make_text_set(texts.samples)});
  rows.push_back({"held-out", RowKind::positive_control, std::move(positive)});
  rows.push_back({"unigram", RowKind::negative_control, make_text_set(unigram_texts(source, reference, count, seed))});
  rows.push_back({"cyclic", RowKind::negative_control, make_text_set(cyclic_texts(source, reference, count, seed))});
  rows.push_back({"phrases", RowKind::negative_control, make_text_set(phrase_texts(source, reference, count, seed))});
  rows.push_back({"repeated", RowKind::negative_control, make_text_set(repeated_texts(source, count))});
  rows.push_back({"shuffled", RowKind::negative_control, std::move(shuffled)});
  if (training.size() > 0) {
    rows.push_back({kCopies, RowKind::negative_control, make_text_set(chosen_texts(texts.training, count, seed))});
  }
  return rows;
}

// Copies are real text: they are worse in novelty only, and no warning is due.
std::vector<std::string> warnings_of(const Metrics& chosen, const EvaluationReport& report) {
  std::vector<std::string> warnings;
  for (const auto& metric : chosen) {
    if (!metric->tells_nonsense()) continue;
    const double own = report.row("samples").at(metric->name()).value;
    for (const auto& row : report.rows) {
      if (row.kind != RowKind::negative_control || row.name == kCopies) continue;
      const double other = row.at(metric->name()).value;
      if (metric->direction() == Direction::lower ? own < other : own > other) continue;
      warnings.push_back(
          fmt::format("the samples are no better than the nonsense of control '{}' in {} ({:.4g} and {:.4g}, {} is better)",
                      row.name, metric->name(), own, other, metric->direction() == Direction::lower ? "lower" : "higher"));
    }
  }
  return warnings;
}

// A split that leaks makes every figure of memorisation and of likeness to held-out text wrong.
void warn_of_leaks(const EvaluationTexts& texts, std::vector<std::string>& warnings) {
  const std::unordered_set<std::string> known(texts.training.begin(), texts.training.end());
  const auto leaked =
      std::count_if(texts.held_out.begin(), texts.held_out.end(), [&](const auto& text) { return known.contains(text); });
  const double share = static_cast<double>(leaked) / static_cast<double>(texts.held_out.size());
  if (share <= kMostLeaked) return;
  warnings.push_back(fmt::format("{} of {} held-out texts are training texts: the split leaks, or the corpus repeats itself",
                                 leaked, texts.held_out.size()));
}

std::vector<SampleScore> score_samples(const std::vector<std::string>& samples, const Judge* judge, const Judge* ngrams) {
  std::vector<SampleScore> scores(samples.size());
  const auto fill = [&](const Judge* by, std::optional<Judge::Score> SampleScore::*field) {
    if (!by) return;
    const auto found = by->score(samples);
    for (size_t i = 0; i < samples.size(); ++i) scores[i].*field = found[i];
  };
  fill(judge, &SampleScore::judge);
  fill(ngrams, &SampleScore::ngrams);
  return scores;
}

void note_sizes(const std::vector<RowTexts>& rows, std::vector<std::string>& notes) {
  const size_t count = rows.front().set.size();
  if (count < kEnoughSamples) {
    notes.push_back(fmt::format("{} samples are few: at least {} are usual, and 3 seeds for a claim", count, kEnoughSamples));
  }
  for (const auto& row : rows) {
    if (row.set.size() == count) continue;
    notes.push_back(
        fmt::format("'{}' has {} texts for {} samples: distinct-n, entropy and distances depend on the count and do not compare",
                    row.name, row.set.size(), count));
  }
}

}  // namespace

const MetricValue& EvaluationRow::at(const std::string& metric) const {
  for (const auto& [known, value] : values) {
    if (known == metric) return value;
  }
  throw failure("evaluation", fmt::format("row '{}' has no metric '{}'", name, metric));
}

const EvaluationRow& EvaluationReport::row(const std::string& name) const {
  for (const auto& row : rows) {
    if (row.name == name) return row;
  }
  throw failure("evaluation", fmt::format("there is no row '{}'", name));
}

EvaluationReport evaluate(const EvaluationTexts& texts, const Judge* judge, const EvaluationOptions& options,
                          const Config& config) {
  if (texts.samples.empty()) throw usage_error("evaluation", "there are no samples, expected at least one text");

  EvaluationReport report;
  const auto seed = static_cast<uint64_t>(options.seed);
  const auto chosen = choose_metrics(texts, judge, options, config, report.notes);
  auto held_out = split_held_out(texts.held_out, texts.samples.size(), seed);
  const auto reference = make_text_set(std::move(held_out.reference));
  const auto training = make_text_set(texts.training);
  const auto rows = make_rows(texts, std::move(held_out.control), reference, training, seed);
  note_sizes(rows, report.notes);

  std::unique_ptr<KneserNey> ngram_judge;
  if (std::any_of(chosen.begin(), chosen.end(), [](const auto& metric) { return metric->needs().ngram_judge; })) {
    ngram_judge = std::make_unique<KneserNey>(training.words, options.ngram_order);
    report.ngram_judge = ngram_judge->name();
  }

  for (const auto& metric : chosen) report.metrics.push_back({metric->name(), metric->unit(), metric->direction()});
  for (const auto& row : rows) {
    EvaluationRow result{row.name, row.kind, row.set.size(), {}};
    const MetricInput input{row.set, reference, training, judge, seed, options.resamples, ngram_judge.get()};
    for (const auto& metric : chosen) result.values.emplace_back(metric->name(), metric->compute(input));
    report.rows.push_back(std::move(result));
  }
  report.scores = score_samples(texts.samples, judge, ngram_judge.get());
  report.warnings = warnings_of(chosen, report);
  warn_of_leaks(texts, report.warnings);
  report.judge = judge ? judge->name() : "";
  report.resamples = options.resamples;
  report.seed = options.seed;
  report.reference_texts = reference.size();
  report.training_texts = training.size();
  return report;
}

}  // namespace difflm
