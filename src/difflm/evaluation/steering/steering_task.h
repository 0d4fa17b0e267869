// What a model is asked to write when its steering is measured: wishes, many of a kind, taken from held-out texts.
#pragma once

#include <string>
#include <vector>

#include "difflm/steering/steer.h"
#include "difflm/text/document.h"

namespace difflm {

struct SteeringTask {
  std::string kind;  // "attribute", "keywords", "attribute+length", ...: the guides of its wishes
  std::vector<WishSpec> wishes;
};

// Tasks of a file of JSON lines, each an object of guides and what they read: {"attribute": "food=Italian", "length": "14"}; a list
// holds several of a kind. Throws a usage error with the line for anything else.
std::vector<SteeringTask> read_steering_tasks(const std::string& path);

// `count` tasks of a kind, each from a held-out text, so that a text that fulfils it exists: an attribute of the text (of those in
// `labels`, "field=value"), a word of it, its length, its parts of speech, a constituent or its tree, or the text with its middle
// third left open. Kinds joined by + are of the same text. Throws a usage error for a kind that is unknown, or for which the texts
// have nothing.
std::vector<SteeringTask> draw_steering_tasks(const std::string& kind, size_t count, const std::vector<Document>& held_out,
                                              const Run& run, const std::vector<std::string>& labels, uint64_t seed);

}  // namespace difflm
