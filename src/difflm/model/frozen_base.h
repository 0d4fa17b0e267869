// The frozen diffusion model whose texts a classifier reads, and what the classifier sees of them.
#pragma once

#include <string>

#include "difflm/model/diffusion_model.h"
#include "difflm/model/reader.h"
#include "difflm/model/run_folder.h"
#include "difflm/text/document.h"

namespace difflm {

// Options that every classifier of a diffusion model's texts has.
struct FrozenBaseOptions : ReaderOptions {
  std::string input = "estimate";
  int64_t min_count = 10;
  double dropout = 0.1;
  void describe(OptionVisitor& visitor);
};

class FrozenBase {
 public:
  // `key` of the option that names the run, for messages. Throws a usage error where it is missing or holds no diffusion model.
  FrozenBase(const FrozenBaseOptions& options, const std::string& key, const Config& config);

  const Run& run() const { return run_; }
  DiffusionModel& model() const { return *model_; }
  bool reads_latents() const { return reads_latents_; }

  // The texts the run was trained on.
  std::vector<Document> training_texts() const;

  // A network over what is read, [B,T,D] -> [B,T,outputs], built as `config` says.
  std::shared_ptr<Denoiser> make_network(const Config& config, int64_t outputs) const;

  // Latents or estimates [B,T,D] at levels u [B] float64, scaled to unit size.
  Tensor scaled(const Tensor& read, const Tensor& u) const;

 private:
  Run run_;
  std::shared_ptr<DiffusionModel> model_;  // of the run
  bool reads_latents_;
  double size_ = 1;  // root mean square of an embedding's entries
};

// A model that reads the texts of a diffusion model through that model, frozen; it can steer no other model.
class BaseReader : public Reader {
 public:
  using Base = DiffusionModel;

  virtual const FrozenBase& base() const = 0;  // not among the parameters

  std::string base_folder() const override { return base().run().folder; }
  void prepare_to_steer(const Run& steered, const std::string& option) override;
};

}  // namespace difflm
