// The constituents of a batch are those of its texts, by index; a tree that does not have a word for each token is ignored.
#include "difflm/training/document_spans.h"

#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

// Training texts with these trees, all of them "a b c", and one held-out text.
PreparedData parsed_data(const TemporaryFolder& folder, const std::vector<std::string>& trees) {
  PreparedData data;
  data.folder = folder.path();
  data.training.assign(trees.size(), {5, 6, 7});
  data.validation = {{5, 6, 7}};
  std::vector<Document> documents;
  for (const auto& tree : trees) documents.push_back({"a b c", {}, {}, tree});
  write_prepared_documents(data.folder, Side::training, documents);
  write_prepared_documents(data.folder, Side::validation, {{"a b c", {}, {}, "(S (X a) (VP (X b) (X c)))"}});
  return data;
}

Batch parsed_batch(const std::vector<int64_t>& documents, Side side = Side::training) {
  return {torch::full({static_cast<int64_t>(documents.size()), 3}, 5, torch::kInt64), 0, documents, side};
}

// [L,T,T] with ones at (label, first, last).
Tensor marked(const std::vector<std::array<int64_t, 3>>& spans) {
  Tensor result = torch::zeros({2, 3, 3});
  for (const auto& [label, first, last] : spans) result[label][first][last] = 1;
  return result;
}

TEST(DocumentSpans, EqualTextsKeepTheirOwn) {
  const TemporaryFolder folder;
  const PreparedData data =
      parsed_data(folder, {"(S (NP (X a) (X b)) (X c))", "(S (X a) (NP (X b) (X c)))", "", "(S (NP (X ab) (X c)))"});
  const DocumentSpans spans(data, {"NP", "VP"});
  EXPECT_EQ(spans.fitting(), 2);
  const Tensor of = spans.of(parsed_batch({1, 0, 2, 3, kNoDocument}));
  EXPECT_TRUE(torch::equal(of[0], marked({{0, 1, 2}})));
  EXPECT_TRUE(torch::equal(of[1], marked({{0, 0, 1}})));
  for (int64_t row = 2; row < 5; ++row) EXPECT_EQ(of[row].sum().item<float>(), 0) << row;
  EXPECT_TRUE(torch::equal(spans.of(parsed_batch({0}, Side::validation))[0], marked({{1, 1, 2}})));
}

// A part of a text keeps the constituents that lie inside it.
TEST(DocumentSpans, PartsKeepWhatLiesInside) {
  const TemporaryFolder folder;
  const PreparedData data = parsed_data(folder, {"(S (NP (X a) (X b)) (VP (X c)))"});
  const DocumentSpans spans(data, {"NP", "VP"});
  Batch part = {torch::full({2, 2}, 5, torch::kInt64), 0, {0, 0}, Side::training, {0, 1}, {false, true}};
  const Tensor of = spans.of(part);
  EXPECT_EQ(of[0].sum().item<float>(), 1);
  EXPECT_EQ(of[0][0][0][1].item<float>(), 1);
  EXPECT_EQ(of[1].sum().item<float>(), 1);  // the noun phrase begins before it
  EXPECT_EQ(of[1][1][1][1].item<float>(), 1);
}

}  // namespace
}  // namespace difflm::test
