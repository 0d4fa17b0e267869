// Tables that start from pre-trained rows (safetensors such as Gemma's, or GloVe / word2vec / fastText text): frozen, trained
// further, or mapped to a small dimension by a learned projection.
//
// A pre-trained space has many dimensions (768 .. 2048), and a word stays its own nearest neighbour there under so much noise that
// little is left to learn; the projection keeps what was pre-trained and gives the diffusion a space of a useful size.
#pragma once

#include "difflm/model/embedding_space.h"
#include "difflm/model/pretrained_rows.h"

namespace difflm {

struct PretrainedOptions {
  std::string path;
  std::string tensor;
  void describe(OptionVisitor& visitor) {
    visitor.field("path", path, "safetensors file, index or folder, or word vectors as text");
    visitor.field("tensor", tensor, "name of the table in a safetensors file, where it isn't plain");
  }
};

// The rows, from the file or, for a saved model, from its tensors.
struct StartingRows {
  Tensor table;  // [V,D]
  std::string note;
  StartingRows(const PretrainedOptions& options, const EmbeddingSource& source, const std::string& section);
};

class PretrainedEmbedding : public EmbeddingSpace {
 public:
  using Options = PretrainedOptions;
  PretrainedEmbedding(const Options& options, const EmbeddingSource& source) : EmbeddingSpace(source.norm) {
    const StartingRows rows(options, source, "model.pretrained");
    table_ = register_buffer("table", rows.table);
    note_ = rows.note;
  }
  int64_t dimension() const override { return table_.size(1); }
  std::string note() const override { return note_; }

 protected:
  Tensor rows() override { return table_; }

 private:
  Tensor table_;  // [V,D]
  std::string note_;
};

class FinetunedEmbedding : public EmbeddingSpace {
 public:
  using Options = PretrainedOptions;
  FinetunedEmbedding(const Options& options, const EmbeddingSource& source) : EmbeddingSpace(source.norm) {
    const StartingRows rows(options, source, "model.finetuned");
    table_ = register_parameter("table", rows.table.clone());
    note_ = rows.note;
  }
  int64_t dimension() const override { return table_.size(1); }
  std::string note() const override { return note_; }

 protected:
  Tensor rows() override { return table_; }

 private:
  Tensor table_;  // [V,D]
  std::string note_;
};

class ProjectedEmbedding : public EmbeddingSpace {
 public:
  struct Options : PretrainedOptions {
    int64_t dimension = 64;
    void describe(OptionVisitor& visitor) {
      PretrainedOptions::describe(visitor);
      visitor.field("dimension", dimension, "D after the projection", {1, 16384});
    }
  };
  ProjectedEmbedding(const Options& options, const EmbeddingSource& source) : EmbeddingSpace(source.norm) {
    const StartingRows rows(options, source, "model.projected");
    table_ = register_buffer("table", rows.table);
    projection_ = register_module("projection",
                                  torch::nn::Linear(torch::nn::LinearOptions(rows.table.size(1), options.dimension).bias(false)));
    note_ = rows.note;
  }
  int64_t dimension() const override { return projection_->weight.size(0); }
  std::string note() const override { return note_; }

 protected:
  Tensor rows() override { return projection_->forward(table_); }

 private:
  Tensor table_;  // [V, pre-trained D]
  torch::nn::Linear projection_{nullptr};
  std::string note_;
};

}  // namespace difflm
