#include "difflm/evaluation/steering/steering_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "difflm/core/json.h"
#include "difflm/steering/guided_steering.h"

namespace difflm {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// How far `sample` fulfils all wishes of a task: 0 or 1, between them for a tree or tags that a
// parser judges; nothing where no rule can judge one of them.
std::optional<double> fulfilment(const SteeringTask& task, const Guides& made, const SampledText& sample, const TextRule& rule) {
  double all = 1;
  for (size_t at = 0; at < task.wishes.size(); ++at) {
    const WishSpec& wish = task.wishes[at];
    if (made[at]->is_graded()) continue;
    const auto one =
        rule.judges(wish.guide) ? rule.fulfilment(wish, sample.text) : std::optional<double>(made[at]->is_fulfilled(sample.tokens));
    if (!one) return {};
    all *= *one;
  }
  return all;
}

// An unsteered text in which the words given by the wishes replace its own: about as varied as texts with these words can be, since
// the others need not fit them. Nothing where no word is given.
std::optional<std::string> written_over(const Guides& made, const SampledText& unsteered, const Run& run) {
  if (unsteered.tokens.empty()) return {};
  const auto own = static_cast<int64_t>(unsteered.tokens.size());
  const int64_t length = agreed_length(made, unsteered.index, run.packing->sequence_length(own, run.length));
  Sequence sequence = agreed_pins(made, unsteered.index, length);
  if (std::none_of(sequence.begin(), sequence.end(), [](Token token) { return token >= kSpecialTokens; })) return {};
  for (size_t at = 0; at < sequence.size(); ++at) {
    if (sequence[at] < 0) sequence[at] = unsteered.tokens[at % unsteered.tokens.size()];
  }
  return run.tokenizer->decode(run.packing->unpack(sequence));
}

struct Share {
  double fulfilled = 0;
  double judged = 0;
  double wholly = 0;  // texts that fulfil all
  double texts = 0;
  void add(std::optional<double> fulfilment) {
    judged += fulfilment ? 1 : 0;
    fulfilled += fulfilment.value_or(0);
    wholly += fulfilment.value_or(0) == 1 ? 1 : 0;
    texts += 1;
  }
};

// What all texts are measured with, steered or not.
struct Measure {
  const Config& config;
  const Judge* judge;  // null: none
  bool grammar;        // whether the grammar of the builtin corpus applies
};

std::map<std::string, MetricValue> measure(const std::vector<std::string>& texts, const Measure& by) {
  const TextSet samples = make_text_set(texts);
  const TextSet none;
  const MetricInput input = {samples, none, none, by.judge, 0, 500, nullptr};
  std::vector<std::string> wanted = {"distinct-2", "unigram_entropy"};
  if (by.judge != nullptr) wanted.emplace_back("judge_perplexity");
  if (by.grammar) wanted.emplace_back("grammatical");
  std::map<std::string, MetricValue> result;
  for (const auto& name : wanted) result[name] = metrics().make(name, by.config)->compute(input);
  return result;
}

// The state of one kind of task while its texts are made.
struct Gathered {
  std::vector<Share> steered;  // per target
  std::vector<Share> chance;
  std::vector<std::string> texts;
  std::vector<std::string> written_over;
  double seconds = 0;
  SteeringCost cost;  // of all texts
};

SteeringFigures figures_of(const std::string& kind, const Gathered& gathered, const Measure& by) {
  SteeringFigures figures;
  figures.kind = kind;
  figures.targets = gathered.steered.size();
  figures.texts = gathered.texts.size();
  std::vector<double> shares;
  std::vector<double> ones;
  double judged = 0;
  for (const auto& share : gathered.steered) {
    judged += share.judged;
    if (share.judged == 0) continue;
    shares.push_back(share.fulfilled / share.judged);
    ones.push_back(1);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  figures.judged = judged / std::max(1.0, static_cast<double>(figures.texts));
  figures.success = shares.empty() ? MetricValue{nan, nan, nan, nan} : bootstrap_ratio(shares, ones, {0, 1000}, {0, 1});
  Share chance;
  for (const auto& share : gathered.chance) {
    chance.fulfilled += share.fulfilled;
    chance.judged += share.judged;
    chance.wholly += share.wholly;
    chance.texts += share.texts;
  }
  figures.by_chance = chance.fulfilled / std::max(1.0, chance.judged);
  figures.wholly_by_chance = chance.wholly / std::max(1.0, chance.texts);
  figures.metrics = measure(gathered.texts, by);
  const double texts = std::max(1.0, static_cast<double>(figures.texts));
  figures.seconds = gathered.seconds / texts;
  figures.cost = {gathered.cost.network / texts, gathered.cost.guides / texts};
  return figures;
}

// A dash for an undefined figure.
std::string shown(double value, int decimals) { return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-"; }

// Seconds per text where unsteered texts are made until one fulfils the wishes by chance.
std::string by_rejection(const SteeringFigures& figures, double unsteered) {
  if (figures.wholly_by_chance > 0) return fmt::format("{:.2f}", unsteered / figures.wholly_by_chance);
  return fmt::format("> {:.0f}", unsteered * static_cast<double>(figures.texts));  // none of that many texts
}

Json to_json(const MetricValue& value) { return {{"value", value.value}, {"lower", value.lower}, {"upper", value.upper}}; }

Json to_json(const SteeringFigures& figures) {
  Json json = {{"kind", figures.kind},
               {"targets", figures.targets},
               {"texts", figures.texts},
               {"seconds_a_text", figures.seconds},
               {"network_evaluations", figures.cost.network},
               {"guide_evaluations", figures.cost.guides}};
  if (figures.targets > 0) {
    json["success"] = to_json(figures.success);
    json["judged"] = figures.judged;
    json["by_chance"] = figures.by_chance;
    json["wholly_by_chance"] = figures.wholly_by_chance;
  }
  for (const auto& [name, value] : figures.metrics) json["metrics"][name] = to_json(value);
  return json;
}

}  // namespace

SteeringReport evaluate_steering(Run& run, const SamplingOptions& sampling, const SteeringOptions& options,
                                 const SteeringPlan& plan, const TextRule& rule, const Judge* judge,
                                 const std::function<bool(size_t done, size_t count)>& progress) {
  GuideResources resources(run);
  std::vector<Guides> made;  // for their exact rules; throws for an impossible wish before any text is begun
  for (const auto& task : plan.tasks) {
    made.emplace_back();
    for (const auto& wish : task.wishes) {
      made.back().push_back(guides().make(wish.guide, run.config, {run, resources, wish.text, plan.seed}));
      if (rule.judges(wish.guide)) rule.fulfilment(wish, "");
    }
  }
  SteeringReport report;
  Gathered unsteered;
  std::vector<std::string> order;
  std::map<std::string, Gathered> gathered;
  for (size_t at = 0; at < plan.tasks.size(); ++at) {
    const SteeringTask& task = plan.tasks[at];
    if (!gathered.contains(task.kind)) order.push_back(task.kind);
    Gathered& own = gathered[task.kind];
    if (!progress(at, plan.tasks.size())) return {};
    SampleRequest request;
    request.count = plan.count;
    request.seed = plan.seed + at;
    auto start = std::chrono::steady_clock::now();
    const auto steered = steer(run, resources, sampling, options, task.wishes, request);
    own.seconds += seconds_since(start);
    Share share;
    for (const auto& text : steered) {
      report.texts.push_back({at, text.sample.text, fulfilment(task, made[at], text.sample, rule)});
      share.add(report.texts.back().fulfilment);
      own.texts.push_back(text.sample.text);
      own.cost.network += text.cost.network;
      own.cost.guides += text.cost.guides;
    }
    own.steered.push_back(share);
    start = std::chrono::steady_clock::now();
    const int64_t before = run.model->evaluations();
    const auto free = generate(run, sampling, request);
    unsteered.cost.network += static_cast<double>(run.model->evaluations() - before);
    unsteered.seconds += seconds_since(start);
    Share chance;
    for (const auto& sample : free) {
      chance.add(fulfilment(task, made[at], sample, rule));
      if (auto text = written_over(made[at], sample, run)) own.written_over.push_back(std::move(*text));
      unsteered.texts.push_back(sample.text);
    }
    own.chance.push_back(chance);
  }
  const Measure by = {run.config, judge, rule.reads_builtin()};
  report.unsteered = figures_of("unsteered", unsteered, by);
  for (const auto& kind : order) {
    report.kinds.push_back(figures_of(kind, gathered[kind], by));
    const size_t count = gathered[kind].texts.size();
    std::vector<std::string> as_many;
    for (size_t i = 0; i < count; ++i) as_many.push_back(unsteered.texts[i * unsteered.texts.size() / count]);
    report.kinds.back().unsteered = measure(as_many, by);
    if (!gathered[kind].written_over.empty()) report.kinds.back().written_over = measure(gathered[kind].written_over, by);
  }
  return report;
}

std::string steering_table(const SteeringReport& report) {
  const auto value = [](const std::map<std::string, MetricValue>& all, const std::string& name) {
    return all.contains(name) ? all.at(name).value : std::numeric_limits<double>::quiet_NaN();
  };
  const bool judged = report.unsteered.metrics.contains("judge_perplexity");
  const bool grammar = report.unsteered.metrics.contains("grammatical");
  std::string table = "| task | targets | texts | fulfilled | by chance | ";
  if (judged) table += "judge perplexity | × unsteered | ";
  if (grammar) table += "grammatical | ";
  table += "distinct-2 | × unsteered | evaluations per text | seconds per text | × unsteered | by rejection |\n";
  table += "|---|---|---|---|---|";
  table += std::string(judged ? "---|---|" : "") + (grammar ? "---|" : "") + "---|---|---|---|---|---|\n";
  // Fluency and variety, as they are and against the texts of `base`.
  using Metrics = std::map<std::string, MetricValue>;
  const auto measures = [&](const Metrics& own, const Metrics& base) {
    const auto ratio = [&](const std::string& name) { return value(own, name) / value(base, name); };
    std::string text;
    if (judged) text += fmt::format(" {} | {} |", shown(value(own, "judge_perplexity"), 2), shown(ratio("judge_perplexity"), 2));
    if (grammar) text += fmt::format(" {}% |", shown(100 * value(own, "grammatical"), 1));
    return text + fmt::format(" {} | {} |", shown(value(own, "distinct-2"), 3), shown(ratio("distinct-2"), 2));
  };
  const auto line = [&](const SteeringFigures& figures, bool steered) {
    std::string text = fmt::format("| {} | {} | {} |", figures.kind, steered ? std::to_string(figures.targets) : "", figures.texts);
    if (steered) {
      const std::string interval = std::isfinite(figures.success.value)
                                       ? fmt::format("{:.1f}% [{:.1f}, {:.1f}]", 100 * figures.success.value,
                                                     100 * figures.success.lower, 100 * figures.success.upper)
                                       : "-";
      text += fmt::format(" {}{} | {:.1f}% |", interval,
                          figures.judged < 0.9995 ? fmt::format(" of {:.0f}% judged", 100 * figures.judged) : "",
                          100 * figures.by_chance);
    } else {
      text += " | |";
    }
    const SteeringCost& cost = figures.cost;
    text += measures(figures.metrics, steered ? figures.unsteered : figures.metrics);
    text += fmt::format(" {:.0f}{} | {:.4f} | {:.2f} | {} |\n", cost.network,
                        cost.guides > 0 ? fmt::format(" + {:.0f}", cost.guides) : "", figures.seconds,
                        figures.seconds / report.unsteered.seconds, steered ? by_rejection(figures, report.unsteered.seconds) : "");
    if (!figures.written_over.empty()) {
      text += fmt::format("| {}: given words written over unsteered texts | | | | |{} | | | |\n", figures.kind,
                          measures(figures.written_over, figures.unsteered));
    }
    return text;
  };
  table += line(report.unsteered, false);
  for (const auto& figures : report.kinds) table += line(figures, true);
  return table;
}

Json steering_json(const SteeringReport& report, const SteeringPlan& plan) {
  Json json = {{"format", "difflm control evaluation 1"}, {"texts_a_task", plan.count}, {"seed", plan.seed}};
  json["unsteered"] = to_json(report.unsteered);
  json["kinds"] = Json::array();
  for (const auto& figures : report.kinds) {
    json["kinds"].push_back(to_json(figures));
    for (const auto& [name, value] : figures.unsteered) json["kinds"].back()["unsteered"][name] = to_json(value);
    for (const auto& [name, value] : figures.written_over) json["kinds"].back()["written_over"][name] = to_json(value);
  }
  json["tasks"] = Json::array();
  for (const auto& task : plan.tasks) {
    Json wishes = Json::array();
    for (const auto& wish : task.wishes) wishes.push_back({{"guide", wish.guide}, {"wish", wish.text}});
    json["tasks"].push_back({{"kind", task.kind}, {"wishes", wishes}});
  }
  return json;
}

std::string steering_texts(const SteeringReport& report, const SteeringPlan& plan) {
  std::string lines;
  for (const auto& text : report.texts) {
    Json wishes = Json::array();
    for (const auto& wish : plan.tasks[text.task].wishes) wishes.push_back({{"guide", wish.guide}, {"wish", wish.text}});
    const Json line = {{"task", text.task},
                       {"text", text.text},
                       {"fulfilled", text.fulfilment ? Json(*text.fulfilment) : Json(nullptr)},
                       {"wishes", wishes}};
    lines += to_text_replacing(line) + "\n";
  }
  return lines;
}

}  // namespace difflm
