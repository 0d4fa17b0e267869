#include "difflm/comparison/report.h"

#include "difflm/comparison/results.h"
#include "difflm/comparison/verdict.h"
#include "difflm/core/files.h"

namespace difflm {

std::vector<std::string> write_report(const ExperimentFolder& folder) {
  const Results results = read_results(folder);
  const auto answers = verdicts(results);
  replace_file_with_text(folder.file("results.jsonl"), results_jsonl(results));
  replace_file_with_text(folder.file("results.csv"), results_csv(results));
  std::vector<std::string> sentences;
  for (const auto& answer : answers) sentences.push_back(answer.sentence);
  return sentences;
}

}  // namespace difflm
