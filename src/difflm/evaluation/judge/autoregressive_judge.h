// The judge that evaluation trains: a causal transformer over byte pairs, so that no text is outside its vocabulary.
//
// A word-level judge would charge a nonsense word the price of one UNK; with bytes every letter is paid for. Nats are reported per
// *word* (and end of text), so that judges and models with different tokens can be compared. Texts longer than the judge are scored
// in windows.
#pragma once

#include <functional>
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

  // tokens: words of split_words plus the end of text.
  std::vector<Score> score(const std::vector<std::string>& texts) const override;

  // The state that predicts the end of the text.
  std::vector<std::vector<float>> features(const std::vector<std::string>& texts) const override;

 private:
  // What the model reads at once, and what it should predict.
  struct Window {
    size_t text;
    std::vector<Token> inputs;
    std::vector<Token> targets;
  };
  // The windows of every text in order, no longer than the model.
  std::vector<Window> windows_of(const std::vector<std::string>& texts) const;

  // Calls `visit(windows, inputs)` for batches of windows of similar length; inputs [B,T] are padded with END.
  template <class Visit>
  void for_each_batch(std::vector<Window> windows, Visit visit) const;

  Run run_;
  std::shared_ptr<AutoregressiveModel> model_;  // of the run
  std::string name_;
};

// The folder of a judge trained on `training` texts for at most `steps` steps, from the cache (`cache` / judge-HASH) or trained
// now: 2,000 steps take some minutes. Waits where another process is training it. `on_message` gets progress.
std::string train_judge(const std::vector<std::string>& training, int64_t steps, const std::string& cache,
                        const std::function<void(const std::string&)>& on_message);

// $XDG_CACHE_HOME/difflm or ~/.cache/difflm.
std::string cache_folder();

}  // namespace difflm
