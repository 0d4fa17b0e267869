// A judge: a language model that says how surprising a text is. It must not be the model whose samples it judges.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace difflm {

class Judge {
 public:
  struct Score {
    double nats = 0;     // -log p of the whole text, the end of the text included
    int64_t tokens = 0;  // what was predicted: every token of the text and the end of the text, so at least 1
  };

  virtual ~Judge() = default;

  // What a report calls the judge, for instance the run it comes from.
  virtual std::string name() const = 0;

  // One score per text, in the order of `texts`. The first token is predicted from the start of the text and counted.
  virtual std::vector<Score> score(const std::vector<std::string>& texts) const = 0;

  // A text as a point: the judge's hidden state at its end, one row of equal width per text. Empty where the judge has no such
  // states.
  virtual std::vector<std::vector<float>> features(const std::vector<std::string>&) const { return {}; }

  // What a reader should know about how `texts` were judged, one sentence each.
  virtual std::vector<std::string> notes(const std::vector<std::string>&) const { return {}; }
};

}  // namespace difflm
