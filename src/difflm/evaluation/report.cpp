#include "difflm/evaluation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "difflm/core/json.h"

namespace difflm {
namespace {

std::string direction_text(Direction direction) {
  switch (direction) {
    case Direction::higher:
      return "higher";
    case Direction::lower:
      return "lower";
    case Direction::reference:
      return "as held-out";
  }
  return "";
}

Json higher_is_better(Direction direction) {
  return direction == Direction::reference ? Json(nullptr) : Json(direction == Direction::higher);
}

std::string cell(const MetricValue& value, RowKind kind) {
  if (std::isnan(value.value)) return "-";
  if (kind == RowKind::negative_control) return fmt::format("{:.4g}", value.value);
  return fmt::format("{:.4g} [{:.4g}, {:.4g}]", value.value, value.lower, value.upper);
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace

std::string evaluation_table(const EvaluationReport& report) {
  std::vector<std::vector<std::string>> lines(1, {"metric", "unit", "better"});
  std::vector<std::string> counts = {"texts", "texts", ""};
  for (const auto& row : report.rows) {
    lines.front().push_back(row.name);
    counts.push_back(std::to_string(row.texts));
  }
  lines.push_back(std::move(counts));
  for (const auto& metric : report.metrics) {
    std::vector<std::string> line = {metric.name, metric.unit, direction_text(metric.direction)};
    for (const auto& row : report.rows) line.push_back(cell(row.at(metric.name), row.kind));
    lines.push_back(std::move(line));
  }

  std::vector<size_t> widths(lines.front().size(), 3);
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (size_t l = 0; l < lines.size(); ++l) {
    for (size_t i = 0; i < widths.size(); ++i) text += fmt::format("| {:<{}} ", lines[l][i], widths[i]);
    text += "|\n";
    if (l > 0) continue;
    for (const size_t width : widths) text += fmt::format("|{:-<{}}", "", width + 2);
    text += "|\n";
  }
  text += fmt::format(
      "\njudge: {} | n-gram judge: {} | 95% intervals from {} resamples of the texts, seed {} | compared with {} other held-out "
      "texts\n",
      report.judge.empty() ? "none" : report.judge, report.ngram_judge.empty() ? "none" : report.ngram_judge, report.resamples,
      report.seed, report.reference_texts);
  for (const auto& warning : report.warnings) text += "WARNING: " + warning + "\n";
  for (const auto& note : report.notes) text += "note: " + note + "\n";
  return text;
}

Json evaluation_json(const EvaluationReport& report) {
  Json results = Json::object();
  Json directions = Json::object();
  Json counts = Json::object();
  for (const auto& row : report.rows) {
    Json& values = results[row.name];
    values["alias"] = row.name;
    for (const auto& [name, value] : row.values) {
      values[name + ",none"] = number(value.value);
      values[name + "_stderr,none"] = number(value.error);
      values[name + "_lower,none"] = number(value.lower);
      values[name + "_upper,none"] = number(value.upper);
    }
    directions[row.name] = Json::object();
    for (const auto& metric : report.metrics) directions[row.name][metric.name] = higher_is_better(metric.direction);
    counts[row.name] = {{"original", row.texts}, {"effective", row.texts}};
  }
  Json units = Json::object();
  for (const auto& metric : report.metrics) units[metric.name] = metric.unit;

  Json json;
  json["results"] = std::move(results);
  json["higher_is_better"] = std::move(directions);
  json["n-samples"] = std::move(counts);
  json["config"] = {{"judge", report.judge.empty() ? Json(nullptr) : Json(report.judge)},
                    {"ngram_judge", report.ngram_judge.empty() ? Json(nullptr) : Json(report.ngram_judge)},
                    {"bootstrap_iters", report.resamples},
                    {"random_seed", report.seed},
                    {"interval", 0.95},
                    {"reference_texts", report.reference_texts},
                    {"training_texts", report.training_texts}};
  json["units"] = std::move(units);
  json["warnings"] = report.warnings;
  json["notes"] = report.notes;
  return json;
}

std::string scored_samples(const std::vector<std::string>& samples, const EvaluationReport& report) {
  std::string lines;
  for (size_t i = 0; i < samples.size(); ++i) {
    Json line = {{"text", samples[i]}};
    const auto add = [&](const char* name, const std::optional<Judge::Score>& score) {
      if (score) line[name] = number(std::exp(score->nats / static_cast<double>(score->tokens)));
    };
    add("judge_perplexity", report.scores.at(i).judge);
    add("ngram_perplexity", report.scores.at(i).ngrams);
    lines += to_text_replacing(line) + "\n";
  }
  return lines;
}

}  // namespace difflm
