#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

constexpr size_t kLevels = 8;    // noise levels of a validation
constexpr size_t kWindows = 30;  // points that the training loss is averaged to

// The losses in a run's metrics.jsonl.
struct LossLog {
  std::vector<PlotPoint> training;
  std::vector<PlotPoint> validation;
  std::vector<double> by_level;  // cross-entropy at the last validation that has it, or empty
};

double number_in(const Json& line, const std::string& key) {
  return line.contains(key) && line.at(key).is_number() ? line.at(key).get<double>() : std::nan("");
}

PlotPoint point_at(double x, double y, std::string label = "") { return {x, y, y, y, std::move(label)}; }

// An incomplete last line is skipped.
LossLog read_log(const std::string& path) {
  LossLog log;
  if (!std::filesystem::exists(path)) return log;
  const std::string text = read_text_file(path);
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const auto line = try_parse_json(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (!line.is_object() || !std::isfinite(number_in(line, "step"))) continue;
    const double step = number_in(line, "step");
    if (const double loss = number_in(line, "train/loss"); std::isfinite(loss)) log.training.push_back(point_at(step, loss));
    if (const double loss = number_in(line, "validation/loss"); std::isfinite(loss)) log.validation.push_back(point_at(step, loss));
    if (line.contains("validation/cross_entropy_u0")) {
      log.by_level.clear();
      for (size_t level = 0; level < kLevels; ++level)
        log.by_level.push_back(number_in(line, fmt::format("validation/cross_entropy_u{}", level)));
    }
  }
  return log;
}

std::vector<PlotPoint> averaged(const std::vector<PlotPoint>& points) {
  const size_t window = std::max<size_t>(1, points.size() / kWindows);
  std::vector<PlotPoint> means;
  for (size_t at = 0; at + window <= points.size(); at += window) {
    double x = 0;
    double y = 0;
    for (size_t i = at; i < at + window; ++i) {
      x += points[i].x / static_cast<double>(window);
      y += points[i].y / static_cast<double>(window);
    }
    means.push_back(point_at(x, y));
  }
  return means;
}

}  // namespace

std::string loss_section(const Results& results, const ExperimentFolder& folder) {
  Plot training;
  training.title = "Loss while training";
  training.description = "training loss by step, averaged over windows, one line per run";
  training.x_label = "step";
  training.y_label = "training loss (log scale)";
  training.log_y = true;
  Plot validation = training;
  validation.title = "Loss on held-out text while training";
  validation.description = "validation loss by step, one line per run";
  validation.y_label = "validation loss (log scale)";
  Plot by_level;
  by_level.title = "Cross-entropy on held-out text by noise level, at the end";
  by_level.description = "cross-entropy of the correct tokens in eight bins of the noise level, one line per run";
  by_level.x_label = "noise level u (0 clean, 1 noise)";
  by_level.y_label = "nats per token";
  std::map<std::string, int> colours;  // all seeds of a choice look alike
  for (const auto& run : results.runs) {
    const std::string choice =
        results.plan.experiment.axes.empty() ? "the model" : name_of(run.run.choice, results.plan.experiment);
    const int colour = colours.try_emplace(choice, static_cast<int>(colours.size())).first->second;
    const LossLog log = read_log(folder.model(run.run) + "/metrics.jsonl");
    training.series.push_back({choice, averaged(log.training), colour, true, false});
    validation.series.push_back({choice, log.validation, colour, true, true});
    by_level.series.push_back({choice, {}, colour, true, true});
    for (size_t level = 0; level < log.by_level.size(); ++level) {
      by_level.series.back().points.push_back(
          point_at((static_cast<double>(level) + 0.5) / kLevels, log.by_level[level], fmt::format("seed {}", run.run.seed)));
    }
  }
  const std::string drawings = draw(training) + draw(validation) + draw(by_level);
  if (drawings.empty()) return "";
  return "<section id=\"loss\"><h2>Training</h2>\n<p class=\"note\">Losses of different objectives are different quantities: "
         "compare them within one "
         "objective only. The cross-entropy by noise level is the same quantity for all.</p>\n<div class=\"plots\">\n" +
         drawings + "</div></section>\n";
}

}  // namespace difflm
