// difflm: text-diffusion language models. The public interface.
//
//   auto model = difflm::Model::open("runs/demo");
//   for (const auto& sample : model.sample({.count = 3})) std::cout << sample.text << "\n";
//
// Plain strings, vectors and callbacks; no Torch type crosses this header. Every function may throw difflm::RunError, whose text
// says where, what was expected, and a hint. A Model may be used by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace difflm {

class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One text.
struct Text {
  int64_t index = 0;  // text `index` of a seed is the same whatever the count
  std::string text;
  double confidence = 0;  // mean probability the model gives its own tokens, 0 to 1
};

// A look at the texts while they appear out of noise.
struct Moment {
  int64_t step = 0;  // 0 .. steps-1
  int64_t steps = 0;
  double noise = 1;  // noise level u, 1 to 0
  std::vector<Text> texts;
};

struct Request {
  int64_t count = 1;
  uint64_t seed = 1;
  int64_t steps = 0;                                // denoising steps, 0: as the run's configuration has it
  double temperature = 0;                           // 0: as the run's configuration has it; below 1 is safer and less varied
  int64_t length = 0;                               // tokens of each text, 0: drawn from the training texts' distribution
  std::function<bool(const Moment&)> on_step = {};  // may be empty; false stops with the texts so far
};

// What a text shall be like. Guides: "keywords" ("cheap ... pub": in this order), "without", "attribute" ("food=Italian"),
// "part-of-speech" ("DET NOUN _ ADJ"), "span" ("NP 1-4"), "tree" ("(S (NP (DET _) (NOUN _)) ...)"), "fluency" (a run folder),
// "length" ("14", "10..20"), "infill" ("The _ is * ."), "label" and "fudge" ("food=Italian"). docs/control.md says all about them.
struct Wish {
  std::string guide;
  std::string text;
};

struct ControlRequest {
  std::vector<Wish> wishes = {};  // they add up
  int64_t count = 1;
  uint64_t seed = 1;
  std::string classifier = {};             // for "attribute": the run folder of the model's classifier
  std::string span_classifier = {};        // for "span" and "tree": the run folder of the model's span classifier
  std::string prefix_classifier = {};      // for "fudge": the run folder of the autoregressive model's prefix classifier
  std::vector<std::string> settings = {};  // "key=value" of the sections sampling and control: "control.attribute.weight=2"
};

struct SteeredText {
  Text text;
  std::vector<std::optional<bool>> holds;  // of each wish: whether it holds, where an exact rule can say so
};

struct Facts {
  std::string kind;  // "diffusion" or "autoregressive"
  int64_t parameters = 0;
  int64_t vocabulary = 0;
  int64_t longest = 0;  // tokens
  int64_t steps_trained = 0;
  std::string configuration;  // TOML
};

class Model {
 public:
  // Opens a run folder made by `difflm train`. `threads` 0 uses all.
  static Model open(const std::string& folder, int threads = 0);

  std::vector<Text> sample(const Request& request = {}) const;

  // Texts that fulfil wishes, by the unchanged model (a diffusion model). A wish that cannot be fulfilled is an error before any
  // work.
  std::vector<SteeredText> control(const ControlRequest& request) const;

  Facts facts() const;

  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;
  ~Model();

 private:
  struct Inside;
  explicit Model(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace difflm
