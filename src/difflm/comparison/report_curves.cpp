#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"

namespace difflm {
namespace {

constexpr size_t kMaps = 4;
constexpr size_t kNeighboursShown = 12;

std::vector<double> numbers_at(const Json& json, const std::string& pointer) {
  const Json::json_pointer place(pointer);
  std::vector<double> values;
  if (!json.contains(place)) return values;
  for (const auto& value : json.at(place)) values.push_back(value.is_number() ? value.get<double>() : std::nan(""));
  return values;
}

// What is not finite is null in JSON.
double number_in(const Json& json, const char* key, double otherwise = std::nan("")) {
  return json.contains(key) && json.at(key).is_number() ? json.at(key).get<double>() : otherwise;
}

// The mean over the seeds of a curve in the evaluations.
std::vector<double> mean_curve(const Group& group, const std::string& pointer) {
  std::vector<double> mean;
  for (size_t i = 0; i < group.runs.size(); ++i) {
    const auto values = numbers_at(group.evaluation(i), pointer);
    if (mean.empty()) mean.assign(values.size(), 0);
    if (values.size() != mean.size()) return {};
    for (size_t k = 0; k < values.size(); ++k) mean[k] += values[k] / static_cast<double>(group.runs.size());
  }
  return mean;
}

PlotSeries curve_of(const Group& group, const std::string& name, int colour, const std::string& x, const std::string& y) {
  PlotSeries series = {name, {}, colour, true, true};
  const auto xs = mean_curve(group, x);
  const auto ys = mean_curve(group, y);
  if (xs.size() == ys.size()) {
    for (size_t i = 0; i < xs.size(); ++i) series.points.push_back({xs[i], ys[i], ys[i], ys[i], ""});
  }
  return series;
}

// The first group of each choice: what concerns the model does not depend on the sampling setting.
std::vector<Group> one_a_choice(const std::vector<Group>& groups) {
  std::vector<Group> firsts;
  for (const auto& group : groups) {
    if (firsts.empty() || firsts.back().choice_index != group.choice_index) firsts.push_back(group);
  }
  return firsts;
}

// Base runs without axes have no name.
std::string title_of(const Group& group, const Experiment& experiment) {
  return experiment.axes.empty() ? "the model" : name_of(group.choice, experiment);
}

Plot curves(const Results& results, const std::vector<Group>& groups, const std::string& title, const std::string& y_label,
            const std::string& pointer) {
  Plot plot;
  plot.title = title;
  plot.description = y_label + " by noise level u, mean over seeds";
  plot.x_label = "noise level u (0 clean, 1 noise)";
  plot.y_label = y_label;
  for (const auto& group : one_a_choice(groups)) {
    plot.series.push_back(curve_of(group, title_of(group, results.plan.experiment), static_cast<int>(group.choice_index),
                                   "/model/rounding_curve/u", "/model/rounding_curve/" + pointer));
  }
  return plot;
}

}  // namespace

std::string rounding_section(const Results& results, const std::vector<Group>& groups) {
  std::string drawings =
      draw(curves(results, groups, "Tokens read from the noised latent itself", "share of tokens recovered", "from_noised/model"));
  drawings +=
      draw(curves(results, groups, "Tokens read from the model's estimate", "share of tokens recovered", "from_estimate/model"));
  drawings += draw(curves(results, groups, "Cross-entropy of the correct token", "nats per token", "cross_entropy"));
  drawings += draw(curves(results, groups, "Error of the estimated latent", "relative error of x0", "error"));
  Plot confidence;
  confidence.title = "Confidence along sampling";
  confidence.description = "mean probability of the chosen tokens by noise level, from 1 down";
  confidence.x_label = "noise level u (sampling runs from right to left)";
  confidence.y_label = "mean probability of the tokens";
  for (const auto& group : one_a_choice(groups)) {
    confidence.series.push_back(curve_of(group, title_of(group, results.plan.experiment), static_cast<int>(group.choice_index),
                                         "/model/confidence/u", "/model/confidence/confidence"));
  }
  drawings += draw(confidence);

  std::string rows;
  for (const auto& group : one_a_choice(groups)) {
    const auto u = mean_curve(group, "/model/rounding_curve/u");
    for (const char* source : {"from_noised", "from_estimate"}) {
      for (const char* rounding : {"model", "nearest", "cosine"}) {
        const auto shares = mean_curve(group, fmt::format("/model/rounding_curve/{}/{}", source, rounding));
        if (shares.empty() || shares.size() != u.size()) continue;
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>",
                            escape_html(title_of(group, results.plan.experiment)),
                            source == std::string("from_noised") ? "noised latent" : "estimate",
                            rounding == std::string("model") ? "its own" : rounding);
        for (const double share : shares) rows += fmt::format("<td>{:.3f}</td>", share);
        rows += "</tr>\n";
      }
    }
  }
  if (drawings.empty()) return "";
  std::string head = "<tr><th scope=\"col\">variant</th><th scope=\"col\">from</th><th scope=\"col\">rounding</th>";
  for (const double u : mean_curve(one_a_choice(groups).front(), "/model/rounding_curve/u"))
    head += fmt::format("<th scope=\"col\">u = {:g}</th>", u);
  return "<section id=\"rounding\"><h2>Is decoding the bottleneck?</h2>\n<p class=\"note\">Held-out text is noised to u and read "
         "back. Where the estimate recovers "
         "far more than the noised latent, the network does the work and not the rounding; the table has the same by nearest word "
         "and by "
         "cosine.</p>\n<div class=\"plots\">\n" +
         drawings + "</div>\n<details><summary>As a table, for every rounding</summary><div class=\"scroll\"><table><thead>" +
         head + "</tr></thead><tbody>" + rows + "</tbody></table></div></details></section>\n";
}

