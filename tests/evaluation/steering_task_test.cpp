// Tasks drawn from held-out texts can be fulfilled, by those texts; files of tasks are read or refused; the rule that judges them.
#include "difflm/evaluation/steering/steering_task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/data/annotation.h"
#include "difflm/evaluation/steering/text_rule.h"
#include "difflm/grammar/builtin_grammar.h"
#include "difflm/text/words.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

class SteeringTaskTest : public testing::Test {
 protected:
  std::vector<SteeringTask> draw(const std::string& kind, size_t count = 5) {
    return draw_steering_tasks(kind, count, held_out, run, rule.labels(), 1);
  }

  difflm::Run run = open_run(trained_run_folder());
  GuideResources resources{run};
  std::vector<Document> held_out = read_prepared_documents(prepared_folder(run.config, run.folder), Side::validation);
  TextRule rule{run, resources.documents()};
};

// For each kind: some held-out text fulfils the task, as the guide's own rule or the rule for classifiers' wishes says.
TEST_F(SteeringTaskTest, AHeldOutTextFulfilsEachTask) {
  for (const std::string kind :
       {"keywords", "length", "infill", "part-of-speech", "attribute", "span", "tree", "keywords+length"}) {
    SCOPED_TRACE(kind);
    const auto tasks = draw(kind);
    ASSERT_FALSE(tasks.empty());
    for (const auto& task : tasks) {
      EXPECT_EQ(task.kind, kind);
      const bool some = std::any_of(held_out.begin(), held_out.end(), [&](const Document& document) {
        return std::all_of(task.wishes.begin(), task.wishes.end(), [&](const WishSpec& wish) {
          if (wish.guide == "part-of-speech") return fmt::format("{}", fmt::join(document.tags, " ")) == wish.text;
          if (rule.judges(wish.guide)) return rule.fulfilment(wish, document.text).value_or(0) == 1;
          return guide_of(run, resources, wish.guide, wish.text)
              ->is_fulfilled(run.tokenizer->encode(document.text))
              .value_or(false);
        });
      });
      EXPECT_TRUE(some) << task.wishes[0].text;
    }
  }
}

TEST_F(SteeringTaskTest, TheSameSeedDrawsTheSameTasks) {
  const auto wishes_of = [](const std::vector<SteeringTask>& tasks) {
    std::vector<std::string> wishes;
    for (const auto& task : tasks) wishes.push_back(task.wishes[0].text);
    return wishes;
  };
  EXPECT_EQ(wishes_of(draw("keywords")), wishes_of(draw("keywords")));
  EXPECT_NE(wishes_of(draw("keywords")), wishes_of(draw_steering_tasks("keywords", 5, held_out, run, rule.labels(), 2)));
  EXPECT_NE(usage_message([&] { draw("keyword"); }).find("did you mean 'keywords'"), std::string::npos);
}

TEST_F(SteeringTaskTest, AFileIsReadLineByLine) {
  const TemporaryFolder folder;
  const auto tasks = read_steering_tasks(
      folder.write("t.jsonl", "{\"length\": \"9\", \"without\": [\"a\", \"the\"]}\n\n{\"keywords\": \"is\"}\n"));
  ASSERT_EQ(tasks.size(), 2);
  EXPECT_EQ(tasks[0].kind, "length+without");
  ASSERT_EQ(tasks[0].wishes.size(), 3);
  EXPECT_EQ(tasks[0].wishes[2].text, "the");
  for (const auto& [content, message] :
       std::vector<std::pair<std::string, std::string>>{{"", "holds no tasks"},
                                                        {"{}\n", ":1: is not a task"},
                                                        {"\n[1]\n", ":2: is not a task"},
                                                        {"{\"length\": 9}", "not a text"},
                                                        {"{\"len\": \"9\"}", "there is no guide"}}) {
    EXPECT_NE(usage_message([&] { read_steering_tasks(folder.write("w.jsonl", content)); }).find(message), std::string::npos)
        << content;
  }
}

// Texts of the builtin corpus give their own facts and constituents, and no others; what is not a sentence is not judged.
TEST_F(SteeringTaskTest, TheRuleReadsTheBuiltinCorpus) {
  EXPECT_TRUE(rule.reads_builtin());
  size_t said = 0;
  for (const auto& document : held_out) {
    const auto own = labels_of(document);
    for (const auto& label : rule.labels()) {
      const bool has = std::any_of(own.begin(), own.end(), [&](const Label& one) { return to_text(one) == label; });
      EXPECT_EQ(rule.expresses(label, document.text), std::optional<bool>(has)) << label << ": " << document.text;
      said += has ? 1 : 0;
    }
  }
  EXPECT_GT(said, 0);
  EXPECT_EQ(rule.expresses(rule.labels()[0], "cafe the is."), std::nullopt);
  EXPECT_EQ(rule.has_spans("NP 1-2", "cafe the is."), std::nullopt);
  EXPECT_EQ(rule.has_spans("NP 1-2", "Red Arms is a cheap pub."), std::optional<bool>(true));
  EXPECT_EQ(rule.has_spans("NP 1-3", "Red Arms is a cheap pub."), std::optional<bool>(false));
  EXPECT_NE(usage_message([&] { rule.expresses("kind=castle", "Red Arms is a cheap pub."); }).find("cannot be judged"),
            std::string::npos);
}

