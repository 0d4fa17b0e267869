// Looking at texts without training: what `train` would see and choose.
#include "difflm/api/asked_config.h"
#include "difflm/api/fitted_recipe.h"
#include "difflm/api/guarded.h"
#include "difflm/api/piped_text.h"

namespace difflm {

Inspection inspect(const InspectRequest& request) {
  return guarded([&] {
    if (request.texts.empty()) throw usage_error("texts", "are missing, expected files, folders or globs");
    Config asked = read_asked(request.configs, request.toml, request.settings);
    const PipedText piped(request.texts);
    asked.set("data.path", {piped.paths(), "texts"});
    Inspection seen = fit_recipe(asked).inspection;
    for (auto& note : seen.notes) note = piped.shown(note);
    return seen;
  });
}

}  // namespace difflm
