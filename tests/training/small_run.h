// A tiny run on the builtin corpus, in its own folder.
#pragma once

#include <filesystem>
#include <string>

#include "difflm/training/run_setup.h"
#include "model/small_model.h"

namespace difflm::test {

// One layer of width 16, one thread, constant learning rate; `toml` comes on top.
inline Config tiny_run_config(const std::string& toml) {
  Config config = small_config(
      "[data]\ncorpus = \"builtin\"\nlength = 24\nvalidation = 0.2\n[data.builtin]\nsentences = 120\n[data.word]\nmin_count = 1\n"
      "[model]\nkind = \"diffusion\"\n[model.transformer]\ndropout = 0.1\n"
      "[train]\nsteps = 8\nbatch = 4\nschedule = \"constant\"\nwarmup = 3\nlog_every = 1\nvalidate_every = 5\nvalidation_sequences "
      "= 12\n"
      "checkpoint_every = 100\ntrackers = [\"jsonl\"]\n[runtime]\nthreads = 1\ndevice = \"cpu\"\n[sampling]\nsteps = 4\n");
  config.read_toml(toml, "test.toml");
  return config;
}

inline TrainOutcome tiny_run(const Config& config, const std::string& folder, const TrainEvents& events = {}) {
  std::filesystem::create_directories(folder);
  return train(set_up_run(config, folder, [](const std::string&) {}), events);
}

}  // namespace difflm::test
