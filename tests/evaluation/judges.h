// Judges small enough to work out their scores by hand.
#pragma once

#include <cmath>
#include <map>
#include <string>

#include "difflm/core/random.h"
#include "difflm/evaluation/judge/judge.h"
#include "difflm/text/words.h"

namespace difflm {

// Every word and the end of the text have probability 1 / size: the perplexity is `size` whatever the text.
class UniformJudge : public Judge {
 public:
  explicit UniformJudge(double size) : size_(size) {}
  std::string name() const override { return "uniform"; }
  std::vector<Score> score(const std::vector<std::string>& texts) const override {
    std::vector<Score> scores;
    for (const auto& text : texts) {
      const auto tokens = static_cast<int64_t>(split_words(text).size()) + 1;
      scores.push_back({static_cast<double>(tokens) * std::log(size_), tokens});
    }
    return scores;
  }

 private:
  double size_;
};

// Word pairs with one half added to each count: knows order, so it tells text from shuffled text.
class BigramJudge : public Judge {
 public:
  explicit BigramJudge(const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
      walk(text, [&](const std::string& left, const std::string& right) {
        ++pairs_[{left, right}];
        ++lefts_[left];
        ++rights_[right];
      });
    }
  }
  std::string name() const override { return "bigram"; }
  std::vector<Score> score(const std::vector<std::string>& texts) const override {
    std::vector<Score> scores;
    for (const auto& text : texts) {
      Score score;
      walk(text, [&](const std::string& left, const std::string& right) {
        const auto pair = pairs_.find({left, right});
        const auto total = lefts_.find(left);
        const double above = 0.5 + (pair == pairs_.end() ? 0 : pair->second);
        const double below = 0.5 * static_cast<double>(rights_.size() + 1) + (total == lefts_.end() ? 0 : total->second);
        score.nats -= std::log(above / below);
        ++score.tokens;
      });
      scores.push_back(score);
    }
    return scores;
  }
  // Counts of word pairs, in 32 classes.
  std::vector<std::vector<float>> features(const std::vector<std::string>& texts) const override {
    std::vector<std::vector<float>> points;
    for (const auto& text : texts) {
      points.emplace_back(32, 0.0F);
      walk(text, [&](const std::string& left, const std::string& right) { ++points.back()[hash_text(left + " " + right) % 32]; });
    }
    return points;
  }

 private:
  template <class Visit>
  static void walk(const std::string& text, Visit visit) {
    std::string left;
    for (const auto& word : split_words(text)) {
      visit(left, word);
      left = word;
    }
    visit(left, "");
  }

  std::map<std::pair<std::string, std::string>, double> pairs_;
  std::map<std::string, double> lefts_;
  std::map<std::string, double> rights_;
};

// Gives the same scores whatever the texts.
class FixedJudge : public Judge {
 public:
  explicit FixedJudge(std::vector<Score> scores) : scores_(std::move(scores)) {}
  std::string name() const override { return "fixed"; }
  std::vector<Score> score(const std::vector<std::string>&) const override { return scores_; }

 private:
  std::vector<Score> scores_;
};

}  // namespace difflm
