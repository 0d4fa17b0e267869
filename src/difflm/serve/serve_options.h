// What a server is started with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace difflm {

// What reads a model's texts while it writes, so that wishes for `guide` can be had of it.
struct ServedClassifier {
  std::string guide;
  std::string folder;
  std::string example;  // a wish that it knows
};

// A run folder under the name that requests call it by.
struct ServedRun {
  std::string name;
  std::string folder;
  bool writes = true;  // false: this process trains it, no model is opened, and its training can be watched
  std::vector<ServedClassifier> classifiers = {};
};

struct ServeLimits {
  int64_t waiting = 64;          // requests per model that wait; more are refused with 429
  int64_t parallel = 64;         // texts of waiting requests that one model writes at once
  int64_t body_bytes = 1 << 20;  // of a request
  int64_t texts = 256;           // per request
  int64_t candidates = 8;        // texts that are watched at once
  int64_t steps = 4096;          // denoising steps
  int64_t wishes = 32;           // per request
  int64_t words = 1 << 16;       // bytes of a prompt, wish or text
  double seconds = 300;          // per request, from when it begins
  double patience = 5;           // seconds for which a watched text goes on without anybody watching
  int64_t connections = 256;     // at the same time
  int64_t kept_jobs = 256;       // finished ones whose events can still be read,
  int64_t kept_bytes = 1 << 28;  // and what these have in all; also the most that one text may have
};

struct ServeOptions {
  std::vector<ServedRun> runs;
  std::vector<std::string> settings;  // of all models, as in Model::open
  std::string host = "127.0.0.1";
  int port = 8080;      // 0: any that is free
  std::string api_key;  // empty: none is asked for
  ServeLimits limits;
};

}  // namespace difflm
