#include "difflm/cli/sample_overrides.h"

#include <fmt/format.h>

#include "difflm/cli/configuration.h"
#include "difflm/core/error.h"

namespace difflm {

void SampleOverrides::add_to(CLI::App& verb) {
  verb.add_option("--steps", steps_, "denoising steps");
  verb.add_option("-T,--temperature,--temp", temperature_, "below 1 is safer and less varied");
  verb.add_option("--sampler", sampler_, "ddpm, ddim or dpm-solver++");
  verb.add_option("--clamp", clamp_, "off or always");
  verb.add_option("--rounding", rounding_,
                  "decode by another rule: cosine, nearest, or mixed (with sampling.mixed.autoregressive)");
  verb.add_option("-t,--threads", threads_, "CPU threads");
  verb.add_option("--set", set_, "any key=value of the sections sampling, control, runtime and evaluation")
      ->allow_extra_args(false)  // what follows may be the run
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* SampleOverrides::add_run_to(CLI::App& verb, std::string& run, const std::string& help) {
  const auto sort = [this, &run](const std::vector<std::string>& words) {
    for (const auto& word : words) {
      if (is_setting(word)) {
        words_.push_back(word);
      } else if (run.empty()) {
        run = word;
      } else {
        throw usage_error("command line", fmt::format("'{}' is not expected after the run folder {}", word, run),
                          "a setting is key=value; texts with spaces need quotes");
      }
    }
  };
  return verb.add_option_function<std::vector<std::string>>("run", sort, help);
}

std::vector<std::string> SampleOverrides::settings() const {
  std::vector<std::string> settings;
  const auto add = [&](const std::string& key, const auto& value) {
    if (value) settings.push_back(fmt::format("{}={}", key, *value));
  };
  add("sampling.steps", steps_);
  add("sampling.temperature", temperature_);
  add("sampling.sampler", sampler_);
  add("sampling.clamp", clamp_);
  add("sampling.rounding", rounding_);
  add("runtime.threads", threads_);
  for (const auto* given : {&words_, &set_}) settings.insert(settings.end(), given->begin(), given->end());
  return settings;
}

}  // namespace difflm
