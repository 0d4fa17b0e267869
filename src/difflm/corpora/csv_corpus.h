// Tables: a text column (or several, joined), a column with a meaning representation as in the E2E challenge (Novikova et al.
// 2017), and attributes.
//
// A meaning is "name[Alimentum], area[city centre]"; each slot becomes an attribute. Every other column becomes a separate
// attribute, where it is not empty.
#pragma once

#include <map>

#include "difflm/corpora/corpus.h"
#include "difflm/corpora/table_shape.h"

namespace difflm {

class CsvCorpus : public Corpus {
 public:
  using Options = CsvOptions;

  explicit CsvCorpus(Options options) : options_(std::move(options)) {}

  FoundOptions read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) override;
  FoundOptions find_options(const std::string& path, std::string_view text) const override;

  // Adds the slots of "name[Alimentum], area[city centre]" to `attributes`; a slot named twice has both values.
  static void read_meaning(std::string_view meaning, const std::string& where, std::map<std::string, std::string>& attributes);

 private:
  Document document(CsvRow& row, const TableShape& shape, const std::string& path, ReadingLog& log) const;
  void note_columns(const TableShape& shape, const std::vector<bool>& used, ReadingLog& log) const;

  Options options_;
  std::vector<std::string> earlier_;  // the text columns of the file before
};

}  // namespace difflm
