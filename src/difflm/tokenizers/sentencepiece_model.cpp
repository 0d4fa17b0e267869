#include "difflm/tokenizers/sentencepiece_model.h"

#include <fmt/format.h>

#include "difflm/core/error.h"

namespace difflm {
namespace {

constexpr uint64_t kUnusedType = 5;

struct Field {
  uint64_t number = 0;
  uint64_t wire_type = 0;    // 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes
  uint64_t varint = 0;       // of type 0
  std::string_view content;  // of type 2
  std::string_view encoded;  // the whole field, its tag included
};

class WireReader {
 public:
  explicit WireReader(std::string_view message) : message_(message) {}

  bool done() const { return at_ >= message_.size(); }

  Field next() {
    const size_t start = at_;
    const uint64_t tag = varint();
    Field field;
    field.number = tag >> 3;
    field.wire_type = tag & 7;
    switch (field.wire_type) {
      case 0:
        field.varint = varint();
        break;
      case 1:
        take(8);
        break;
      case 2:
        field.content = take(varint());
        break;
      case 5:
        take(4);
        break;
      default:
        damaged();
    }
    field.encoded = message_.substr(start, at_ - start);
    return field;
  }

 private:
  [[noreturn]] static void damaged() { throw failure("SentencePiece model", "is cut off or damaged"); }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (done()) damaged();
      const auto byte = static_cast<unsigned char>(message_[at_++]);
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    damaged();
  }

  std::string_view take(uint64_t length) {
    if (length > message_.size() - at_) damaged();
    const auto result = message_.substr(at_, length);
    at_ += length;
    return result;
  }

  std::string_view message_;
  size_t at_ = 0;
};

void append_varint(std::string& out, uint64_t value) {
  for (; value > 127; value >>= 7) out += static_cast<char>((value & 127) | 128);
  out += static_cast<char>(value);
}

}  // namespace

SentencePieceRules read_rules(std::string_view model) {
  SentencePieceRules rules;
  for (WireReader reader(model); !reader.done();) {
    const Field part = reader.next();
    if (part.number != 2 && part.number != 3) continue;
    for (WireReader inner(part.content); !inner.done();) {
      const Field field = inner.next();
      if (field.wire_type != 0) continue;
      if (part.number == 2 && field.number == 24) rules.space_as_suffix = field.varint != 0;
      if (part.number == 3 && field.number == 3) rules.dummy_prefix = field.varint != 0;
      if (part.number == 3 && field.number == 4) rules.trims_spaces = field.varint != 0;
      if (part.number == 3 && field.number == 5) rules.escapes_spaces = field.varint != 0;
    }
  }
  return rules;
}

std::string mark_unused(std::string_view model, const std::vector<bool>& unused) {
  std::string result;
  result.reserve(model.size() + 2 * unused.size());
  size_t index = 0;
  for (WireReader reader(model); !reader.done();) {
    const Field part = reader.next();
    if (part.number != 1 || part.wire_type != 2) {
      result += part.encoded;
      continue;
    }
    if (index >= unused.size()) break;
    std::string piece;
    for (WireReader inner(part.content); !inner.done();) {
      const Field field = inner.next();
      if (field.number != 3 || !unused[index]) piece += field.encoded;
    }
    if (unused[index]) {
      append_varint(piece, 3 << 3);
      append_varint(piece, kUnusedType);
    }
    append_varint(result, 1 << 3 | 2);
    append_varint(result, piece.size());
    result += piece;
    ++index;
  }
  if (index != unused.size()) throw failure("SentencePiece model", fmt::format("does not have {} pieces", unused.size()));
  return result;
}

}  // namespace difflm
