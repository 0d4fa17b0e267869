#include "difflm/api/model_info.h"

#include "difflm/api/guarded.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/reader.h"

namespace difflm {

ModelInfo info_of(const Run& run) {
  ModelInfo info;
  info.folder = run.folder;
  info.kind = run.model->kind();
  info.parameters = run.model->parameter_count();
  info.vocabulary = run.tokenizer->size();
  info.tokenizer = run.tokenizer->kind();
  info.longest = run.length;
  info.weights = run.weights;
  info.steps = run.progress.step;
  info.seconds = run.progress.seconds;
  info.tokens = run.progress.tokens;
  info.best_loss = run.progress.best_loss;
  info.best_step = run.progress.best_step;
  info.finished = run.progress.finished;
  info.corpus_hash = run.corpus.hash;
  const ModelKind& kind = model_kind(info.kind);
  if (!kind.writes) info.base = read_options<ReaderOptions>(run.config, "model." + kind.name).base;
  info.guide = kind.guide;
  info.wish = kind.wish;
  info.configuration = run.config.to_toml();
  return info;
}

ModelInfo describe(const std::string& folder) {
  return guarded([&] { return info_of(open_run(folder)); });
}

}  // namespace difflm
