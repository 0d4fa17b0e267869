// The whole interface in one program: ./tour FOLDER
// Trains a tiny model on the builtin corpus for a moment, stops and continues, watches texts appear, steers, and evaluates.
#include <difflm/difflm.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

// Too small to write anything sensible.
const char* const kTiny = R"(
  [data]
  builtin.sentences = 300
  [model]
  learned.dimension = 16
  transformer.width = 16
  transformer.layers = 1
  transformer.heads = 2
  [train]
  steps = 40
  minutes = 0
  batch = 16
  validation_sequences = 16
  [sampling]
  steps = 10
)";

void show_what_there_is() {
  const difflm::Catalogue all = difflm::catalogue();
  std::printf("presets:");
  for (const auto& preset : all.presets) std::printf(" %s", preset.name.c_str());
  std::printf("\n");
  for (const auto& wish : all.wishes)
    std::printf("wish %s: %s, as \"%s\"\n", wish.guide.c_str(), wish.help.c_str(), wish.example.c_str());
  for (const auto& family : all.families) {
    std::printf("%s:", family.key.c_str());
    for (const auto& part : family.parts) std::printf(" %s", part.name.c_str());
    std::printf("\n");
  }
  for (const auto& section : all.sections) {
    if (section.name != "sampling") continue;
    for (const auto& setting : section.settings) {
      std::printf("%s = %s: %s\n", setting.key.c_str(), setting.standard.c_str(), setting.help.c_str());
    }
  }
}

void look_at_texts(const std::string& folder) {
  std::filesystem::create_directories(folder);
  std::ofstream file(folder + "/poems.txt");
  for (int rose = 0; rose < 60; ++rose) file << "A rose is a rose, said number " << rose << ".\n";
  file.close();
  const difflm::Inspection seen = difflm::inspect({.texts = {folder + "/poems.txt"}, .settings = {"train.minutes=5"}});
  std::printf("%ld texts of at most %ld words\n", static_cast<long>(seen.texts), static_cast<long>(seen.length.longest));
  for (const auto& choice : seen.choices)
    std::printf("chose %s = %s: %s\n", choice.key.c_str(), choice.value.c_str(), choice.reason.c_str());

  const difflm::Training done =
      difflm::train({.folder = folder + "/poems",
                     .texts = {folder + "/poems.txt"},
                     .toml = "model.transformer.width = 16\nmodel.transformer.heads = 2\ntrain.steps = 2",
                     .on_inspection = [](const difflm::Inspection& same) { std::printf("%s", same.toml.c_str()); }});
  std::printf("a model of these in %s\n", done.folder.c_str());
}

void train_in_two_sittings(const std::string& folder) {
  difflm::TrainRequest request = {.folder = folder, .configs = {"builtin"}, .toml = kTiny, .settings = {"train.validate_every=20"}};
  request.on_message = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
  request.on_step = [](const difflm::TrainingStep& step) { return step.step < 10; };
  const difflm::Training first = difflm::train(request);
  std::printf("stopped after %ld steps\n", static_cast<long>(first.steps));

  request.on_step = [](const difflm::TrainingStep& step) {
    if (step.step % 10 == 0) {
      std::printf("step %ld of %ld, loss %.3f, %.0f tokens/s, %.0f s left\n", static_cast<long>(step.step),
                  static_cast<long>(step.steps), step.loss, step.tokens_per_second, step.seconds_left);
    }
    return true;
  };
  request.on_validation = [](const difflm::Validation& validation) { std::printf("validation loss %.3f\n", validation.loss); };
  const difflm::Training whole = difflm::train(request);
  std::printf("finished after %ld steps, best validation loss %.3f\n", static_cast<long>(whole.steps), whole.best_loss);
}

void watch_one_text(const difflm::Model& model) {
  const auto show = [](const difflm::Snapshot& moment) {
    std::printf("noise %.2f  %s\n", moment.noise, moment.texts().front().text.c_str());
    return true;  // false would stop
  };
  model.sample({.seed = 2, .length = 12, .on_step = show});
}

void steer(const difflm::Model& model) {
  const difflm::Request request = {
      .count = 3, .wishes = {{"keywords", "cafe"}, {"length", "8..12"}}, .steps = 20, .temperature = 0.9};
  for (const auto& text : model.sample(request)) {
    std::printf("%s (the word: %s)\n", text.text.c_str(), text.wishes[0].fulfilled.value_or(false) ? "yes" : "no");
  }
}

// Calls on one model wait for each other.
void sample_from_two_threads(const difflm::Model& model) {
  std::vector<std::string> texts(2);
  const auto write = [&](std::size_t seed) { texts[seed] = model.sample({.seed = seed})[0].text; };
  std::thread other(write, 0);
  write(1);
  other.join();
  for (const auto& text : texts) std::printf("%s\n", text.c_str());
}

void evaluate(const std::string& folder) {
  const difflm::Evaluation texts =
      difflm::evaluate({.run = folder, .count = 20, .settings = {"evaluation.resamples=50"}, .use_judge = false});
  std::printf("%s", texts.table.c_str());
  const difflm::Evaluation steering =
      difflm::evaluate({.run = folder, .use_judge = false, .tasks = "keywords", .targets = 2, .per_target = 2});
  std::printf("%s", steering.table.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: tour FOLDER\n");
    return 2;
  }
  try {
    show_what_there_is();
    look_at_texts(std::string(argv[1]) + "-texts");
    train_in_two_sittings(argv[1]);
    const difflm::ModelInfo facts = difflm::describe(argv[1]);
    std::printf("a %s model of %ld parameters, %ld words\n", facts.kind.c_str(), static_cast<long>(facts.parameters),
                static_cast<long>(facts.vocabulary));
    const auto model = difflm::Model::open(argv[1], {"runtime.threads=1"});
    watch_one_text(model);
    steer(model);
    sample_from_two_threads(model);
    evaluate(argv[1]);
    model.sample({.wishes = {{"keywords", "frobnicate"}}});  // not a word of the corpus
  } catch (const difflm::RunError& error) {
    std::printf("%s error in '%s': %s\n", error.kind() == difflm::RunError::Kind::usage ? "usage" : "internal",
                error.where().c_str(), error.problem().c_str());
    return error.where() == "keywords" ? 0 : 1;
  }
}
