#include "difflm/model/pretrained_rows.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <unordered_map>

#include "difflm/core/error.h"
#include "difflm/core/random.h"
#include "difflm/model/word_vectors.h"
#include "difflm/nn/random_tensor.h"
#include "difflm/nn/safetensors_checkpoint.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

// The rows that the file has; those of other tokens are zero.
struct FoundRows {
  Tensor table;      // [V, D] float32
  Tensor found;      // [V] bool
  std::string note;  // about the file, for the log
};

// Names of the token embedding in Llama, Gemma, Qwen and T5-like models | BERT, BLOOM | GPT-2 | plain modules.
constexpr std::array<std::string_view, 4> kTableNames = {"embed_tokens.weight", "word_embeddings.weight", "wte.weight",
                                                         "embedding.weight"};

bool is_checkpoint(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const auto extension = fs::path(path).extension();
  if (fs::is_directory(path, ignored) || extension == ".json" || extension == ".safetensors") return true;
  // By content: the length of a header, then the header, which begins with '{'.
  std::ifstream in(path, std::ios::binary);
  std::array<char, 9> start = {};
  uint64_t length = 0;
  if (!in.read(start.data(), start.size())) return false;
  std::memcpy(&length, start.data(), sizeof length);
  return start.back() == '{' && length <= kMaxSafetensorsHeader;
}

std::string find_table(const SafetensorsCheckpoint& checkpoint) {
  std::vector<std::string> tables;
  std::vector<std::string> matches;
  for (const auto& name : checkpoint.names()) {
    if (checkpoint.entry(name).shape.size() != 2) continue;
    tables.push_back(name);
    if (std::any_of(kTableNames.begin(), kTableNames.end(), [&](auto suffix) { return name.ends_with(suffix); }))
      matches.push_back(name);
  }
  if (matches.size() == 1) return matches[0];
  constexpr size_t kShown = 10;
  const auto& candidates = matches.empty() ? tables : matches;
  std::string listed;
  for (size_t i = 0; i < std::min(candidates.size(), kShown); ++i) listed += (i == 0 ? "" : ", ") + quoted_name(candidates[i]);
  if (candidates.size() > kShown) listed += fmt::format(" and {} more", candidates.size() - kShown);
  throw usage_error(checkpoint.path(),
                    matches.empty()
                        ? fmt::format("has no 2-d tensor named like a token embedding (...{})", fmt::join(kTableNames, ", ..."))
                        : fmt::format("has {} tensors named like a token embedding", matches.size()),
                    listed.empty() ? "it has no 2-d tensor at all" : "give the name of the tensor; there are " + listed);
}

FoundRows rows_of_checkpoint(const std::string& path, const Tokenizer& tokenizer, const std::string& tensor_name) {
  const SafetensorsCheckpoint checkpoint(path);
  const std::string name = tensor_name.empty() ? find_table(checkpoint) : tensor_name;
  const auto& entry = checkpoint.entry(name);
  if (entry.shape.size() != 2 || entry.shape[1] == 0 || !torch::isFloatingType(entry.dtype)) {
    throw usage_error(path, fmt::format("tensor {} has the shape {} and the type {}, expected a table [rows, D] of floating point",
                                        quoted_name(name), shape_text(entry.shape), safetensors_dtype_name(entry.dtype)));
  }
  std::vector<int64_t> tokens;
  std::vector<int64_t> rows;
  for (Token token = 0; token < tokenizer.size(); ++token) {
    const int64_t row = tokenizer.source_id(token);
    if (row < 0) continue;
    if (row >= entry.shape[0]) {
      throw usage_error(path,
                        fmt::format("token {} ('{}') is row {} of its vocabulary, but tensor {} has the shape {}", token,
                                    tokenizer.piece(token), row, quoted_name(name), shape_text(entry.shape)),
                        "tokenizer and checkpoint must be of the same model");
    }
    tokens.push_back(token);
    rows.push_back(row);
  }
  const Tensor values = checkpoint.read_rows(name, rows, torch::kFloat32);
  const Tensor finite = values.isfinite().all(1).contiguous();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (finite.data_ptr<bool>()[i]) continue;
    throw usage_error(path, fmt::format("row {} of tensor {} (token '{}') is not finite", rows[i], quoted_name(name),
                                        tokenizer.piece(static_cast<Token>(tokens[i]))));
  }
  const Tensor index = torch::tensor(tokens, torch::kInt64);
  FoundRows result{torch::zeros({tokenizer.size(), entry.shape[1]}), torch::zeros({tokenizer.size()}, torch::kBool), ""};
  result.table.index_copy_(0, index, values);
  result.found.index_fill_(0, index, true);
  return result;
}

