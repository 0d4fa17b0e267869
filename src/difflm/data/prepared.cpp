#include "difflm/data/prepared.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/random.h"
#include "difflm/data/packing.h"
#include "difflm/data/split.h"

namespace difflm {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> with_auto(std::vector<std::string> names) {
  names.insert(names.begin(), "auto");
  return names;
}

std::string to_jsonl(const std::vector<Document>& documents) {
  std::string lines;
  for (const auto& document : documents) {
    Json line;
    line["text"] = document.text;
    if (!document.attributes.empty()) line["attributes"] = document.attributes;
    if (!document.tags.empty()) line["tags"] = document.tags;
    if (!document.tree.empty()) line["tree"] = document.tree;
    lines += line.dump() + "\n";
  }
  return lines;
}

TokenDocuments encode_all(const Tokenizer& tokenizer, const std::vector<Document>& documents) {
  TokenDocuments result;
  result.reserve(documents.size());
  for (const auto& document : documents) result.push_back(tokenizer.encode(document.text));
  return result;
}

Json side_facts(const TokenDocuments& documents) {
  size_t tokens = 0;
  size_t unknown = 0;
  for (const auto& document : documents) {
    tokens += document.size();
    for (const Token token : document) unknown += token == kUnknown ? 1 : 0;
  }
  std::map<size_t, size_t> lengths;
  for (const auto& document : documents) ++lengths[document.size()];
  Json histogram = Json::object();
  for (const auto& [length, count] : lengths) histogram[std::to_string(length)] = count;
  return {{"documents", documents.size()}, {"tokens", tokens}, {"unknown_tokens", unknown}, {"lengths", histogram}};
}

constexpr int64_t kLeastTexts = 10;  // of a label, so that a model can learn what it means

Json label_facts(const std::vector<Document>& training) {
  Json facts = Json::object();
  for (auto& label : frequent_labels(training, kLeastTexts)) facts[label.field].push_back(std::move(label.value));
  return facts;
}

std::string content_hash(const std::vector<Document>& documents) {
  uint64_t hash = 0;
  for (const auto& document : documents) hash = scatter(hash ^ hash_text(document.text));
  return fmt::format("{:016x}", hash);
}

std::string documents_path(const std::string& folder, Side side) { return fmt::format("{}/{}.jsonl", folder, file_stem(side)); }

// The tokens of one side, which must be those that data.json was written with.
TokenDocuments read_side(const std::string& path, const Json& facts, Token vocabulary) {
  TokenDocuments documents = read_tokens(path, vocabulary);
  size_t tokens = 0;
  for (const auto& document : documents) tokens += document.size();
  const auto expected = facts.at("tokens").get<size_t>();
  if (documents.size() != facts.at("documents").get<size_t>() || tokens != expected) {
    throw failure(path,
                  fmt::format("holds {} texts of {} tokens, but data.json says {} of {}", documents.size(), tokens,
                              facts.at("documents").get<size_t>(), expected),
                  "the file was changed or cut; prepare the corpus again");
  }
  return documents;
}

}  // namespace

void DataOptions::describe(OptionVisitor& visitor) {
  visitor.field("path", path, "file, glob or list of them, - for standard input; none: the builtin corpus");
  visitor.choice("corpus", corpus, "format of the files", with_auto(corpora().names()));
  visitor.field("prepared", prepared, "a prepared corpus, a folder, instead of path");
  visitor.choice("tokenizer", tokenizer, "how text becomes tokens", tokenizers().names());
  visitor.choice("packing", packing, "how texts become sequences", packings().names());
  visitor.field("length", length, "longest sequence in tokens", {1, 65536});
  visitor.field("validation", validation, "share of the texts held out", {0.0001, 0.9});
  visitor.field("split_seed", split_seed, "seed of the split", {0, 1e15});
}

Json prepare_data(const DataOptions& options, const Config& config, const std::string& folder,
                  std::shared_ptr<const Tokenizer> tokenizer) {
  CorpusReport report;
  auto documents = read_corpus(options.path, options.corpus, config, &report);
  const std::string hash = content_hash(documents);
  const Split split = split_documents(std::move(documents), options.validation, static_cast<uint64_t>(options.split_seed));
  if (!tokenizer) {
    std::vector<std::string> texts;
    texts.reserve(split.training.size());
    for (const auto& document : split.training) texts.push_back(document.text);
    tokenizer = train_tokenizer(options.tokenizer, config, texts);
  }
  const TokenDocuments training = encode_all(*tokenizer, split.training);
  const TokenDocuments validation = encode_all(*tokenizer, split.validation);

  Json facts;
  facts["format"] = "difflm prepared corpus 1";
  facts["hash"] = hash;
  facts["corpus"] = {{"kind", report.kind},
                     {"files", report.files},
                     {"bytes", report.bytes},
                     {"invalid_bytes_replaced", report.invalid_bytes},
                     {"empty_documents_dropped", report.empty_documents},
                     {"duplicates", split.duplicates},
                     {"duplicates_of_validation_texts_kept_out_of_training", split.duplicates_kept_apart}};
  facts["vocabulary"] = tokenizer->size();
  facts["training"] = side_facts(training);
  facts["validation"] = side_facts(validation);
  if (auto labels = label_facts(split.training); !labels.empty()) facts["labels"] = std::move(labels);

  make_folder(folder);
  replace_file_with_text(folder + "/tokenizer.json", tokenizer->to_json().dump() + "\n");
  write_tokens(folder + "/train.bin", training, tokenizer->size());
  write_tokens(folder + "/validation.bin", validation, tokenizer->size());
  write_prepared_documents(folder, Side::training, split.training);
  write_prepared_documents(folder, Side::validation, split.validation);
  replace_file_with_text(folder + "/data.json", facts.dump(2) + "\n");  // last: its presence says the folder is complete
  return facts;
}

