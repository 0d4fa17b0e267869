#include "difflm/cli/sample_overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "difflm/core/error.h"
#include "difflm/model/runtime.h"
#include "difflm/settings/catalogue.h"

namespace difflm {

void SampleOverrides::add_to(CLI::App& verb) {
  verb.add_option("--steps", steps_, "denoising steps");
  verb.add_option("-T,--temperature,--temp", temperature_, "below 1 is safer and less varied");
  verb.add_option("--sampler", sampler_, "ddpm, ddim or dpm-solver++");
  verb.add_option("--clamp", clamp_, "off or always");
  verb.add_option("--rounding", rounding_,
                  "decode by another rule: cosine, nearest, or mixed (with sampling.mixed.autoregressive)");
  verb.add_option("-t,--threads", threads_, "CPU threads");
  verb.add_option("--set", words_, "any key=value of the sections sampling, control, runtime and evaluation");
}

Config SampleOverrides::configuration() const {
  Config config;
  for (const auto& word : words_) config.read_override(word);
  return config;
}

SamplingOptions SampleOverrides::apply(Run& run) const {
  const auto set = [&](const std::string& key, ConfigValue::Data value) {
    run.config.set(key, {std::move(value), "command line"});
  };
  if (steps_) set("sampling.steps", *steps_);
  if (temperature_) set("sampling.temperature", *temperature_);
  if (sampler_) set("sampling.sampler", *sampler_);
  if (clamp_) set("sampling.clamp", *clamp_);
  if (rounding_) set("sampling.rounding", *rounding_);
  if (threads_) set("runtime.threads", *threads_);
  for (const auto& word : words_) {
    // The rest of the configuration made the model; it cannot change any more.
    static constexpr std::array<std::string_view, 4> kFree = {"sampling.", "control.", "runtime.", "evaluation."};
    if (std::none_of(kFree.begin(), kFree.end(), [&](std::string_view start) { return word.starts_with(start); })) {
      throw usage_error("--set", fmt::format("cannot change '{}' of a trained run", word.substr(0, word.find('='))),
                        "only keys of the sections sampling, control, runtime and evaluation can be set");
    }
    run.config.read_override(word);
  }
  run.config = resolve(run.config);
  use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *run.model);
  return read_options<SamplingOptions>(run.config, "sampling");
}

}  // namespace difflm
