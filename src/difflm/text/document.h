// One text of a corpus, with whatever is known about it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace difflm {

struct Document {
  std::string text;                               // valid UTF-8
  std::map<std::string, std::string> attributes;  // field -> value, for instance food -> Italian, or a list of them (label.h)
  std::vector<std::string> tags;                  // one part-of-speech tag per word, empty where unknown
  std::string tree;                               // bracketed constituency tree "(S (NP ...) (VP ...))", empty where unknown
};

}  // namespace difflm
