#include "difflm/api/facts.h"

#include "difflm/api/guarded.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/reader.h"

namespace difflm {

Facts facts_of(const Run& run) {
  Facts facts;
  facts.folder = run.folder;
  facts.kind = run.model->kind();
  facts.parameters = run.model->parameter_count();
  facts.vocabulary = run.tokenizer->size();
  facts.tokenizer = run.tokenizer->kind();
  facts.longest = run.length;
  facts.weights = run.weights;
  facts.steps = run.progress.step;
  facts.seconds = run.progress.seconds;
  facts.tokens = run.progress.tokens;
  facts.best_loss = run.progress.best_loss;
  facts.best_step = run.progress.best_step;
  facts.finished = run.progress.finished;
  facts.corpus_hash = run.corpus.hash;
  const ModelKind& kind = model_kind(facts.kind);
  if (!kind.writes) facts.base = read_options<ReaderOptions>(run.config, "model." + kind.name).base;
  facts.guide = kind.guide;
  facts.wish = kind.wish;
  facts.configuration = run.config.to_toml();
  return facts;
}

Facts describe(const std::string& folder) {
  return guarded([&] { return facts_of(open_run(folder)); });
}

}  // namespace difflm
