#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"

namespace difflm {
namespace {

constexpr size_t kMostLabels = 18;  // more would cover each other

// The first of the wanted metrics that there is; "".
template <size_t N>
std::string first_of(const std::vector<std::string>& metrics, const std::array<const char*, N>& wanted) {
  for (const auto* name : wanted) {
    if (std::find(metrics.begin(), metrics.end(), name) != metrics.end()) return name;
  }
  return "";
}

std::string spread_text(const Spread& spread) {
  if (!std::isfinite(spread.mean)) return "–";
  if (spread.seeds < 2) return fmt::format("{:.4g}", spread.mean);
  return fmt::format("{:.4g} <small>{:.4g}…{:.4g}</small>", spread.mean, spread.lower, spread.upper);
}

PlotPoint point_of(double x, const Spread& y, std::string label) { return {x, y.mean, y.lower, y.upper, std::move(label)}; }

// One series per choice; each point a sampling setting.
template <class X>
std::vector<PlotSeries> series_by_choice(const Results& results, const std::vector<Group>& groups, const std::string& quality,
                                         X x_of) {
  std::vector<PlotSeries> all;
  for (const auto& group : groups) {
    const std::string name = results.plan.experiment.axes.empty() ? "samples" : name_of(group.choice, results.plan.experiment);
    if (all.empty() || all.back().name != name) {
      all.push_back({name, {}, static_cast<int>(group.choice_index), false, true});
    }
    const std::string label = results.plan.experiment.samplings.size() > 1 ? group.sampling : "";
    all.back().points.push_back(point_of(x_of(group), group.over_seeds("samples", quality), label));
  }
  return all;
}

std::string quality_of(const Results& results) {
  return first_of(results.metrics(), std::array{"judge_perplexity", "ngram_perplexity"});
}

}  // namespace

std::string frontier_section(const Results& results, const std::vector<Group>& groups) {
  const std::string quality = quality_of(results);
  const std::string diversity = first_of(results.metrics(), std::array{"unigram_entropy", "distinct-2", "self_bleu"});
  if (groups.empty() || quality.empty() || diversity.empty()) return "";
  Plot frontier;
  frontier.title = "Quality against diversity";
  frontier.description =
      fmt::format("{} against {} for each variant and setting, beside held-out text and nonsense", quality, diversity);
  frontier.x_label = diversity;
  frontier.y_label = quality + " (log scale)";
  frontier.log_y = true;
  frontier.series =
      series_by_choice(results, groups, quality, [&](const Group& group) { return group.over_seeds("samples", diversity).mean; });
  PlotSeries controls = {"controls", {}, 9, false, true};
  for (const auto& row : results.controls()) {
    const Spread y = groups.front().over_seeds(row, quality);
    controls.points.push_back({groups.front().over_seeds(row, diversity).mean, y.mean, y.mean, y.mean, row});
  }
  frontier.series.push_back(controls);
  Plot named = frontier;  // labels of the controls alone would need a plot of their own: the legend names the rest
  named.labels = groups.size() <= kMostLabels;

  Plot evaluations;
  evaluations.title = "Quality at equal network evaluations";
  evaluations.description = fmt::format("{} against network evaluations per text", quality);
  evaluations.x_label = "network evaluations per text (log scale)";
  evaluations.y_label = quality + " (log scale)";
  evaluations.log_x = evaluations.log_y = true;
  evaluations.labels = named.labels;
  evaluations.series = series_by_choice(
      results, groups, quality, [](const Group& group) { return group.over_seeds("/model/cost/network_evaluations").mean; });
  Plot seconds = evaluations;
  seconds.title = "Quality at equal sampling time";
  seconds.description = fmt::format("{} against milliseconds per text", quality);
  seconds.x_label = "milliseconds per text (log scale)";
  seconds.series = series_by_choice(
      results, groups, quality, [](const Group& group) { return 1000 / group.over_seeds("/model/cost/samples_per_second").mean; });

  // With one count of evaluations for all there is nothing to compare them at.
  std::set<double> counts;
  for (const auto& group : groups) counts.insert(group.over_seeds("/model/cost/network_evaluations").mean);
  const std::string at_evaluations = counts.size() > 1 ? draw(evaluations) : "";
  return "<section id=\"frontier\"><h2>Quality, diversity, cost</h2>\n<p class=\"note\">Held-out text is the aim, not a limit to "
         "pass: a text can be less "
         "surprising than real text by being dull, as the control “cyclic” is under some judges. Bars: 95% over seeds. The "
         "controls are text "
         "of known worth, point at a mark for its name.</p>\n<div class=\"plots\">\n" +
         draw(named) + at_evaluations + draw(seconds) + "</div></section>\n";
}

std::string table_section(const Results& results, const std::vector<Group>& groups) {
  if (groups.empty()) return "";
  const auto& evaluation = groups.front().evaluation(0);
  std::string head = "<tr><th scope=\"col\">texts</th><th scope=\"col\">seeds</th>";
  for (const auto& metric : results.metrics()) {
    const auto& better = evaluation.at("higher_is_better").at("samples").value(metric, Json());
    head += fmt::format("<th scope=\"col\">{}<br><small>{}</small></th>", escape_html(metric),
                        better.is_null()     ? "as held-out"
                        : better.get<bool>() ? "higher"
                                             : "lower");
  }
  head += "</tr>\n";
  std::string body;
  const auto row = [&](const Group& group, const std::string& texts, const std::string& name, const char* css) {
    body += fmt::format("<tr class=\"{}\"><th scope=\"row\">{}</th><td>{}</td>", css, escape_html(name), group.runs.size());
    for (const auto& metric : results.metrics()) body += fmt::format("<td>{}</td>", spread_text(group.over_seeds(texts, metric)));
    body += "</tr>\n";
  };
  for (const auto& group : groups) row(group, "samples", name_of(group, results.plan.experiment), "own");
  for (const auto& control : results.controls())
    row(groups.front(), control, control, control == "held-out" ? "positive" : "negative");
  std::string warnings;
  for (const auto& group : groups) {
    for (size_t i = 0; i < group.runs.size(); ++i) {
      for (const auto& warning : group.evaluation(i).value("warnings", Json::array())) {
        warnings += fmt::format("<li>{}, seed {}: {}</li>\n", escape_html(name_of(group, results.plan.experiment)),
                                group.runs[i]->run.seed, escape_html(warning.get<std::string>()));
      }
    }
  }
  if (!warnings.empty())
    warnings = "<details class=\"warning\"><summary>Samples that are no better than nonsense in some metric</summary><ul>" +
               warnings + "</ul></details>";
  return "<section id=\"table\"><h2>All figures</h2>\n<p class=\"note\">Mean over seeds with its 95% interval. Below the line: "
         "held-out text "
         "(what good text gets) and text made to fool a metric, from the evaluations of the first row.</p>\n<div "
         "class=\"scroll\"><table><thead>" +
         head + "</thead><tbody>\n" + body + "</tbody></table></div>" + warnings + "</section>\n";
}

std::string cost_section(const Results& results, const std::vector<Group>& groups) {
  struct Column {
    const char* name;
    const char* pointer;
    double factor;
  };
  constexpr std::array<Column, 8> kColumns = {{{"parameters [millions]", "/model/cost/parameters", 1e-6},
                                               {"training [s]", "/model/cost/training_seconds", 1},
                                               {"tokens trained on [millions]", "/model/cost/training_tokens", 1e-6},
                                               {"training [TFLOP]", "/model/cost/training_flops", 1e-12},
                                               {"network evaluations per text", "/model/cost/network_evaluations", 1},
                                               {"texts per second", "/model/cost/samples_per_second", 1},
                                               {"nats per token", "/model/likelihood/nats_per_token", 1},
                                               {"bits per character", "/model/likelihood/bits_per_character", 1}}};
  if (groups.empty()) return "";
  std::string html =
      "<section id=\"cost\"><h2>Cost and likelihood</h2>\n<p class=\"note\">Wall time on the machine that made the run, which may "
      "have had other "
      "work; training "
      "FLOP are 6 × parameters × tokens. Nats and bits are of held-out text: for a diffusion model an upper bound (the discrete "
      "variational bound at 100 steps, the length given), for an autoregressive one exact.</p>\n<div "
      "class=\"scroll\"><table><thead><tr><th scope=\"col\">texts</th>";
  for (const auto& column : kColumns) html += fmt::format("<th scope=\"col\">{}</th>", column.name);
  html += "</tr></thead><tbody>\n";
  for (const auto& group : groups) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(name_of(group, results.plan.experiment)));
    for (const auto& column : kColumns) {
      const Spread spread = group.over_seeds(column.pointer);
      html += std::isfinite(spread.mean) ? fmt::format("<td>{:.4g}</td>", spread.mean * column.factor) : "<td>–</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div></section>\n";
}

}  // namespace difflm
