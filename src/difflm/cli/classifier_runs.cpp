#include "difflm/cli/classifier_runs.h"

namespace difflm {

void ClassifierRuns::add_to(CLI::App& verb) {
  verb.add_option("--classifier", attributes, "for attributes: the run folder of the model's classifier");
  verb.add_option("--span-classifier", spans, "for spans and trees: the run folder of the model's span classifier");
  verb.add_option("--prefix-classifier", prefixes, "for --fudge: the run folder of the autoregressive model's prefix classifier");
}

}  // namespace difflm
