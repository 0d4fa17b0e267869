#include "difflm/training/checkpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "difflm/core/files.h"
#include "difflm/nn/safetensors.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;

// Exchanges two folders atomically where the file system can, else by two renames.
void exchange_folders(const std::string& fresh, const std::string& current) {
  constexpr unsigned kExchange = 2;  // RENAME_EXCHANGE
  if (!fs::exists(current)) {
    fs::rename(fresh, current);
    return;
  }
  if (::syscall(SYS_renameat2, AT_FDCWD, fresh.c_str(), AT_FDCWD, current.c_str(), kExchange) == 0) {
    fs::remove_all(fresh);
    return;
  }
  const std::string old = current + ".old";
  fs::remove_all(old);
  fs::rename(current, old);
  fs::rename(fresh, current);
  fs::remove_all(old);
}

}  // namespace

bool has_checkpoint(const std::string& folder) {
  const std::string path = folder + "/checkpoint";
  if (!fs::exists(path) && fs::exists(path + ".old/state.json")) fs::rename(path + ".old", path);
  return fs::exists(path + "/state.json");
}

void save_checkpoint(const std::string& folder, LanguageModel& model, FlatParameters& parameters, Optimizer& optimizer,
                     const Progress& progress) {
  const std::string fresh = folder + "/checkpoint.tmp";
  try {
    fs::remove_all(fresh);
    make_folder(fresh);
    const std::map<std::string, std::string> metadata = {{"format", "difflm"}, {"step", fmt::format("{}", progress.step)}};
    write_safetensors(fresh + "/model.safetensors", model_tensors(model), metadata);
    parameters.with_values(optimizer.average(),
                           [&] { write_safetensors(fresh + "/ema.safetensors", model_tensors(model), metadata); });
    write_safetensors(fresh + "/optimizer.safetensors",
                      {{"first_moment", optimizer.first_moment()},
                       {"second_moment", optimizer.second_moment()},
                       {"average", optimizer.average()}},
                      {{"format", "difflm"}, {"step", metadata.at("step")}, {"order", parameters.order()}});
    Progress saved = progress;
    saved.optimizer_updates = optimizer.updates();
    write_progress(fresh + "/state.json", saved);
    exchange_folders(fresh, folder + "/checkpoint");
  } catch (const fs::filesystem_error& error) {
    throw failure(folder, fmt::format("cannot save the checkpoint of step {}: {}", progress.step, error.what()));
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    throw;
  }
}

Progress load_checkpoint(const std::string& folder, LanguageModel& model, Optimizer& optimizer) {
  const std::string path = folder + "/checkpoint";
  const Progress progress = read_progress(progress_path(folder));
  load_model_tensors(model, read_safetensors(path + "/model.safetensors").tensors, path + "/model.safetensors");
  const auto state = read_safetensors(path + "/optimizer.safetensors");
  const auto order = state.metadata.find("order");
  if (order == state.metadata.end() || order->second != optimizer.parameters().order()) {
    throw failure(path + "/optimizer.safetensors", "has the parameters in another order, as another version of difflm wrote them",
                  "the model can still be sampled from; to train on, start a new run");
  }
  const NamedTensors& moments = state.tensors;
  const auto restore = [&](const std::string& name, Tensor& target) {
    const auto found = moments.find(name);
    if (found == moments.end() || found->second.sizes() != target.sizes()) {
      throw failure(path + "/optimizer.safetensors", fmt::format("'{}' is missing or of another size", name));
    }
    target.copy_(found->second);
  };
  restore("first_moment", optimizer.first_moment());
  restore("second_moment", optimizer.second_moment());
  restore("average", optimizer.average());
  optimizer.set_updates(progress.optimizer_updates);
  return progress;
}

}  // namespace difflm
