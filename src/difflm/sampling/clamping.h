// Diffusion-LM's clamping trick (Li et al. 2022): a denoiser whose every estimate is replaced by the nearest embeddings.
//
// A wrapper around any denoiser, as in k-diffusion (Karras et al. 2022): the loop and the samplers do not depend on it.
#pragma once

#include "difflm/model/diffusion_model.h"
#include "difflm/sampling/denoising_loop.h"

namespace difflm {

// `model` and the embeddings `table` [V,D] must outlive the result.
inline DenoiseFunction clamped(DenoiseFunction denoiser, DiffusionModel& model, const Tensor& table) {
  return [denoiser = std::move(denoiser), &model, table](const Tensor& x_t, double u, const Tensor& previous_x0) -> Denoised {
    return DiffusionModel::embed(model.nearest(denoiser(x_t, u, previous_x0).x0, table), table);
  };
}

}  // namespace difflm