std::string lower_case(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const auto [value, length] = code_point_at(text, at);
    if (value < 0) {
      result += text[at];
    } else {
      append_code_point(result, utf8proc_tolower(value));
    }
    at += length;
  }
  return result;
}

// The spellings under which a piece may occur in the file, best first.
std::vector<std::string> spellings(const std::string& piece) {
  std::vector<std::string> result = {piece, lower_case(piece)};
  for (const std::string_view mark : {"\xe2\x96\x81", "\xc4\xa0", " "}) {  // SentencePiece, byte-level BPE as listed, as text
    if (!piece.starts_with(mark) || piece.size() == mark.size()) continue;
    result.push_back(piece.substr(mark.size()));
    result.push_back(lower_case(result.back()));
  }
  return result;
}

struct Wish {
  Token token;
  int rank;  // place in spellings()
};

FoundRows rows_of_word_vectors(const std::string& path, const Tokenizer& tokenizer) {
  std::unordered_map<std::string, std::vector<Wish>> wishes;
  for (Token token = kSpecialTokens; token < tokenizer.size(); ++token) {
    int rank = 0;
    for (const auto& spelling : spellings(tokenizer.piece(token))) wishes[spelling].push_back({token, rank++});
  }
  constexpr int kNone = std::numeric_limits<int>::max();
  std::vector<int> rank(static_cast<size_t>(tokenizer.size()), kNone);  // of the best spelling seen so far
  const auto better = [&](const Wish& wish) { return wish.rank < rank[static_cast<size_t>(wish.token)]; };
  FoundRows result;
  const auto wanted = [&](std::string_view word) {
    const auto found = wishes.find(std::string(word));
    return found != wishes.end() && std::any_of(found->second.begin(), found->second.end(), better);
  };
  result.note = read_word_vectors(path, wanted, [&](std::string_view word, std::span<const float> row) {
    if (!result.table.defined()) result.table = torch::zeros({tokenizer.size(), static_cast<int64_t>(row.size())});
    for (const Wish& wish : wishes.at(std::string(word))) {
      if (!better(wish)) continue;
      rank[static_cast<size_t>(wish.token)] = wish.rank;
      std::copy(row.begin(), row.end(), result.table.data_ptr<float>() + wish.token * result.table.size(1));
    }
  });
  result.found = torch::zeros({tokenizer.size()}, torch::kBool);
  for (size_t token = 0; token < rank.size(); ++token) result.found.data_ptr<bool>()[token] = rank[token] != kNone;
  return result;
}

// Fills the rows not found; each depends on the rows found and its own token alone.
PretrainedRows complete(const FoundRows& rows, const Tokenizer& tokenizer) {
  constexpr uint64_t kSeed = 0;
  const Tensor missing = rows.found.logical_not().nonzero().flatten();
  const Tensor known = rows.table.index({rows.found}).to(torch::kFloat64);
  const Tensor mean = known.mean(0);
  const Tensor stddev = (known - mean).square().mean(0).sqrt();
  for (int64_t i = 0; i < missing.size(0); ++i) {
    const int64_t token = missing[i].item<int64_t>();
    const Tensor noise =
        normal_tensor({rows.table.size(1)}, stream_seed(kSeed, "pretrained_rows.missing", static_cast<uint64_t>(token)));
    rows.table[token].copy_(mean + stddev * noise);
  }
  const auto special = (missing < static_cast<int64_t>(kSpecialTokens)).sum().item<int64_t>();
  return {
      rows.table, rows.found, missing.size(0),
      (rows.note.empty() ? "" : rows.note + "; ") +
          fmt::format("{} of {} tokens ({} of them special) have no row and are drawn from a normal distribution with the mean and "
                      "the standard deviation per dimension of the {} rows found, seed {} and the token's id",
                      missing.size(0), tokenizer.size(), special, known.size(0), kSeed)};
}

}  // namespace

PretrainedRows read_pretrained_rows(const std::string& path, const Tokenizer& tokenizer, const std::string& tensor_name) {
  const torch::NoGradGuard no_grad;
  const bool checkpoint = is_checkpoint(path);
  if (!checkpoint && !tensor_name.empty()) {
    throw usage_error(path, fmt::format("is not a safetensors checkpoint, so it has no tensor {}", quoted_name(tensor_name)));
  }
  FoundRows rows = checkpoint ? rows_of_checkpoint(path, tokenizer, tensor_name) : rows_of_word_vectors(path, tokenizer);
  if (!rows.found.any().item<bool>()) {
    throw usage_error(path, fmt::format("has no row for any of the {} tokens", tokenizer.size()),
                      checkpoint
                          ? "rows of a checkpoint are found by the ids of the tokenizer it came with: use that one (data.tokenizer)"
                          : "are the words of the file in the language of the corpus?");
  }
  return complete(std::move(rows), tokenizer);
}

}  // namespace difflm
