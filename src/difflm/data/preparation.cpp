#include "difflm/data/preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/data/prepared_documents.h"
#include "difflm/data/split.h"
#include "difflm/text/label.h"

namespace difflm {
namespace {

constexpr size_t kLargestPart = size_t{4} << 20;  // bytes of a stream that are in memory at a time
constexpr uint32_t kLeastTexts = 10;              // of a label, so that a model can learn what it means

size_t count_equal(std::vector<uint64_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  return hashes.size() - static_cast<size_t>(std::unique(hashes.begin(), hashes.end()) - hashes.begin());
}

}  // namespace

void ContentHash::add(const std::string& text) { hash_ = scatter(hash_ ^ hash_text(text)); }

std::string ContentHash::text() const { return fmt::format("{:016x}", hash_); }

Preparation::Preparation(const std::string& folder, double validation, uint64_t split_seed, std::function<bool()> stop)
    : folder_(folder), validation_(validation), split_seed_(split_seed), stop_(std::move(stop)) {
  for (const Side side : kSides) documents_[side] = std::make_unique<PendingFile>(documents_path(folder, side));
}

void Preparation::check_stop() {
  if (++steps_ % 256 == 0 && stop_ && stop_()) throw failure("data.path", "the preparation was stopped; nothing was written");
}

void Preparation::add(Document&& document) {
  check_stop();
  content_.add(document.text);
  const bool is_first = hashes_.training.empty() && hashes_.validation.empty() && !first_;
  if (is_first) {
    first_ = std::move(document);
    return;
  }
  const auto give = [&](Document&& one) {
    const uint64_t hash = hash_text(one.text);
    give_to(is_held_out(hash, validation_, split_seed_) ? Side::validation : Side::training, std::move(one), hash);
  };
  if (first_) {
    give(std::move(*first_));
    first_.reset();
  }
  give(std::move(document));
}

void Preparation::give_to(Side side, Document&& document, uint64_t hash) {
  hashes_[side].push_back(hash);
  if (side == Side::training) {
    for (const auto& label : labels_of(document)) ++labels_[hash_text(to_text(label))];
  }
  documents_[side]->write(to_line(std::move(document)));
}

void Preparation::finish_reading() {
  if (first_) {
    auto [training, validation] = cut_stream(std::move(*first_), validation_);
    first_.reset();
    uint64_t number = 0;  // in the place of a hash
    for (const Side side : kSides) {
      for_each_part(std::move(side == Side::training ? training : validation), kLargestPart,
                    [&](Document&& part) { give_to(side, std::move(part), number++); });
    }
    parts_ = number > kSides.size() ? number : 0;
  }
  check_sides(hashes_.training.size(), hashes_.validation.size());
  for (const Side side : kSides) documents_[side]->flush();
}

TextSource Preparation::training_texts() const {
  return [path = documents_.training->temporary(), this](const TextVisitor& visit) {
    size_t steps = 0;
    for_each_document(path, [&](Document&& document) {
      if (++steps % 256 == 0 && stop_ && stop_()) throw failure("data.path", "the preparation was stopped; nothing was written");
      visit(document.text);
    });
  };
}

void Preparation::encode(const Tokenizer& tokenizer, CorpusFacts& facts) {
  facts.hash = content_.text();
  facts.vocabulary = tokenizer.size();
  count_duplicates(facts);
  if (parts_ > 0) facts.source.notes.push_back(fmt::format("the one text is kept in {} parts, to save memory", parts_));
  std::set<Label> labels;
  for (const Side side : kSides) {
    SideFacts& counts = side == Side::training ? facts.training : facts.validation;
    tokens_[side] = std::make_unique<TokenWriter>(fmt::format("{}/{}.bin", folder_, file_stem(side)), tokenizer.size());
    for_each_document(documents_[side]->temporary(), [&](Document&& document) {
      check_stop();
      const std::vector<Token> tokens = tokenizer.encode(document.text);
      ++counts.documents;
      counts.tokens += tokens.size();
      counts.unknown_tokens += static_cast<size_t>(std::count(tokens.begin(), tokens.end(), kUnknown));
      ++counts.lengths[static_cast<int64_t>(tokens.size())];
      tokens_[side]->add(tokens);
      if (side != Side::training) return;
      for (const auto& label : labels_of(document)) {
        if (labels_[hash_text(to_text(label))] >= kLeastTexts) labels.insert(label);
      }
    });
  }
  facts.labels.assign(labels.begin(), labels.end());
}

// Equal texts are on the same side.
void Preparation::count_duplicates(CorpusFacts& facts) {
  facts.duplicates_kept_apart = count_equal(hashes_.validation);
  facts.duplicates = count_equal(hashes_.training) + facts.duplicates_kept_apart;
  hashes_ = {};
  if (facts.duplicates > 0)
    facts.source.notes.push_back(fmt::format("texts that are there more than once, kept: {} copies", facts.duplicates));
}

void Preparation::commit() {
  for (const Side side : kSides) {
    tokens_[side]->commit();
    documents_[side]->commit();
  }
}

}  // namespace difflm