std::string corpus_hash(const DataOptions& options, const Config& config) {
  if (options.prepared.empty()) return content_hash(read_corpus(options.path, options.corpus, config));
  return read_facts(options.prepared + "/data.json").value("hash", "");
}

Json read_facts(const std::string& path) {
  const Json facts = Json::parse(read_text_file(path), nullptr, false);
  if (facts.is_discarded()) throw failure(path, "is not JSON", "the file was changed or cut; prepare the corpus again");
  try {
    facts.at("corpus").at("kind").get<std::string>();
    for (const char* side : {"training", "validation"}) {
      facts.at(side).at("documents").get<size_t>();
      facts.at(side).at("tokens").get<size_t>();
      for (const auto& [length, count] : facts.at(side).at("lengths").get<std::map<std::string, int64_t>>()) {
        const bool is_number = !length.empty() && length.size() < 10 && length.find_first_not_of("0123456789") == std::string::npos;
        if (!is_number || count < 1)
          throw failure(path, fmt::format("holds the impossible length '{}' of {} texts", length, count));
      }
    }
    labels_of_corpus(facts);
  } catch (const Json::exception&) {
    throw failure(path, "does not hold the facts of a corpus", "the file was changed; prepare the corpus again");
  }
  return facts;
}

std::vector<Label> labels_of_corpus(const Json& facts) {
  std::vector<Label> labels;
  if (!facts.contains("labels")) return labels;
  for (const auto& [field, values] : facts.at("labels").get<std::map<std::string, std::vector<std::string>>>()) {
    for (const auto& value : values) labels.push_back({field, value});
  }
  return labels;
}

bool is_prepared(const std::string& folder) { return std::filesystem::exists(folder + "/data.json"); }

std::shared_ptr<const Tokenizer> open_tokenizer(const std::string& path) {
  const Json saved = Json::parse(read_text_file(path), nullptr, false);
  if (saved.is_discarded()) throw failure(path, "is not JSON, expected a tokenizer of difflm");
  return load_tokenizer(saved, path);
}

PreparedData open_prepared(const std::string& folder) {
  if (!is_prepared(folder)) throw usage_error(folder, "is not a prepared corpus: data.json is missing", "`prepare` makes one");
  PreparedData data;
  data.folder = folder;
  data.facts = read_facts(folder + "/data.json");
  data.tokenizer = open_tokenizer(folder + "/tokenizer.json");
  data.training = read_side(folder + "/train.bin", data.facts["training"], data.tokenizer->size());
  data.validation = read_side(folder + "/validation.bin", data.facts["validation"], data.tokenizer->size());
  return data;
}

Sides<std::vector<Document>> PreparedData::documents() const {
  Sides<std::vector<Document>> result;
  for (const Side side : kSides) {
    result[side] = read_prepared_documents(folder, side);
    if (result[side].size() == tokens(side).size()) continue;
    throw failure(
        documents_path(folder, side),
        fmt::format("holds {} texts, expected the {} of {}.bin", result[side].size(), tokens(side).size(), file_stem(side)),
        "the file was changed or cut; prepare the corpus again");
  }
  return result;
}

std::vector<Document> read_prepared_documents(const std::string& folder, Side side) {
  const std::string path = documents_path(folder, side);
  const std::string text = read_text_file(path);
  std::vector<Document> documents;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const Json line = Json::parse(text.substr(at, end - at), nullptr, false);
    if (line.is_discarded() || !line.contains("text"))
      throw failure(path, "holds a line that is not a document", "prepare the corpus again");
    Document document;
    document.text = line["text"].get<std::string>();
    if (line.contains("attributes")) document.attributes = line["attributes"].get<std::map<std::string, std::string>>();
    if (line.contains("tags")) document.tags = line["tags"].get<std::vector<std::string>>();
    if (line.contains("tree")) document.tree = line["tree"].get<std::string>();
    documents.push_back(std::move(document));
    at = end + 1;
  }
  return documents;
}

void write_prepared_documents(const std::string& folder, Side side, const std::vector<Document>& documents) {
  replace_file_with_text(documents_path(folder, side), to_jsonl(documents));
}

}  // namespace difflm
