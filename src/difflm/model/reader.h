// A model that reads the texts of another run's model, its base, and steers that model by what it has read. It has the vocabulary
// and the texts of its base, and is trained on these texts.
#pragma once

#include <string>

#include "difflm/core/options.h"
#include "difflm/model/language_model.h"

namespace difflm {

struct Run;

// The first options of every kind that reads, in section model.<kind>.
struct ReaderOptions {
  std::string base;
  void describe(OptionVisitor& visitor) { visitor.field("base", base, "the run folder of the model whose texts it reads"); }
};

class Reader : public LanguageModel {
 public:
  // A class that reads names the class of its base: using Base = DiffusionModel;

  // The run folder of its base.
  virtual std::string base_folder() const = 0;

  // Gets ready to steer the model of `steered`, which is of the base's class and has its vocabulary: on its device, with its
  // threads. Throws a usage error, for `option`, where it can steer only its base and this is another model.
  virtual void prepare_to_steer(const Run& steered, const std::string& option) = 0;
};

}  // namespace difflm
