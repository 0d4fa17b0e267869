#include "difflm/steering/phrase_reader.h"

#include <algorithm>

#include "difflm/text/characters.h"
#include "difflm/text/utf8.h"

namespace difflm {

PhraseReader::PhraseReader(std::vector<WishPhrase> phrases) : phrases_(std::move(phrases)) {
  add_symbols();
  add_states();
}

PhraseReader::Kind PhraseReader::kind_of(int32_t character) {
  if (is_apostrophe(character)) return Kind::apostrophe;
  if (character == '.' || character == ',' || character == ':' || character == '/') return Kind::stop;
  if (is_unspaced(character)) return Kind::other;
  const CharacterKind kind = kind_of_character(character);
  return kind == CharacterKind::letter ? Kind::letter : kind == CharacterKind::digit ? Kind::digit : Kind::other;
}

// Whether a character of `kind` belongs to the word that `before` is part of.
bool PhraseReader::goes_on(Before before, Kind kind) {
  if (kind != Kind::letter && kind != Kind::digit) return false;
  return before == Before::stop ? kind == Kind::digit : before != Before::nothing;
}

void PhraseReader::add_symbols() {
  for (const Kind kind : {Kind::other, Kind::letter, Kind::digit, Kind::apostrophe, Kind::stop}) symbols_.push_back({-1, -1, kind});
  const auto add_byte = [&](unsigned char byte) {
    if (symbol_of_byte_.emplace(byte, static_cast<int32_t>(symbols_.size())).second) symbols_.push_back({-1, byte, Kind::other});
  };
  for (const auto& phrase : phrases_) {
    for (const auto& spelling : phrase) {
      for (const auto& forms : spelling) {
        for (const int32_t character : forms) {
          if (!symbol_of_.emplace(character, static_cast<int32_t>(symbols_.size())).second) continue;
          symbols_.push_back({character, -1, kind_of(character)});
          std::string bytes;
          append_code_point(bytes, character);
          if (bytes.size() == 1) continue;
          long_characters_.push_back(bytes);
          for (const char byte : bytes) add_byte(static_cast<unsigned char>(byte));
        }
      }
    }
  }
}

void PhraseReader::add_states() {
  std::map<Known, State> ids;
  const auto id_of = [&](Known state) {
    if (state.seen == phrases_.size()) state = {state.seen, false, Before::nothing, {}, {}};  // nothing matters any more
    const auto [found, fresh] = ids.emplace(state, static_cast<State>(known_.size()));
    if (fresh) known_.push_back(std::move(state));
    return found->second;
  };
  id_of({});
  for (size_t at = 0; at < known_.size(); ++at) {
    next_.emplace_back();
    for (const auto& symbol : symbols_) next_[at].push_back(id_of(after(Known(known_[at]), symbol)));
    Known forgotten = known_[at];
    forgotten.live.clear();
    forgotten.partial.clear();
    forgotten_.push_back(id_of(std::move(forgotten)));
  }
}

PhraseReader::Known PhraseReader::after(Known state, const Symbol& symbol) const {
  if (symbol.byte >= 0) return after_byte(std::move(state), symbol.byte);
  if (!state.partial.empty()) {
    state.partial.clear();
    state = after_character(std::move(state), -1, Kind::other);
  }
  return after_character(std::move(state), symbol.character, symbol.kind);
}

PhraseReader::Known PhraseReader::after_byte(Known state, int32_t byte) const {
  const auto begins_one = [&](const std::string& bytes) {
    return std::any_of(long_characters_.begin(), long_characters_.end(), [&](const auto& one) { return one.starts_with(bytes); });
  };
  const std::string bytes = state.partial + static_cast<char>(byte);
  if (std::find(long_characters_.begin(), long_characters_.end(), bytes) != long_characters_.end()) {
    const int32_t character = code_point_at(bytes, 0).value;
    state.partial.clear();
    return after_character(std::move(state), character, kind_of(character));
  }
  if (begins_one(bytes)) {
    state.partial = bytes;
    return state;
  }
  const bool cut_off = !state.partial.empty();
  state.partial.clear();
  if (cut_off || byte >= 0xC0) state = after_character(std::move(state), -1, Kind::other);
  if (cut_off && begins_one(std::string(1, static_cast<char>(byte)))) state.partial = static_cast<char>(byte);
  return state;
}

void PhraseReader::finish_phrase(Known& state) const {
  ++state.seen;
  state.complete = false;
  state.live.clear();
}

PhraseReader::Known PhraseReader::after_character(Known state, int32_t character, Kind kind) const {
  if (state.seen == phrases_.size()) return state;
  const Before before = state.before;
  const bool after_word = before == Before::letter || before == Before::digit;
  const bool may_go_on = (kind == Kind::apostrophe && after_word) || (kind == Kind::stop && before == Before::digit);
  if (state.complete && !may_go_on) {
    if (goes_on(before, kind)) {
      state.complete = false;
    } else {
      finish_phrase(state);
      if (state.seen == phrases_.size()) return state;
    }
  }
  const WishPhrase& phrase = phrases_[state.seen];
  const auto fits = [&](const Place& place) {
    const auto& forms = phrase[place.spelling][place.read];
    return character >= 0 && std::find(forms.begin(), forms.end(), character) != forms.end();
  };
  std::vector<Place> places = std::move(state.live);
  for (size_t spelling = 0; spelling < phrase.size() && !goes_on(before, kind); ++spelling) places.push_back({spelling, 0});
  state.live.clear();
  bool ends = false;
  for (const auto& place : places) {
    if (!fits(place)) continue;
    if (place.read + 1 == phrase[place.spelling].size()) {
      ends = true;
    } else {
      state.live.push_back({place.spelling, place.read + 1});
    }
  }
  std::sort(state.live.begin(), state.live.end());
  switch (kind) {
    case Kind::letter:
      state.before = Before::letter;
      break;
    case Kind::digit:
      state.before = Before::digit;
      break;
    case Kind::apostrophe:
      state.before = after_word ? Before::apostrophe : Before::nothing;
      break;
    case Kind::stop:
      state.before = before == Before::digit ? Before::stop : Before::nothing;
      break;
    case Kind::other:
      state.before = Before::nothing;
      break;
  }
  if (ends && (kind == Kind::letter || kind == Kind::digit)) {
    state.complete = true;
  } else if (ends) {
    finish_phrase(state);
  }
  return state;
}

std::vector<int32_t> PhraseReader::symbols_of(std::string_view bytes) const {
  std::vector<int32_t> symbols;
  const auto add = [&](int32_t symbol, bool repeats) {
    if (symbols.empty() || !repeats || symbols.back() != symbol) symbols.push_back(symbol);  // a second one changes nothing
  };
  for (size_t at = 0; at < bytes.size();) {
    const CodePoint point = code_point_at(bytes, at);
    if (point.value >= 0) {
      const auto known = symbol_of_.find(point.value);
      const Kind kind = kind_of(point.value);
      if (known != symbol_of_.end()) {
        add(known->second, false);
      } else {
        add(static_cast<int32_t>(kind), kind == Kind::other || kind == Kind::letter || kind == Kind::digit);
      }
    } else {
      const auto byte = static_cast<unsigned char>(bytes[at]);
      const auto known = symbol_of_byte_.find(byte);
      if (known != symbol_of_byte_.end()) {
        add(known->second, false);
      } else if (byte >= 0xC0) {
        add(static_cast<int32_t>(Kind::other), true);
      }
    }
    at += point.length;
  }
  return symbols;
}

PhraseReader::State PhraseReader::read(State state, const std::vector<int32_t>& symbols) const {
  for (const int32_t symbol : symbols) state = next_[static_cast<size_t>(state)][static_cast<size_t>(symbol)];
  return state;
}

bool PhraseReader::is_fulfilled(State state) const {
  return is_done(state) || (seen(state) + 1 == phrases_.size() && is_complete(state));
}

}  // namespace difflm
