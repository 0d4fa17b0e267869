// Words of the training texts, written token by token: which tokens may follow, so that a rare word, which several tokens spell, is
// one that occurs there.
//
// The words are a tree of their tokens, each spelled as the tokenizer spells it, as in the texts the model learned from. Inside a
// word its tokens go on along the tree, and another word, or anything else, follows only where a word ends. A word that began
// outside of the tree, given by a wish, is left alone. The same words are known as to spelled_words.h.
#pragma once

#include <unordered_map>

#include "difflm/nn/torch.h"
#include "difflm/sampling/word_roles.h"

namespace difflm {

class WordPaths {
 public:
  // Throws a usage error where the tokenizer has kept no words.
  explicit WordPaths(const Tokenizer& tokenizer);

  using State = int32_t;  // a place in the tree
  static constexpr State kOutside = -1;

  State after(State state, int64_t token) const;

  // The tokens that cannot follow each of `states` where `left` more may be written after them: [B,V] bool.
  Tensor cannot_follow(const std::vector<State>& states, int64_t left) const;

 private:
  struct Node {
    std::unordered_map<Token, State> next;
    bool ends_word = false;
    int64_t missing = 0;  // tokens, at least, until a word ends
  };

  // Bars nothing but the tokens that go on from `nodes`, as far as `left` tokens complete a word.
  void allow(const std::unordered_map<Token, State>& next, int64_t left, bool* barred) const;

  std::vector<WordRole> roles_;
  std::vector<Node> nodes_;
  std::unordered_map<Token, State> first_;  // of words
  int64_t longest_ = 0;
  std::vector<Tensor> barred_outside_;  // [V] bool, by tokens left, at most longest_
};

}  // namespace difflm
