#include "difflm/model/progress.h"

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"

namespace difflm {

std::string progress_path(const std::string& folder) { return folder + "/checkpoint/state.json"; }

Progress read_progress(const std::string& path) {
  const Json json = read_json(path, "the file was changed or cut after training");
  Progress progress;
  try {
    progress.step = json.at("step").get<int64_t>();
    progress.seconds = json.at("seconds").get<double>();
    progress.tokens = json.at("tokens").get<int64_t>();
    progress.best_loss = json.at("best_loss").get<double>();
    progress.best_step = json.at("best_step").get<int64_t>();
    progress.validations_since_best = json.at("validations_since_best").get<int64_t>();
    progress.finished = json.at("finished").get<bool>();
    progress.optimizer_updates = json.at("optimizer_updates").get<int64_t>();
    if (json.contains("rate")) {
      const Json& rate = json["rate"];
      progress.rate = {rate.at("factor").get<double>(),     rate.at("steps").get<int64_t>(),   rate.at("minutes").get<double>(),
                       rate.at("climb_from").get<double>(), rate.at("climb_at").get<double>(), rate.at("restarted").get<bool>()};
    }
  } catch (const Json::exception&) {
    throw failure(path, "is not the state of a run", "the file was changed after training");
  }
  return progress;
}

void write_progress(const std::string& path, const Progress& progress) {
  Json json = {{"step", progress.step},           {"seconds", progress.seconds},
               {"tokens", progress.tokens},       {"best_loss", progress.best_loss},
               {"best_step", progress.best_step}, {"validations_since_best", progress.validations_since_best},
               {"finished", progress.finished},   {"optimizer_updates", progress.optimizer_updates}};
  if (const RateState& rate = progress.rate; rate.factor >= 0) {
    json["rate"] = {{"factor", rate.factor},         {"steps", rate.steps},       {"minutes", rate.minutes},
                    {"climb_from", rate.climb_from}, {"climb_at", rate.climb_at}, {"restarted", rate.restarted}};
  }
  replace_file_with_text(path, to_text(json, 2) + "\n");
}

}  // namespace difflm
