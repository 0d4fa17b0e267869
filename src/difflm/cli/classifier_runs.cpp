#include "difflm/cli/classifier_runs.h"

namespace difflm {

void add_classifiers(CLI::App& verb, Classifiers& classifiers) {
  verb.add_option("--classifier", classifiers.classifier, "for attributes: the run folder of the model's classifier");
  verb.add_option("--span-classifier", classifiers.span_classifier,
                  "for spans and trees: the run folder of the model's span classifier");
  verb.add_option("--prefix-classifier", classifiers.prefix_classifier,
                  "for --fudge: the run folder of the autoregressive model's prefix classifier");
}

}  // namespace difflm
