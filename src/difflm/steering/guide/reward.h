// Whatever a program of the user's measures: `--reward COMMAND`. The command reads texts, one per line, and writes a number for
// each, one per line; a line feed in a text is written as \n. A text is exp(weight * number) times as probable.
//
// A program has no gradient and reads finished words only, so nothing is pulled: corrections are accepted by it
// (sampling/acceptance.h), and the best of several texts is chosen.
#pragma once

#include "difflm/steering/guide.h"

namespace difflm {

class RewardGuide : public Guide {
 public:
  struct Options {
    double weight = 1;
    double seconds = 60;
    void describe(OptionVisitor& visitor) {
      visitor.field("weight", weight, "factor on the numbers of the program", {0, 1e4});
      visitor.field("seconds", seconds, "longest that the program may take for the texts of a batch", {0.01, 1e6});
    }
  };

  // Throws a usage error where the command cannot rate a text.
  RewardGuide(const Options& options, const GuideSource& source);

  Tensor log_probability(const GuideView&) const override { return {}; }
  bool has_energy() const override { return false; }
  bool needs_whole_texts() const override { return false; }
  bool is_graded() const override { return true; }
  bool rates_texts() const override { return true; }
  std::vector<double> rate(const std::vector<std::string>& texts) const override;
  std::optional<bool> is_fulfilled(std::span<const Token>) const override { return {}; }

 private:
  std::string command_;
  double seconds_;
};

}  // namespace difflm
