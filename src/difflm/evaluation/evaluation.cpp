#include "difflm/evaluation/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_set>

#include "difflm/evaluation/controls.h"
#include "difflm/evaluation/judge/kneser_ney.h"

namespace difflm {
namespace {

constexpr size_t kEnoughSamples = 1000;
constexpr double kMostLeaked = 0.05;  // share of held-out texts; short texts repeat by chance
constexpr const char* kCopies = "copied";
constexpr double kMostLonger = 1.5;
constexpr double kSomeCharacters = 0.01;

using Metrics = std::vector<std::unique_ptr<Metric>>;

bool has(const Metrics& chosen, const std::string& name) {
  return std::any_of(chosen.begin(), chosen.end(), [&](const auto& metric) { return metric->name() == name; });
}

// What is known before there are samples.
struct Plan {
  Metrics chosen;                  // those asked for with their guards
  std::vector<std::string> notes;  // about those that are left out or undefined
  size_t reference = 0;            // held-out texts to compare with
};

// What a metric lacks; empty where it can be computed.
std::string lacking(const Metric& metric, bool has_judge, bool has_training, size_t reference) {
  if (metric.needs().judge && !has_judge) return "there is no judge";
  if ((metric.needs().training || metric.needs().ngram_judge) && !has_training) return "there are no training texts";
  if (metric.needs().reference && reference == 0) return "there are fewer than two held-out texts";
  return "";
}

Plan plan_for(const EvaluationTexts& texts, size_t samples, bool has_judge, const EvaluationOptions& options,
              const Config& config) {
  if (samples == 0) throw usage_error("evaluation", "there are no samples, expected at least one text");
  if (texts.held_out.size() < 2 && texts.training.empty()) {
    throw usage_error("held-out text", fmt::format("has {} texts, and there are no training texts; expected at least 2: a control "
                                                   "and a reference",
                                                   texts.held_out.size()));
  }
  Plan plan;
  plan.reference = texts.held_out.size() < 2 ? 0 : texts.held_out.size() - control_size(texts.held_out.size(), samples);
  const auto* corpus = config.find("data.corpus");
  const bool builtin = corpus != nullptr && corpus->data == ConfigValue::Data(std::string("builtin"));
  std::vector<std::string> wanted = options.metrics.empty() ? metrics().names() : options.metrics;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (has(plan.chosen, wanted[i])) continue;
    auto metric = metrics().make(wanted[i], config);
    const bool asked = std::find(options.metrics.begin(), options.metrics.end(), wanted[i]) != options.metrics.end();
    if (metric->needs().builtin_corpus && !builtin && !asked) continue;
    if (const auto lacks = lacking(*metric, has_judge, !texts.training.empty(), plan.reference); !lacks.empty()) {
      plan.notes.push_back(fmt::format("{} is left out: {}", metric->name(), lacks));
      continue;
    }
    if (std::min(samples, plan.reference) < metric->needs().texts) {
      plan.notes.push_back(
          fmt::format("{} is undefined (-): it needs {} texts, and there are {} samples and {} held-out texts to "
                      "compare with",
                      metric->name(), metric->needs().texts, samples, plan.reference));
    }
    for (const auto& guard : metric->guards()) wanted.push_back(guard);
    plan.chosen.push_back(std::move(metric));
  }
  return plan;
}

// Share of what is counted as words that are characters of scripts without spaces.
double share_of_characters(const TextSet& texts) {
  double characters = 0;
  double all = 0;
  for (const auto& words : texts.words) {
    characters +=
        static_cast<double>(std::count_if(words.begin(), words.end(), [](const auto& word) { return is_counted_character(word); }));
    all += static_cast<double>(words.size());
  }
  return all > 0 ? characters / all : 0;
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
  const TextSet& lengths = reference.size() > 0 ? reference : training;
  auto positive = make_text_set(std::move(control));
  auto shuffled = make_text_set(
      shuffled_texts(positive.size() > 0 ? positive : make_text_set(chosen_texts(texts.training, count, seed)), seed));

  std::vector<RowTexts> rows;
  rows.push_back({"samples", RowKind::samples, make_text_set(texts.samples)});
  if (positive.size() > 0) rows.push_back({"held-out", RowKind::positive_control, std::move(positive)});
  rows.push_back({"unigram", RowKind::negative_control, make_text_set(unigram_texts(source, lengths, count, seed))});
  rows.push_back({"cyclic", RowKind::negative_control, make_text_set(cyclic_texts(source, lengths, count, seed))});
  rows.push_back({"phrases", RowKind::negative_control, make_text_set(phrase_texts(source, lengths, count, seed))});
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
      if (std::isnan(own) || std::isnan(other)) continue;  // no verdict on an undefined figure
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
  if (texts.held_out.empty()) return;
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

double mean_length(const TextSet& texts) {
  double words = 0;
  for (const auto& text : texts.words) words += static_cast<double>(text.size());
  return words / static_cast<double>(texts.size());
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
  if (rows.size() < 2 || rows[1].kind != RowKind::positive_control) return;
  const double own = mean_length(rows[0].set);
  const double real = mean_length(rows[1].set);
  if (std::max(own, real) <= kMostLonger * std::min(own, real)) return;
  notes.push_back(
      fmt::format("the samples have {:.0f} words on average, held-out text {:.0f}: entropy, distinct-n, mauve and copies "
                  "depend on length and do not compare",
                  own, real));
}

// Why there is a dash in the table; of what was not foreseen.
void note_undefined(const Plan& plan, EvaluationReport& report) {
  const size_t count = report.row("samples").texts;
  for (const auto& metric : plan.chosen) {
    if (std::min(count, plan.reference) < metric->needs().texts) continue;
    const bool undefined = std::any_of(report.rows.begin(), report.rows.end(),
                                       [&](const auto& row) { return std::isnan(row.at(metric->name()).value); });
    if (undefined) report.notes.push_back(fmt::format("{} is undefined (-) where {}", metric->name(), metric->undefined()));
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

std::vector<std::string> foresee(const EvaluationTexts& texts, size_t samples, bool has_judge, const EvaluationOptions& options,
                                 const Config& config) {
  const KnownWords listed(options.words);  // can it be read?
  return plan_for(texts, samples, has_judge, options, config).notes;
}

EvaluationReport evaluate(const EvaluationTexts& texts, const Judge* judge, const EvaluationOptions& options,
                          const Config& config) {
  const Plan plan = plan_for(texts, texts.samples.size(), judge != nullptr, options, config);
  const Metrics& chosen = plan.chosen;
  EvaluationReport report;
  report.notes = plan.notes;
  const auto seed = static_cast<uint64_t>(options.seed);
  HeldOutSplit held_out;
  if (plan.reference > 0) held_out = split_held_out(texts.held_out, texts.samples.size(), seed);
  const auto reference = make_text_set(std::move(held_out.reference));
  const auto training = make_text_set(texts.training);
  const auto rows = make_rows(texts, std::move(held_out.control), reference, training, seed);
  note_sizes(rows, report.notes);

  KnownWords known_words(options.words);
  known_words.add(training);
  known_words.add(reference);
  std::unique_ptr<KneserNey> ngram_judge;
  if (std::any_of(chosen.begin(), chosen.end(), [](const auto& metric) { return metric->needs().ngram_judge; })) {
    ngram_judge = std::make_unique<KneserNey>(training.words, options.ngram_order);
    report.ngram_judge = ngram_judge->name();
  }

  const double characters = share_of_characters(reference.size() > 0 ? reference : training);
  if (characters > kSomeCharacters) {
    report.notes.push_back(
        fmt::format("of scripts without spaces between words each character counts as a word ({:.0f}% of all)", 100 * characters));
  }
  for (const auto& metric : chosen) {
    const bool by_character = metric->unit() == "words" && characters > 0.5;
    report.metrics.push_back({metric->name(), by_character ? "characters" : metric->unit(), metric->direction()});
  }
  for (const auto& row : rows) {
    EvaluationRow result{row.name, row.kind, row.set.size(), {}};
    const MetricInput input{row.set, reference, training, judge, seed, options.resamples, ngram_judge.get(), &known_words};
    for (const auto& metric : chosen) result.values.emplace_back(metric->name(), metric->compute(input));
    report.rows.push_back(std::move(result));
  }
  if (judge) {
    for (auto& note : judge->notes(texts.samples)) report.notes.push_back(std::move(note));
  }
  report.scores = score_samples(texts.samples, judge, ngram_judge.get());
  note_undefined(plan, report);
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
