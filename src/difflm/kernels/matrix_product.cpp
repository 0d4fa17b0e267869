#include "difflm/kernels/matrix_product.h"

#include <dnnl.hpp>
#include <map>

namespace difflm {
namespace {

using dnnl::memory;

memory::desc describe(int64_t rows, int64_t columns, bool transposed) {
  const memory::dims strides = transposed ? memory::dims{1, rows} : memory::dims{columns, 1};
  return {{rows, columns}, memory::data_type::f32, strides};
}

// The one call that differs between oneDNN 2 and 3.
dnnl::matmul::primitive_desc describe_product(const dnnl::engine& engine, const memory::desc& left, const memory::desc& right,
                                              const memory::desc& result, const dnnl::primitive_attr& attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return {engine, left, right, result, attributes};
#else
  return {dnnl::matmul::desc(left, right, result), attributes, engine};
#endif
}

// A primitive with the memories it reads and writes; only their addresses change from call to call.
struct Product {
  Product(const ProductShape& shape, const dnnl::engine& engine) {
    const auto left_description = describe(shape.rows, shape.inner, shape.left_transposed);
    const auto right_description = describe(shape.inner, shape.columns, false);
    const auto result_description = describe(shape.rows, shape.columns, false);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::library);
    if (shape.accumulate) {
      dnnl::post_ops post;
      post.append_sum(1.0F);
      attributes.set_post_ops(post);
    }
    primitive = dnnl::matmul(describe_product(engine, left_description, right_description, result_description, attributes));
    left = memory(left_description, engine, nullptr);
    right = memory(right_description, engine, nullptr);
    result = memory(result_description, engine, nullptr);
    arguments = {{DNNL_ARG_SRC, left}, {DNNL_ARG_WEIGHTS, right}, {DNNL_ARG_DST, result}};
  }

  dnnl::matmul primitive;
  memory left, right, result;
  std::unordered_map<int, memory> arguments;
};

}  // namespace

struct MatrixProducts::State {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  std::map<ProductShape, Product> products;
};

MatrixProducts::MatrixProducts() : state_(std::make_unique<State>()) {}
MatrixProducts::~MatrixProducts() = default;

void MatrixProducts::run(const ProductShape& shape, const float* left, const float* right, float* result) {
  auto found = state_->products.find(shape);
  if (found == state_->products.end()) {
    // Batches of many lengths give many shapes; beyond a generous number the oldest code is not worth keeping.
    constexpr size_t kMost = 4096;
    if (state_->products.size() >= kMost) state_->products.clear();
    found = state_->products.emplace(shape, Product(shape, state_->engine)).first;
  }
  Product& product = found->second;
  // oneDNN takes all addresses as writable; left and right are only read.
  product.left.set_data_handle(const_cast<float*>(left));
  product.right.set_data_handle(const_cast<float*>(right));
  product.result.set_data_handle(result);
  product.primitive.execute(state_->stream, product.arguments);
}

}  // namespace difflm
