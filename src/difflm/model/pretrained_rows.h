// Rows of a pre-trained embedding for the tokens of our own vocabulary.
//
// Two kinds of source: a safetensors checkpoint, where a token's row is its id in the vocabulary that ours was cut from
// (Tokenizer::source_id), and word-vector text, where it is found by its spelling. The row of any other token is drawn from a
// normal distribution with the mean and standard deviation, per dimension, of the rows found: it then looks like any other row to
// the diffusion, while a zero or a common mean would be the nearest neighbour of everything.
#pragma once

#include <string>

#include "difflm/nn/torch.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {

struct PretrainedRows {
  Tensor table;              // [V, D] float32, on the CPU
  Tensor found;              // [V] bool: the row is from the file
  int64_t missing = 0;       // rows that are not, those of the special tokens among them
  std::string missing_rule;  // one sentence for the log: how many, and what they got
};

// `path` is a safetensors file, index or folder (see SafetensorsCheckpoint), or word-vector text (see word_vectors.h); which of the
// two is recognised by name or content. `tensor_name` says which tensor of a checkpoint holds the table [rows, D]; without it, the
// one whose name ends as in the usual models.
//
// A token is looked up as its piece is spelled, then in lower case, then both without the mark of a leading space that subword
// vocabularies write; the first line of a spelling counts. Special tokens are never looked up by spelling.
// The same arguments give the same rows, missing ones included.
// Throws a usage error when no token has a row, when a token's row is outside the table, when the table cannot be identified or is
// not of floating point, when a row that is used is not finite, and for whatever is wrong with the file.
PretrainedRows read_pretrained_rows(const std::string& path, const Tokenizer& tokenizer, const std::string& tensor_name = "");

}  // namespace difflm
