// The texts of a prepared corpus on disk: train.jsonl and validation.jsonl, one object per line.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "difflm/data/side.h"
#include "difflm/text/document.h"

namespace difflm {

// "FOLDER/train.jsonl"
std::string documents_path(const std::string& folder, Side side);

// A document as a line, with its line feed.
std::string to_line(Document document);

// Visits the documents of a file one after another. Throws a failure where a line holds none.
void for_each_document(const std::string& path, const std::function<void(Document&&)>& visit);

std::vector<Document> read_prepared_documents(const std::string& folder, Side side);
void write_prepared_documents(const std::string& folder, Side side, const std::vector<Document>& documents);

}  // namespace difflm
