#include "difflm/nn/row_products.h"

#include "difflm/kernels/float_panels.h"

namespace difflm {
namespace {

bool is_plain(const Tensor& values) { return values.is_cpu() && values.scalar_type() == torch::kFloat32 && values.numel() > 0; }

bool needs_gradient(const Tensor& left, const Tensor& right) {
  return torch::GradMode::is_enabled() && (left.requires_grad() || right.requires_grad());
}

}  // namespace

RowProducts::RowProducts() : panels_(std::make_unique<FloatPanels>()) {}
RowProducts::~RowProducts() = default;

Tensor RowProducts::operator()(const Tensor& left, const Tensor& right) {
  if (!is_plain(left) || !is_plain(right) || right.dim() != 2 || needs_gradient(left, right)) return torch::matmul(left, right);
  const VectorKernels& vector = vector_kernels(best_instructions());
  if (loaded_.replace({right})) {
    const bool transposed = right.t().is_contiguous();
    const Tensor columns = transposed ? right : right.contiguous();
    panels_->fill(vector, columns.data_ptr<float>(), transposed, right.size(0), right.size(1));
  }
  const Tensor from = left.contiguous();
  auto sizes = from.sizes().vec();
  sizes.back() = right.size(1);
  Tensor result = torch::empty(sizes);
  panels_->multiply(vector, from.data_ptr<float>(), from.numel() / from.size(-1), result.data_ptr<float>());
  return result;
}

}  // namespace difflm
