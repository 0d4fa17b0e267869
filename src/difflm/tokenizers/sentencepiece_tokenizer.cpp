#include "difflm/tokenizers/sentencepiece_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/tokenizers/base64.h"
#include "difflm/tokenizers/sentencepiece_trainer.h"
#include "difflm/tokenizers/vocabulary.h"

namespace difflm {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581

std::string unescape_spaces(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const bool space = text.starts_with(kSpace);
    result += space ? ' ' : text.front();
    text.remove_prefix(space ? kSpace.size() : 1);
  }
  return result;
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(const Options& options, const TokenizerSource& source) {
  if (source.saved != nullptr) {
    model_ = from_base64(source.saved->at("model").get<std::string>());
    load("tokenizer");
    ids_ = source.saved->at("ids").get<std::vector<int>>();
    index();
    return;
  }
  std::vector<std::string> texts;
  if (source.texts != nullptr) {
    (*source.texts)([&](std::string_view text) { texts.push_back(to_valid_utf8(text)); });
  }
  model_ =
      options.model.empty() ? train_sentencepiece(texts, options.model_type, options.vocab_size) : read_text_file(options.model);
  const std::string where = options.model.empty() ? "data.sentencepiece" : options.model;
  load(where);
  std::vector<int64_t> counts(static_cast<size_t>(processor_.size()));
  for (const auto& text : texts) {
    for (const int id : processor_.encode(text)) ++counts[static_cast<size_t>(id)];
  }
  const bool trim = options.trim && !texts.empty();
  const auto kept = kept_pieces(trim ? counts : std::vector<int64_t>(counts.size(), 1));
  for (size_t id = 0; id < kept.size(); ++id) {
    if (kept[id]) ids_.push_back(static_cast<int>(id));
  }
  std::stable_sort(ids_.begin(), ids_.end(),
                   [&](int a, int b) { return counts[static_cast<size_t>(a)] > counts[static_cast<size_t>(b)]; });
  if (trim) {
    std::vector<bool> unused(kept.size());
    for (int id = 0; id < processor_.size(); ++id) {
      const PieceKind kind = processor_.kind(id);
      unused[static_cast<size_t>(id)] = !kept[static_cast<size_t>(id)] && kind != PieceKind::control && kind != PieceKind::unknown;
    }
    model_ = mark_unused(model_, unused);
    load(where);
  }
  index();
}

void SentencePieceTokenizer::load(const std::string& where) {
  processor_ = SentencePieceProcessor(model_, where);
  rules_ = read_rules(model_);
}

// Everything with a count, and what must stay whatever the corpus: bytes and the space.
std::vector<bool> SentencePieceTokenizer::kept_pieces(const std::vector<int64_t>& counts) const {
  std::vector<bool> kept(counts.size());
  for (int id = 0; id < processor_.size(); ++id) {
    const PieceKind kind = processor_.kind(id);
    const auto i = static_cast<size_t>(id);
    kept[i] = kind == PieceKind::byte || (kind == PieceKind::text && (counts[i] > 0 || processor_.piece(id) == kSpace));
  }
  return kept;
}

void SentencePieceTokenizer::index() {
  tokens_.assign(static_cast<size_t>(processor_.size()), kUnknown);
  for (size_t i = 0; i < ids_.size(); ++i) {
    const int id = ids_[i];
    if (id < 0 || id >= processor_.size() || tokens_[static_cast<size_t>(id)] != kUnknown) {
      throw failure("tokenizer",
                    fmt::format("SentencePiece id {} occurs twice or is invalid, expected 0 to {}", id, processor_.size() - 1));
    }
    tokens_[static_cast<size_t>(id)] = kSpecialTokens + static_cast<Token>(i);
  }
  byte_tokens_.assign(256, kUnknown);
  int bytes = 0;
  for (int id = 0; id < processor_.size(); ++id) {
    if (processor_.kind(id) != PieceKind::byte) continue;
    byte_tokens_[static_cast<unsigned char>(processor_.piece_text(id).front())] = tokens_[static_cast<size_t>(id)];
    ++bytes;
  }
  if (bytes != 256) byte_tokens_.clear();
}

void SentencePieceTokenizer::spell(int id, std::vector<Token>& tokens) const {
  if (processor_.kind(id) == PieceKind::unknown || byte_tokens_.empty()) {
    tokens.push_back(kUnknown);
    return;
  }
  for (const char byte : processor_.piece_text(id)) tokens.push_back(byte_tokens_[static_cast<unsigned char>(byte)]);
}

std::vector<Token> SentencePieceTokenizer::encode(std::string_view text) const {
  std::vector<Token> tokens;
  for (const int id : processor_.encode(to_valid_utf8(text))) {
    const Token token = tokens_[static_cast<size_t>(id)];
    if (token != kUnknown) {
      tokens.push_back(token);
    } else {
      spell(id, tokens);
    }
  }
  return tokens;
}

std::string SentencePieceTokenizer::finish(std::string text) const {
  text = to_valid_utf8(text);
  if (rules_.escapes_spaces) text = unescape_spaces(text);
  if (!rules_.dummy_prefix && !rules_.trims_spaces) return text;
  do {
    if (rules_.space_as_suffix && text.ends_with(' ')) {
      text.pop_back();
    } else if (!rules_.space_as_suffix && text.starts_with(' ')) {
      text.erase(0, 1);
    } else {
      break;
    }
  } while (rules_.trims_spaces);
  return text;
}

std::string SentencePieceTokenizer::decode(std::span<const Token> tokens) const {
  std::string text;
  for (const Token token : tokens) {
    check_token(token, size());
    if (token >= kSpecialTokens) {
      text += processor_.piece_text(ids_[static_cast<size_t>(token - kSpecialTokens)]);
    } else if (token == kUnknown) {
      text += special_piece(token);
    }
  }
  return finish(std::move(text));
}

std::string SentencePieceTokenizer::normalise(std::string_view text) const {
  return finish(processor_.normalise(to_valid_utf8(text)));
}

std::string SentencePieceTokenizer::bytes(Token token) const {
  check_token(token, size());
  if (token < kSpecialTokens) return token == kUnknown ? special_piece(token) : "";
  const std::string text = processor_.piece_text(ids_[static_cast<size_t>(token - kSpecialTokens)]);
  return rules_.escapes_spaces ? unescape_spaces(text) : text;
}

std::string SentencePieceTokenizer::piece(Token token) const {
  check_token(token, size());
  return token < kSpecialTokens ? special_piece(token) : processor_.piece(ids_[static_cast<size_t>(token - kSpecialTokens)]);
}

int64_t SentencePieceTokenizer::source_id(Token token) const {
  check_token(token, size());
  switch (token) {
    case kStart:
      return processor_.start_id();
    case kEnd:
      return processor_.end_id();
    case kUnknown:
      return processor_.unknown_id();
    case kPad:
      return processor_.pad_id();
    default:
      return ids_[static_cast<size_t>(token - kSpecialTokens)];
  }
}

Json SentencePieceTokenizer::to_json() const { return {{"kind", kind()}, {"ids", ids_}, {"model", to_base64(model_)}}; }

}  // namespace difflm
