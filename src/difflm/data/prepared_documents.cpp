#include "difflm/data/prepared_documents.h"

#include <fmt/format.h>

#include <fstream>

#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/core/pending_file.h"

namespace difflm {
namespace {

Document read_document(const std::string& line, const std::string& path) {
  Json json = try_parse_json(line);
  if (!json.is_object() || !json.contains("text"))
    throw failure(path, "holds a line that is not a document", "prepare the corpus again");
  Document document;
  document.text = std::move(json["text"].get_ref<std::string&>());
  if (json.contains("attributes")) document.attributes = json["attributes"].get<std::map<std::string, std::string>>();
  if (json.contains("tags")) document.tags = json["tags"].get<std::vector<std::string>>();
  if (json.contains("tree")) document.tree = json["tree"].get<std::string>();
  return document;
}

}  // namespace

std::string documents_path(const std::string& folder, Side side) { return fmt::format("{}/{}.jsonl", folder, file_stem(side)); }

std::string to_line(Document document) {
  Json line;
  line["text"] = std::move(document.text);
  if (!document.attributes.empty()) line["attributes"] = document.attributes;
  if (!document.tags.empty()) line["tags"] = document.tags;
  if (!document.tree.empty()) line["tree"] = document.tree;
  return to_text(line) + "\n";
}

void for_each_document(const std::string& path, const std::function<void(Document&&)>& visit) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw usage_error(path, "cannot be read", "prepare the corpus again");
  for (std::string line; std::getline(in, line);) visit(read_document(line, path));
}

std::vector<Document> read_prepared_documents(const std::string& folder, Side side) {
  std::vector<Document> documents;
  for_each_document(documents_path(folder, side), [&](Document&& document) { documents.push_back(std::move(document)); });
  return documents;
}

void write_prepared_documents(const std::string& folder, Side side, const std::vector<Document>& documents) {
  PendingFile file(documents_path(folder, side));
  for (const auto& document : documents) file.write(to_line(document));
  file.commit();
}

}  // namespace difflm
