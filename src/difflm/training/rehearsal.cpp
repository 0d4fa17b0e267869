#include "difflm/training/rehearsal.h"

#include "difflm/model/diffusion_model.h"
#include "difflm/model/model_kind.h"
#include "difflm/training/trainer.h"

namespace difflm {
namespace {

bool depends_on_files(const Config& config) {
  return !model_kind(config).writes || read_options<LabelOptions>(config, "model").labels ||
         read_options<DiffusionModelOptions>(config, "model").embedding == "pretrained";
}

}  // namespace

void rehearse(const Config& config) {
  read_options<TrainOptions>(config, "train").check_budget();
  const auto runtime = read_options<RuntimeOptions>(config, "runtime");
  choose_device(runtime);
  if (depends_on_files(config)) return;
  const auto data = read_options<DataOptions>(config, "data");
  TrainingRun run;
  run.config = config;
  run.tokenizer = train_tokenizer("char", Config(), std::vector<std::string>{"abba"});
  run.length = data.length;
  run.packing = packings().make(data.packing, config);
  run.data.tokenizer = run.tokenizer;
  run.model = build_model({.config = &run.config, .tokenizer = run.tokenizer.get(), .max_length = run.length}, 0);
  use_runtime(runtime, *run.model);
  make_objective(run, torch::ones({run.tokenizer->size()}, torch::kFloat64));
}

}  // namespace difflm
