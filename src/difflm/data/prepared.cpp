#include "difflm/data/prepared.h"

#include <fmt/format.h>

#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/data/packing.h"
#include "difflm/data/preparation.h"

namespace difflm {
namespace {

std::vector<std::string> with_auto(std::vector<std::string> names) {
  names.insert(names.begin(), "auto");
  return names;
}

std::string facts_path(const std::string& folder) { return folder + "/data.json"; }

// The tokens of one side, which must be those that data.json was written with.
TokenDocuments read_side(const std::string& folder, Side side, const SideFacts& facts, Token vocabulary) {
  const std::string path = fmt::format("{}/{}.bin", folder, file_stem(side));
  TokenDocuments documents = read_tokens(path, vocabulary);
  size_t tokens = 0;
  for (const auto& document : documents) tokens += document.size();
  if (documents.size() != facts.documents || tokens != facts.tokens) {
    throw failure(path,
                  fmt::format("holds {} texts of {} tokens, but data.json says {} of {}", documents.size(), tokens, facts.documents,
                              facts.tokens),
                  "the file was changed or cut; prepare the corpus again");
  }
  return documents;
}

}  // namespace

void DataOptions::describe(OptionVisitor& visitor) {
  visitor.field("path", path,
                "file, folder, glob (** for any depth) or list of them, - for standard input; none: the builtin corpus");
  visitor.choice("corpus", corpus, "format of the files; auto: by their content", with_auto(corpora().names()));
  visitor.choice("broken", broken, "what to do with lines and rows that cannot be read", {"error", "skip"});
  visitor.field("prepared", prepared, "the folder of a prepared corpus, instead of path");
  visitor.choice("tokenizer", tokenizer, "how text becomes tokens", tokenizers().names());
  visitor.choice("packing", packing, "how texts become sequences", packings().names());
  visitor.field("length", length, "longest sequence in tokens", {1, 65536});
  visitor.field("validation", validation, "share of the texts held out", {0.0001, 0.9});
  visitor.field("split_seed", split_seed, "seed of the split", {0, 1e15});
}

CorpusFacts prepare_data(const DataOptions& options, const Config& config, const std::string& folder,
                         std::shared_ptr<const Tokenizer> tokenizer, const std::function<void(const CorpusFacts&)>& check,
                         const std::function<bool()>& stop) {
  const bool fresh = !std::filesystem::exists(folder);
  make_folder(folder);
  try {
    CorpusFacts facts;
    Preparation preparation(folder, options.validation, static_cast<uint64_t>(options.split_seed), stop);
    facts.source =
        read_corpus(options.path, options.corpus, config, [&](Document&& document) { preparation.add(std::move(document)); });
    preparation.finish_reading();
    if (!tokenizer) tokenizer = train_tokenizer(options.tokenizer, config, preparation.training_texts());
    preparation.encode(*tokenizer, facts);
    if (check) check(facts);
    replace_file_with_text(folder + "/tokenizer.json", to_text(tokenizer->to_json()) + "\n");
    preparation.commit();
    write_corpus_facts(facts_path(folder), facts);  // last: its presence says the folder is complete
    return facts;
  } catch (...) {
    std::error_code ignored;
    if (fresh) std::filesystem::remove(folder, ignored);  // where it is empty
    throw;
  }
}

std::string corpus_hash(const DataOptions& options, const Config& config) {
  if (!options.prepared.empty()) return read_corpus_facts(facts_path(options.prepared)).hash;
  ContentHash hash;
  read_corpus(options.path, options.corpus, config, [&](Document&& document) { hash.add(document.text); });
  return hash.text();
}

bool is_prepared(const std::string& folder) { return std::filesystem::exists(facts_path(folder)); }

std::shared_ptr<const Tokenizer> open_tokenizer(const std::string& path) {
  const Json saved = Json::parse(read_text_file(path), nullptr, false);
  if (saved.is_discarded()) throw failure(path, "is not JSON, expected a tokenizer of difflm");
  return load_tokenizer(saved, path);
}

PreparedData open_prepared(const std::string& folder) {
  if (!is_prepared(folder)) throw usage_error(folder, "is not a prepared corpus: data.json is missing", "`prepare` makes one");
  PreparedData data;
  data.folder = folder;
  data.facts = read_corpus_facts(facts_path(folder));
  data.tokenizer = open_tokenizer(folder + "/tokenizer.json");
  data.training = read_side(folder, Side::training, data.facts.training, data.tokenizer->size());
  data.validation = read_side(folder, Side::validation, data.facts.validation, data.tokenizer->size());
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

}  // namespace difflm
