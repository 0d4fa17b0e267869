// The part of speech of an unseen word, by its ending: successive abstraction (Samuelsson 1993, as in Brants 2000).
//
// With P_m the probabilities of the tags given the last m letters, estimated from rare words of the same case:
//   P_m = (frequency + theta P_m-1) / (1 + theta),   theta = standard deviation of the tags' own frequencies.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace difflm {

class WordEndings {
 public:
  // How often each word has each of `tags` tags.
  WordEndings(const std::map<std::string, std::map<size_t, double>>& words, size_t tags);

  // The probability of each tag; they sum to 1.
  std::vector<double> tags_of(const std::string& word) const;

 private:
  static std::string ending(const std::string& word, size_t letters);

  std::unordered_map<std::string, std::map<size_t, double>> counts_;  // of ending()
  std::vector<double> prior_;
  double theta_ = 0;
};

// Whether it starts with an ASCII capital.
bool is_capitalised(std::string_view word);

}  // namespace difflm
