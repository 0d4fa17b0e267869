// What the guides of one model share: the texts it was trained on, and the models that read them. Each is opened once,
// when a guide first asks for it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "difflm/data/prepared.h"
#include "difflm/model/model_as.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/reader.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class GuideResources {
 public:
  explicit GuideResources(const Run& run) : folder_(prepared_folder(run.config, run.folder)) {}

  // The training texts: one entry per text in both, in the same order; empty where the prepared corpus is gone.
  const std::vector<Document>& documents() { return read_texts().documents_; }
  const TokenDocuments& tokens() { return read_texts().tokens_; }

  // The model in the run `folder` that reads the texts of `steered`, ready to steer it. Throws a usage error, for `option`, where
  // it is missing, of another kind than `Wanted`, or cannot steer this model.
  template <class Wanted>
  std::shared_ptr<Wanted> reader(const std::string& folder, const Run& steered, const std::string& option) {
    model_as<typename Wanted::Base>(steered.model, steered.folder, option);
    const std::string& kind = model_kind<Wanted>().name;
    const Run& run = opened(folder, steered, kind, option);
    auto model = model_as<Wanted>(run.model, folder, kind);
    prepare(*model, run, steered, kind);
    return model;
  }

  // Of all readers so far (see LanguageModel::evaluations).
  int64_t evaluations() const;

 private:
  GuideResources& read_texts();
  const Run& opened(const std::string& folder, const Run& steered, const std::string& kind, const std::string& option);
  static void prepare(Reader& reader, const Run& run, const Run& steered, const std::string& kind);

  std::string folder_;
  bool read_ = false;
  std::vector<Document> documents_;
  TokenDocuments tokens_;
  std::map<std::string, Run> readers_;  // by folder
};

}  // namespace difflm
