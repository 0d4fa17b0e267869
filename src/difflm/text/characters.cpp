#include "difflm/text/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "difflm/text/utf8.h"

namespace difflm {
namespace {

CharacterKind kind_by_category(int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_CF:
      return CharacterKind::letter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterKind::digit;
    case UTF8PROC_CATEGORY_SC:
      return CharacterKind::currency;
    default:
      return is_space(point) ? CharacterKind::space : CharacterKind::symbol;
  }
}

struct CodeRange {
  int32_t first;
  int32_t last;
};

// The blocks of the scripts, in ascending order; their digits and punctuation are not letters and so left out by the category.
constexpr std::array<CodeRange, 18> kUnspacedBlocks = {{
    {0x0E00, 0x0EFF},    // Thai, Lao
    {0x0F00, 0x109F},    // Tibetan, Myanmar
    {0x1780, 0x17FF},    // Khmer
    {0x1950, 0x19DF},    // Tai Le, New Tai Lue
    {0x1A20, 0x1AAF},    // Tai Tham
    {0x1B00, 0x1B7F},    // Balinese
    {0x2E80, 0x2FDF},    // Han radicals
    {0x3005, 0x3007},    // Han iteration mark, closing mark, zero
    {0x3021, 0x3029},    // Han numerals
    {0x3031, 0x30FF},    // Kana
    {0x3105, 0x312F},    // Bopomofo
    {0x31A0, 0x31FF},    // Bopomofo and Kana extensions
    {0x3400, 0x4DBF},    // Han
    {0x4E00, 0xA4CF},    // Han, Yi
    {0xA980, 0xAA7F},    // Javanese, Myanmar and Cham
    {0xF900, 0xFAFF},    // Han, for compatibility
    {0xFF66, 0xFF9F},    // Kana of half width
    {0x1B000, 0x3FFFF},  // Kana and Han outside the basic plane; the emoji in between are no letters
}};

}  // namespace

CharacterKind kind_of_character(int32_t point) {
  if (point >= 0x80) return kind_by_category(point);
  if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || point == '_') return CharacterKind::letter;
  if (point >= '0' && point <= '9') return CharacterKind::digit;
  if (point == '\n') return CharacterKind::newline;
  if (point == '$') return CharacterKind::currency;
  return is_space(point) ? CharacterKind::space : CharacterKind::symbol;
}

bool is_unspaced(int32_t point) {
  if (point < kUnspacedBlocks.front().first) return false;
  const auto block = std::find_if(kUnspacedBlocks.begin(), kUnspacedBlocks.end(), [&](const auto& b) { return point <= b.last; });
  if (block == kUnspacedBlocks.end() || point < block->first) return false;
  if (point >= 0x3005 && point <= 0x3029) return true;  // the zero and the numerals are written as words are
  return kind_of_character(point) == CharacterKind::letter;
}

}  // namespace difflm