std::string embedding_section(const Results& results, const std::vector<Group>& groups) {
  std::string drawings;
  std::string rows;
  size_t maps = 0;
  for (const auto& group : one_a_choice(groups)) {
    const auto& evaluation = group.evaluation(0);
    if (!evaluation.contains("model") || !evaluation["model"].contains("embedding_map")) continue;
    const Json& map = evaluation["model"]["embedding_map"];
    const std::string name = title_of(group, results.plan.experiment);
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(name));
    for (const char* key : {"dimension", "words", "nearest", "second_nearest", "mean_cosine", "dimensions_used", "merged"}) {
      const double value = number_in(map, key);
      rows += std::isfinite(value) ? fmt::format("<td>{:.4g}</td>", value) : "<td>–</td>";
    }
    std::string neighbours;
    size_t shown = 0;
    for (const auto& word : map.at("frequent")) {
      if (shown++ >= kNeighboursShown) break;
      neighbours += fmt::format("<b>{}</b>", escape_html(word.at("word").get<std::string>()));
      const auto list = word.at("neighbours").get<std::vector<std::string>>();
      for (size_t i = 0; i < std::min<size_t>(3, list.size()); ++i) neighbours += (i == 0 ? " → " : ", ") + escape_html(list[i]);
      neighbours += "; ";
    }
    rows += "<td class=\"text\">" + neighbours + "</td></tr>\n";
    if (maps++ >= kMaps) continue;
    Plot plot;
    plot.title = "Frequent words: " + name;
    plot.description = "the first two principal components of the embeddings of frequent words";
    plot.x_label = fmt::format("first component (both: {:.0f}% of the variance)", 100 * number_in(map, "variance_shown", 0));
    plot.y_label = "second component";
    plot.labels = true;
    plot.legend = false;
    plot.series.push_back({"", {}, static_cast<int>(group.choice_index), false, true});
    for (const auto& word : map.at("frequent")) {
      const double y = number_in(word, "y");
      plot.series.back().points.push_back({number_in(word, "x"), y, y, y, word.at("word").get<std::string>()});
    }
    drawings += draw(plot);
  }
  if (rows.empty()) return "";
  return "<section id=\"embedding\"><h2>Embedding space</h2>\n<p class=\"note\">First seed of each variant. Distances in norms of "
         "a row; merged: share of words with "
         "another within a tenth of that; dimensions in use: participation ratio.</p>\n<div class=\"scroll\"><table><thead><tr><th "
         "scope=\"col\">variant</th><th "
         "scope=\"col\">dimension</th><th scope=\"col\">words</th><th scope=\"col\">nearest</th><th scope=\"col\">second "
         "nearest</th><th scope=\"col\">mean cosine</th><th "
         "scope=\"col\">dimensions in use</th><th scope=\"col\">merged</th><th scope=\"col\">words and their "
         "nearest</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>\n<div class=\"plots\">\n" + drawings + "</div></section>\n";
}

}  // namespace difflm
