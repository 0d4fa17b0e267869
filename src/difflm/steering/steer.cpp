#include "difflm/steering/steer.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "difflm/model/model_as.h"
#include "difflm/model/writer.h"
#include "difflm/steering/guided_steering.h"
#include "difflm/steering/minimum_bayes_risk.h"

namespace difflm {
namespace {

Guides make_guides(const Run& run, GuideResources& resources, const std::vector<WishSpec>& wishes, uint64_t seed) {
  Guides result;
  for (const auto& wish : wishes) result.push_back(guides().make(wish.guide, run.config, {run, resources, wish.text, seed}));
  return result;
}

// Those of `wishes`, each with its guide in `made`, that a text has from the start and that no step can change.
std::vector<WishSpec> lasting(const std::vector<WishSpec>& wishes, const Guides& made) {
  std::vector<WishSpec> result;
  for (size_t at = 0; at < wishes.size(); ++at) {
    if (!made[at]->has_energy()) result.push_back(wishes[at]);
  }
  return result;
}

// Throws a usage error for a model that cannot be steered at all, or not by these wishes.
void check_steerable(const Run& run, const Guides& made) {
  if (!model_as<Writer>(run.model, run.folder)->writes_word_by_word()) return;
  if (std::none_of(made.begin(), made.end(), [](const auto& wish) { return wish->needs_whole_texts(); })) return;
  throw usage_error(run.folder,
                    fmt::format("holds a model of kind {}, which writes word by word; only a diffusion model can be steered so",
                                run.model->kind()),
                    "it follows the wishes `begin`, `label` and `fudge`");
}

std::optional<double> value_at(const Tensor& values, size_t row) {
  if (!values.defined()) return {};
  return values.data_ptr<double>()[row];
}

// Throws a usage error where a program has no say: nothing is chosen, and nothing corrected.
void check_choice(const Run& run, const SamplingOptions& sampling, const SteeringOptions& options, const Guides& made) {
  const bool rated = std::any_of(made.begin(), made.end(), [](const auto& wish) { return wish->rates_texts(); });
  const bool corrects = !model_as<Writer>(run.model, run.folder)->writes_word_by_word() && sampling.corrections > 0;
  if (rated && options.candidates == 1 && !corrects) {
    throw usage_error("reward", "has nothing to choose from", "ask for several texts each: control.candidates=8");
  }
}

// Which of the candidates for one text is best; see steer.h.
size_t best_of(const std::vector<SteeredSample>& candidates, const Guides& guides) {
  std::vector<Sequence> tokens;
  for (const auto& candidate : candidates) tokens.push_back(candidate.sample.tokens);
  const auto agreed = agreement(tokens);
  const auto merit = [&](size_t at) {
    int64_t fulfilled = 0;
    double probability = 0;
    for (size_t wish = 0; wish < guides.size(); ++wish) {
      const WishOutcome& outcome = candidates[at].outcomes[wish];
      fulfilled += outcome.fulfilled.value_or(false) ? 1 : 0;
      probability += outcome.log_probability.value_or(0) + guides[wish]->strength().weight * outcome.rating.value_or(0);
    }
    return std::tuple(fulfilled, probability, agreed[at]);
  };
  size_t best = 0;
  for (size_t at = 1; at < candidates.size(); ++at) best = merit(at) > merit(best) ? at : best;
  return best;
}

}  // namespace

void SteeringOptions::describe(OptionVisitor& visitor) {
  visitor.choice("rule", rule, "how wishes guide a text while it is sampled", update_rules().names());
  visitor.field("temperature", temperature, "factor on the sampling temperature of all open tokens while a rule adds to the logits",
                {0.1, 10});
  visitor.field("candidates", candidates, "number of samples from which each text is chosen as the best", {1, 1e4});
}

void use_classifiers(Config& config, const ClassifierFolders& folders) {
  const auto use = [&](const std::string& guide, const std::string& folder, const std::string& origin) {
    if (!folder.empty()) config.set("control." + guide + ".classifier", {folder, origin});
  };
  use("attribute", folders.attributes, "classifier");
  use("span", folders.spans, "span classifier");
  use("tree", folders.spans, "span classifier");
  use("fudge", folders.prefixes, "prefix classifier");
}

std::vector<SteeredSample> steer(Run& run, GuideResources& resources, const SamplingOptions& sampling,
                                 const SteeringOptions& options, const std::vector<WishSpec>& wishes, const SampleRequest& request,
                                 const SteeringEvents& events) {
  if (wishes.empty() && !events.may_change) {
    throw usage_error("wishes", "there are none", "say what the text should be like, for instance keywords");
  }
  check_steerable(run, {});  // before any guide reads what such a model may lack
  Guides made = make_guides(run, resources, wishes, request.seed);
  check_steerable(run, made);
  check_choice(run, sampling, options, made);
  std::vector<double> lengths;
  if (run.packing->frame() == Frame::whole) lengths = length_weights(made, resources, run.length);
  auto rule = pulls(made) ? update_rules().make(options.rule, run.config, run) : nullptr;
  GuidedSteering steering(std::move(made), std::move(rule), options.temperature, std::move(lengths),
                          run.packing->frame() == Frame::whole, run.length, request.seed);
  const auto at_first = lasting(wishes, steering.guides());
  const std::function<void(const std::vector<WishSpec>&)> change = [&](const std::vector<WishSpec>& wanted) {
    Guides others = make_guides(run, resources, wanted, request.seed);
    check_steerable(run, others);
    if (lasting(wanted, others) != at_first) {
      throw usage_error("wishes", "have one that a text must have from the start, or lack one that it was begun with",
                        "while a text is written, only wishes that pull at its words can come and go, such as keywords");
    }
    auto other_rule = pulls(others) ? update_rules().make(options.rule, run.config, run) : nullptr;
    if (other_rule && !other_rule->guides_logits()) {
      throw usage_error("control.rule", fmt::format("'{}' moves latents, expected posterior while wishes change", options.rule));
    }
    steering.replace(std::move(others), std::move(other_rule));
  };
  std::map<int64_t, std::vector<std::optional<double>>> seen;     // sample -> log p of each wish
  std::map<int64_t, std::vector<std::optional<double>>> ratings;  // the same of the wishes that rate texts
  SampleEvents inner;
  inner.on_step = [&](const SampleStep& step) {
    SteeredSampleStep view = {step, {}, change};
    for (size_t row = 0; row < step.samples.size(); ++row) {
      view.log_probabilities.emplace_back();
      for (const auto& values : steering.log_probabilities()) view.log_probabilities.back().push_back(value_at(values, row));
    }
    if (step.index + 1 == step.count) {
      for (size_t row = 0; row < step.samples.size(); ++row) seen[step.samples[row]] = view.log_probabilities[row];
    }
    return !events.on_step || events.on_step(view);
  };
  int64_t finished = 0;  // candidates
  inner.on_batch = [&](int64_t done, int64_t) {
    finished = done;
    if (events.on_batch) events.on_batch(done / options.candidates, request.count);
  };
  inner.on_finished = [&](const std::vector<SampledText>& batch) {
    std::vector<std::string> texts;
    for (const auto& text : batch) texts.push_back(text.text);
    for (const auto& text : batch) ratings[text.index].resize(steering.guides().size());
    for (size_t at = 0; at < steering.guides().size(); ++at) {
      if (!steering.guides()[at]->rates_texts()) continue;
      const auto of_wish = steering.guides()[at]->rate(texts);
      for (size_t row = 0; row < batch.size(); ++row) ratings[batch[row].index][at] = of_wish[row];
    }
  };

  const auto guide_evaluations = [&] {
    int64_t sum = resources.evaluations();
    for (const auto& wish : steering.guides()) sum += wish->own_evaluations();
    return sum;
  };
  const int64_t network_before = run.model->evaluations();
  const int64_t guides_before = guide_evaluations();
  const auto cost_of = [&](double texts) {
    return SteeringCost{static_cast<double>(run.model->evaluations() - network_before) / texts,
                        static_cast<double>(guide_evaluations() - guides_before) / texts};
  };
  std::map<int64_t, std::vector<SteeredSample>> candidates;  // of each text; after a stop some are missing
  const auto add = [&](SampledText sample) {
    SteeredSample text = {std::move(sample), {}, {}};
    for (size_t at = 0; at < steering.guides().size(); ++at) {
      const auto known = [&](const std::vector<std::optional<double>>& of_wishes) {
        return at < of_wishes.size() ? of_wishes[at] : std::optional<double>();
      };
      text.outcomes.push_back({steering.guides()[at]->is_fulfilled(text.sample.tokens), known(seen[text.sample.index]),
                               known(ratings[text.sample.index])});
    }
    seen.erase(text.sample.index);
    ratings.erase(text.sample.index);
    const int64_t index = text.sample.index / options.candidates;
    text.sample.index = index;
    candidates[index].push_back(std::move(text));
    return index;
  };
  if (events.on_text) {
    inner.on_text = [&](SampledText sample) {
      const int64_t index = add(std::move(sample));
      auto& of_text = candidates.at(index);
      if (static_cast<int64_t>(of_text.size()) < options.candidates) return;
      SteeredSample text = std::move(of_text[best_of(of_text, steering.guides())]);
      text.cost = cost_of(static_cast<double>(finished) / static_cast<double>(options.candidates));
      candidates.erase(index);
      events.on_text(std::move(text));
    };
  }
  SampleRequest all = request;
  all.count = request.count * options.candidates;
  for (auto& sample : generate(run, sampling, all, inner, &steering)) add(std::move(sample));
  std::vector<SteeredSample> best;
  for (auto& [index, of_text] : candidates) best.push_back(std::move(of_text[best_of(of_text, steering.guides())]));
  const SteeringCost cost = cost_of(static_cast<double>(std::max<size_t>(1, best.size())));
  for (auto& text : best) text.cost = cost;
  return best;
}

}  // namespace difflm
