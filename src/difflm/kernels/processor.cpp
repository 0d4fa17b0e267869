#include "difflm/kernels/processor.h"

#include <array>

#include "difflm/core/error.h"

#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace difflm {
namespace {

constexpr std::array<const char*, 5> kNames = {"plain", "avx2", "avx512", "avx512_bf16", "amx"};

#if defined(__x86_64__) && defined(__linux__)

// Linux keeps the large registers of the matrix unit from processes that do not ask for them (arch_prctl(2), ARCH_REQ_XCOMP_PERM).
bool may_use_tiles() {
  constexpr int kRequestPermission = 0x1023;
  constexpr int kTileData = 18;
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

Instructions find_best() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Instructions::plain;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl")) {
    return Instructions::avx2;
  }
  if (!__builtin_cpu_supports("avx512bf16")) return Instructions::avx512;
  return __builtin_cpu_supports("amx-bf16") && may_use_tiles() ? Instructions::amx : Instructions::avx512_bf16;
}

#else

Instructions find_best() { return Instructions::plain; }

#endif

}  // namespace

Instructions best_instructions() {
  static const Instructions best = find_best();
  return best;
}

std::string name_of(Instructions level) { return kNames.at(static_cast<size_t>(level)); }

Instructions choose_instructions(const std::string& name, const std::string& option) {
  const Instructions best = best_instructions();
  if (name == "auto") return best;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (name != kNames[i]) continue;
    if (static_cast<Instructions>(i) <= best) return static_cast<Instructions>(i);
    throw usage_error(option, "is " + name + ", but this processor supports no more than " + name_of(best),
                      "use " + option + "=auto");
  }
  throw usage_error(option, "is " + name + ", which is not a level of instructions",
                    "one of auto, plain, avx2, avx512, avx512_bf16, amx");
}

}  // namespace difflm