// For a tree, the F1 of constituents without tags; "TEXT" and all above the words included.
TEST_F(SteeringTaskTest, ATreeIsJudgedByItsConstituents) {
  const std::string text = "Red Arms is a cheap pub.";
  const std::string own = builtin_grammar().parse(split_words(text))->tree;
  const size_t constituents = tree_spans(own).spans.size();
  EXPECT_EQ(rule.tree_match(own, text), std::optional<double>(1));
  // One constituent of one label, where the text has `constituents` of others: no match, and one match of the whole text.
  EXPECT_EQ(rule.tree_match("(X (_ _))", text), std::optional<double>(0));
  const std::string root = tree_spans(own).spans.front().label;
  EXPECT_NEAR(*rule.tree_match("(" + root + " (_ _) (_ _) (_ _) (_ _) (_ _) (_ _) (_ _))", text),
              2.0 / static_cast<double>(1 + constituents), 1e-12);
  EXPECT_EQ(rule.tree_match(own, "cafe the is."), std::nullopt);
}

// For an annotated corpus the parser that annotated it gives constituents and tags.
TEST_F(SteeringTaskTest, TheParserJudgesAnAnnotatedCorpus) {
  const TemporaryFolder folder;
  std::filesystem::copy(run.folder, folder.path() + "/run", std::filesystem::copy_options::recursive);
  difflm::Run copy = open_run(folder.path() + "/run");
  copy.corpus.source.kind = "csv";
  EXPECT_FALSE(TextRule(copy, {}).judges("part-of-speech"));
  parse_prepared(prepared_folder(copy.config, copy.folder), [](size_t, size_t) { return true; });
  const TextRule parsed(copy, {});
  EXPECT_TRUE(parsed.judges("part-of-speech"));
  EXPECT_FALSE(parsed.judges("keywords"));
  EXPECT_EQ(parsed.has_spans("NP 1-2", "The cafe is cheap."), std::optional<bool>(true));
  EXPECT_EQ(parsed.has_spans("NP 1-3", "The cafe is cheap."), std::optional<bool>(false));
  EXPECT_EQ(parsed.has_spans("NP 1-2", "cafe the is of."), std::nullopt);
  EXPECT_EQ(parsed.tag_match("DET NOUN AUX ADJ PUNCT", "The cafe is cheap."), std::optional<double>(1));
  EXPECT_EQ(parsed.tag_match("DET _ NOUN NOUN PUNCT", "The cafe is cheap."), std::optional<double>(0.6));
  EXPECT_EQ(parsed.tag_match("DET NOUN", "The cafe is cheap."), std::optional<double>(0));
  EXPECT_EQ(parsed.tag_match("DET NOUN", "cafe the is of."), std::nullopt);
}

// For a corpus that a tagger annotated the tagger gives tags, and nothing gives constituents.
TEST_F(SteeringTaskTest, TheTaggerJudgesACorpusThatItTagged) {
  const TemporaryFolder folder;
  std::filesystem::copy(run.folder, folder.path() + "/run", std::filesystem::copy_options::recursive);
  difflm::Run copy = open_run(folder.path() + "/run");
  copy.corpus.source.kind = "csv";
  const std::string prepared = prepared_folder(copy.config, copy.folder);
  const auto all = [](size_t, size_t) { return true; };
  parse_prepared(prepared, all);  // its own tags would be kept
  const std::vector<Document> tagged = {{"The cafe sells food.", {}, {"d", "n", "v", "n", "."}, ""},
                                        {"It is cheap.", {}, {"p", "v", "a", "."}, ""}};
  tag_prepared(prepared, tagged, "tagged.txt", all);
  const TextRule rule_of_tagger(copy, {});
  EXPECT_TRUE(rule_of_tagger.judges("part-of-speech"));
  EXPECT_EQ(rule_of_tagger.tag_match("d n v a .", "The cafe is cheap."), std::optional<double>(1));
  EXPECT_EQ(rule_of_tagger.tag_match("d _ n n .", "The cafe is cheap."), std::optional<double>(0.6));
  const std::string message = usage_message([&] { rule_of_tagger.has_spans("NP 1-2", "The cafe is cheap."); });
  EXPECT_NE(message.find("`annotate`"), std::string::npos) << message;
}

// Elsewhere a value is judged by its letters, where texts that have it nearly always spell it out.
TEST_F(SteeringTaskTest, TheRuleLooksForValuesInOtherTexts) {
  run.corpus.source.kind = "csv";
  std::vector<Document> documents;
  for (int i = 0; i < 20; ++i) documents.push_back({"An Italian place.", {{"food", "Italian"}, {"family", "yes"}}, {}, ""});
  const TextRule other(run, documents);
  EXPECT_EQ(other.labels(), (std::vector<std::string>{"food=Italian"}));
  EXPECT_EQ(other.expresses("food=Italian", "It is Italian."), std::optional<bool>(true));
  EXPECT_EQ(other.expresses("food=Italian", "It is French."), std::optional<bool>(false));
  EXPECT_NE(usage_message([&] { other.has_spans("NP 1-2", ""); }).find("constituents"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
