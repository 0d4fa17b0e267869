#include "difflm/api/kept_samples.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/evaluation/cache_folder.h"

namespace difflm {
namespace {

// What decides the texts of a run: its weights, known by the time and size of their file, and how it samples.
uint64_t key_of_samples(const Run& run, uint64_t seed) {
  std::error_code ignored;
  const auto folder = std::filesystem::canonical(run.folder, ignored).string();
  const std::string weights =
      run.weights == "best" ? folder + "/best.safetensors" : folder + "/checkpoint/" + run.weights + ".safetensors";
  const auto written = std::filesystem::last_write_time(weights, ignored).time_since_epoch().count();
  return hash_text(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", folder, run.weights, run.progress.step, written, seed,
                               run.config.section("sampling").to_toml(), run.config.section("runtime").to_toml()));
}

std::string samples_file(const std::string& folder) { return folder + "/samples.jsonl"; }

std::string line_of(const KeptSamples::Batch& batch) {
  Json json = {
      {"texts", Json::array()}, {"seconds", batch.seconds}, {"evaluations", batch.evaluations}, {"confidence", batch.confidence}};
  for (const auto& [index, text] : batch.texts) json["texts"].push_back({index, text});
  return to_text_replacing(json) + "\n";
}

std::optional<KeptSamples::Batch> batch_of(const std::string& line) {
  const Json json = try_parse_json(line);
  if (!json.is_object() || !json.contains("texts")) return std::nullopt;
  KeptSamples::Batch batch = {
      {}, json.value("seconds", 0.0), json.value("evaluations", int64_t{0}), json.value("confidence", Json())};
  for (const auto& text : json["texts"]) batch.texts[text.at(0).get<int64_t>()] = text.at(1).get<std::string>();
  return batch;
}

}  // namespace

KeptSamples::KeptSamples(const Run& run, uint64_t seed, const std::vector<std::string>& caches) {
  try {
    folder_ = fmt::format("{}/samples-{:016x}", writable_cache(caches, [](const std::string&) {}), key_of_samples(run, seed));
    make_folder(folder_);
    lock_.emplace(folder_);
    read();
  } catch (const Error&) {
    lock_.reset();
  }
}

void KeptSamples::read() {
  const std::string path = samples_file(folder_);
  if (!std::filesystem::exists(path)) return;
  const std::string text = read_text_file(path);
  std::string whole;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    if (auto batch = batch_of(text.substr(start, end - start))) {
      whole += line_of(*batch);
      take(std::move(*batch));
    }
    start = end + 1;
  }
  replace_file_with_text(path, whole);  // the next line begins at the start of one
}

void KeptSamples::take(Batch batch) {
  texts_.merge(batch.texts);
  seconds_ += batch.seconds;
  evaluations_ += batch.evaluations;
  if (!batch.confidence.is_null()) confidence_ = std::move(batch.confidence);
}

void KeptSamples::add(Batch batch) {
  if (lock_) {
    try {
      write_text(samples_file(folder_), line_of(batch), true);
    } catch (const Error&) {
      lock_.reset();  // a full disk: the evaluation goes on without
    }
  }
  take(std::move(batch));
}

void KeptSamples::remove() {
  if (!lock_) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  lock_.reset();
}

}  // namespace difflm
