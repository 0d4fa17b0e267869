// What the guides of one model share: the texts it was trained on, and classifiers. Each is read when a guide first asks, once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "difflm/data/prepared.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class GuideResources {
 public:
  explicit GuideResources(const Run& run) : folder_(prepared_folder(run.config, run.folder)) {}

  // The training texts: one entry a text in both, in the same order; empty where the prepared corpus is gone.
  const std::vector<Document>& documents() { return read_texts().documents_; }
  const TokenDocuments& tokens() { return read_texts().tokens_; }

  // The run of a model of kind `kind` that steers. Throws a usage error, for `option`, where it is missing or of another kind.
  std::shared_ptr<const Run> opened(const std::string& folder, const Run& steered, const std::string& kind,
                                    const std::string& option);

  // The classifier of the kind `kind` in `folder`, on the device and threads of the model that is steered. Throws a usage error,
  // for `option`, where it is missing, of another kind, or was trained for another model than this diffusion model.
  std::shared_ptr<const Run> classifier(const std::string& folder, const Run& steered, const std::string& kind,
                                        const std::string& option);

  // Of all classifiers so far (LanguageModel::evaluations).
  int64_t evaluations() const;

 private:
  GuideResources& read_texts();

  std::string folder_;
  bool read_ = false;
  std::vector<Document> documents_;
  TokenDocuments tokens_;
  std::map<std::string, std::shared_ptr<const Run>> classifiers_;  // by folder
};

}  // namespace difflm
