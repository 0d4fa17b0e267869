// From a resolved configuration to something that can be trained: the run folder, its corpus, its model.
#pragma once

#include <functional>
#include <string>

#include "difflm/training/trainer.h"

namespace difflm {

// Sets up `folder` (which the caller has locked): prepares the corpus where that has not been done, writes config.toml,
// tokenizer.json and data.json, and builds the model. On a folder that holds a run, `asked` may differ from its config.toml only
// in budget, logging and runtime, and its texts and vocabulary must be those it was trained with (continued_run.h); throws a usage
// error otherwise, with the folder untouched. `complete` adds to a configuration of an older difflm the defaults of keys that it
// did not know. `on_message` gets lines for the user.
TrainingRun set_up_run(const Config& asked, const std::string& folder, const std::function<void(const std::string&)>& on_message,
                       const std::function<Config(const Config&)>& complete = {});

// Keys whose values may change when a run is resumed.
bool may_change_on_resume(const std::string& key);

}  // namespace difflm
