#include "difflm/cli/wording.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <map>

#include "difflm/cli/wish_flags.h"
#include "difflm/core/error.h"
#include "difflm/core/names.h"

namespace difflm {
namespace {

// By the library's name.
const std::map<std::string, std::string>& flags() {
  static const std::map<std::string, std::string> known = [] {
    std::map<std::string, std::string> result = {{"count", "-n"},
                                                 {"tasks", "--control"},
                                                 {"classifier", "--classifier"},
                                                 {"span-classifier", "--span-classifier"},
                                                 {"prefix-classifier", "--prefix-classifier"},
                                                 {"attribute-judge", "--attribute-judge"}};
    for (const auto& wish : wish_flags()) result[wish.guide] = wish.flag;
    return result;
  }();
  return known;
}

// "" where the verb has none.
std::string flag_of(const std::string& name, const CLI::App& verb) {
  const auto found = flags().find(name);
  return found != flags().end() && verb.get_option_no_throw(found->second) != nullptr ? found->second : "";
}

// "settings: sampling.steps" -> "command line: sampling.steps"
std::string place(const std::string& where, const CLI::App& verb) {
  std::string result;
  for (const auto& part : split_list(where, ": ")) {
    const std::string flag = flag_of(part, verb);
    result += (result.empty() ? "" : ": ") + (part == "settings" ? "command line" : flag.empty() ? part : flag);
  }
  return result;
}

// Replaces each name between backticks by its flag or verb.
std::string in_flags(const std::string& text, const CLI::App& verb) {
  static const std::map<std::string, std::string> verbs = {{"train", "`difflm train`"},          {"prepare", "`difflm prepare`"},
                                                           {"annotate", "`difflm annotate`"},    {"evaluate", "`difflm eval`"},
                                                           {"compare", "`difflm compare`"},      {"inspect", "`difflm inspect`"},
                                                           {"catalogue", "`difflm list --all`"}, {"describe", "`difflm describe`"}};
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text.find('`', at);
    const size_t end = begin == std::string::npos ? begin : text.find('`', begin + 1);
    if (end == std::string::npos) return result + text.substr(at);
    const std::string name = text.substr(begin + 1, end - begin - 1);
    const auto found = verbs.find(name);
    const std::string flag = flag_of(name, verb);
    result += text.substr(at, begin - at);
    result += found != verbs.end() ? found->second : flag.empty() ? "`" + name + "`" : flag;
    at = end + 1;
  }
  return result;
}

}  // namespace

std::string in_command_words(const std::string& where, const std::string& problem, const std::string& hint, const CLI::App& verb) {
  return Error::message(place(where, verb), in_flags(problem, verb), in_flags(hint, verb));
}

}  // namespace difflm
