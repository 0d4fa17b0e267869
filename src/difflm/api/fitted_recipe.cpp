#include "difflm/api/fitted_recipe.h"

#include <fmt/format.h>

#include "difflm/api/asked_config.h"
#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/corpora/corpus_files.h"
#include "difflm/corpora/detect.h"
#include "difflm/data/prepared.h"
#include "difflm/inspection/recipe.h"
#include "difflm/model/model_kind.h"
#include "difflm/settings/catalogue.h"
#include "difflm/settings/presets.h"

namespace difflm {
namespace {

LengthFacts to_facts(const LengthProfile& length) {
  return {length.shortest, length.half, length.most, length.longest, length.mean};
}

Json to_json(const LengthFacts& length) {
  return {{"shortest", length.shortest},
          {"half_at_most", length.half},
          {"95_percent_at_most", length.most},
          {"longest", length.longest},
          {"mean", length.mean}};
}

std::string json_of(const Inspection& seen, const Recipe& recipe) {
  Json json = {{"format", seen.format},
               {"files", seen.files},
               {"bytes", seen.bytes},
               {"texts", seen.texts},
               {"duplicates", seen.duplicates},
               {"words", seen.words},
               {"sampled", seen.sampled},
               {"words_per_text", to_json(seen.length)},
               {"unspaced_letters", seen.unspaced},
               {"notes", seen.notes}};
  json["scripts"] = Json::object();
  for (const auto& [script, share] : seen.scripts) json["scripts"][script] = share;
  json["tokenizers"] = Json::array();
  for (const auto& one : seen.tokenizers) {
    json["tokenizers"].push_back({{"name", one.name},
                                  {"vocabulary", one.vocabulary},
                                  {"tokens_per_word", one.tokens_per_word},
                                  {"unknown", one.unknown},
                                  {"tokens_per_text", to_json(one.tokens)}});
  }
  json["choices"] = Json::array();
  for (const auto& one : recipe) {
    const Json value = std::visit([](const auto& data) { return Json(data); }, one.value);
    json["choices"].push_back({{"key", one.key}, {"value", value}, {"reason", one.reason}});
  }
  return to_text(json, 2);
}

// Of a single file: the reader that its content asks for, and the options that the reader would find, so that the run says how its
// texts were read.
Recipe choose_reader(const Config& asked, const DataOptions& data, const CorpusReport& report) {
  Recipe recipe;
  if (report.files != 1 || data.corpus != "auto") return recipe;
  ReadingLog log(true);
  const std::string path = find_corpus_files(data.path, log).front();
  const DetectedFormat format = detect_format(path, read_corpus_file(path, log), asked);
  recipe.push_back({"data.corpus", format.corpus, format.reasons.front()});
  for (size_t at = 0; at < format.settings.size(); ++at) {
    const auto& [key, value] = format.settings[at];
    if (asked.find(key) != nullptr) continue;
    Config found;
    found.read_override(key + "=" + value);
    const std::string reason = at + 1 < format.reasons.size() ? format.reasons[at + 1] : "";
    recipe.push_back({key, found.find(key)->data, reason});
  }
  return recipe;
}

std::string title_of(const DataOptions& data) {
  std::string texts;
  for (const auto& path : data.path) texts += (texts.empty() ? "" : ", ") + path;
  return fmt::format("Chosen for {}; change a value and train with this file to override it", texts);
}

}  // namespace

Config preset_below(const Config& asked) {
  const ModelKind& kind = model_kind(asked);
  if (!kind.writes) {
    throw usage_error("texts", fmt::format("a {} learns the texts of the run it reads, not others", kind.name),
                      fmt::format("leave the texts out and set model.{}.base", kind.name));
  }
  const std::string file = find_preset(kind.preset);
  if (!file.ends_with(".toml")) {
    throw failure(kind.preset, "this preset is not installed, and a recipe is fitted to it", "give a configuration of your own");
  }
  Config config;
  config.read_file(file);
  return config;
}

FittedRecipe fit_recipe(const Config& asked) {
  const Config below = preset_below(asked);
  const Config whole = resolve(overlaid(below, asked));  // what is wrong is said before the texts are read
  const auto data = read_options<DataOptions>(asked, "data");
  CorpusReport report;
  const auto documents = read_corpus(data.path, data.corpus, whole, &report);
  const CorpusProfile profile = profile_corpus(documents, asked, tried_tokenizers());
  Recipe recipe = choose_reader(asked, data, report);
  const ModelKind& kind = model_kind(asked);
  for (auto& one : choose_recipe(profile, asked, kind.network)) recipe.push_back(std::move(one));

  FittedRecipe fitted;
  Inspection& seen = fitted.inspection;
  seen.format = report.kind;
  seen.files = static_cast<int64_t>(report.files);
  seen.bytes = static_cast<int64_t>(report.bytes);
  seen.texts = profile.texts;
  seen.duplicates = profile.duplicates;
  seen.words = profile.words;
  seen.sampled = profile.sampled;
  seen.length = to_facts(profile.length);
  seen.scripts = profile.scripts;
  seen.unspaced = profile.unspaced;
  for (const auto& one : profile.tokenizers) {
    seen.tokenizers.push_back({one.name, one.vocabulary, one.tokens_per_word, one.unknown, to_facts(one.tokens)});
  }
  seen.notes = report.notes;
  Config chosen;
  for (const auto& one : recipe) {
    seen.choices.push_back({one.key, value_text(one.value), one.reason});
    chosen.set(one.key, {one.value, "chosen"});
  }
  seen.toml = to_toml(recipe, title_of(data));
  seen.json = json_of(seen, recipe);
  fitted.config = resolve(overlaid(overlaid(below, chosen), asked));
  return fitted;
}

}  // namespace difflm
