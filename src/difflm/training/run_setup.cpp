#include "difflm/training/run_setup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "difflm/core/files.h"
#include "difflm/core/usable_processors.h"
#include "difflm/data/source_changes.h"
#include "difflm/data/unknown_words.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/reader.h"
#include "difflm/model/run_folder.h"
#include "difflm/training/continued_run.h"
#include "difflm/training/rehearsal.h"
#include "difflm/training/starting_point.h"
#include "difflm/training/unigrams.h"

namespace difflm {
namespace {

// How files are read was set by a value that is now found from the texts; a run of that time has read its texts.
bool is_found_from_texts(const std::string& key, const ConfigValue& value) {
  const bool of_reader = key.starts_with("data.txt.") || key.starts_with("data.csv.") || key.starts_with("data.jsonl.");
  return of_reader && (value.data == ConfigValue::Data("auto") || value.data == ConfigValue::Data(std::vector<std::string>()));
}

void check_same(const Config& saved, const Config& asked, const std::string& folder) {
  std::vector<std::string> different;
  for (const auto& [key, value] : asked.values()) {
    const auto* before = saved.find(key);
    if (may_change_on_resume(key) || (before != nullptr && before->data == value.data)) continue;
    if (before != nullptr && is_found_from_texts(key, value)) continue;
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

// The end of a line that says how the corpus has changed since it was prepared.
std::string since(const std::optional<ContinuedRun>& kept, bool own, const std::string& folder) {
  if (!kept) return " since the corpus was prepared: the texts are those that were prepared";
  return fmt::format(
      " since {}: the run goes on with the texts as it knows them; to learn the others, begin with this run in another "
      "folder: train.start={}",
      own ? "the run began" : "the corpus was prepared", folder);
}

}  // namespace

bool may_change_on_resume(const std::string& key) {
  static constexpr std::array<std::string_view, 11> kFree = {
      "runtime.",           "control.",       "sampling.",       "train.steps",
      "train.minutes",      "train.resume",   "train.log_every", "train.checkpoint_every",
      "train.sample_every", "train.patience", "train.trackers"};
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
    const auto* long_texts = config.find("data.long");  // which runs of 0.1 did not have
    if (saved.find("data.long") == nullptr && long_texts != nullptr) saved.set("data.long", *long_texts);
    check_same(complete ? complete(saved) : saved, config, folder);
  }
  const auto data = read_options<DataOptions>(config, "data");
  rehearse(config);  // fails before any work is done
  const auto options = read_options<TrainOptions>(config, "train");
  const auto runtime = read_options<RuntimeOptions>(config, "runtime");

  TrainingRun run;
  run.folder = folder;
  run.config = config;
  run.length = data.length;
  const std::string prepared = prepared_folder(config, folder);
  std::optional<StartingPoint> start;
  if (!options.start.empty() && !kept) start.emplace(options.start);
  const bool own = data.prepared.empty();
  const std::string changed = is_prepared(prepared) ? change_of_sources(read_corpus_facts(prepared + "/data.json"), data) : "";
  // Without config.toml it is unknown from which corpus an earlier, failed start has its texts.
  if (!is_prepared(prepared) || (own && !begun) || (own && !kept && !changed.empty())) {
    if (!own) throw usage_error("data.prepared", data.prepared + " is not a prepared corpus", "`prepare` makes one");
    if (start) start->check_tokenizer(data.tokenizer);
    if (kept) {
      on_message(prepared + " is gone: the corpus is read again, with the vocabulary of the run");
      prepare_data(data, config, prepared, kept->tokenizer(),
                   [&](const CorpusFacts& found) { kept->check_texts(found, "data.path"); });
    } else {
      prepare_data(data, config, prepared, start ? start->tokenizer() : nullptr);
    }
  } else if (!changed.empty()) {
    on_message(changed + since(kept, own, folder));
  }
  run.data = open_prepared(prepared);
  if (kept) kept->check_prepared(run.data, own ? prepared : "data.prepared");
  run.tokenizer = run.data.tokenizer;
  run.corpus = kept ? kept->facts() : run.data.facts;
  if (!kept) {
    for (const auto& note : run.corpus.source.notes) on_message(note);
  }
  run.packing = make_packing(data, config, *run.tokenizer);
  on_message(fmt::format("corpus {}: {} texts to train on, {} held out, vocabulary {}", run.corpus.source.kind,
                         run.data.training.size(), run.data.validation.size(), run.tokenizer->size()));
  const double unknown = unknown_share(run.corpus.training);
  if (!kept && !start && unknown > 0) {
    check_unknown_share(run.corpus.training, data.most_unknown, run.tokenizer->kind(), run.data.documents()[Side::training],
                        config);
    on_message(fmt::format("{:.2g}% of the training texts is unknown to the vocabulary, and will not be written", 100 * unknown));
  }
  if (start) {
    start->check_vocabulary(*run.tokenizer, prepared);
    if (unknown > 0) on_message(fmt::format("{:.1f}% of the words are not in the vocabulary of {}", 100 * unknown, options.start));
  }
  PackingReport report;
  const size_t sequences = run.packing->pack(run.data.training, data.length, 0, &report).size();
  if (const auto batch = static_cast<size_t>(options.batch); 0 < sequences && sequences < batch) {
    on_message(fmt::format("{} sequences are fewer than train.batch = {}: every batch holds all of them", sequences, batch));
  }
  const std::string of_long_texts = report.of_long_texts(data.length, run.packing->long_texts().done());
  if (!of_long_texts.empty()) on_message(of_long_texts);
  run.model =
      build_model({.config = &run.config, .tokenizer = run.tokenizer.get(), .max_length = run.length, .labels = run.corpus.labels},
                  stream_seed(static_cast<uint64_t>(options.seed), "parameters"));
  if (!run.model->note().empty()) on_message(run.model->note());
  on_message(fmt::format("{} model of {:.2f} million parameters, {}", run.model->kind(),
                         static_cast<double>(run.model->parameter_count()) / 1e6, threads_in_words(runtime.threads)));
  run.model->begin_with(log_unigrams(count_unigrams(run.data.training, run.tokenizer->size())));
  if (start) on_message(start->copy_to(*run.model, run.corpus.labels));

  if (!kept) {
    replace_file_with_text(folder + "/tokenizer.json", read_text_file(prepared + "/tokenizer.json"));
    replace_file_with_text(folder + "/data.json", read_text_file(prepared + "/data.json"));
  }
  replace_file_with_text(config_path, config.to_toml());  // of a run that is continued, only what may change has changed
  return run;
}

}  // namespace difflm
