// Checkpoints: weights, averaged weights, optimiser and progress, replaced as a whole.
//
// The files of one checkpoint belong together, so they are written into a second folder and the two folders are exchanged by one
// system call: a kill at any moment leaves a complete old or a complete new checkpoint.
#pragma once

#include <string>

#include "difflm/model/language_model.h"
#include "difflm/model/progress.h"
#include "difflm/training/optimizer.h"

namespace difflm {

// Writes `folder/checkpoint`. Throws a failure, with the old checkpoint untouched, when it cannot.
void save_checkpoint(const std::string& folder, LanguageModel& model, FlatParameters& parameters, Optimizer& optimizer,
                     const Progress& progress);

// Loads `folder/checkpoint` into the model and the optimiser. Throws a failure when it does not fit them.
Progress load_checkpoint(const std::string& folder, LanguageModel& model, Optimizer& optimizer);

// True where `folder` has a checkpoint. Where the file system cannot exchange folders and a kill came between its two renames, the
// old checkpoint is put back first.
bool has_checkpoint(const std::string& folder);

}  // namespace difflm
