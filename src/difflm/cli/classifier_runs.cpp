#include "difflm/cli/classifier_runs.h"

namespace difflm {

void ClassifierRuns::add_to(CLI::App& verb) {
  verb.add_option("--classifier", attributes, "for attributes: the run folder of the model's classifier");
  verb.add_option("--span-classifier", spans, "for spans and trees: the run folder of the model's span classifier");
}

void ClassifierRuns::apply(Run& run) const {
  if (!attributes.empty()) run.config.set("control.attribute.classifier", {attributes, "--classifier"});
  if (spans.empty()) return;
  run.config.set("control.span.classifier", {spans, "--span-classifier"});
  run.config.set("control.tree.classifier", {spans, "--span-classifier"});
}

}  // namespace difflm
