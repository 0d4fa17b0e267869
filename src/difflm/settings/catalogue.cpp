#include "difflm/settings/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/data/packing.h"
#include "difflm/data/prepared.h"
#include "difflm/diffusion/noise_process.h"
#include "difflm/diffusion/time_sampling.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/removed_options.h"
#include "difflm/nn/position.h"
#include "difflm/sampling/generate.h"
#include "difflm/sampling/mixed_decoder.h"
#include "difflm/sampling/order.h"
#include "difflm/sampling/sampler.h"
#include "difflm/steering/steer.h"
#include "difflm/steering/update_rule.h"
#include "difflm/training/diffusion_objective.h"
#include "difflm/training/optimizer.h"
#include "difflm/training/trainer.h"

namespace difflm {
namespace {

struct Section {
  SectionInfo info;
  std::function<void(const Config&, Config&)> resolve;
};

template <class Options>
Section section(const std::string& name, const std::string& help) {
  return {{name, help, list_options<Options>(name)},
          [name](const Config& config, Config& resolved) { write_options(read_options<Options>(config, name), name, resolved); }};
}

std::vector<Section> sections() {
  return {
      section<DataOptions>("data", "the corpus and how it becomes sequences"),
      section<KindOptions>("model", "the kind of language model"),
      section<LabelOptions>("model", "the labels that a writing model is conditioned on"),
      section<DiffusionModelOptions>("model", "the parts of a diffusion model"),
      section<NoiseOptions>("noise", "the forward process"),
      section<ObjectiveOptions>("loss", "the objective of a diffusion model"),
      section<TrainOptions>("train", "budget, batches, logging"),
      section<OptimizerOptions>("train", "the optimiser"),
      section<RuntimeOptions>("runtime", "where it runs"),
      section<SamplingOptions>("sampling", "how texts are drawn"),
      section<MixedOptions>("sampling.mixed", "how texts are written with an autoregressive model (sampling.rounding=mixed)"),
      section<SteeringOptions>("control", "how texts are steered"),
      section<EvaluationOptions>("evaluation", "how texts are judged"),
  };
}

std::vector<std::string> chosen_names(const ConfigValue* value) {
  if (value == nullptr) return {};
  if (const auto* one = std::get_if<std::string>(&value->data)) return {*one};
  if (const auto* several = std::get_if<std::vector<std::string>>(&value->data)) return *several;
  return {};
}

}  // namespace

std::vector<FamilyInfo> all_families() {
  return {corpora().info(),         tokenizers().info(),       packings().info(),        long_texts().info(),
          language_models().info(), embedding_spaces().info(), noise_processes().info(), schedules().info(),
          time_samplings().info(),  parametrisations().info(), denoisers().info(),       positions().info(),
          roundings().info(),       loss_terms().info(),       learning_rates().info(),  trackers().info(),
          samplers().info(),        reveal_orders().info(),    guides().info(),          update_rules().info(),
          metrics().info()};
}

std::vector<SectionInfo> all_sections() {
  std::vector<SectionInfo> result;
  for (auto& entry : sections()) result.push_back(std::move(entry.info));
  return result;
}

Config resolve(const Config& asked) {
  const Config config = without_removed_options(asked);
  std::vector<std::string> known;
  for (const auto& entry : sections()) {
    for (const auto& option : entry.info.options) known.push_back(option.key);
  }
  for (const auto& family : all_families()) {
    for (const auto& variant : family.variants) {
      for (const auto& option : variant.list(family.section(variant.name))) known.push_back(option.key);
    }
  }
  for (const auto& [key, value] : config.values()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const std::string nearest = nearest_name(key, known);
      throw usage_error(value.origin, fmt::format("unknown key '{}'", key),
                        nearest.empty() ? "`catalogue` shows all keys" : fmt::format("did you mean '{}'?", nearest));
    }
  }
  Config resolved;
  for (const auto& entry : sections()) entry.resolve(config, resolved);
  for (const auto& family : all_families()) {
    const auto chosen = chosen_names(resolved.find(family.key));
    for (const auto& name : chosen) {
      const bool is_auto = name == "auto" && family.key == "data.corpus";
      const auto names = family.names();
      if (!is_auto && std::find(names.begin(), names.end(), name) == names.end()) {
        const auto* given = config.find(family.key);
        throw usage_error((given == nullptr ? "" : given->origin + ": ") + family.key, fmt::format("'{}' is unknown", name),
                          suggestion(name, names));
      }
    }
    for (const auto& variant : family.variants) {
      const std::string section = family.section(variant.name);
      const Config options = variant.resolve(config, section);  // checks types even of options that are not in use
      const bool used = std::find(chosen.begin(), chosen.end(), variant.name) != chosen.end();
      for (const auto& [key, value] : options.values()) {
        if (used || config.find(key) != nullptr) resolved.set(key, value);
      }
    }
  }
  // With data.corpus = "auto" the reader is chosen by the files; options given for any reader are kept.
  return resolved;
}

}  // namespace difflm
