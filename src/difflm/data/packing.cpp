#include "difflm/data/packing.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/data/packing/block.h"
#include "difflm/data/packing/bucket.h"
#include "difflm/data/packing/pad.h"
#include "difflm/data/prepared.h"

namespace difflm {

const PackingFamily& packings() {
  using F = PackingFamily;
  static const F family("data.packing", "how texts become sequences",
                        {
                            variant<F, PadPacking>("pad", "one text per sequence; START, END and PAD are tokens (Diffusion-LM)"),
                            variant<F, BucketPacking>("bucket", "one text per sequence, each of its own length, no PAD at all"),
                            variant<F, BlockPacking>("block", "one stream cut into blocks"),
                        });
  return family;
}

std::string PackingReport::of_long_texts(int64_t length, const std::string& done) const {
  if (too_long == 0) return "";
  const auto percent = [&](size_t part) {
    return 100 * static_cast<double>(part) / static_cast<double>(std::max<size_t>(1, tokens));
  };
  std::string result = fmt::format("{} of {} texts ({:.1f}% of all tokens) are longer than data.length = {} and are {}", too_long,
                                   documents, percent(too_long_tokens), length, done);
  if (lost_tokens == 0) result += fmt::format(", into {} parts", parts);
  if (lost_tokens > 0 && parts > 0) result += fmt::format(": {:.1f}% of all tokens are lost", percent(lost_tokens));
  return result + fmt::format("; data.length={} takes all of them whole", longest);
}

void Packing::cut_long_texts(std::shared_ptr<const LongTexts> rule, TokenBreaks breaks) {
  long_texts_ = std::move(rule);
  breaks_ = std::move(breaks);
}

int64_t Packing::checked_length(int64_t tokens) {
  constexpr int64_t kLongest = 1'000'000;
  if (tokens < 1 || tokens > kLongest) throw usage_error("length", fmt::format("is {}, expected 1 to {}", tokens, kLongest));
  return tokens;
}

std::vector<TextPart> Packing::parts_of(std::span<const Token> text, size_t index, int64_t length, uint64_t epoch,
                                        PackingReport* report) const {
  const bool fits = text.size() <= static_cast<size_t>(length);
  RandomStream random(epoch, "long text", index);
  std::vector<TextPart> parts;
  if (!fits) {
    parts = long_texts_->parts(text, static_cast<size_t>(length), breaks_, random);
  } else if (!text.empty()) {
    parts.push_back({0, text.size()});
  }
  if (report == nullptr) return parts;
  size_t kept = 0;
  for (const auto& part : parts) kept += part.end - part.begin;
  ++report->documents;
  report->empty += text.empty() ? 1 : 0;
  report->tokens += text.size();
  report->longest = std::max(report->longest, static_cast<int64_t>(text.size()));
  if (fits) return parts;
  ++report->too_long;
  report->too_long_tokens += text.size();
  report->parts += parts.size();
  report->lost_tokens += text.size() - kept;
  return parts;
}

std::shared_ptr<Packing> make_packing(const DataOptions& options, const Config& config, const Tokenizer& tokenizer) {
  std::shared_ptr<Packing> packing = packings().make(options.packing, config);
  packing->cut_long_texts(long_texts().make(options.long_texts, config), TokenBreaks(tokenizer));
  return packing;
}

std::vector<Token> Packing::unpack(std::span<const Token> sequence) const {
  std::vector<Token> document;
  for (const size_t position : positions(sequence)) document.push_back(sequence[position]);
  return document;
}

}  // namespace difflm
