#include "difflm/model/runtime.h"

#include <dlfcn.h>

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/core/usable_processors.h"
#include "difflm/nn/autocast.h"
#include "difflm/nn/kernel_user.h"
#include "difflm/nn/transformer.h"

namespace difflm {

namespace {

// OpenBLAS built with its own threads lets them spin beside LibTorch's and halves the speed of a small model; one is enough for
// the few float32 products left. Looked up by name, since LibTorch may be linked with another BLAS.
void calm_openblas() {
  const auto parallel = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  const auto set_threads = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  constexpr int kOwnThreads = 1;  // 0 is sequential, 2 is OpenMP
  if (parallel != nullptr && set_threads != nullptr && parallel() == kOwnThreads) set_threads(1);
}

void use_kernels(const RuntimeOptions& options, LanguageModel& model, const torch::Device& device) {
  const Instructions level = choose_instructions(options.instructions, "runtime.instructions");
  const bool wanted = options.kernels == "fused" || (options.kernels == "auto" && level >= Instructions::avx2);
  std::optional<Instructions> used;
  if (wanted && device.is_cpu() && options.autocast) used = level;
  bool found = false;
  for (const auto& module : model.modules()) {
    if (auto* user = dynamic_cast<KernelUser*>(module.get())) user->use_kernels(used);
    const auto* transformer = module->as<Transformer>();
    found = found || (transformer != nullptr && transformer->has_kernels());
  }
  if (options.kernels == "fused" && !found) {
    throw usage_error("runtime.kernels", "is fused, but the fused kernels need a CPU, runtime.autocast and a transformer",
                      "runtime.kernels=auto uses them where they are available");
  }
}

}  // namespace

void RuntimeOptions::describe(OptionVisitor& visitor) {
  visitor.choice("device", device, "where to compute", {"auto", "cpu", "cuda"});
  visitor.choice("kernels", kernels,
                 "transformer blocks: fused kernels, LibTorch's operators (eager), or fused where available (auto)",
                 {"auto", "fused", "eager"});
  visitor.choice("instructions", instructions, "instruction level of the fused kernels, auto for the processor's best",
                 {"auto", "plain", "avx2", "avx512", "avx512_bf16", "amx"});
  visitor.field("threads", threads,
                "CPU threads; 0: the least of the processors that the process may run on, its CPU quota and OMP_NUM_THREADS",
                {0, 4096});
  visitor.field("autocast", autocast, "matrix products in bfloat16 where the hardware has it");
}

torch::Device choose_device(const RuntimeOptions& options) {
  const bool available = at::hasCUDA();
  if (options.device == "cuda" && !available) {
    throw usage_error("runtime.device", "is cuda, but this LibTorch sees no CUDA device", "use runtime.device=auto");
  }
  return options.device == "cpu" || !available ? torch::kCPU : torch::kCUDA;
}

void use_threads(const RuntimeOptions& options) {
  // LibTorch's own default is half of the logical processors, which on a small virtual machine is a single one.
  torch::set_num_threads(static_cast<int>(choose_threads(options.threads)));
  calm_openblas();
}

torch::Device use_runtime(const RuntimeOptions& options, LanguageModel& model) {
  const torch::Device device = choose_device(options);
  use_threads(options);
  model.to(device);
  model.set_autocast(options.autocast && has_bfloat16(device));
  use_kernels(options, model, device);
  return device;
}

}  // namespace difflm
