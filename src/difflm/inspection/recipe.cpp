#include "difflm/inspection/recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/inspection/rules.h"

namespace difflm {
namespace {

class RecipeWriter {
 public:
  explicit RecipeWriter(const Config& asked) : asked_(asked) {}

  // What was asked for, else `chosen`, which is then part of the recipe.
  template <class Value>
  Value take(const std::string& key, const Value& chosen, const std::string& reason) {
    const auto* given = asked_.find(key);
    if (given == nullptr) {
      recipe_.push_back({key, chosen, reason});
      return chosen;
    }
    if (const auto* value = std::get_if<Value>(&given->data)) return *value;
    if constexpr (std::is_arithmetic_v<Value>) {  // 1e4 for an integer, 5 for a number
      if (const auto* real = std::get_if<double>(&given->data)) return static_cast<Value>(*real);
      if (const auto* integer = std::get_if<int64_t>(&given->data)) return static_cast<Value>(*integer);
    }
    return chosen;  // of a wrong type: an error when the configuration is resolved
  }

  template <class Value>
  Value take(const std::string& key, const Ruled<Value>& ruled) {
    return take(key, ruled.value, ruled.reason);
  }

  bool asks_for(const std::string& key) const { return asked_.find(key) != nullptr; }

  Recipe recipe() && { return std::move(recipe_); }

 private:
  const Config& asked_;
  Recipe recipe_;
};

// The lengths under a tokenizer that was not tried, as if it were like `spaced`.
const TokenizerProfile& closest(const CorpusProfile& profile, const std::string& tokenizer) {
  for (const auto& one : profile.tokenizers) {
    if (one.name == tokenizer) return one;
  }
  return profile.tokenizer("spaced");
}

}  // namespace

std::vector<std::string> tried_tokenizers() { return {"spaced", "word", "bpe", "char"}; }

Recipe choose_recipe(const CorpusProfile& profile, const Config& asked, const std::string& network) {
  RecipeWriter writer(asked);
  const std::string tokenizer = writer.take("data.tokenizer", choose_tokenizer(profile));
  for (const auto& [key, size] : vocabulary_sizes(profile.words)) {
    if (key.starts_with("data." + tokenizer + ".")) writer.take(key, choose_vocabulary(profile.words));
  }
  const LengthProfile& tokens = closest(profile, tokenizer).tokens;
  const std::string packing = writer.take("data.packing", choose_packing(profile));
  const int64_t length = writer.take("data.length", choose_length(profile, tokens, packing));
  if (packing != "block" && tokens.longest > length) writer.take("data.long", choose_long(tokens));
  writer.take("data.validation", choose_validation(profile));

  // A budget in steps is one: no minutes beside it.
  const bool by_steps = writer.asks_for("train.steps");
  const double minutes = writer.take(
      "train.minutes", by_steps ? Ruled<double>{0, "train.steps is the budget"}
                                : Ruled<double>{kStandardMinutes, "no budget was given; train.minutes=30 gets further"});
  const auto size = choose_network(profile.words, minutes);
  writer.take(network + ".width", size.value.width, size.reason);
  writer.take(network + ".layers", size.value.layers, "as many as the width needs");
  const double all = tokens.mean * static_cast<double>(profile.texts);
  const int64_t steps = by_steps ? writer.take<int64_t>("train.steps", 0, "") : 0;
  writer.take(network + ".dropout", choose_dropout(tokens_read(minutes, static_cast<double>(steps)) / std::max(1.0, all)));

  const bool windows = packing == "block";
  const double mean = windows ? static_cast<double>(length) : std::min(tokens.mean, static_cast<double>(length));
  writer.take("train.batch", choose_batch(mean, windows ? all / mean : static_cast<double>(profile.texts)));
  if (tokenizer == "spaced") writer.take("sampling.spelling", choose_spelling(profile));
  return std::move(writer).recipe();
}

std::string value_text(const ConfigValue::Data& value) {
  Config config;
  config.set("value", {value, ""});
  std::string text = config.to_toml();
  text = text.substr(text.find('=') + 1);
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

std::string to_toml(const Recipe& recipe, const std::string& title) {
  std::string text = "# " + title + "\n";
  size_t widest = 0;
  std::vector<std::string> lines;
  for (const auto& one : recipe) {
    lines.push_back(one.key + " = " + value_text(one.value));
    widest = std::max(widest, lines.back().size());
  }
  for (size_t at = 0; at < lines.size(); ++at) text += fmt::format("{:<{}}  # {}\n", lines[at], widest, recipe[at].reason);
  return text;
}

}  // namespace difflm
