#include "difflm/api/facts.h"

#include "difflm/api/guarded.h"

namespace difflm {
namespace {

// Of a classifier, by the key that all kinds of them have.
std::string base_of(const Config& config, const std::string& kind) {
  const auto* base = config.find("model." + kind + ".base");
  const auto* folder = base == nullptr ? nullptr : std::get_if<std::string>(&base->data);
  return folder == nullptr ? "" : *folder;
}

}  // namespace

Facts facts_of(const Run& run) {
  Facts facts;
  facts.folder = run.folder;
  facts.kind = run.model->kind();
  facts.parameters = run.model->parameter_count();
  facts.vocabulary = run.tokenizer->size();
  facts.tokenizer = run.tokenizer->kind();
  facts.longest = run.length;
  facts.weights = run.weights;
  facts.steps = run.state.value("step", int64_t{0});
  facts.seconds = run.state.value("seconds", 0.0);
  facts.tokens = run.state.value("tokens", int64_t{0});
  facts.best_loss = run.state.value("best_loss", 0.0);
  facts.best_step = run.state.value("best_step", int64_t{-1});
  facts.finished = run.state.value("finished", false);
  facts.corpus_hash = run.data.value("hash", "");
  facts.base = base_of(run.config, facts.kind);
  facts.configuration = run.config.to_toml();
  return facts;
}

Facts describe(const std::string& folder) {
  return guarded([&] { return facts_of(open_run(folder)); });
}

}  // namespace difflm
