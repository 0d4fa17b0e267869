#include "difflm/evaluation/known_words.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/random.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

uint64_t hash_whatever_the_case(const std::string& word) {
  utf8proc_uint8_t* folded = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()), static_cast<utf8proc_ssize_t>(word.size()),
                                 &folded, static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, &std::free);
  if (size < 0) return hash_text(word);
  return hash_text({reinterpret_cast<const char*>(folded), static_cast<size_t>(size)});
}

}  // namespace

KnownWords::KnownWords(const std::string& list) {
  if (list.empty()) return;
  const std::string text = clean_text(read_text_file(list), list);
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line(text.data() + start, end - start);
    start = end + 1;
    for (const auto& word : counted_words(line.substr(0, line.find_first_of("/\t,")))) {
      if (is_judged(word)) hashes_.insert(hash_whatever_the_case(word));
    }
  }
  if (hashes_.empty()) throw usage_error(list, "holds no words, expected one per line");
}

void KnownWords::add(const TextSet& texts) {
  for (const auto& words : texts.words) {
    for (const auto& word : words) {
      if (is_judged(word)) hashes_.insert(hash_whatever_the_case(word));
    }
  }
}

bool KnownWords::contains(const std::string& word) const { return hashes_.contains(hash_whatever_the_case(word)); }

bool KnownWords::is_judged(const std::string& word) {
  for (size_t at = 0; at < word.size();) {
    const CodePoint point = code_point_at(word, at);
    at += point.length;
    const auto category = utf8proc_category(point.value);
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return true;
  }
  return false;
}

}  // namespace difflm
