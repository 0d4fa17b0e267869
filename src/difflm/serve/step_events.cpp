#include "difflm/serve/step_events.h"

#include <algorithm>
#include <cmath>

#include "difflm/core/json.h"

namespace difflm {
namespace {

// Below this probability a word is no more than a guess.
constexpr double kNoise = 0.1;

// Short enough to be sent at each step.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

const char* state_of(const Piece& piece, const std::string* before) {
  if (piece.state == Piece::State::given) return "given";
  if (piece.state == Piece::State::committed) return "final";
  if (piece.confidence < kNoise) return "noise";
  return before != nullptr && *before != piece.text ? "changed" : "draft";
}

// What stands between each word and the one before it, so that a page can show words one by one as the text has them.
class Gaps {
 public:
  explicit Gaps(const std::string& text) : text_(text) {}

  std::string before(const std::string& piece) {
    const size_t begin = std::min(piece.find_first_not_of(kSpaces), piece.size());
    const std::string bare = piece.substr(begin);
    const size_t gap_end = std::min(text_.find_first_not_of(kSpaces, at_), text_.size());
    if (bare.empty() || text_.compare(gap_end, bare.size(), bare) != 0) return at_ == 0 ? "" : " ";  // half a character, say
    const std::string gap = text_.substr(at_, gap_end - at_);
    at_ = gap_end + bare.size();
    return gap;
  }

 private:
  static constexpr const char* kSpaces = " \t\n";
  const std::string& text_;
  size_t at_ = 0;
};

Json words_of(const Text& text, const std::vector<std::string>& before) {
  Json words = Json::array();
  Gaps gaps(text.text);
  for (size_t at = 0; at < text.pieces.size(); ++at) {
    const Piece& piece = text.pieces[at];
    words.push_back({{"text", piece.text},
                     {"before", gaps.before(piece.text)},
                     {"token", piece.token},
                     {"confidence", rounded(piece.confidence)},
                     {"state", state_of(piece, at < before.size() ? &before[at] : nullptr)}});
  }
  return words;
}

Json wishes_of(const Text& text, const std::vector<Wish>& wishes) {
  Json list = Json::array();
  for (size_t at = 0; at < std::min(wishes.size(), text.wishes.size()); ++at) {
    const Fulfilment& own = text.wishes[at];
    Json wish = {{"guide", wishes[at].guide}, {"wish", wishes[at].text}};
    wish["probability"] = own.log_probability ? Json(rounded(std::exp(std::min(0.0, *own.log_probability)))) : Json(nullptr);
    wish["holds"] = own.fulfilled ? Json(*own.fulfilled) : Json(nullptr);
    if (own.rating) wish["rating"] = *own.rating;
    list.push_back(std::move(wish));
  }
  return list;
}

}  // namespace

Json finished_text(const Text& text, const std::vector<Wish>& wishes) {
  return {{"index", text.index},
          {"text", text.text},
          {"confidence", rounded(text.confidence)},
          {"words", words_of(text, {})},
          {"wishes", wishes_of(text, wishes)},
          {"evaluations", text.network_evaluations}};
}

void StepEvents::take_wishes(const Snapshot& moment) {
  auto wanted = job_.take_wishes();
  if (!wanted) return;
  Json event = {{"event", "wishes"}, {"step", moment.step}};
  try {
    if (!moment.steer) throw RunError(RunError::Kind::usage, "wishes", "cannot change: this model writes word by word", "", "");
    moment.steer(*wanted);
    wishes_ = std::move(*wanted);
  } catch (const RunError& error) {
    event["refused"] = RequestError(error).to_json()["error"];
  }
  event["wishes"] = Json::array();
  for (const auto& wish : wishes_) event["wishes"].push_back({{"guide", wish.guide}, {"wish", wish.text}});
  job_.add_event(to_text_replacing(event));
}

void StepEvents::add(const Snapshot& moment) {
  Json event = {{"event", "step"}, {"step", moment.step}, {"steps", moment.steps}, {"noise", rounded(moment.noise)}};
  event["texts"] = Json::array();
  const auto texts = moment.texts();
  for (const auto& text : texts) {
    auto& before = before_[text.index];
    event["texts"].push_back(
        {{"index", text.index}, {"text", text.text}, {"words", words_of(text, before)}, {"wishes", wishes_of(text, wishes_)}});
    before.clear();
    for (const auto& piece : text.pieces) before.push_back(piece.text);
  }
  job_.add_event(to_text_replacing(event));
  take_wishes(moment);
}

void StepEvents::add_end() {
  Json event = {{"event", "end"}, {"seconds", rounded(job_.seconds())}, {"texts", Json::array()}};
  for (const auto& text : job_.texts()) event["texts"].push_back(finished_text(text, wishes_));
  job_.add_event(to_text_replacing(event));
}

}  // namespace difflm
