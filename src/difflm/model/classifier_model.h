// The classifier of attributes: which fields with which values a text in the making expresses, at any noise level. It steers
// (control/guide/attribute.h) and never judges.
//
// It reads a diffusion model's own estimate of the clean text (or, as Diffusion-LM's, the noisy latents), so it is trained on
// exactly what it will see when it steers. Each label, "food=Italian", has a detector at every position; the text has the label
// where any of them fires: p = 1 - prod_t (1 - sigmoid(z_t)), a noisy-or (Pearl 1988). Fields may have several values, or none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "difflm/model/denoiser.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/model/run_folder.h"
#include "difflm/text/document.h"

namespace difflm {

struct Label {
  std::string field;
  std::string value;
  auto operator<=>(const Label&) const = default;
};

// The labels of a text: "offers" = "tea, cakes" gives two.
std::vector<Label> labels_of(const Document& document);

class ClassifierModel : public LanguageModel {
 public:
  struct Options {
    std::string base;
    std::string input = "estimate";
    int64_t min_count = 10;
    double dropout = 0.1;
    void describe(OptionVisitor& visitor);
  };

  ClassifierModel(const Options& options, const ModelSource& source);

  std::string kind() const override { return "classifier"; }
  std::string note() const override;

  // log p of having each label and of not having it: what it reads [B,T,D], at levels u [B] float64 -> [B,L] each.
  struct Verdict {
    Tensor log_has;
    Tensor log_lacks;
  };
  Verdict classify(const Tensor& read, const Tensor& u);

  const std::vector<Label>& labels() const { return labels_; }
  bool reads_latents() const { return options_.input == "latent"; }

  // The frozen model whose texts it reads; not among the parameters.
  const Run& base() const { return base_; }
  DiffusionModel& base_model() const { return dynamic_cast<DiffusionModel&>(*base_.model); }

 private:
  Options options_;
  Run base_;
  double size_ = 1;  // root mean square of an embedding's entries, to which its input is brought
  std::vector<Label> labels_;
  std::shared_ptr<Denoiser> network_;
  torch::nn::Dropout dropout_{nullptr};
  Tensor bias_;  // [L]
};

}  // namespace difflm
