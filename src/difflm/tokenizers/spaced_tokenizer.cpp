#include "difflm/tokenizers/spaced_tokenizer.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "difflm/core/error.h"
#include "difflm/core/json.h"
#include "difflm/text/utf8.h"
#include "difflm/tokenizers/spaced_text.h"

namespace difflm {
namespace {

constexpr size_t kMostSpelled = 100'000;  // words that are remembered besides the vocabulary
constexpr int64_t kLeastCharacters = 2;   // of a character that merges begin from, as of a pair that is merged

void for_each_character_of(std::string_view text, const auto& visit) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = code_point_at(text, i).length;
    visit(text.substr(i, length));
    i += length;
  }
}

// The symbols that merges begin from: characters where they are known, else bytes.
std::vector<BpeSymbol> symbols_of(std::string_view chunk, const auto& letters) {
  std::vector<BpeSymbol> symbols;
  for_each_character_of(chunk, [&](std::string_view character) {
    if (const auto known = letters.find(character); known != letters.end()) {
      symbols.push_back(known->second);
    } else {
      for (const char byte : character) symbols.push_back(static_cast<unsigned char>(byte));
    }
  });
  return symbols;
}

// How often each chunk occurs: words, and runs of scripts without spaces.
class ChunkCounts {
 public:
  explicit ChunkCounts(const TextSource& texts, int64_t min_count) {
    Counts linked;  // words that may come apart
    texts([&](std::string_view text) {
      for_each_spaced_chunk(to_spaced(to_valid_utf8(text)), [&](const SpacedChunk& chunk) {
        const bool whole = chunk.unspaced || parts_of_spaced_word(chunk.text).size() == 1;
        add(chunk.unspaced ? runs_ : whole ? words_ : linked, chunk.text, 1);
      });
    });
    for (const auto& [word, count] : linked) {
      if (count >= min_count) {
        words_.emplace(word, count);
        continue;
      }
      for (const auto part : parts_of_spaced_word(word)) add(words_, part, count);
    }
  }

  // All words with their counts, the most frequent first, ties in the order of their bytes.
  std::vector<std::pair<std::string, int64_t>> words() const {
    std::vector<std::pair<std::string, int64_t>> ranked(words_.begin(), words_.end());
    std::sort(ranked.begin(), ranked.end(),
              [](const auto& a, const auto& b) { return std::tie(b.second, a.first) < std::tie(a.second, b.first); });
    return ranked;
  }

  // Characters of several bytes, in the same order.
  std::vector<std::string> characters() const {
    Counts counts;
    for_each([&](const std::string& chunk, int64_t count) {
      for_each_character_of(chunk, [&](std::string_view character) {
        if (character.size() > 1) add(counts, character, count);
      });
    });
    std::vector<std::pair<int64_t, std::string>> ranked;
    for (const auto& [character, count] : counts) {
      if (count >= kLeastCharacters) ranked.emplace_back(-count, character);
    }
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::string> result;
    for (auto& [rank, character] : ranked) result.push_back(std::move(character));
    return result;
  }

  void for_each(const auto& visit) const {
    for (const auto* counts : {&words_, &runs_}) {
      for (const auto& [chunk, count] : *counts) visit(chunk, count);
    }
  }

 private:
  using Counts = std::unordered_map<std::string, int64_t, TextHash, std::equal_to<>>;
  static void add(Counts& counts, std::string_view text, int64_t count) {
    const auto known = counts.find(text);
    if (known == counts.end()) {
      counts.emplace(text, count);
    } else {
      known->second += count;
    }
  }

  Counts words_;
  Counts runs_;
};

}  // namespace

SpacedTokenizer::SpacedTokenizer(const Options& options, const TokenizerSource& source)
    : SpacedTokenizer(source.saved != nullptr ? read(*source.saved) : learn(options, *source.texts)) {}

SpacedTokenizer::SpacedTokenizer(Learned learned)
    : characters_(std::move(learned.characters)),
      merges_(std::move(learned.merges), kBytes + static_cast<BpeSymbol>(characters_.size())),
      words_(std::move(learned.words)),
      spelled_(std::move(learned.spelled)) {
  std::vector<std::string> symbols;
  for (int byte = 0; byte < kBytes; ++byte) symbols.emplace_back(1, static_cast<char>(byte));
  for (const auto& character : characters_) {
    if (!letters_.emplace(character, static_cast<BpeSymbol>(symbols.size())).second) {
      throw failure("tokenizer", "a character occurs twice, expected each once");
    }
    symbols.push_back(character);
  }
  for (const auto& [left, right] : merges_.pairs())
    symbols.push_back(symbols[static_cast<size_t>(left)] + symbols[static_cast<size_t>(right)]);
  for (const auto& symbol : symbols) token_of_symbol_.push_back(add(symbol));  // two merges may give the same piece
  for (const auto& word : words_) add(word);
}

Token SpacedTokenizer::add(const std::string& piece) {
  const auto [known, fresh] = tokens_.emplace(piece, size());
  if (fresh) pieces_.push_back(piece);
  return known->second;
}

