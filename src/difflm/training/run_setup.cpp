#include "difflm/training/run_setup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "difflm/core/files.h"
#include "difflm/data/unknown_words.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/reader.h"
#include "difflm/model/run_folder.h"
#include "difflm/training/continued_run.h"
#include "difflm/training/rehearsal.h"
#include "difflm/training/starting_point.h"

namespace difflm {
namespace {

void check_same(const Config& saved, const Config& asked, const std::string& folder) {
  std::vector<std::string> different;
  for (const auto& [key, value] : asked.values()) {
    const auto* before = saved.find(key);
    if (may_change_on_resume(key) || (before != nullptr && before->data == value.data)) continue;
    different.push_back(key);
  }
  for (const auto& [key, value] : saved.values()) {
    if (!may_change_on_resume(key) && asked.find(key) == nullptr) different.push_back(key);
  }
  if (different.empty()) return;
  const bool other_texts =
      std::any_of(different.begin(), different.end(), [](const auto& key) { return key.starts_with("data."); });
  throw usage_error(folder, fmt::format("holds a run of another configuration; it differs in {}", fmt::join(different, ", ")),
                    "choose another folder, or resume with the configuration in its config.toml" +
                        (other_texts ? "; train.start=" + folder + " in another folder learns other texts from there" : ""));
}

// A model that reads is trained on the texts of its base, with the base's tokenizer and split.
Config with_data_of_base(Config config) {
  const ModelKind& kind = model_kind(config);
  if (kind.writes) return config;
  const std::string base = read_options<ReaderOptions>(config, "model." + kind.name).base;
  if (base.empty()) return config;  // the model reports what is missing
  const Config of_base = read_run_config(base);
  for (const auto& [key, value] : of_base.values()) {
    if (key.starts_with("data.")) config.set(key, value);
  }
  const auto set = [&](const std::string& key, const std::string& path) {
    config.set(key, {std::filesystem::absolute(path).lexically_normal().string(), base});
  };
  set("data.prepared", prepared_folder(of_base, base));
  set("model." + kind.name + ".base", base);
  return config;
}

// The run it starts from by its full path, so that it can be resumed from anywhere.
Config with_start_in_full(Config config) {
  const std::string start = read_options<TrainOptions>(config, "train").start;
  if (!start.empty()) config.set("train.start", {std::filesystem::absolute(start).lexically_normal().string(), "train.start"});
  return config;
}

}  // namespace

bool may_change_on_resume(const std::string& key) {
  static constexpr std::array<std::string_view, 10> kFree = {"runtime.",
                                                             "control.",
                                                             "sampling.",
                                                             "train.steps",
                                                             "train.minutes",
                                                             "train.log_every",
                                                             "train.checkpoint_every",
                                                             "train.sample_every",
                                                             "train.patience",
                                                             "train.trackers"};
  return std::any_of(kFree.begin(), kFree.end(), [&](std::string_view start) { return key.starts_with(start); });
}

TrainingRun set_up_run(const Config& asked, const std::string& folder, const std::function<void(const std::string&)>& on_message,
                       const std::function<Config(const Config&)>& complete) {
  const Config config = with_start_in_full(with_data_of_base(asked));
  const std::string config_path = folder + "/config.toml";
  std::optional<ContinuedRun> kept;
  if (has_checkpoint(folder)) kept.emplace(folder);
  const bool begun = std::filesystem::exists(config_path);
  if (begun) {
    Config saved;
    saved.read_file(config_path);
    check_same(complete ? complete(saved) : saved, config, folder);
  }
  const auto data = read_options<DataOptions>(config, "data");
  rehearse(config);  // fails before any work is done

  TrainingRun run;
  run.folder = folder;
  run.config = config;
  run.length = data.length;
  run.packing = packings().make(data.packing, config);
  const std::string prepared = prepared_folder(config, folder);
  const auto options = read_options<TrainOptions>(config, "train");
  std::optional<StartingPoint> start;
  if (!options.start.empty() && !kept) start.emplace(options.start);
  // Without config.toml it is unknown from which corpus an earlier, failed start has its texts.
  if (!is_prepared(prepared) || (data.prepared.empty() && !begun)) {
    if (!data.prepared.empty())
      throw usage_error("data.prepared", data.prepared + " is not a prepared corpus", "`prepare` makes one");
    if (start) start->check_tokenizer(data.tokenizer);
    if (kept) {
      on_message(prepared + " is gone: the corpus is read again, with the vocabulary of the run");
      prepare_data(data, config, prepared, kept->tokenizer(),
                   [&](const CorpusFacts& found) { kept->check_texts(found, "data.path"); });
    } else {
      prepare_data(data, config, prepared, start ? start->tokenizer() : nullptr);
    }
  }
  run.data = open_prepared(prepared);
  if (kept) kept->check_prepared(run.data, data.prepared.empty() ? prepared : "data.prepared");
  run.tokenizer = run.data.tokenizer;
  run.corpus = kept ? kept->facts() : run.data.facts;
  if (!kept) {
    for (const auto& note : run.corpus.source.notes) on_message(note);
  }
  on_message(fmt::format("corpus {}: {} texts to train on, {} held out, vocabulary {}", run.corpus.source.kind,
                         run.data.training.size(), run.data.validation.size(), run.tokenizer->size()));
  const double unknown = unknown_share(run.corpus.training);
  if (!kept && !start && unknown > 0) {
    check_unknown_share(run.corpus.training, run.tokenizer->kind(), run.data.documents()[Side::training], config);
    on_message(fmt::format("{:.2g}% of the training texts is unknown to the vocabulary, and will not be written", 100 * unknown));
  }
  if (start) {
    start->check_vocabulary(*run.tokenizer, prepared);
    if (unknown > 0) on_message(fmt::format("{:.1f}% of the words are not in the vocabulary of {}", 100 * unknown, options.start));
  }
  PackingReport report;
  run.packing->pack(run.data.training, data.length, 0, &report);
  if (report.too_long > 0) {
    on_message(fmt::format("{} of {} texts are longer than data.length = {} and are {}", report.too_long, report.documents,
                           data.length, run.packing->frame() == Frame::framed ? "cut" : "left out"));
  }
  run.model =
      build_model({.config = &run.config, .tokenizer = run.tokenizer.get(), .max_length = run.length, .labels = run.corpus.labels},
                  stream_seed(static_cast<uint64_t>(options.seed), "parameters"));
  if (!run.model->note().empty()) on_message(run.model->note());
  on_message(fmt::format("{} model of {:.2f} million parameters", run.model->kind(),
                         static_cast<double>(run.model->parameter_count()) / 1e6));
  if (start) on_message(start->copy_to(*run.model, run.corpus.labels));

  if (!kept) {
    replace_file_with_text(folder + "/tokenizer.json", read_text_file(prepared + "/tokenizer.json"));
    replace_file_with_text(folder + "/data.json", read_text_file(prepared + "/data.json"));
  }
  replace_file_with_text(config_path, config.to_toml());  // of a run that is continued, only what may change has changed
  return run;
}

}  // namespace difflm
