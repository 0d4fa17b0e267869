#include "difflm/grammar/chart.h"

#include <algorithm>
#include <cmath>

namespace difflm {

Chart::Chart(const CompiledGrammar& grammar)
    : first_node_(grammar.symbols.size(), -1), symbols_(static_cast<int>(grammar.symbols.size())), start_(grammar.start) {
  for (size_t r = 0; r < grammar.rules.size(); ++r) {
    const auto& rule = grammar.rules[r];
    heads_.push_back(rule.head);
    log_probability_.push_back(std::log(rule.probability));
    int at = -1;
    for (const int symbol : rule.body) {
      int next = -1;
      if (at < 0) {
        next = first_node_[static_cast<size_t>(symbol)];
      } else {
        const auto& edges = nodes_[static_cast<size_t>(at)].edges;
        const auto known = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) { return edge.symbol == symbol; });
        if (known != edges.end()) next = known->node;
      }
      if (next < 0) {
        next = static_cast<int>(nodes_.size());
        nodes_.emplace_back();
        if (at < 0) {
          first_node_[static_cast<size_t>(symbol)] = next;
        } else {
          nodes_[static_cast<size_t>(at)].edges.push_back({symbol, next});
        }
      }
      at = next;
    }
    nodes_[static_cast<size_t>(at)].finished.push_back(static_cast<int>(r));
  }
}

// The cells of one parse. An entry is a symbol (id below symbols_) or a trie node (id minus symbols_) over a span.
class Chart::Spans {
 public:
  Spans(const Chart& chart, size_t length)
      : chart_(chart),
        length_(length),
        blocks_((static_cast<size_t>(chart.symbols_) + chart.nodes_.size() + 63) / 64),
        cells_(length * (length + 1)),
        present_(length * (length + 1) * blocks_) {}

  void add_terminal(size_t at, int terminal) { offer(at, at + 1, {terminal, 0, -1, 0, -1, -1}); }

  // Joins a started right-hand side over [from, middle) with the symbol it needs next over [middle, to).
  void combine(size_t from, size_t middle, size_t to) {
    const auto& left = cell(from, middle);
    const auto& right = cell(middle, to);
    if (right.empty()) return;
    for (size_t l = 0; l < left.size(); ++l) {
      if (left[l].id < chart_.symbols_) continue;
      for (const auto& edge : chart_.nodes_[static_cast<size_t>(left[l].id - chart_.symbols_)].edges) {
        if (!has(middle, to, edge.symbol)) continue;
        const int r = find(right, edge.symbol);
        offer(from, to,
              {edge.node + chart_.symbols_, left[l].score + right[static_cast<size_t>(r)].score, static_cast<int>(l),
               static_cast<int>(middle), r, -1});
      }
    }
  }

  // Finished right-hand sides become symbols, symbols begin right-hand sides, until nothing improves. Scores are logarithms of
  // probabilities, never above 0, so a cycle of unary rules cannot improve on itself and the loop ends.
  void close(size_t from, size_t to) {
    for (size_t i = 0; i < queue_.size(); ++i) {
      const Entry entry = cell(from, to)[static_cast<size_t>(queue_[i])];
      if (entry.id < chart_.symbols_) {
        const int node = chart_.first_node_[static_cast<size_t>(entry.id)];
        if (node >= 0) offer(from, to, {node + chart_.symbols_, entry.score, -1, 0, queue_[i], -1});
        continue;
      }
      for (const int rule : chart_.nodes_[static_cast<size_t>(entry.id - chart_.symbols_)].finished) {
        const auto r = static_cast<size_t>(rule);
        offer(from, to, {chart_.heads_[r], entry.score + chart_.log_probability_[r], queue_[i], 0, -1, rule});
      }
    }
    queue_.clear();
  }

  std::vector<int> derivation() const {
    std::vector<int> rules;
    if (has(0, length_, chart_.start_)) unwind(0, length_, find(cell(0, length_), chart_.start_), rules);
    return rules;
  }

 private:
  // left: for a node, the entry of the shorter right-hand side over [from, middle), or -1 where it begins here;
  //       for a symbol, the entry of its finished right-hand side over the same span.
  // right: for a node, the entry of its last symbol over [middle, to) (over the whole span where it begins here).
  struct Entry {
    int id;
    double score;
    int left, middle, right, rule;
  };

  std::vector<Entry>& cell(size_t from, size_t to) { return cells_[from * (length_ + 1) + to]; }
  const std::vector<Entry>& cell(size_t from, size_t to) const { return cells_[from * (length_ + 1) + to]; }

  bool has(size_t from, size_t to, int id) const {
    const auto bit = static_cast<size_t>(id);
    return present_[(from * (length_ + 1) + to) * blocks_ + bit / 64] >> (bit % 64) & 1;
  }

  static int find(const std::vector<Entry>& entries, int id) {
    const auto known = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.id == id; });
    return static_cast<int>(known - entries.begin());
  }

  void offer(size_t from, size_t to, Entry entry) {
    auto& entries = cell(from, to);
    if (has(from, to, entry.id)) {
      const int known = find(entries, entry.id);
      if (entries[static_cast<size_t>(known)].score >= entry.score) return;
      entries[static_cast<size_t>(known)] = entry;
      queue_.push_back(known);
      return;
    }
    const auto bit = static_cast<size_t>(entry.id);
    present_[(from * (length_ + 1) + to) * blocks_ + bit / 64] |= uint64_t{1} << (bit % 64);
    queue_.push_back(static_cast<int>(entries.size()));
    entries.push_back(entry);
  }

  struct Part {
    size_t from, to;
    int entry;
  };

  void unwind(size_t from, size_t to, int at, std::vector<int>& rules) const {
    const Entry& symbol = cell(from, to)[static_cast<size_t>(at)];
    if (symbol.rule < 0) return;  // a terminal
    rules.push_back(symbol.rule);
    std::vector<Part> parts;
    size_t end = to;
    for (int node = symbol.left; node >= 0;) {
      const Entry& entry = cell(from, end)[static_cast<size_t>(node)];
      const size_t middle = entry.left < 0 ? from : static_cast<size_t>(entry.middle);
      parts.push_back({middle, end, entry.right});
      end = middle;
      node = entry.left;
    }
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) unwind(part->from, part->to, part->entry, rules);
  }

  const Chart& chart_;
  size_t length_;
  size_t blocks_;  // of 64 bits in a cell
  std::vector<std::vector<Entry>> cells_;
  std::vector<uint64_t> present_;
  std::vector<int> queue_;  // entries of the current span whose consequences are still to be derived
};

std::vector<int> Chart::best_derivation(const std::vector<std::vector<int>>& candidates) const {
  const size_t length = candidates.size();
  if (length == 0 || std::any_of(candidates.begin(), candidates.end(), [](const auto& list) { return list.empty(); })) return {};
  Spans spans(*this, length);
  for (size_t at = 0; at < length; ++at) {
    for (const int terminal : candidates[at]) spans.add_terminal(at, terminal);
    spans.close(at, at + 1);
  }
  for (size_t span = 2; span <= length; ++span) {
    for (size_t from = 0; from + span <= length; ++from) {
      for (size_t middle = from + 1; middle < from + span; ++middle) spans.combine(from, middle, from + span);
      spans.close(from, from + span);
    }
  }
  return spans.derivation();
}

}  // namespace difflm
