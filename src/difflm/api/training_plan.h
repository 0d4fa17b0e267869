// From a training request to a folder and a configuration. Where the request names texts, the recipe is fitted to them; where the
// folder holds the run already, its own configuration goes on, and nothing is chosen again.
#pragma once

#include <optional>
#include <string>

#include "difflm/api/piped_text.h"
#include "difflm/core/config.h"
#include "difflm/difflm.h"

namespace difflm {

class TrainingPlan {
 public:
  // Reads and checks everything, and looks at the texts; writes nothing.
  explicit TrainingPlan(const TrainRequest& request);

  const std::string& folder() const { return folder_; }
  const std::string& place() const { return place_; }  // a line about the folder, where the request named none
  const Config& config() const { return config_; }     // resolved
  const std::optional<Inspection>& inspection() const { return inspection_; }  // where the recipe was fitted

  // Into the folder, which is there and locked: chosen.toml and the text from standard input.
  void write() const;

 private:
  Config asked_in(const std::string& folder) const;
  std::string difference(const std::string& folder) const;
  void find_folder(const TrainRequest& request);

  // What the run `start` has learned needs its network, noise, vocabulary and length, unless others are asked for. Its dropout
  // fitted other texts.
  void take_network_of(const std::string& start);

  PipedText piped_;
  bool has_texts_;
  Config asked_;  // without the texts
  std::string folder_;
  std::string place_;
  Config config_;
  std::optional<Inspection> inspection_;
};

}  // namespace difflm
