// The exact probability that a text of independently uncertain tokens contains given phrases, one after another.
//
// An automaton reads the text; its state says how much of the phrases has been seen (phrase_reader.h, whose characters are here put
// together to tokens). The probability of each state after t tokens follows from those after t - 1 by a sum over tokens (the
// forward algorithm). The result is linear in the token probabilities of every position, so its gradient gives exact posteriors:
// see rule/posterior.h.
//
// Tokens that change every state alike are one class. A phrase can be written by many token sequences, of which only those count
// here that need at most one token more than the fewest: a word that is a token is hardly ever spelled. What a finished text holds
// is read from its characters, so there nothing is left out.
#pragma once

#include <span>
#include <vector>

#include "difflm/data/packing.h"
#include "difflm/nn/torch.h"
#include "difflm/steering/phrase_reader.h"

namespace difflm {

class WordAutomaton {
 public:
  // Phrases follow one another without overlap, with anything between them.
  WordAutomaton(std::vector<WishPhrase> phrases, const Tokenizer& tokenizer);

  // probabilities [B,T,V] -> [B] float64 log-probabilities: that all phrases occur, or that they do not.
  Tensor log_contains(const Tensor& probabilities, double sharpness = 1) const;
  Tensor log_lacks(const Tensor& probabilities) const;

  bool contains(std::span<const Token> tokens) const;

  // The fewest tokens of a text that contains the phrases.
  int64_t fewest_tokens() const;

 private:
  friend class WordRules;

  void add_states(const std::vector<std::vector<int32_t>>& symbols);
  std::vector<bool> worthwhile() const;
  bool advances(PhraseReader::State from, PhraseReader::State to) const;
  Tensor state_probabilities(const Tensor& probabilities, double sharpness) const;  // [B,T,V] -> [B,S] after the last token
  Tensor is_accepted(const torch::Device& device) const;                            // [S] float64, 1 where the phrases are seen

  PhraseReader reader_;
  std::vector<std::string> bytes_;  // of each token
  std::vector<PhraseReader::State> states_;
  std::vector<std::vector<Token>> classes_;  // the largest last
  std::vector<int32_t> class_of_;            // of each token
  std::vector<bool> sharpened_;              // the class begins a phrase, or goes on with one
  std::vector<std::vector<int64_t>> next_;   // [state][class] -> state; state 0 is the first
  std::vector<bool> accepted_;               // [state]
};

// Whether some text of `length` tokens, with the tokens `pins` where these are not -1, fulfils all of a few wishes for words at
// once.
class WordRules {
 public:
  // `contains` false: the text must lack the phrases. `automaton` must outlive this.
  void add(const WordAutomaton& automaton, bool contains) { rules_.push_back({&automaton, contains}); }

  // Any two of the wishes are checked together.
  bool can_be_fulfilled(int64_t length, const Sequence& pins) const;

 private:
  struct Rule {
    const WordAutomaton* automaton;
    bool contains;
    bool accepts(size_t state) const { return automaton->accepted_[state] == contains; }
  };
  static bool can_both_be_fulfilled(const Rule& one, const Rule& other, int64_t length, const Sequence& pins);

  std::vector<Rule> rules_;
};

}  // namespace difflm
