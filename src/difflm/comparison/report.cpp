#include "difflm/comparison/report.h"

#include <fmt/format.h>

#include "difflm/comparison/report_sections.h"
#include "difflm/comparison/svg_plot.h"
#include "difflm/core/files.h"

namespace difflm {
namespace {

// No font, picture or script from elsewhere: the page works from a file, without a network, and on paper.
constexpr const char* kStyle = R"(
:root{--paper:#fdfcf9;--ink:#22211d;--dim:#6b675d;--rule:#ddd8cc;--card:#fff;--good:#0b6e4f;--bad:#a3262a;--c0:#0b6e4f;--c1:#c2571a;--c2:#3b5b92;--c3:#8a3b8f;--c4:#a8871a;--c5:#1f8a9e;--c6:#b03060;--c7:#5b7a1d;--c8:#6a5acd;--c9:#77736a}
@media(prefers-color-scheme:dark){:root{--paper:#191a1c;--ink:#e8e5dc;--dim:#a29d90;--rule:#3a3a3a;--card:#222326;--good:#5fc79b;--bad:#ef8080;--c0:#4fc08d;--c1:#f09a5b;--c2:#86a9e8;--c3:#d694dc;--c4:#dfc05a;--c5:#6fd0e3;--c6:#f189ae;--c7:#aacb62;--c8:#b0a6f5;--c9:#9c978b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif}
main{max-width:1240px;margin:0 auto;padding:1.5rem}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 .4rem;max-width:38em}
h2{font-size:1.25rem;margin:2.2rem 0 .4rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}
h3{font-size:1rem;margin:.2rem 0}
nav{font:13px/1.4 system-ui,sans-serif;margin:0 0 .5rem}
nav a{color:var(--c2);margin-right:1em}
.skip{position:absolute;left:-9999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem}
.lead,.note{color:var(--dim);margin:.2rem 0 .8rem;max-width:62em}
.note,small{font:13px/1.45 system-ui,sans-serif}
.warning{color:var(--bad)}
.answers{padding-left:1.4rem}.answers li{margin:.45rem 0;max-width:70em}
.badge{font:600 12px/1 system-ui,sans-serif;padding:.25em .55em;border-radius:3px;border:1px solid currentColor;white-space:nowrap}
.badge.yes{color:var(--good)}.badge.no{color:var(--bad)}.badge.none{color:var(--dim)}
.interval{width:220px;height:26px;vertical-align:middle;margin-left:.6em}
.interval .zero{stroke:var(--dim);stroke-dasharray:2 2}.interval .reach{stroke:var(--c2);stroke-width:3}.interval circle{fill:var(--c2)}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:1rem}
figure{margin:0;max-width:680px;background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.6rem}
figcaption{font-weight:600;margin-bottom:.2rem}
.plot{width:100%;height:auto;font:12px system-ui,sans-serif}
.plot text{fill:var(--dim)}.plot .label{fill:var(--ink)}.plot .word{fill:var(--ink);font-size:10px}
.grid{stroke:var(--rule);fill:none}.line{fill:none;stroke:currentColor;stroke-width:1.8}.bar{stroke:currentColor;opacity:.55;fill:none}
.plot g,.legend svg{fill:currentColor}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1rem;margin:.2rem 0 0;padding:0;font:12px/1.4 system-ui,sans-serif}
.legend svg{vertical-align:-2px;margin-right:.3em}
.c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}.c6{color:var(--c6)}.c7{color:var(--c7)}.c8{color:var(--c8)}.c9{color:var(--c9)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font:13px/1.35 system-ui,sans-serif;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--rule);vertical-align:top}
th[scope=row],.text{text-align:left}thead th{vertical-align:bottom}.text{max-width:40em}
tr.positive th,tr.positive td{border-top:2px solid var(--ink)}tr.positive{color:var(--good)}tr.negative{color:var(--dim)}tr.failed{color:var(--bad)}
td small{display:block;color:var(--dim);white-space:nowrap;font-size:11px}
.samples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:1rem}
article{background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.6rem 1rem}
article ol{padding-left:1.2rem;margin:.3rem 0}article li{margin:.35rem 0}
mark{background:color-mix(in srgb,var(--c4) 35%,transparent);color:inherit}u{text-decoration-color:var(--bad);text-underline-offset:3px}
pre{font-size:12px;white-space:pre-wrap}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font:13px/1.4 system-ui,sans-serif}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
summary{cursor:pointer}
@media print{body{font-size:11pt}nav,.skip{display:none}figure,article{break-inside:avoid}main{max-width:none;padding:0}}
)";

std::string page_of(const Results& results, const std::vector<Verdict>& answers, const ExperimentFolder& folder) {
  const auto groups = groups_of(results);
  struct Section {
    const char* id;
    const char* name;
    std::string html;
  };
  const std::vector<Section> sections = {{"frontier", "quality, diversity, cost", frontier_section(results, groups)},
                                         {"table", "all figures", table_section(results, groups)},
                                         {"samples", "texts", samples_section(results, groups, folder)},
                                         {"loss", "training", loss_section(results, folder)},
                                         {"rounding", "rounding", rounding_section(results, groups)},
                                         {"embedding", "embedding space", embedding_section(results, groups)},
                                         {"cost", "cost", cost_section(results, groups)},
                                         {"origins", "origins", origins_section(results)}};
  std::string links;
  std::string body;
  for (const auto& section : sections) {
    if (section.html.empty()) continue;
    links += fmt::format("<a href=\"#{}\">{}</a>", section.id, section.name);
    body += section.html;
  }
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">"
      "<link rel=\"icon\" href=\"data:,\"><title>{}</title><style>{}</style></head>\n<body><a class=\"skip\" href=\"#answers\">to "
      "the answers</a>"
      "<main>\n<nav aria-label=\"sections\">{}</nav>\n{}{}</main></body></html>\n",
      escape_html(results.plan.experiment.question), kStyle, links, answers_section(results, answers), body);
}

}  // namespace

std::vector<std::string> write_report(const ExperimentFolder& folder) {
  const Results results = read_results(folder);
  const auto answers = verdicts(results);
  replace_file_with_text(folder.file("results.jsonl"), results_jsonl(results));
  replace_file_with_text(folder.file("results.csv"), results_csv(results));
  replace_file_with_text(folder.file("report.html"), page_of(results, answers, folder));
  std::vector<std::string> sentences;
  for (const auto& answer : answers) sentences.push_back(answer.sentence);
  return sentences;
}

}  // namespace difflm
