// Whether a text holds given phrases, one after another and without overlap: an automaton that reads it character by character.
//
// A phrase has one or more spellings (composed or decomposed letters), each a sequence of characters of which some have two forms
// ("Cheap", "cheap"). Where a spelling begins or ends with a letter or digit, it must begin or end a word there: "love" is not in
// "lovely", nor "don" in "don't", but it is in "(love)" and in "love-song". Scripts written without spaces have no such borders, so
// there a phrase may stand anywhere.
//
// The states are those of all partial matches at once, as in the automaton of Aho and Corasick (1975), with what the border of a
// word depends on. Bytes may end inside a character, as tokens do; a character that no spelling has is then read as no letter.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace difflm {

// For each character of a spelling, its forms.
using PhraseSpelling = std::vector<std::vector<int32_t>>;
using WishPhrase = std::vector<PhraseSpelling>;

class PhraseReader {
 public:
  explicit PhraseReader(std::vector<WishPhrase> phrases);

  using State = int32_t;
  static constexpr State kStart = 0;

  // What `read` depends on in `bytes`: reading these symbols gives the same state from any other.
  std::vector<int32_t> symbols_of(std::string_view bytes) const;
  State read(State state, const std::vector<int32_t>& symbols) const;

  State states() const { return static_cast<State>(known_.size()); }
  bool is_done(State state) const { return of(state).seen == phrases_.size(); }  // all phrases are seen, for good
  bool is_fulfilled(State state) const;                                          // where the text ends here
  size_t seen(State state) const { return of(state).seen; }                      // phrases that are seen for good
  bool has_begun(State state) const { return !of(state).live.empty(); }          // a phrase that is not complete
  bool is_complete(State state) const { return of(state).complete; }             // a phrase, if its last word ends here
  State without_beginnings(State state) const { return forgotten_[static_cast<size_t>(state)]; }

  bool is_in(std::string_view text) const { return is_fulfilled(read(kStart, symbols_of(text))); }

 private:
  enum class Kind { other, letter, digit, apostrophe, stop };
  // What stands before the present place, as far as a word may go on over it.
  enum class Before { nothing, letter, digit, apostrophe, stop };
  struct Place {
    size_t spelling;
    size_t read;  // characters of it
    auto operator<=>(const Place&) const = default;
  };
  struct Known {
    size_t seen = 0;
    bool complete = false;  // the phrase ends before this place, unless its last word goes on
    Before before = Before::nothing;
    std::vector<Place> live;
    std::string partial;  // bytes of a character of a spelling
    auto operator<=>(const Known&) const = default;
  };
  struct Symbol {
    int32_t character = -1;  // of a spelling
    int32_t byte = -1;       // of a character of several bytes
    Kind kind = Kind::other;
  };

  const Known& of(State state) const { return known_[static_cast<size_t>(state)]; }
  static Kind kind_of(int32_t character);
  static bool goes_on(Before before, Kind kind);
  void add_symbols();
  void add_states();
  Known after(Known state, const Symbol& symbol) const;
  Known after_byte(Known state, int32_t byte) const;
  Known after_character(Known state, int32_t character, Kind kind) const;
  void finish_phrase(Known& state) const;

  std::vector<WishPhrase> phrases_;
  std::vector<Symbol> symbols_;                // one of each kind first, then characters, then bytes
  std::map<int32_t, int32_t> symbol_of_;       // of each character
  std::map<int32_t, int32_t> symbol_of_byte_;  // of each byte
  std::vector<std::string> long_characters_;   // characters of several bytes
  std::vector<Known> known_;                   // the states
  std::vector<std::vector<State>> next_;       // [state][symbol]
  std::vector<State> forgotten_;
};

}  // namespace difflm
