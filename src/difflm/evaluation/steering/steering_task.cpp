#include "difflm/evaluation/steering/steering_task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/core/names.h"
#include "difflm/core/random.h"
#include "difflm/model/classifier_model.h"
#include "difflm/steering/guide.h"
#include "difflm/syntax/tree_spans.h"

namespace difflm {
namespace {

struct Source {
  const Document& document;
  const std::vector<Token>& tokens;
  const Run& run;
  const std::vector<std::string>& labels;
  RandomStream& random;
};

template <class T>
const T& pick(const std::vector<T>& all, RandomStream& random) {
  return all[random.below(all.size())];
}

std::string attribute_of(const Source& source) {
  std::vector<std::string> known;
  for (const auto& label : labels_of(source.document)) {
    const std::string text = to_text(label);
    if (std::find(source.labels.begin(), source.labels.end(), text) != source.labels.end()) known.push_back(text);
  }
  return known.empty() ? "" : pick(known, source.random);
}

bool is_ascii_letter(unsigned char letter) { return std::isalpha(letter) != 0; }

// A word of four letters or more, which is more likely to carry meaning.
std::string keyword_of(const Source& source) {
  std::vector<std::string> words;
  for (size_t at = 0; at < source.tokens.size(); ++at) {
    const std::string piece = source.run.tokenizer->piece(source.tokens[at]);
    const std::string next = at + 1 < source.tokens.size() ? source.run.tokenizer->bytes(source.tokens[at + 1]) : "";
    const std::string word = piece.substr(std::min(piece.size(), piece.find_first_not_of(' ')));
    const bool whole = source.run.tokenizer->bytes(source.tokens[at]).ends_with(' ') || next.empty() || !is_ascii_letter(next[0]);
    if (source.tokens[at] < kSpecialTokens || word.size() < 4 || !whole) continue;
    if (std::all_of(word.begin(), word.end(), is_ascii_letter)) words.push_back(word);
  }
  return words.empty() ? "" : pick(words, source.random);
}

// The text with the tokens of its middle third open. None where an open token is but a part of a word.
std::string infill_of(const Source& source) {
  const Tokenizer& tokenizer = *source.run.tokenizer;
  std::string pattern;
  std::string before;  // the text of the tokens before
  const size_t count = source.tokens.size();
  for (size_t at = 0; at < count; ++at) {
    const Token token = source.tokens[at];
    if (token == kUnknown || count < 3) return "";
    std::string text = tokenizer.piece(token);
    bool spaced = at > 0;
    if (!tokenizer.bytes(token).ends_with(' ')) {  // not the word tokenizer: spaces are where the text has them
      const std::string so_far = tokenizer.decode(std::span(source.tokens).first(at + 1));
      if (!so_far.starts_with(before)) return "";
      text = so_far.substr(before.size());
      spaced = text.starts_with(' ');
      text.erase(0, spaced ? 1 : 0);
      const bool inside = !spaced && !before.empty() && !text.empty() && is_ascii_letter(before.back()) && is_ascii_letter(text[0]);
      before = so_far;
      const bool open_before = at > count / 3 && at <= count - count / 3;
      if (inside && (open_before || (at >= count / 3 && at < count - count / 3))) return "";
    }
    if (text.starts_with('_') || text.starts_with('*')) text.insert(0, "\\");  // no placeholder
    const bool open = at >= count / 3 && at < count - count / 3;
    pattern += (spaced ? " " : "") + (open ? std::string("_") : text);
  }
  return pattern;
}

std::string tags_of(const Source& source) {
  if (source.document.tags.size() != source.tokens.size()) return "";
  return fmt::format("{}", fmt::join(source.document.tags, " "));
}

// A constituent of three words or more, as the paper's are, that is not the whole text.
std::string span_of(const Source& source) {
  const TreeSpans tree = tree_spans(source.document.tree);
  std::vector<std::string> known;
  for (const auto& span : tree.spans) {
    const int64_t words = span.last - span.first + 1;
    if (words >= 3 && static_cast<size_t>(words) < tree.words.size() - 1)
      known.push_back(fmt::format("{} {}-{}", span.label, span.first + 1, span.last + 1));
  }
  return known.empty() || tree.words.size() != source.tokens.size() ? "" : pick(known, source.random);
}

// The tree of the text with its words left open.
std::string tree_of(const Source& source) {
  if (source.document.tree.empty()) return "";
  std::string tree;
  for (const auto& part : split_list(source.document.tree, " ")) {
    const size_t word_end = part.starts_with('(') ? std::string::npos : part.find(')');
    tree += (tree.empty() ? "" : " ") + (word_end == std::string::npos ? part : "_" + part.substr(word_end));
  }
  return tree_spans(tree).words.size() == source.tokens.size() ? tree : "";
}

std::string length_of(const Source& source) { return source.tokens.empty() ? "" : std::to_string(source.tokens.size()); }

const std::map<std::string, std::function<std::string(const Source&)>>& makers() {
  static const std::map<std::string, std::function<std::string(const Source&)>> all = {
      {"attribute", attribute_of}, {"label", attribute_of}, {"fudge", attribute_of},
      {"keywords", keyword_of},    {"length", length_of},   {"part-of-speech", tags_of},
      {"span", span_of},           {"infill", infill_of},   {"tree", tree_of}};
  return all;
}

}  // namespace

std::vector<SteeringTask> read_steering_tasks(const std::string& path) {
  const std::string text = read_text_file(path);
  std::vector<SteeringTask> tasks;
  int64_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = fmt::format("{}:{}", path, number);
    const auto json = try_parse_json(line);
    if (!json.is_object() || json.empty()) {
      throw usage_error(where, "is not a task, expected an object of guides",
                        R"(for instance {"keywords": "cheese", "length": "14"})");
    }
    SteeringTask task;
    for (const auto& [guide, wish] : json.items()) {
      const auto names = guides().names();
      if (std::find(names.begin(), names.end(), guide) == names.end()) {
        throw usage_error(where, fmt::format("there is no guide '{}'", guide), suggestion(guide, names));
      }
      const auto add = [&](const Json& one) {
        if (!one.is_string()) throw usage_error(where, fmt::format("'{}' is not a text or a list of texts", guide));
        task.wishes.push_back({guide, one.get<std::string>()});
      };
      if (wish.is_array()) {
        for (const auto& one : wish) add(one);
      } else {
        add(wish);
      }
      task.kind += (task.kind.empty() ? "" : "+") + guide;
    }
    tasks.push_back(std::move(task));
  }
  if (tasks.empty()) throw usage_error(path, "holds no tasks");
  return tasks;
}

