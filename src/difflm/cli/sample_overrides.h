// The sampling options of a command line, over those of a run's configuration.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <optional>
#include <string>
#include <vector>

#include "difflm/sampling/generate.h"

namespace difflm {

class SampleOverrides {
 public:
  SampleOverrides() = default;
  explicit SampleOverrides(std::vector<std::string> words) : words_(std::move(words)) {}  // as --set takes them

  void add_to(CLI::App& verb);

  // What was given by --set, alone.
  Config configuration() const;

  // The run's sampling options with what was given; also sets threads, device and precision of the run.
  SamplingOptions apply(Run& run) const;

 private:
  std::optional<int64_t> steps_;
  std::optional<double> temperature_;
  std::optional<std::string> sampler_;
  std::optional<std::string> clamp_;
  std::optional<std::string> rounding_;
  std::optional<int64_t> threads_;
  std::vector<std::string> words_;
};

}  // namespace difflm
