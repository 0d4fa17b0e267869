#include <fmt/format.h>

#include <cmath>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"

namespace difflm {
namespace {

struct Badge {
  const char* css;
  const char* text;
};

Badge badge_of(Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::first_better:
      return {"yes", "better"};
    case Verdict::Outcome::second_better:
      return {"no", "worse"};
    case Verdict::Outcome::no_difference:
      return {"none", "no difference shown"};
    default:
      return {"none", "no answer"};
  }
}

// The interval of d = difference / standard deviation would mix scales less, but nobody reads it: each contrast gets its own scale.
std::string interval_drawing(const Verdict& verdict) {
  const auto& difference = verdict.difference;
  const double reach = std::max({std::abs(difference.lower), std::abs(difference.upper), 1e-12}) * 1.05;
  const auto at = [&](double value) { return 110 + 100 * value / reach; };
  return fmt::format(
      R"(<svg class="interval" viewBox="0 0 220 26" role="img" aria-label="difference {:.4g}, 95% interval {:.4g} to {:.4g}"><path class="zero" d="M110 2V24"/>)"
      R"(<path class="reach" d="M{:.1f} 13H{:.1f}"/><circle cx="{:.1f}" cy="13" r="4.5"/></svg>)",
      difference.mean, difference.lower, difference.upper, at(difference.lower), at(difference.upper), at(difference.mean));
}

}  // namespace

std::string answers_section(const Results& results, const std::vector<Verdict>& answers) {
  size_t done = 0;
  for (const auto& run : results.runs) done += run.evaluations.size() == results.plan.experiment.samplings.size() ? 1 : 0;
  std::string html =
      fmt::format("<header><h1>{}</h1>\n<p class=\"lead\">{} of {} runs finished, {} seeds, {} texts each.</p></header>\n",
                  escape_html(results.plan.experiment.question), done, results.runs.size(), results.plan.experiment.seeds.size(),
                  results.plan.experiment.samples);
  if (!results.plan.experiment.allow_unequal.empty()) {
    html += fmt::format("<p class=\"warning\">The runs are on unequal terms: {}</p>\n",
                        escape_html(results.plan.experiment.allow_unequal));
  }
  if (!results.plan.experiment.last_overrides.empty()) {
    html += "<p class=\"warning\">A smoke run: it shows that everything works, and its figures say nothing.</p>\n";
  }
  if (answers.empty()) return html + "<p>The experiment asks for no contrast; the table and the plots below are its answer.</p>\n";
  html += "<section id=\"answers\"><h2>Answers</h2>\n<ol class=\"answers\">\n";
  for (const auto& answer : answers) {
    const Badge badge = badge_of(answer.outcome);
    html += fmt::format("<li><span class=\"badge {}\">{}</span> {}{}</li>\n", badge.css, badge.text, escape_html(answer.sentence),
                        answer.difference.pairs < 2 ? "" : interval_drawing(answer));
  }
  html +=
      "</ol>\n<p class=\"note\">Pairs are seeds: both sides share seed, corpus, split and budget. The interval is Student's for "
      "the mean "
      "difference (line: zero); p is corrected by Holm over all contrasts; d is the mean difference in standard deviations of the "
      "differences. With three seeds only large and steady differences can be shown; “no difference shown” is no proof of "
      "equality.</p></section>\n";
  return html;
}

}  // namespace difflm
