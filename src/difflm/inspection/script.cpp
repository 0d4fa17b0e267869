#include "difflm/inspection/script.h"

#include <utf8proc.h>

#include <algorithm>

namespace difflm {
namespace {

struct Range {
  int32_t first;
  int32_t last;
  std::string_view script;
};

// Sorted. Unicode 15, Blocks.txt; the few signs within a block that belong to another script do not change a share.
constexpr Range kRanges[] = {
    {0x0041, 0x02AF, "Latin"},     {0x0370, 0x03FF, "Greek"},      {0x0400, 0x052F, "Cyrillic"}, {0x0530, 0x058F, "Armenian"},
    {0x0590, 0x05FF, "Hebrew"},    {0x0600, 0x06FF, "Arabic"},     {0x0700, 0x074F, "Syriac"},   {0x0750, 0x077F, "Arabic"},
    {0x08A0, 0x08FF, "Arabic"},    {0x0900, 0x097F, "Devanagari"}, {0x0980, 0x09FF, "Bengali"},  {0x0A00, 0x0A7F, "Gurmukhi"},
    {0x0A80, 0x0AFF, "Gujarati"},  {0x0B00, 0x0B7F, "Oriya"},      {0x0B80, 0x0BFF, "Tamil"},    {0x0C00, 0x0C7F, "Telugu"},
    {0x0C80, 0x0CFF, "Kannada"},   {0x0D00, 0x0D7F, "Malayalam"},  {0x0D80, 0x0DFF, "Sinhala"},  {0x0E00, 0x0E7F, "Thai"},
    {0x0E80, 0x0EFF, "Lao"},       {0x0F00, 0x0FFF, "Tibetan"},    {0x1000, 0x109F, "Myanmar"},  {0x10A0, 0x10FF, "Georgian"},
    {0x1100, 0x11FF, "Hangul"},    {0x1200, 0x139F, "Ethiopic"},   {0x13A0, 0x13FF, "Cherokee"}, {0x1780, 0x17FF, "Khmer"},
    {0x1800, 0x18AF, "Mongolian"}, {0x1C80, 0x1C8F, "Cyrillic"},   {0x1C90, 0x1CBF, "Georgian"}, {0x1D00, 0x1DBF, "Latin"},
    {0x1E00, 0x1EFF, "Latin"},     {0x1F00, 0x1FFF, "Greek"},      {0x2C60, 0x2C7F, "Latin"},    {0x2DE0, 0x2DFF, "Cyrillic"},
    {0x2E80, 0x2FDF, "Han"},       {0x3005, 0x3007, "Han"},        {0x3040, 0x309F, "Hiragana"}, {0x30A0, 0x30FF, "Katakana"},
    {0x3130, 0x318F, "Hangul"},    {0x31F0, 0x31FF, "Katakana"},   {0x3400, 0x9FFF, "Han"},      {0xA640, 0xA69F, "Cyrillic"},
    {0xA720, 0xA7FF, "Latin"},     {0xAC00, 0xD7FF, "Hangul"},     {0xF900, 0xFAFF, "Han"},      {0xFB00, 0xFB06, "Latin"},
    {0xFB1D, 0xFB4F, "Hebrew"},    {0xFB50, 0xFDFF, "Arabic"},     {0xFE70, 0xFEFC, "Arabic"},   {0xFF21, 0xFF5A, "Latin"},
    {0xFF66, 0xFF9F, "Katakana"},  {0x20000, 0x323AF, "Han"},
};

bool is_letter(int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string_view script_of(int32_t code_point) {
  if (!is_letter(code_point)) return "";
  const auto* after = std::upper_bound(std::begin(kRanges), std::end(kRanges), code_point,
                                       [](int32_t point, const Range& range) { return point < range.first; });
  if (after == std::begin(kRanges)) return "other";
  const Range& range = *(after - 1);
  return code_point <= range.last ? range.script : "other";
}

}  // namespace difflm
