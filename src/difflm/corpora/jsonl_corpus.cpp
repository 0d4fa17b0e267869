#include "difflm/corpora/jsonl_corpus.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "difflm/core/json.h"
#include "difflm/core/names.h"
#include "difflm/corpora/prose.h"
#include "difflm/text/label.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

constexpr size_t kSampleItems = 2000;  // items that are looked at for the field with the text

// The words of a list that spells one text word by word, or its texts.
bool is_list_of_words(const std::vector<std::string>& parts) {
  const auto words =
      std::count_if(parts.begin(), parts.end(), [](const std::string& part) { return part.find(' ') == std::string::npos; });
  return parts.size() > 2 && words * 10 > static_cast<std::ptrdiff_t>(parts.size()) * 9;
}

std::vector<std::string> texts_in(const SortedJson& list) {
  std::vector<std::string> texts;
  for (const auto& element : list) {
    if (element.is_string()) texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() || part.empty() ? "" : " ") + part;
  return text;
}

// "a+b" as two names, unless a field is called that.
std::vector<std::string> field_names(const std::vector<std::string>& asked, const SortedJson& object) {
  std::vector<std::string> names;
  for (const auto& name : asked) {
    if (object.contains(name)) {
      names.push_back(name);
    } else {
      for (auto& part : split_list(name, "+")) names.push_back(std::move(part));
    }
  }
  return names;
}

FoundOptions found_fields(const std::vector<std::string>& fields, const std::string& why) {
  if (why.empty()) return {};
  return {{{"data.jsonl.text_field", fmt::format("{}", fmt::join(fields, "+"))}}, {why}};
}

}  // namespace

struct JsonlCorpus::Reading {
  const std::string& path;
  const DocumentSink& sink;
  ReadingLog& log;
  std::vector<std::string> fields;
  std::vector<Document> documents = {};  // in the item that is being read
  JsonRepairs repairs = {};
  std::set<std::string> attributes = {};
  std::set<std::string> passed_over = {};
  size_t lists = 0;
  size_t joined_lists = 0;

  void item(const JsonItem& item) {
    log.record();
    const std::string where = fmt::format("{}:{}", path, item.line);
    SortedJson value;
    try {
      if (!item.whole || !parse_lenient_json(item.text, value, &repairs)) {
        throw usage_error(where, fmt::format("not valid JSON near {}, expected objects like {{\"text\": \"...\"}}",
                                             quoted_name(item.text.substr(0, 60))));
      }
      documents.clear();
      document(value, where);
    } catch (const Error& error) {
      log.broken(error);
      return;
    }
    for (auto& one : documents) sink(std::move(one));
  }

  void document(const SortedJson& value, const std::string& where) {
    if (value.is_string()) return give({}, value.get<std::string>());
    if (value.is_array()) return list(value, where);
    if (!value.is_object())
      throw usage_error(where, fmt::format("is {}, expected an object like {{\"text\": \"...\"}}", value.type_name()));
    Document result;
    std::vector<std::string> parts;
    const auto names = field_names(fields, value);
    for (const auto& name : names) parts.push_back(text_of(value, name, where));
    for (const auto& [key, field] : value.items()) {
      if (std::find(names.begin(), names.end(), key) != names.end()) continue;
      if (field.is_string() || field.is_number() || field.is_boolean()) {
        result.attributes[key] = attribute_value(field.is_string() ? field.get<std::string>() : to_text(field));
        attributes.insert(key);
      } else if (!field.is_null()) {
        passed_over.insert(key);
      }
    }
    give(std::move(result), joined(parts));
  }

  std::string text_of(const SortedJson& object, const std::string& name, const std::string& where) const {
    const auto found = object.find(name);
    if (found == object.end()) {
      std::vector<std::string> known;
      for (const auto& [key, value] : object.items()) known.push_back(key);
      const std::string hint = "data.jsonl.text_field names the field";
      throw usage_error(where, fmt::format("has no field '{}'", name),
                        known.empty() ? hint : suggestion(name, known) + " (" + hint + ")");
    }
    if (found->is_null()) return "";
    if (found->is_array() &&
        std::all_of(found->begin(), found->end(), [](const SortedJson& element) { return element.is_string(); })) {
      return joined(texts_in(*found));
    }
    if (!found->is_string()) throw usage_error(where, fmt::format("'{}' is {}, expected a text", name, found->type_name()));
    return found->get<std::string>();
  }

