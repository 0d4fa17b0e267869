// What is trained, where, and on what.
#pragma once

#include <memory>
#include <string>

#include "difflm/data/packing.h"
#include "difflm/data/prepared.h"
#include "difflm/model/language_model.h"

namespace difflm {

struct TrainJob {
  std::string folder;  // holds config.toml, tokenizer.json, data.json already (run_setup.h)
  Config config;
  std::shared_ptr<LanguageModel> model;
  std::shared_ptr<Packing> packing;
  PreparedData data;
};

}  // namespace difflm
