// Every listed embedding space: shape, norm rule, what is learned, and what a saved model restores.
#include "difflm/model/embedding_space.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

// Word vectors of 8 dimensions for all words except the last.
std::string word_vectors(const Tokenizer& tokenizer) {
  std::string text;
  for (Token id = kSpecialTokens; id < tokenizer.size() - 1; ++id) {
    text += tokenizer.piece(id);
    for (int d = 0; d < 8; ++d) text += fmt::format(" {:.3f}", std::sin(1.7 * id + 0.9 * d * id));
    text += "\n";
  }
  return text;
}

class EmbeddingSpaces : public ::testing::Test {
 protected:
  EmbeddingSpaces() : tokenizer_(word_tokenizer(15)) {
    const std::string path = folder_.write("vectors.txt", word_vectors(*tokenizer_));
    config_ = small_config(fmt::format("[model.pretrained]\npath = \"{}\"\n", path));
  }

  std::unique_ptr<EmbeddingSpace> make(const std::string& name, const NormRule& norm = {},
                                       const NamedTensors* saved = nullptr) const {
    return embedding_spaces().make(name, config_, EmbeddingSource{tokenizer_.get(), saved, norm});
  }

  // Pre-trained rows, trained further or not, mapped to `dimension` (0: as they are).
  std::unique_ptr<EmbeddingSpace> make_pretrained(bool trained, int64_t dimension, const NormRule& norm = {"none", 1},
                                                  const NamedTensors* saved = nullptr) {
    config_.set("model.pretrained.trained", {trained, "test"});
    config_.set("model.pretrained.dimension", {dimension, "test"});
    return make("pretrained", norm, saved);
  }

  TemporaryFolder folder_;
  std::unique_ptr<Tokenizer> tokenizer_;
  Config config_;
};

TEST_F(EmbeddingSpaces, ObeyTheNormRule) {
  for (const auto& name : embedding_spaces().names()) {
    for (const auto& rule : NormRule::names()) {
      SCOPED_TRACE(name + ", " + rule);
      torch::manual_seed(1);
      const auto space = make(name, {rule, 0.7});
      const Tensor table = space->table().detach();
      ASSERT_EQ(table.sizes(), (std::vector<int64_t>{15, space->dimension()}));
      EXPECT_TRUE(torch::isfinite(table).all().item<bool>());
      const Tensor size = table.square().mean(1).sqrt();
      if (rule == "none") {
        EXPECT_GT(size.std().item<double>(), 0.01);
      } else {
        EXPECT_TRUE(torch::allclose(size, torch::full_like(size, 0.7), 1e-5, 1e-6));
      }
    }
  }
}

// The names of the learned parameters, which must have a gradient; the table must be saved.
std::vector<std::string> learned_parts(EmbeddingSpace& space) {
  const Tensor table = space.table();
  std::vector<std::string> result;
  if (table.requires_grad()) (table * torch::randn_like(table)).sum().backward();
  for (const auto& item : space.named_parameters()) {
    EXPECT_TRUE(item.value().grad().defined());
    EXPECT_GT(item.value().grad().norm().item<double>(), 0);
    result.push_back(item.key());
  }
  EXPECT_TRUE(space.named_parameters().contains("table") || space.named_buffers().contains("table"));
  return result;
}

TEST_F(EmbeddingSpaces, LearnedPartsHaveGradientsAndFrozenTablesAreSaved) {
  torch::manual_seed(2);
  using Names = std::vector<std::string>;
  EXPECT_EQ(learned_parts(*make("learned")), Names{"table"});
  EXPECT_EQ(learned_parts(*make("random")), Names{});
  EXPECT_EQ(learned_parts(*make_pretrained(false, 0)), Names{});
  EXPECT_EQ(learned_parts(*make_pretrained(true, 0)), Names{"table"});
  EXPECT_EQ(learned_parts(*make_pretrained(false, 5)), Names{"projection.weight"});
  for (const auto& name : embedding_spaces().names()) learned_parts(*make(name));
}

TEST_F(EmbeddingSpaces, PretrainedRowsAreThoseOfTheFile) {
  for (const bool trained : {false, true}) {
    const auto space = make_pretrained(trained, 0);
    const Tensor table = space->table().detach();
    for (Token id = kSpecialTokens; id < 14; ++id) {
      for (int d = 0; d < 8; ++d) EXPECT_NEAR(table[id][d].item<double>(), std::sin(1.7 * id + 0.9 * d * id), 6e-4) << trained;
    }
    EXPECT_NE(space->note().find("5 of 15"), std::string::npos) << space->note();  // 4 special tokens and the last word
  }
}

TEST_F(EmbeddingSpaces, ProjectionIsALinearMapOfTheRows) {
  const auto space = make_pretrained(false, 5);
  const Tensor rows = make_pretrained(false, 0)->table();
  const Tensor weight = parameter_of(*space, "projection.weight");
  EXPECT_EQ(weight.sizes(), (std::vector<int64_t>{5, 8}));
  EXPECT_EQ(space->dimension(), 5);
  EXPECT_TRUE(torch::allclose(space->table(), torch::matmul(rows, weight.t()), 1e-5, 1e-6));
}

// A saved model must open on a machine that lacks the pre-trained file.
TEST_F(EmbeddingSpaces, SavedTableStandsInForTheFile) {
  const Tensor saved_table = torch::randn({15, 8});
  const NamedTensors saved = {{"space.table", saved_table}};
  config_ = small_config("");
  for (const bool trained : {false, true}) {
    EXPECT_TRUE(torch::equal(make_pretrained(trained, 0, {"none", 1}, &saved)->table(), saved_table)) << trained;
    const NamedTensors empty;
    failure_message([&] { make_pretrained(trained, 0, {}, &empty); });
    EXPECT_NE(usage_message([&] { make_pretrained(trained, 5); }).find("model.pretrained.path"), std::string::npos);
  }
}

}  // namespace
}  // namespace difflm::test