  void list(const SortedJson& value, const std::string& where) {
    const auto texts = texts_in(value);
    if (texts.empty() && !value.empty())
      throw usage_error(where, "is array without texts, expected an object like {\"text\": \"...\"}");
    if (texts.size() < value.size()) log.count("elements of lists that are no texts, left out", value.size() - texts.size());
    if (is_list_of_words(texts)) {
      ++joined_lists;
      return give({}, joined(texts));
    }
    lists += texts.size() > 1 ? 1 : 0;
    for (const auto& text : texts) give({}, text);
  }

  void give(Document document, std::string text) {
    document.text = clean_text(std::move(text), path);
    documents.push_back(std::move(document));
  }

  void note_what_was_found() const {
    log.count("lone surrogates in JSON, replaced by U+FFFD", repairs.lone_surrogates);
    log.count("escaped NUL characters in JSON, dropped", repairs.nul_characters);
    log.count("NaN, Infinity and numbers out of range in JSON, passed over", repairs.not_numbers);
    log.count("raw control characters in JSON texts, kept", repairs.control_characters);
    log.count("lists of which each element is a text of its own", lists);
    log.count("lists of words, each joined to one text", joined_lists);
    if (!attributes.empty()) log.note(fmt::format("fields that became attributes: {}", fmt::join(attributes, ", ")));
    if (!passed_over.empty()) log.note(fmt::format("fields that are lists or objects, left out: {}", fmt::join(passed_over, ", ")));
  }
};

FoundOptions JsonlCorpus::read(const std::string& path, std::string text, const DocumentSink& sink, ReadingLog& log) {
  const size_t size = text.size();
  text = rows_of_columns(std::move(text));
  if (text.size() != size) log.note(fmt::format("{}: a table by columns, read by its rows", path));
  const JsonLayout layout = json_layout(text);
  std::string why;
  Reading reading{path, sink, log, find_fields(text, layout, &why)};
  earlier_ = reading.fields;
  if (layout.kind == JsonLayout::Kind::list_in_object && layout.other_members > 0) {
    log.note(fmt::format("the texts are in the list {}; {} other members of its object are left out", quoted_name(layout.member),
                         layout.other_members));
  }
  for_each_json_item(text, layout, [&](const JsonItem& item) {
    reading.item(item);
    return true;
  });
  reading.note_what_was_found();
  return found_fields(earlier_, why);
}

FoundOptions JsonlCorpus::find_options(const std::string&, std::string_view whole) const {
  std::string why;
  const std::string text = rows_of_columns(std::string(whole));
  const auto fields = find_fields(text, json_layout(text), &why);
  return found_fields(fields, why);
}

std::vector<std::string> JsonlCorpus::find_fields(std::string_view text, const JsonLayout& layout, std::string* why) const {
  if (!options_.text_field.empty()) return options_.text_field;
  std::vector<ScoredField> fields;
  size_t items = 0;
  size_t objects = 0;
  bool has_earlier = !earlier_.empty();
  for_each_json_item(text, layout, [&](const JsonItem& item) {
    SortedJson value;
    if (!item.whole || !parse_lenient_json(item.text, value) || !value.is_object()) return ++items < kSampleItems;
    ++objects;
    for (const auto& name : earlier_) has_earlier = has_earlier && value.contains(name);
    for (const auto& [key, field] : value.items()) {
      const auto texts = field.is_array() ? texts_in(field) : std::vector<std::string>();
      if (!field.is_string() && texts.empty()) continue;
      auto found =
          std::find_if(fields.begin(), fields.end(), [&, name = key](const ScoredField& known) { return known.name == name; });
      if (found == fields.end()) found = fields.insert(fields.end(), {key, {}});
      found->prose.add(field.is_string() ? field.get<std::string>() : joined(texts));
    }
    return ++items < kSampleItems;
  });
  if (has_earlier && objects > 0) return earlier_;
  // A field that few objects have would leave out the rest.
  std::vector<ScoredField> common;
  for (const auto& field : fields) {
    if (2 * field.prose.values() > objects) common.push_back(field);
  }
  if (common.empty()) return {"text"};  // lists and texts need no name, and objects without texts are errors that name it
  if (const auto parts = numbered_parts(common); !parts.empty()) {
    std::vector<std::string> names;
    for (const size_t part : parts) names.push_back(common[part].name);
    *why = fmt::format("the text is in the fields {}, joined: they are numbered parts", fmt::join(names, ", "));
    return names;
  }
  const ChosenField chosen = choose_text_field(common);
  std::vector<std::string> names;
  for (const auto& field : common) names.push_back(field.name);
  const std::string others = names.size() == 1 ? "" : fmt::format(", of {}", fmt::join(names, ", "));
  *why = fmt::format("the text is in the field {}{}: {}", quoted_name(common[chosen.index].name), others, chosen.why);
  return {common[chosen.index].name};
}

}  // namespace difflm
