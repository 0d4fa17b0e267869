// One line of the table: the same work in several ways, with results compared, timed in turn, and related to the matrix peak.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "difflm/nn/torch.h"
#include "report.h"
#include "timing.h"

namespace difflm::bench {

class Comparison {
 public:
  Comparison(std::string section, std::string name) : section_(std::move(section)), name_(std::move(name)) {}

  // A way to do it. The first is compared with the others; where tensors are returned, the last one's result is the reference.
  void add(const std::string& name, std::function<Tensor()> body) { bodies_.push_back({name, std::move(body)}); }

  // Floating-point operations of the work: the line then shows the share of the matrix peak, measured in turn with the ways.
  void set_operations(double operations) { operations_ = operations; }

  // The least number of bytes that the first way moves: the line then shows its memory bandwidth.
  void set_bytes(double bytes) { bytes_ = bytes; }

  // Facts for the JSON alone.
  void set_facts(nlohmann::ordered_json facts) { facts_ = std::move(facts); }

  // Throws a failure where the results differ by more than bfloat16 explains: then no ratio means anything.
  void run(Report& report, const Effort& effort);

 private:
  struct Body {
    std::string name;
    std::function<Tensor()> run;
  };

  // |first - reference| / |reference|, negative where there are no tensors to compare.
  double difference() const;

  std::string section_;
  std::string name_;
  std::vector<Body> bodies_;
  double operations_ = 0;
  double bytes_ = 0;
  nlohmann::ordered_json facts_;
};

}  // namespace difflm::bench
