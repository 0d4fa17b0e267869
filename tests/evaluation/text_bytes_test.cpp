// Bits per byte: exact where the tokens say the text exactly, and left out with the reason where they do not.
#include "difflm/evaluation/model/text_bytes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/temporary_folder.h"
#include "difflm/core/json.h"
#include "difflm/evaluation/model/likelihood_bound.h"
#include "difflm/evaluation/model/model_report.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

// Forty lines, the umlauts of which have two bytes.
std::string lines() {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "Der Fu\xC3\x9F  von Nr. " + std::to_string(i) + " \xE2\x80\x93 sch\xC3\xB6n !\n";
  return text;
}

struct Trained {
  explicit Trained(const std::string& toml) {
    const std::string path = folder.write("text.txt", lines());
    Config config = tiny_run_config("[data]\ncorpus = \"txt\"\npath = [\"" + path +
                                    "\"]\nlength = 60\n[train]\nsteps = 2\n[runtime]\nautocast = false\n");
    config.read_toml(toml, "test.toml");
    tiny_run(config, folder.path() + "/run");
    run = open_run(folder.path() + "/run");
    data = open_prepared(prepared_folder(run.config, run.folder));
  }
  TemporaryFolder folder;
  Run run;
  PreparedData data;
};

double held_out_bytes(const PreparedData& data) {
  double bytes = 0;
  for (const auto& document : data.documents().validation) bytes += static_cast<double>(document.text.size());
  return bytes;
}

TEST(TextBytes, OfAnAutoregressiveModelOfBytesGiveExactBits) {
  Trained trained("[model]\nkind = \"autoregressive\"\n[data.bpe]\nvocab_size = 300\n[data]\ntokenizer = \"bpe\"\n");
  const Json report = model_report(trained.run, trained.data, 1);
  const Json& likelihood = report["likelihood"];
  EXPECT_EQ(likelihood["kind"], "exact");
  EXPECT_DOUBLE_EQ(likelihood["bytes"].get<double>(), held_out_bytes(trained.data));
  const double nats = likelihood["nats_per_token"].get<double>() * likelihood["tokens"].get<double>();
  EXPECT_NEAR(likelihood["bits_per_byte"].get<double>(), nats / std::numbers::ln2 / held_out_bytes(trained.data), 1e-9);
  EXPECT_NE(likelihood_note(report).find("bits per byte for held-out text (exact)"), std::string::npos) << likelihood_note(report);
}

TEST(TextBytes, OfADiffusionModelGiveABound) {
  Trained trained("[data.bpe]\nvocab_size = 300\n[data]\ntokenizer = \"bpe\"\n");
  const Json report = model_report(trained.run, trained.data, 1);
  EXPECT_GT(report["likelihood"]["bits_per_byte"].get<double>(), 0);
  EXPECT_NE(likelihood_note(report).find("at most"), std::string::npos);
  EXPECT_NE(likelihood_note(report).find("bits per byte for held-out text (an upper bound"), std::string::npos);
}

TEST(TextBytes, OfAStreamAreItsShareOfAllText) {
  Trained trained(
      "[model]\nkind = \"autoregressive\"\n[data.bpe]\nvocab_size = 300\n"
      "[data]\ntokenizer = \"bpe\"\npacking = \"block\"\nlength = 10\n");
  const auto batches = validation_batches(trained.data.validation, *trained.run.packing, trained.run.length, 4, 1000);
  const auto bytes = text_bytes(trained.run, trained.data, batches);
  EXPECT_EQ(bytes.differ, "");
  EXPECT_LE(bytes.original, held_out_bytes(trained.data));
  EXPECT_GT(bytes.original, 0.8 * held_out_bytes(trained.data));
}

// Words lose the two spaces, and know no number of the held-out lines.
TEST(TextBytes, OfATokenizerThatLosesAnythingAreUnknown) {
  Trained trained("[model]\nkind = \"autoregressive\"\n[data.word]\nmin_count = 1\n");
  const Json report = model_report(trained.run, trained.data, 1);
  EXPECT_TRUE(report["likelihood"]["bits_per_byte"].is_null());
  EXPECT_NE(report["likelihood"]["bits_per_byte_left_out"].get<std::string>().find("have unknown words"), std::string::npos);
  EXPECT_NE(likelihood_note(report).find("bits per byte are left out"), std::string::npos);
  EXPECT_GT(report["likelihood"]["nats_per_token"].get<double>(), 0);
}

}  // namespace
}  // namespace difflm::test
