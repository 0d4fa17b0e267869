// A run on disk: what it was made with, its vocabulary and its weights.
//
//   config.toml            the resolved configuration
//   data/                  the prepared corpus (data/prepared.h), absent where data.prepared names another folder
//   tokenizer.json, data.json   the vocabulary and the facts of the corpus
//   checkpoint/            model.safetensors, ema.safetensors, optimizer.safetensors, state.json: replaced as a whole
//   best.safetensors       averaged weights of the best validation, with early stopping
//   metrics.jsonl, samples.jsonl, events.out.tfevents.*, samples/
#pragma once

#include <memory>
#include <string>

#include "difflm/data/corpus_facts.h"
#include "difflm/data/packing.h"
#include "difflm/model/language_model.h"
#include "difflm/model/progress.h"

namespace difflm {

struct Run {
  std::string folder;
  Config config;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::shared_ptr<Packing> packing;
  std::shared_ptr<LanguageModel> model;
  CorpusFacts corpus;
  Progress progress;
  std::string weights;  // which weights were loaded: "best", "ema" or "model"; empty in training
  int64_t length = 0;   // longest sequence in tokens
};

// True where `folder` holds a trained run.
bool is_run(const std::string& folder);

// Opens a run for use: `weights` is "auto" (best where early stopping kept them, else ema), "ema" or "model".
// Throws a usage error when the folder is not a run, a failure when one of its files does not fit the others.
Run open_run(const std::string& folder, const std::string& weights = "auto");

// The configuration of a run alone, for callers that need no model. Throws a usage error when the folder is not a run.
Config read_run_config(const std::string& folder);

// The folder of the prepared corpus of a run.
std::string prepared_folder(const Config& config, const std::string& folder);

}  // namespace difflm
