// The sampling options of a command line, which replace those of a run.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace difflm {

class SampleOverrides {
 public:
  void add_to(CLI::App& verb);

  // The positional words of a verb: its run folder, before or after the options, and among them what --set may take.
  CLI::Option* add_run_to(CLI::App& verb, std::string& run, const std::string& help);

  // What was given, as "key=value"; --set wins over the separate flags.
  std::vector<std::string> settings() const;

 private:
  std::optional<int64_t> steps_;
  std::optional<double> temperature_;
  std::optional<std::string> sampler_;
  std::optional<std::string> clamp_;
  std::optional<std::string> rounding_;
  std::optional<int64_t> threads_;
  std::vector<std::string> set_;    // by --set
  std::vector<std::string> words_;  // among the positional words
};

}  // namespace difflm
