// The parts of a SentencePiece .model that the library's public API does not expose, read from its protocol-buffer wire format.
//
// ModelProto: field 1, repeated, a piece {1 text, 2 score, 3 type}; field 2 the trainer's settings; field 3 the normaliser's
// (sentencepiece_model.proto). Only lengths and tags are walked, so nothing else of the file is touched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace difflm {

struct SentencePieceRules {
  bool dummy_prefix = true;      // a space is put before the text
  bool trims_spaces = true;      // spaces at the ends are removed, runs of spaces become one
  bool escapes_spaces = true;    // a space is written as U+2581
  bool space_as_suffix = false;  // the dummy space goes after the text
};

// Throws a failure when `model` is not a well-formed message.
SentencePieceRules read_rules(std::string_view model);

// `model` with the type UNUSED for each piece i whose unused[i] is set. The segmentation then never contains such a piece, but
// ids stay, and so do the merges that pass through it. Throws a failure when the model does not have unused.size() pieces.
std::string mark_unused(std::string_view model, const std::vector<bool>& unused);

}  // namespace difflm
