// The judge that evaluation trains: a causal transformer over byte pairs, so that no text is outside its vocabulary.
//
// A word-level judge would charge a nonsense word the price of one UNK; with bytes every letter is paid for. It is small enough for
// minutes on two cores, and stops when its own held-out loss rises. Short texts are its sequences; long ones are a stream of which
// it sees windows, as it will when it judges. Few texts make smaller batches.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "difflm/core/config.h"
#include "difflm/training/trainer.h"

namespace difflm {

// How a judge of `training` texts is trained, for at most `steps` steps.
Config judge_config(const std::vector<std::string>& training, int64_t steps);

// Why no judge can be trained on `training`; empty where one can.
std::string why_no_judge(const std::vector<std::string>& training);

struct JudgeTraining {
  std::function<void(const std::string&)> on_message;
  std::function<bool(const TrainEvents::Step&)> on_step;  // false stops, with a checkpoint
};

// The folder of a judge trained on `training` texts for at most `steps` steps: the one found in a cache (CACHE/judge-HASH), or
// trained now, in the first cache that can be written. Takes up a training that was stopped or killed; waits where another process
// is at it. Nothing where it was stopped. Throws a usage error where no cache can be written.
std::optional<std::string> train_judge(const std::vector<std::string>& training, int64_t steps,
                                       const std::vector<std::string>& caches, const JudgeTraining& events);

}  // namespace difflm
