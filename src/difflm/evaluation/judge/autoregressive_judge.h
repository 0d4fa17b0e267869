// An autoregressive run as a judge.
//
// Nats are reported per *word* (and end of text), so that judges and models with different tokens can be compared. Texts longer
// than the judge reads at once are scored in overlapping windows (reading_windows.h). Judges that evaluation trains itself:
// judge_training.h.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "difflm/evaluation/judge/judge.h"
#include "difflm/model/autoregressive_model.h"
#include "difflm/model/run_folder.h"

namespace difflm {

class AutoregressiveJudge : public Judge {
 public:
  // Any autoregressive run can judge. Throws a usage error when the folder holds another kind of run.
  explicit AutoregressiveJudge(const std::string& folder);

  std::string name() const override { return name_; }

  // tokens: words of counted_words plus the end of text.
  std::vector<Score> score(const std::vector<std::string>& texts) const override;

  // The state that predicts the end of the text.
  std::vector<std::vector<float>> features(const std::vector<std::string>& texts) const override;

  // Texts read in windows, tokens that the judge does not know, and a judge that has seen little.
  std::vector<std::string> notes(const std::vector<std::string>& texts) const override;

 private:
  // What the model reads at once, and what it should predict; -100 where that is not scored.
  struct Window {
    size_t text;
    std::vector<int64_t> inputs;
    std::vector<int64_t> targets;
  };
  std::vector<Window> windows_of(const std::vector<std::string>& texts) const;

  // Inputs that the model reads at once, START included.
  size_t limit() const;

  // Calls `visit(windows, inputs)` for batches of windows of similar length; inputs [B,T] are padded with END.
  template <class Visit>
  void for_each_batch(std::vector<Window> windows, Visit visit) const;

  Run run_;
  std::shared_ptr<AutoregressiveModel> model_;  // of the run
  std::string name_;
};

}  // namespace difflm
