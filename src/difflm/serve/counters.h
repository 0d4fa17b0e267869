// What the server has done so far, in the text format that Prometheus reads.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace difflm {

class Counters {
 public:
  void count_reply(int status);
  void count_texts(const std::string& model, int64_t texts, int64_t tokens, double evaluations, double seconds);
  void count_batch(const std::string& model, int64_t requests);

  // `waiting`: requests per model that wait now.
  std::string text(const std::map<std::string, int64_t>& waiting) const;

 private:
  struct OfModel {
    int64_t texts = 0;
    int64_t tokens = 0;
    double evaluations = 0;
    double seconds = 0;
    int64_t batches = 0;
    int64_t requests = 0;
  };
  mutable std::mutex mutex_;
  std::map<int, int64_t> replies_;
  std::map<std::string, OfModel> models_;
};

}  // namespace difflm
