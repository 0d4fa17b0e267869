#include "difflm/evaluation/model/embedding_map.h"

#include <algorithm>
#include <numeric>

namespace difflm {
namespace {

constexpr int64_t kNeighbours = 5;
constexpr double kMerged = 0.1;  // of a row's norm

// Tokens that occur, most frequent first.
std::vector<Token> by_frequency(const Tokenizer& tokenizer, const TokenDocuments& documents) {
  std::vector<int64_t> counts(static_cast<size_t>(tokenizer.size()), 0);
  for (const auto& document : documents) {
    for (const Token token : document) ++counts[static_cast<size_t>(token)];
  }
  std::vector<Token> tokens;
  for (Token token = kSpecialTokens; token < tokenizer.size(); ++token) {
    if (counts[static_cast<size_t>(token)] > 0) tokens.push_back(token);
  }
  std::stable_sort(tokens.begin(), tokens.end(),
                   [&](Token a, Token b) { return counts[static_cast<size_t>(a)] > counts[static_cast<size_t>(b)]; });
  return tokens;
}

double median_of(const Tensor& values) { return values.median().item<double>(); }

}  // namespace

EmbeddingMap embedding_map(const Tensor& table, const Tokenizer& tokenizer, const TokenDocuments& training, int64_t shown) {
  const torch::NoGradGuard no_grad;
  EmbeddingMap map;
  const auto tokens = by_frequency(tokenizer, training);
  map.words = static_cast<int64_t>(tokens.size());
  map.dimension = table.size(1);
  if (map.words < 3) return map;

  std::vector<int64_t> ids(tokens.begin(), tokens.end());
  const Tensor rows = table.to(torch::kCPU, torch::kFloat64).index_select(0, torch::tensor(ids));  // [W,D]
  const double norm = rows.square().sum(1).mean().sqrt().item<double>();

  constexpr int64_t kChunk = 1024;  // rows whose distances to all others are held at a time
  std::vector<Tensor> distances;    // each [chunk,kNeighbours]
  std::vector<Tensor> places;
  const int64_t neighbours = std::min(kNeighbours, map.words - 1);
  for (int64_t at = 0; at < map.words; at += kChunk) {
    const int64_t count = std::min(kChunk, map.words - at);
    Tensor all = torch::cdist(rows.narrow(0, at, count), rows);  // [chunk,W]
    all.diagonal(at).fill_(std::numeric_limits<double>::infinity());
    const auto [distance, place] = all.topk(neighbours, 1, false);
    distances.push_back(distance);
    places.push_back(place);
  }
  const Tensor distance = torch::cat(distances) / norm;
  const Tensor place = torch::cat(places);
  map.nearest = median_of(distance.select(1, 0));
  map.second_nearest = neighbours > 1 ? median_of(distance.select(1, 1)) : map.nearest;
  map.merged = (distance.select(1, 0) < kMerged).to(torch::kFloat64).mean().item<double>();

  const Tensor directions = rows / rows.norm(2, 1, true).clamp_min(1e-12);
  const auto count = static_cast<double>(map.words);
  map.mean_cosine = (directions.sum(0).square().sum().item<double>() - count) / (count * (count - 1));
  const Tensor covariance = torch::matmul((rows - rows.mean(0)).t(), rows - rows.mean(0));
  const double trace = covariance.trace().item<double>();
  map.dimensions_used = trace * trace / std::max(covariance.square().sum().item<double>(), 1e-300);

  const int64_t frequent = std::min(shown, map.words);
  const Tensor centred = rows.narrow(0, 0, frequent) - rows.narrow(0, 0, frequent).mean(0);
  const auto [u, s, v] = torch::svd(centred);
  const Tensor coordinates = u.narrow(1, 0, 2) * s.narrow(0, 0, 2);  // [shown,2]
  map.variance_shown = (s.narrow(0, 0, 2).square().sum() / s.square().sum()).item<double>();
  for (int64_t i = 0; i < frequent; ++i) {
    EmbeddingMap::Word word{
        tokenizer.piece(tokens[static_cast<size_t>(i)]), coordinates[i][0].item<double>(), coordinates[i][1].item<double>(), {}};
    for (int64_t k = 0; k < neighbours; ++k) {
      word.neighbours.push_back(tokenizer.piece(tokens[static_cast<size_t>(place[i][k].item<int64_t>())]));
    }
    map.frequent.push_back(std::move(word));
  }
  return map;
}

}  // namespace difflm
