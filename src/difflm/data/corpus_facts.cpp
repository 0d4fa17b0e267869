#include "difflm/data/corpus_facts.h"

#include <fmt/format.h>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

Json to_json(const SideFacts& side) {
  Json lengths = Json::object();
  for (const auto& [length, count] : side.lengths) lengths[std::to_string(length)] = count;
  return {{"documents", side.documents}, {"tokens", side.tokens}, {"unknown_tokens", side.unknown_tokens}, {"lengths", lengths}};
}

SideFacts read_side_facts(const Json& json, const std::string& path) {
  SideFacts side;
  side.documents = json.at("documents").get<size_t>();
  side.tokens = json.at("tokens").get<size_t>();
  side.unknown_tokens = json.value("unknown_tokens", size_t{0});
  for (const auto& [length, count] : json.at("lengths").get<std::map<std::string, int64_t>>()) {
    const bool is_number = !length.empty() && length.size() < 10 && length.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || count < 1) {
      throw failure(path, fmt::format("holds the impossible length '{}' of {} texts", length, count));
    }
    side.lengths[std::stoll(length)] = count;
  }
  return side;
}

CorpusFacts facts_of(const Json& json, const std::string& path) {
  CorpusFacts facts;
  facts.hash = json.value("hash", "");
  const Json& corpus = json.at("corpus");
  facts.source.kind = corpus.at("kind").get<std::string>();
  facts.source.files = corpus.value("files", size_t{0});
  facts.source.bytes = corpus.value("bytes", size_t{0});
  facts.source.invalid_bytes = corpus.value("invalid_bytes_replaced", size_t{0});
  facts.source.empty_documents = corpus.value("empty_documents_dropped", size_t{0});
  facts.source.notes = corpus.value("notes", std::vector<std::string>());
  if (corpus.contains("sources")) {
    for (const auto& file : corpus["sources"]) {
      facts.source.sources.push_back({file.at("path").get<std::string>(), file.at("bytes").get<uint64_t>(),
                                      file.at("modified").get<int64_t>(), file.at("hash").get<std::string>()});
    }
  }
  facts.duplicates = corpus.value("duplicates", size_t{0});
  facts.duplicates_kept_apart = corpus.value("duplicates_of_validation_texts_kept_out_of_training", size_t{0});
  facts.vocabulary = json.value("vocabulary", int64_t{0});
  facts.training = read_side_facts(json.at("training"), path);
  facts.validation = read_side_facts(json.at("validation"), path);
  if (json.contains("labels")) {
    for (const auto& [field, values] : json["labels"].get<std::map<std::string, std::vector<std::string>>>()) {
      for (const auto& value : values) facts.labels.push_back({field, value});
    }
  }
  if (json.contains("annotated")) {
    facts.annotated = {json["annotated"].value("by", ""), json["annotated"].value("texts", size_t{0})};
  }
  return facts;
}

}  // namespace

Json to_json(const CorpusFacts& facts) {
  Json json;
  json["format"] = "difflm prepared corpus 1";
  json["hash"] = facts.hash;
  json["corpus"] = {{"kind", facts.source.kind},
                    {"files", facts.source.files},
                    {"bytes", facts.source.bytes},
                    {"invalid_bytes_replaced", facts.source.invalid_bytes},
                    {"empty_documents_dropped", facts.source.empty_documents},
                    {"duplicates", facts.duplicates},
                    {"duplicates_of_validation_texts_kept_out_of_training", facts.duplicates_kept_apart}};
  if (!facts.source.notes.empty()) json["corpus"]["notes"] = facts.source.notes;
  for (const auto& file : facts.source.sources) {
    json["corpus"]["sources"].push_back(
        {{"path", file.path}, {"bytes", file.bytes}, {"modified", file.modified}, {"hash", file.hash}});
  }
  json["vocabulary"] = facts.vocabulary;
  json["training"] = to_json(facts.training);
  json["validation"] = to_json(facts.validation);
  for (const auto& label : facts.labels) json["labels"][label.field].push_back(label.value);
  if (facts.annotated) json["annotated"] = {{"by", facts.annotated->by}, {"texts", facts.annotated->texts}};
  return json;
}

CorpusFacts read_corpus_facts(const std::string& path) {
  const Json json = read_json(path, "the file was changed or cut; prepare the corpus again");
  try {
    return facts_of(json, path);
  } catch (const Json::exception&) {
    throw failure(path, "does not hold the facts of a corpus", "the file was changed; prepare the corpus again");
  }
}

void write_corpus_facts(const std::string& path, const CorpusFacts& facts) {
  replace_file_with_text(path, to_text(to_json(facts), 2) + "\n");
}

}  // namespace difflm
