#include "difflm/training/continued_run.h"

#include <fmt/format.h>

#include <filesystem>

#include "difflm/core/error.h"
#include "difflm/core/json.h"

namespace difflm {
namespace {

std::string file_of_checkpoint(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  if (std::filesystem::exists(path)) return path;
  throw failure(path, "is missing, but the folder holds a checkpoint that was made with it",
                "put it back; a copy of the run, or the prepared corpus that the run was made from, may have it");
}

bool same_tokenizer(const Tokenizer& a, const Tokenizer& b) {
  return a.kind() == b.kind() && to_text(a.to_json()) == to_text(b.to_json());
}

}  // namespace

ContinuedRun::ContinuedRun(const std::string& folder) : folder_(folder) {
  file_of_checkpoint(folder, "config.toml");
  tokenizer_ = open_tokenizer(file_of_checkpoint(folder, "tokenizer.json"));
  facts_ = read_corpus_facts(file_of_checkpoint(folder, "data.json"));
}

std::string ContinuedRun::way_out() const {
  return fmt::format("put the texts back to go on; to learn other texts, begin with this run in another folder: train.start={}",
                     folder_);
}

void ContinuedRun::check_texts(const CorpusFacts& found, const std::string& where) const {
  if (!facts_.hash.empty() && found.hash != facts_.hash) {
    throw usage_error(
        where,
        fmt::format("holds other texts than those that {} has learned from ({} of them with the hash {}, now {} with {})", folder_,
                    facts_.training.documents + facts_.validation.documents, facts_.hash,
                    found.training.documents + found.validation.documents, found.hash),
        way_out());
  }
  if (found.training.documents != facts_.training.documents || found.validation.documents != facts_.validation.documents) {
    throw usage_error(where,
                      fmt::format("has {} texts to train on and {} held out, expected the {} and {} that {} has learned from",
                                  found.training.documents, found.validation.documents, facts_.training.documents,
                                  facts_.validation.documents, folder_),
                      way_out());
  }
  if (!facts_.labels.empty() && found.labels != facts_.labels) {
    throw usage_error(where, fmt::format("has other labels than those that {} has learned", folder_), way_out());
  }
}

void ContinuedRun::check_prepared(const PreparedData& found, const std::string& where) const {
  check_texts(found.facts, where);
  if (same_tokenizer(*found.tokenizer, *tokenizer_)) return;
  throw usage_error(where,
                    fmt::format("has another vocabulary ({} tokens of kind '{}') than {} ({} of kind '{}')",
                                found.tokenizer->size(), found.tokenizer->kind(), folder_, tokenizer_->size(), tokenizer_->kind()),
                    way_out());
}

}  // namespace difflm
