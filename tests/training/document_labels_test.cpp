// The labels of a batch are those of its texts, by index: equal texts keep their own, and neither side depends on the other.
#include "difflm/training/document_labels.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/temporary_folder.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

const std::vector<Label> kKnown = {{"colour", "blue"}, {"colour", "red"}, {"size", "big"}};

Document document(const std::string& text, const std::map<std::string, std::string>& attributes) {
  return {text, attributes, {}, ""};
}

Batch labelled_batch(const std::vector<int64_t>& documents, Side side = Side::training) {
  const auto rows = static_cast<int64_t>(documents.size());
  return {torch::zeros({rows, 3}, torch::kInt64), 3 * rows, documents, side};
}

TEST(DocumentLabels, EqualTextsKeepTheirOwn) {
  const DocumentLabels labels({{document("a cup", {{"colour", "red"}}), document("a cup", {{"colour", "blue"}, {"size", "big"}})},
                               {document("a cup", {{"size", "big, small"}})}},
                              kKnown);
  const Tensor expected = torch::tensor({{0, 0, 0}, {1, 0, 1}, {0, 1, 0}, {0, 1, 0}}, torch::kFloat32);
  EXPECT_TRUE(torch::equal(labels.of(labelled_batch({kNoDocument, 1, 0, 0})), expected));
  EXPECT_TRUE(torch::equal(labels.of(labelled_batch({0}, Side::validation)),
                           torch::tensor({{0, 0, 1}}, torch::kFloat32)));  // "small" is unknown
}

// From the corpus to the batch: each text is there twice, in red and in blue.
TEST(DocumentLabels, ABatchOfEqualTextsHasTheLabelsOfEach) {
  const TemporaryFolder folder;
  std::string lines;
  for (const std::string first : {"a", "b", "c", "d", "e"}) {
    for (const std::string second : {"p", "q", "r", "s"}) {
      for (const std::string colour : {"red", "blue"})
        lines += R"({"text": "x )" + first + " " + second + R"(", "colour": ")" + colour + "\"}\n";
    }
  }
  const std::string path = folder.write("corpus.jsonl", lines);
  const TrainingRun run = [&] {
    std::filesystem::create_directories(folder.file("run"));
    return set_up_run(tiny_run_config("[data]\ncorpus = \"jsonl\"\npath = \"" + path + "\"\n[model]\nlabels = true\n"),
                      folder.file("run"), [](const std::string&) {});
  }();
  ASSERT_EQ(run.corpus.duplicates, 20);
  const DocumentLabels labels(run.data.documents(), {{"colour", "blue"}, {"colour", "red"}});
  const auto check = [&](const Batch& batch, std::map<std::vector<int64_t>, std::set<std::pair<float, float>>>& seen) {
    const Tensor of = labels.of(batch);
    EXPECT_TRUE((of.sum(1) == 1).all().item<bool>());
    for (int64_t row = 0; row < of.size(0); ++row) {
      const int64_t* tokens = batch.tokens[row].data_ptr<int64_t>();
      seen[{tokens, tokens + batch.tokens.size(1)}].insert({of[row][0].item<float>(), of[row][1].item<float>()});
    }
  };
  std::map<std::vector<int64_t>, std::set<std::pair<float, float>>> seen;
  BatchStream stream(run.data.training, *run.packing, 24, 4, 1);
  for (size_t i = 0; i < stream.batches(); ++i) {
    for (const auto& part : stream.next()) check(part, seen);
  }
  for (const auto& batch : validation_batches(run.data.validation, *run.packing, 24, 4, 1000)) check(batch, seen);
  EXPECT_EQ(seen.size(), 20);
  for (const auto& [text, colours] : seen) EXPECT_EQ(colours.size(), 2);
}

TEST(DocumentLabels, APartOfThemIsShown) {
  const DocumentLabels labels({{document("", {{"colour", "red"}, {"size", "big"}})}, {}}, kKnown);
  const Batch batch = labelled_batch(std::vector<int64_t>(500, 0));
  const Tensor all = labels.of(batch);
  RandomStream random(1, "test");
  const Tensor shown = labels.draw_condition(batch, random);
  EXPECT_TRUE((shown <= all).all().item<bool>());
  // A label is shown in 0.9 times half of the texts.
  EXPECT_NEAR(shown.sum().item<double>() / all.sum().item<double>(), 0.45, 0.06);
  RandomStream same(1, "test");
  EXPECT_TRUE(torch::equal(labels.draw_condition(batch, same), shown));
}

}  // namespace
}  // namespace difflm::test
