#include "difflm/comparison/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace difflm {
namespace {

constexpr double kLevel = 0.05;

bool has(const Choice& choice, const Choice& part) {
  return std::all_of(part.begin(), part.end(),
                     [&](const auto& one) { return std::find(choice.begin(), choice.end(), one) != choice.end(); });
}

// What is left of a choice without the axes of `part`.
Choice others(const Choice& choice, const Choice& part) {
  Choice rest;
  for (const auto& one : choice) {
    if (std::none_of(part.begin(), part.end(), [&](const auto& of) { return of.first == one.first; })) rest.push_back(one);
  }
  return rest;
}

// The sampling setting that a choice names (empty: none) and the rest of it.
std::pair<std::string, Choice> without_setting(const Choice& choice) {
  std::pair<std::string, Choice> parts;
  for (const auto& one : choice) {
    if (one.first == kSampling) {
      parts.first = one.second;
    } else {
      parts.second.push_back(one);
    }
  }
  return parts;
}

struct Side {
  double compared = 0;
  double metric = 0;
  double held_out = 0;
};

// Nothing where a sampling setting is missing: half a side would be compared with a whole one.
std::optional<Side> side_of(const RunResult& run, const std::string& metric, const std::string& setting,
                            const Experiment& experiment, bool to_held_out) {
  Side side;
  double count = 0;
  for (const auto& sampling : experiment.samplings) {
    if (!setting.empty() && setting != sampling.name) continue;
    const auto found = run.evaluations.find(sampling.name);
    if (found == run.evaluations.end()) return std::nullopt;
    const double own = Results::value(found->second, "samples", metric);
    const double held_out = Results::value(found->second, "held-out", metric);
    if (!std::isfinite(own) || (to_held_out && !std::isfinite(held_out))) return std::nullopt;
    side.metric += own;
    side.held_out += held_out;
    side.compared += to_held_out ? std::abs(own - held_out) : own;
    ++count;
  }
  return Side{side.compared / count, side.metric / count, side.held_out / count};
}

enum class Better { lower, higher, held_out, unknown };

Better better_of(const Results& results, const std::string& metric) {
  const auto* evaluation = results.any_evaluation();
  if (evaluation == nullptr || !evaluation->contains("higher_is_better")) return Better::unknown;
  const auto& directions = evaluation->at("higher_is_better").at("samples");
  if (!directions.contains(metric)) return Better::unknown;
  if (directions[metric].is_null()) return Better::held_out;
  return directions[metric].get<bool>() ? Better::higher : Better::lower;
}

std::string sentence_of(const Verdict& verdict, Better better) {
  const auto& difference = verdict.difference;
  const std::string first = text_of(verdict.contrast.first);
  const std::string second = text_of(verdict.contrast.second);
  if (verdict.outcome == Verdict::Outcome::no_answer) {
    if (better == Better::unknown)
      return fmt::format("No answer for {} against {}: no evaluation has the metric {}.", first, second, verdict.contrast.metric);
    return fmt::format("No answer yet for {} against {}: {} finished pairs of seeds, and at least 2 are needed.", first, second,
                       difference.pairs);
  }
  const std::string direction = better == Better::lower ? "lower is better"
                                : better == Better::higher
                                    ? "higher is better"
                                    : fmt::format("held-out text has {:.4g}, nearer is better", verdict.held_out);
  const std::string what = verdict.to_held_out ? "difference of the distances to it" : "difference";
  const std::string figures = fmt::format(
      "{:.4g} against {:.4g} ({}); {} {:+.4g}, 95% interval {:+.4g} to {:+.4g} over {} seeds, p = {:.2g}{}, d = {:.2g}",
      verdict.first, verdict.second, direction, what, difference.mean, difference.lower, difference.upper, difference.pairs,
      verdict.p_corrected, verdict.p_corrected == difference.p ? "" : " corrected", difference.effect);
  switch (verdict.outcome) {
    case Verdict::Outcome::first_better:
      return fmt::format("{} beats {} in {}: {}.", first, second, verdict.contrast.metric, figures);
    case Verdict::Outcome::second_better:
      return fmt::format("{} is worse than {} in {}: {}.", first, second, verdict.contrast.metric, figures);
    default:
      return fmt::format("No difference shown between {} and {} in {}: {}.", first, second, verdict.contrast.metric, figures);
  }
}

Verdict compare(const Results& results, const Contrast& contrast, Better better) {
  Verdict verdict;
  verdict.contrast = contrast;
  verdict.to_held_out = better == Better::held_out;
  if (better == Better::unknown) return verdict;

  using Key = std::pair<int64_t, Choice>;  // seed, the other axes
  std::map<Key, Side> of_first;
  std::map<Key, Side> of_second;
  for (const auto& run : results.runs) {
    // A run is on both sides where the contrast is one of sampling settings alone.
    const auto put = [&](const Choice& side_choice, std::map<Key, Side>& sides) {
      const auto [setting, choice] = without_setting(side_choice);
      if (!has(run.run.choice, choice)) return;
      const auto side = side_of(run, contrast.metric, setting, results.plan.experiment, verdict.to_held_out);
      if (side) sides[{run.run.seed, others(run.run.choice, choice)}] = *side;
    };
    put(contrast.first, of_first);
    put(contrast.second, of_second);
  }

  struct Seed {
    Side first;
    Side second;
    double count = 0;
  };
  std::map<int64_t, Seed> seeds;
  for (const auto& [key, first] : of_first) {
    const auto second = of_second.find(key);
    if (second == of_second.end()) continue;
    Seed& seed = seeds[key.first];
    const auto add = [](Side& sum, const Side& side) {
      sum.compared += side.compared;
      sum.metric += side.metric;
      sum.held_out += side.held_out;
    };
    add(seed.first, first);
    add(seed.second, second->second);
    ++seed.count;
  }
  std::vector<double> first;
  std::vector<double> second;
  const auto pairs = static_cast<double>(seeds.size());
  for (const auto& [number, seed] : seeds) {
    first.push_back(seed.first.compared / seed.count);
    second.push_back(seed.second.compared / seed.count);
    verdict.first += seed.first.metric / seed.count / pairs;
    verdict.second += seed.second.metric / seed.count / pairs;
    verdict.held_out += (seed.first.held_out + seed.second.held_out) / 2 / seed.count / pairs;
  }
  verdict.difference.pairs = static_cast<int64_t>(seeds.size());
  if (seeds.size() < 2) return verdict;
  verdict.difference = paired_difference(first, second);
  verdict.outcome = Verdict::Outcome::no_difference;
  return verdict;
}

}  // namespace

std::vector<Verdict> verdicts(const Results& results) {
  std::vector<Verdict> all;
  std::vector<double> p_values;
  for (const auto& contrast : results.plan.experiment.contrasts) {
    all.push_back(compare(results, contrast, better_of(results, contrast.metric)));
    // A contrast without an answer counts too: it was asked.
    p_values.push_back(all.back().difference.p);
  }
  const auto corrected = holm(p_values);
  for (size_t i = 0; i < all.size(); ++i) {
    Verdict& verdict = all[i];
    const Better better = better_of(results, verdict.contrast.metric);
    verdict.p_corrected = corrected[i];
    if (verdict.outcome == Verdict::Outcome::no_difference && verdict.p_corrected < kLevel) {
      const bool first_lower = verdict.difference.mean < 0;
      verdict.outcome =
          first_lower == (better != Better::higher) ? Verdict::Outcome::first_better : Verdict::Outcome::second_better;
    }
    verdict.sentence = sentence_of(verdict, better);
  }
  return all;
}

}  // namespace difflm
