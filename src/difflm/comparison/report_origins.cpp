#include <fmt/format.h>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"

namespace difflm {

std::string origins_section(const Results& results) {
  const auto& experiment = results.plan.experiment;
  std::string html = "<section id=\"origins\"><h2>Where the figures come from</h2>\n<dl>";
  const auto item = [&](const std::string& name, const std::string& value) {
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escape_html(value));
  };
  const auto joined = [](const std::vector<std::string>& overrides) {
    std::string text;
    for (const auto& word : overrides) text += (text.empty() ? "" : " ") + word;
    return text.empty() ? std::string("(nothing)") : text;
  };
  item("code", results.plan.code);
  item("every run", joined(experiment.base));
  if (!experiment.last_overrides.empty()) item("smoke", joined(experiment.last_overrides));
  for (const auto& axis : experiment.axes) {
    for (const auto& variant : axis.variants) item(escape_html(axis.name + " = " + variant.name), joined(variant.overrides));
  }
  for (const auto& sampling : experiment.samplings) item(escape_html("sampling = " + sampling.name), joined(sampling.overrides));
  const auto* evaluation = results.any_evaluation();
  if (evaluation != nullptr && evaluation->contains("config")) {
    for (const char* judge : {"judge", "ngram_judge"}) {
      const auto& name = (*evaluation)["config"].value(judge, Json());
      if (name.is_string()) item(judge == std::string("judge") ? "judge" : "n-gram judge", name.get<std::string>());
    }
    if (evaluation->contains("origin")) item("corpus hash", (*evaluation)["origin"].value("corpus_hash", ""));
  }
  html +=
      "</dl>\n<p class=\"note\">All runs have the same corpus, split, tokenizer and budget unless the page says otherwise above. "
      "No variant was tuned on its own "
      "unless its overrides say so.</p>\n";
  html +=
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">run</th><th scope=\"col\">address</th><th "
      "scope=\"col\">seed</th><th scope=\"col\">state</th><th scope=\"col\">configuration</th></tr></thead><tbody>\n";
  for (const auto& run : results.runs) {
    const bool done = run.evaluations.size() == experiment.samplings.size();
    const std::string state = done ? "done" : !run.failure.empty() ? "failed" : run.evaluations.empty() ? "missing" : "in part";
    html +=
        fmt::format("<tr class=\"{}\"><th scope=\"row\">{}</th><td><code>{}</code></td><td>{}</td><td>{}</td><td class=\"text\">",
                    state == "failed" ? "failed" : "", escape_html(text_of(run.run.choice)), run.run.address, run.run.seed, state);
    if (!run.failure.empty())
      html += fmt::format("<details open><summary>why</summary><pre>{}</pre></details>", escape_html(run.failure));
    html += fmt::format("<details><summary>all keys</summary><pre>{}</pre></details></td></tr>\n",
                        escape_html(run.run.config.to_toml()));
  }
  return html + "</tbody></table></div></section>\n";
}

}  // namespace difflm
