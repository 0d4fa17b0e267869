#include "difflm/steering/guide_resources.h"

#include <fmt/format.h>

#include "difflm/core/error.h"

namespace difflm {

GuideResources& GuideResources::read_texts() {
  if (!read_ && is_prepared(folder_)) {
    documents_ = read_prepared_documents(folder_, Side::training);
    tokens_ = open_prepared(folder_).training;
    if (tokens_.size() != documents_.size()) throw failure(folder_, "train.jsonl and train.bin hold different texts");
  }
  read_ = true;
  return *this;
}

const Run& GuideResources::opened(const std::string& folder, const Run& steered, const std::string& kind,
                                  const std::string& option) {
  if (folder.empty()) {
    throw usage_error(
        option, fmt::format("needs a {} that was trained for the model", kind),
        fmt::format("`train` makes one of the preset {0} with model.{0}.base={1}; name its folder as `{0}`", kind, steered.folder));
  }
  const auto known = readers_.find(folder);
  return known != readers_.end() ? known->second : readers_.emplace(folder, open_run(folder)).first->second;
}

void GuideResources::prepare(Reader& reader, const Run& run, const Run& steered, const std::string& kind) {
  if (!same_vocabulary(*run.tokenizer, *steered.tokenizer)) {
    throw usage_error(kind, run.folder + " has another vocabulary than the model",
                      fmt::format("train it with model.{}.base={}", kind, steered.folder));
  }
  reader.prepare_to_steer(steered, kind);
}

int64_t GuideResources::evaluations() const {
  int64_t sum = 0;
  for (const auto& [folder, run] : readers_) sum += run.model->evaluations();
  return sum;
}

}  // namespace difflm
