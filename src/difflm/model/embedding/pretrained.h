// Tables that start from pre-trained rows (safetensors such as Gemma's, or GloVe / word2vec / fastText text): frozen, trained
// further, or mapped to a small dimension by a learned projection.
//
// A pre-trained space has many dimensions (768 .. 2048), and a token stays its own nearest neighbour there under so much noise
// that little is left to learn; the projection keeps what was pre-trained and gives the diffusion a space of a useful size.
#pragma once

#include "difflm/model/embedding_space.h"

namespace difflm {

class PretrainedEmbedding : public EmbeddingSpace {
 public:
  struct Options {
    std::string path;
    std::string tensor;
    bool trained = false;
    int64_t dimension = 0;
    void describe(OptionVisitor& visitor) {
      visitor.field("path", path, "safetensors file, index or folder, or word vectors as text");
      visitor.field("tensor", tensor, "name of the table in a safetensors file, where it is ambiguous");
      visitor.field("trained", trained, "train the rows further; otherwise they stay unchanged");
      visitor.field("dimension", dimension, "D after a learned linear map of the rows; 0: the rows as they are", {0, 16384});
    }
  };

  // The rows come from the file or, for a saved model, from its tensors.
  PretrainedEmbedding(const Options& options, const EmbeddingSource& source);

  int64_t dimension() const override { return projection_ ? projection_->weight.size(0) : table_.size(1); }
  std::string note() const override { return note_; }

 protected:
  Tensor rows() override { return projection_ ? projection_->forward(table_) : table_; }

 private:
  Tensor table_;                           // [V, pre-trained D]
  torch::nn::Linear projection_{nullptr};  // empty: the rows as they are
  std::string note_;
};

}  // namespace difflm
