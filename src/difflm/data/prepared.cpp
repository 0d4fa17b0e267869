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
std::string unfinished_path(const std::string& folder) { return folder + "/unfinished"; }

// Moves the finished files of a preparation to their place. The presence of data.json says that the folder is complete: so the old
// one goes first and the new one comes last.
void publish(const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path fresh = unfinished_path(folder);
  try {
    fs::remove(facts_path(folder));
    for (const auto& file : fs::directory_iterator(fresh)) {
      if (file.path().filename() != "data.json") fs::rename(file.path(), folder / file.path().filename());
    }
    fs::rename(fresh / "data.json", facts_path(folder));
    fs::remove_all(fresh);
  } catch (const fs::filesystem_error& error) {
    throw failure(folder, fmt::format("cannot be written: {}", error.what()), "choose a folder you may write to");
  }
}

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
  visitor.choice("long", long_texts, "what becomes of longer texts", difflm::long_texts().names());
  visitor.field("validation", validation, "share of the texts held out", {0.0001, 0.9});
  visitor.field("split_seed", split_seed, "seed of the split", {0, 1e15});
  visitor.field("most_unknown", most_unknown, "share of the training tokens that may be unknown to the vocabulary", {0, 1});
}

CorpusFacts prepare_data(const DataOptions& options, const Config& config, const std::string& folder,
                         std::shared_ptr<const Tokenizer> tokenizer, const std::function<void(const CorpusFacts&)>& check,
                         const std::function<bool()>& stop) {
  const bool is_new = !std::filesystem::exists(folder);
  const std::shared_ptr<void> cleaner(nullptr, [&](void*) {  // whatever happens
    remove_unfinished(folder);
    std::error_code ignored;
    if (is_new) std::filesystem::remove(folder, ignored);  // where it is empty
  });
  remove_unfinished(folder);
  const std::string fresh = unfinished_path(folder);
  make_folder(fresh);
  CorpusFacts facts;
  {
    Preparation preparation(fresh, options.validation, static_cast<uint64_t>(options.split_seed), stop);
    facts.source =
        read_corpus(options.path, options.corpus, config, [&](Document&& document) { preparation.add(std::move(document)); });
    preparation.finish_reading();
    if (!tokenizer) tokenizer = train_tokenizer(options.tokenizer, config, preparation.training_texts());
    preparation.encode(*tokenizer, facts);
    if (check) check(facts);
    preparation.commit();
  }
  replace_file_with_text(fresh + "/tokenizer.json", to_text(tokenizer->to_json()) + "\n");
  write_corpus_facts(facts_path(fresh), facts);
  publish(folder);
  return facts;
}

std::string corpus_hash(const DataOptions& options, const Config& config) {
  if (!options.prepared.empty()) return read_corpus_facts(facts_path(options.prepared)).hash;
  ContentHash hash;
  read_corpus(options.path, options.corpus, config, [&](Document&& document) { hash.add(document.text); });
  return hash.text();
}

void remove_unfinished(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(unfinished_path(folder), ignored);
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
