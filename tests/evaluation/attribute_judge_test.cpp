// The judge of attributes: what it finds in texts, how its accuracy is counted, that it must not have seen the model's texts, and
// that the text rule uses it for what no rule can judge.
#include "difflm/evaluation/judge/attribute_judge.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/json.h"
#include "difflm/evaluation/steering/text_rule.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

const std::vector<std::string> kThings = {"cup", "hat", "box", "map", "pen", "bag", "key", "jar", "toy", "rug", "pot", "bed"};

// "warm" texts are red or orange, the others blue or green; the mood is in no text word for word.
std::vector<Document> moods(size_t first, size_t count) {
  std::vector<Document> documents;
  for (const std::string colour : {"red", "orange", "blue", "green"}) {
    for (size_t at = first; at < first + count; ++at) {
      Document document;
      document.text = "a " + colour + " " + kThings[at % kThings.size()] + " and a " + kThings[at / kThings.size()];
      document.attributes = {{"mood", colour == "red" || colour == "orange" ? "warm" : "cold"}, {"colour", colour}};
      documents.push_back(document);
    }
  }
  return documents;
}

std::string to_lines(const std::vector<Document>& documents) {
  std::string lines;
  for (const auto& document : documents) {
    Json line = {{"text", document.text}};
    for (const auto& [field, value] : document.attributes) line[field] = value;
    lines += to_text(line) + "\n";
  }
  return lines;
}

class AttributeJudgeTest : public testing::Test {
 protected:
  static std::string trained(const std::string& name, const std::vector<Document>& documents, const std::string& toml) {
    static const TemporaryFolder folder;
    const std::string path = folder.path() + "/" + name;
    if (is_run(path)) return path;
    const std::string corpus = folder.write(name + ".jsonl", to_lines(documents));
    Config config = tiny_run_config("[data]\ncorpus = \"jsonl\"\npath = \"" + corpus +
                                    "\"\n[train]\nbatch = 8\nlearning_rate = 1e-2\n[runtime]\nautocast = false\n");
    config.read_toml(toml, "test.toml");
    tiny_run(config, path);
    return path;
  }
  static std::string other_texts() {
    static const TemporaryFolder folder;
    static const std::string path = folder.write("other.jsonl", to_lines(moods(0, 24)));
    return path;
  }
  static AttributeJudge judge(const std::vector<Document>& held_out) { return {other_texts(), Config(), moods(40, 8), held_out}; }
};

TEST_F(AttributeJudgeTest, ItSaysWhatATextExpresses) {
  const AttributeJudge judge = this->judge(moods(60, 10));
  EXPECT_TRUE(judge.expresses("mood=warm", "a red hat and a pen"));
  EXPECT_FALSE(judge.expresses("mood=warm", "a blue hat and a pen"));
  EXPECT_TRUE(judge.expresses("colour=green", "a green hat and a pen"));
  EXPECT_TRUE(judge.is_trusted("mood=warm"));
  EXPECT_FALSE(judge.is_trusted("mood=hot"));
  EXPECT_NE(judge.summary().find("6 of 6 labels trusted"), std::string::npos) << judge.summary();
}

TEST_F(AttributeJudgeTest, ItsAccuracyIsCountedOnHeldOutTexts) {
  auto held_out = moods(60, 10);
  // Of twenty texts that are warm by their colour, twelve are called cold.
  for (size_t at = 0; at < 12; ++at) held_out[at].attributes["mood"] = "cold";
  const AttributeJudge judge = this->judge(held_out);
  const auto& warm = judge.accuracy().at("mood=warm");
  EXPECT_EQ(warm.has, 8);
  EXPECT_EQ(warm.said, 20);
  EXPECT_EQ(warm.found, 8);
  EXPECT_FALSE(warm.is_trusted());
  EXPECT_FALSE(judge.is_trusted("mood=cold"));  // it finds twenty of thirty-two
  EXPECT_TRUE(judge.is_trusted("colour=red"));
}

TEST_F(AttributeJudgeTest, ItMustNotKnowTheModelsTexts) {
  const auto refused = [](const std::string& path, const std::vector<Document>& training) {
    return usage_message([&] { AttributeJudge(path, Config(), training, {}); });
  };
  EXPECT_NE(refused(other_texts(), moods(0, 24)).find("no independent judge"), std::string::npos);
  const TemporaryFolder folder;
  EXPECT_NE(refused(folder.write("plain.txt", "a red hat\na blue hat\n"), {}).find("have no attribute"), std::string::npos);
}

TEST_F(AttributeJudgeTest, TheRuleAsksItForWhatItCannotJudge) {
  const difflm::Run run = open_run(trained("autoregressive", moods(40, 24), "[model]\nkind = \"autoregressive\"\n"));
  const auto training = moods(40, 24);
  const TextRule alone(run, training);
  EXPECT_EQ(alone.labels(), (std::vector<std::string>{"colour=blue", "colour=green", "colour=orange", "colour=red"}));
  EXPECT_NE(usage_message([&] { alone.expresses("mood=warm", "a red hat"); }).find("cannot be judged by a rule"),
            std::string::npos);
  const TextRule rule(run, training, std::make_shared<const AttributeJudge>(other_texts(), Config(), training, moods(70, 10)));
  EXPECT_EQ(rule.labels().size(), 6);
  EXPECT_TRUE(*rule.expresses("mood=warm", "a red hat and a pen"));
  EXPECT_FALSE(*rule.expresses("mood=warm, colour=blue", "a blue hat and a pen"));
  EXPECT_TRUE(*rule.expresses("mood=cold, colour=blue", "a blue hat and a pen"));
}

}  // namespace
}  // namespace difflm::test