std::vector<SteeringTask> draw_steering_tasks(const std::string& kind, size_t count, const std::vector<Document>& held_out,
                                              const Run& run, const std::vector<std::string>& labels, uint64_t seed) {
  const auto parts = split_list(kind, "+");
  for (const auto& part : parts) {
    if (makers().contains(part)) continue;
    std::vector<std::string> names;
    for (const auto& [name, maker] : makers()) names.push_back(name);
    throw usage_error("tasks", fmt::format("'{}' is neither a .jsonl file nor a kind of task", part), suggestion(part, names));
  }
  RandomStream random(seed, "control-tasks");
  std::vector<size_t> order(held_out.size());
  for (size_t at = 0; at < order.size(); ++at) order[at] = at;
  random.shuffle(order);
  std::vector<SteeringTask> tasks;
  for (const size_t at : order) {
    if (tasks.size() == count) break;
    const auto tokens = run.tokenizer->encode(held_out[at].text);
    if (static_cast<int64_t>(tokens.size()) > run.length) continue;
    SteeringTask task = {kind, {}};
    for (const auto& part : parts) {
      const std::string wish = makers().at(part)({held_out[at], tokens, run, labels, random});
      if (!wish.empty()) task.wishes.push_back({part, wish});
    }
    if (task.wishes.size() == parts.size()) tasks.push_back(std::move(task));
  }
  if (tasks.empty()) throw usage_error("tasks", fmt::format("no held-out text gives a task of the kind '{}'", kind));
  return tasks;
}

}  // namespace difflm