SpacedTokenizer::Learned SpacedTokenizer::learn(const Options& options, const TextSource& texts) {
  const ChunkCounts counts(texts, options.min_count);
  auto room = static_cast<size_t>(options.vocab_size) - kSpecialTokens - kBytes;
  Learned learned;
  learned.characters = counts.characters();
  learned.characters.resize(std::min(learned.characters.size(), room / 2));
  room -= learned.characters.size();

  learned.spelled = counts.words();
  std::vector<std::string> words;
  for (const auto& [word, count] : learned.spelled) {
    if (count >= options.min_count && code_point_at(word, 0).length < word.size()) words.push_back(word);
  }
  const size_t kept = std::min(static_cast<size_t>(options.subwords), room / 2);
  const size_t whole = std::min(words.size(), room - kept);
  const std::unordered_map<std::string_view, size_t> rank = [&] {
    std::unordered_map<std::string_view, size_t> result;
    for (size_t i = 0; i < whole; ++i) result.emplace(words[i], i);
    return result;
  }();
  std::unordered_map<std::string, BpeSymbol, TextHash, std::equal_to<>> letters;
  for (const auto& character : learned.characters) letters.emplace(character, kBytes + static_cast<BpeSymbol>(letters.size()));
  std::vector<BpeSymbolChunk> rare;
  counts.for_each([&](const std::string& chunk, int64_t count) {
    if (!rank.contains(chunk)) rare.push_back({symbols_of(chunk, letters), count});
  });
  // The order of a hash map is the library's; merges depend on it only through ties, which go by symbol.
  learned.merges = learn_merges(std::move(rare), kBytes + static_cast<BpeSymbol>(letters.size()), room - whole,
                                std::max<int64_t>(2, options.min_count));
  words.resize(std::min(words.size(), room - learned.merges.size()));
  learned.words = std::move(words);
  const std::unordered_set<std::string_view> whole_words(learned.words.begin(), learned.words.end());
  std::erase_if(learned.spelled, [&](const auto& word) { return whole_words.contains(word.first); });
  learned.spelled.resize(std::min(learned.spelled.size(), kMostSpelled));
  return learned;
}

SpacedTokenizer::Learned SpacedTokenizer::read(const Json& saved) {
  return {saved.at("characters").get<std::vector<std::string>>(), saved.at("merges").get<std::vector<BpePair>>(),
          saved.at("words").get<std::vector<std::string>>(),
          // Tokenizers from before 2026-11-30 have none.
          saved.value("spelled", std::vector<std::pair<std::string, int64_t>>())};
}

void SpacedTokenizer::spell(std::string_view chunk, std::vector<Token>& tokens) const {
  if (const auto whole = tokens_.find(chunk); whole != tokens_.end()) {
    tokens.push_back(whole->second);
    return;
  }
  auto symbols = symbols_of(chunk, letters_);
  merges_.apply(symbols);
  for (const BpeSymbol symbol : symbols) tokens.push_back(token_of_symbol_[static_cast<size_t>(symbol)]);
}

std::vector<Token> SpacedTokenizer::encode(std::string_view text) const {
  const std::string spaced = to_spaced(to_valid_utf8(text));
  std::vector<Token> tokens;
  for_each_spaced_chunk(spaced, [&](const SpacedChunk& chunk) {
    if (chunk.unspaced || tokens_.contains(chunk.text)) return spell(chunk.text, tokens);
    for (const auto part : parts_of_spaced_word(chunk.text)) spell(part, tokens);
  });
  return tokens;
}

std::string SpacedTokenizer::decode(std::span<const Token> tokens) const {
  std::string spaced;
  for (const Token token : tokens) spaced += bytes(token);
  return from_spaced(to_valid_utf8(spaced));
}

std::string SpacedTokenizer::normalise(std::string_view text) const { return to_valid_utf8(text); }

std::string SpacedTokenizer::piece(Token token) const {
  check_token(token, size());
  return token < kSpecialTokens ? special_piece(token) : listed(pieces_[static_cast<size_t>(token - kSpecialTokens)]);
}

std::string SpacedTokenizer::bytes(Token token) const {
  check_token(token, size());
  if (token < kSpecialTokens) return token == kUnknown ? special_piece(token) : "";
  return pieces_[static_cast<size_t>(token - kSpecialTokens)];
}

std::vector<KnownWord> SpacedTokenizer::known_words() const {
  std::vector<KnownWord> known;
  if (spelled_.empty()) return known;
  for (const auto& word : words_) known.push_back({{tokens_.at(word)}, 1});
  for (const auto& [word, count] : spelled_) {
    known.push_back({{}, count});
    spell(word, known.back().tokens);
  }
  return known;
}

Json SpacedTokenizer::to_json() const {
  return {{"kind", kind()}, {"characters", characters_}, {"merges", merges_.pairs()}, {"words", words_}, {"spelled", spelled_}};
}

}  // namespace difflm
