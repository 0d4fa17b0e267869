#include "difflm/steering/guide/reward.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "difflm/core/filter_program.h"

namespace difflm {
namespace {

constexpr const char* kHint = "the program reads one text per line until the end of its input, and writes one number per line";

std::string as_lines(const std::vector<std::string>& texts) {
  std::string lines;
  for (const auto& text : texts) {
    for (const char byte : text) lines += byte == '\n' ? std::string("\\n") : std::string(1, byte);
    lines += '\n';
  }
  return lines;
}

std::vector<std::string> lines_of(const std::string& output) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < output.size();) {
    const size_t end = std::min(output.find('\n', at), output.size());
    lines.push_back(output.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::optional<double> number_in(const std::string& line) {
  char* end = nullptr;
  const double value = std::strtod(line.c_str(), &end);
  const bool whole =
      end != line.c_str() && line.find_first_not_of(" \t\r", static_cast<size_t>(end - line.c_str())) == std::string::npos;
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

RewardGuide::RewardGuide(const Options& options, const GuideSource& source)
    : Guide({options.weight}), command_(source.wish), seconds_(options.seconds) {
  if (command_.find_first_not_of(" \t\n") == std::string::npos) throw usage_error("reward", "is empty, expected a command", kHint);
  rate({"one text", "another one"});  // what is wrong with it shows before any text is written
}

std::vector<double> RewardGuide::rate(const std::vector<std::string>& texts) const {
  const auto lines = lines_of(filtered(command_, as_lines(texts), {seconds_}, "reward"));
  if (lines.size() != texts.size()) {
    throw usage_error("reward", fmt::format("'{}' has written {} lines for {} texts", command_, lines.size(), texts.size()), kHint);
  }
  std::vector<double> ratings;
  for (size_t at = 0; at < lines.size(); ++at) {
    const auto number = number_in(lines[at]);
    if (!number) {
      throw usage_error("reward",
                        fmt::format("line {} of what '{}' has written is '{}', expected a finite number", at + 1, command_,
                                    lines[at].substr(0, 80)),
                        kHint);
    }
    ratings.push_back(*number);
  }
  return ratings;
}

}  // namespace difflm
