#include "difflm/api/evaluation_subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "difflm/api/evaluations.h"
#include "difflm/api/run_settings.h"
#include "difflm/data/split.h"
#include "difflm/evaluation/cache_folder.h"
#include "difflm/evaluation/model/model_report.h"
#include "difflm/evaluation/model/sampling_report.h"
#include "difflm/evaluation/written_texts.h"
#include "difflm/model/model_as.h"
#include "difflm/model/runtime.h"
#include "difflm/model/writer.h"
#include "difflm/sampling/generate.h"
#include "difflm/text/utf8.h"

namespace difflm {
namespace {

// Paths may be any bytes, JSON may not.
std::vector<std::string> printable(std::vector<std::string> paths) {
  for (auto& path : paths) path = to_valid_utf8(path);
  return paths;
}

std::vector<std::string> texts_of(const std::vector<Document>& documents) {
  std::vector<std::string> texts;
  texts.reserve(documents.size());
  for (const auto& document : documents) texts.push_back(document.text);
  return texts;
}

double seconds_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void note_reading(const std::string& of, const CorpusReport& report, std::vector<std::string>& notes) {
  if (report.invalid_bytes > 0) {
    notes.push_back(
        fmt::format("{}: {} bytes that are not UTF-8 count as the replacement character U+FFFD", of, report.invalid_bytes));
  }
  if (report.empty_documents > 0) notes.push_back(fmt::format("{}: {} empty texts are left out", of, report.empty_documents));
}

EvaluationSubject subject_of_run(const EvaluationRequest& request) {
  if (request.count < 1) throw usage_error("count", fmt::format("is {}, expected at least 1", request.count));
  EvaluationSubject subject;
  subject.run = open_run(request.run);
  Run& run = *subject.run;
  run.config = with_settings(run.config, request.settings, {"sampling", "control", "runtime", "evaluation"});
  use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *run.model);
  model_as<Writer>(run.model, request.run);
  subject.config = run.config;
  subject.count = static_cast<size_t>(request.count);
  subject.data = open_prepared(prepared_folder(run.config, request.run));
  subject.texts.training = as_the_model_writes(run, subject.data.training);
  subject.texts.held_out = as_the_model_writes(run, subject.data.validation);
  return subject;
}

// Texts given by a program, cleaned as those of a file are.
std::vector<std::string> cleaned(const std::vector<std::string>& texts, std::vector<std::string>& notes) {
  CorpusReport report;
  std::vector<std::string> result;
  for (const auto& text : texts) result.push_back(unify_newlines(to_valid_utf8(text, &report.invalid_bytes)));
  note_reading("samples", report, notes);
  return result;
}

// `text` in pieces of about `bytes`, cut at white space where there is some, else between two characters.
std::vector<std::string> pieces_of(const std::string& text, size_t bytes) {
  std::vector<std::string> pieces;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.size(), at + bytes);
    if (end < text.size()) {
      const size_t space = text.find_last_of(" \n", end);
      if (space != std::string::npos && space > at + bytes / 2) end = space + 1;
      while (end > at + 1 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    }
    std::string piece = text.substr(at, end - at);
    piece.erase(piece.find_last_not_of(" \n") + 1);
    if (!is_blank(piece)) pieces.push_back(std::move(piece));
    at = end;
  }
  return pieces;
}

// A stream is one text on either side: it is compared in pieces as long as the samples.
void cut_stream(EvaluationTexts& texts, std::vector<std::string>& notes) {
  if (texts.training.size() != 1 || texts.held_out.size() != 1 || texts.samples.empty()) return;
  constexpr size_t kShortest = 16;
  size_t bytes = 0;
  for (const auto& sample : texts.samples) bytes += sample.size();
  bytes = std::max(kShortest, bytes / texts.samples.size());
  texts.training = pieces_of(texts.training.front(), bytes);
  texts.held_out = pieces_of(texts.held_out.front(), bytes);
  notes.push_back(fmt::format("the reference is one text: it is compared in {} pieces of about {} bytes, as long as the samples",
                              texts.training.size() + texts.held_out.size(), bytes));
}

EvaluationSubject subject_of_texts(const EvaluationRequest& request, Callbacks& callbacks) {
  EvaluationSubject subject;
  subject.config = with_settings(Config(), request.settings, {"sampling", "control", "runtime", "evaluation", "data"});
  use_threads(read_options<RuntimeOptions>(subject.config, "runtime"));
  if (request.texts_file.empty()) {
    subject.texts.samples = cleaned(request.texts, subject.notes);
  } else {
    CorpusReport report;
    subject.texts.samples = texts_of(read_corpus({request.texts_file}, "auto", subject.config, &report));
    say(request, callbacks, fmt::format("samples: {} texts", subject.texts.samples.size()));
    for (const auto& note : report.notes) say(request, callbacks, "samples: " + note);
    note_reading("samples", report, subject.notes);
  }
  subject.count = subject.texts.samples.size();
  if (request.reference.size() == 1 && is_prepared(request.reference.front())) {
    subject.texts.training = texts_of(read_prepared_documents(request.reference.front(), Side::training));
    subject.texts.held_out = texts_of(read_prepared_documents(request.reference.front(), Side::validation));
  } else {
    const auto options = read_options<DataOptions>(subject.config, "data");
    CorpusReport report;
    const Split split = split_documents(read_corpus(request.reference, options.corpus, subject.config, &report), options.validation,
                                        static_cast<uint64_t>(options.split_seed));
    subject.texts.training = texts_of(split.training);
    subject.texts.held_out = texts_of(split.validation);
    say(request, callbacks,
        fmt::format("reference: {} texts to compare with, {} of them held out", split.training.size() + split.validation.size(),
                    split.validation.size()));
    for (const auto& note : report.notes) say(request, callbacks, "reference: " + note);
    note_reading("reference", report, subject.notes);
  }
  cut_stream(subject.texts, subject.notes);
  subject.origin = {{"samples", request.texts_file.empty() ? Json(nullptr) : Json(to_valid_utf8(request.texts_file))},
                    {"reference", printable(request.reference)}};
  return subject;
}

}  // namespace

EvaluationSubject open_subject(const EvaluationRequest& request, Callbacks& callbacks) {
  auto subject = request.run.empty() ? subject_of_texts(request, callbacks) : subject_of_run(request);
  // One letter has one spelling on all sides, whoever wrote it.
  for (auto* side : {&subject.texts.samples, &subject.texts.held_out, &subject.texts.training}) {
    for (auto& text : *side) text = compose(std::move(text));
  }
  return subject;
}

void sample_subject(EvaluationSubject& subject, const EvaluationRequest& request, Callbacks& callbacks) {
  if (!subject.run) {
    const auto count = static_cast<int64_t>(subject.count);
    subject.stopped = !goes_on(request, callbacks, count, count);
    return;
  }
  Run& run = *subject.run;
  const auto options = read_options<SamplingOptions>(run.config, "sampling");
  if (request.describe_model) subject.model = model_report(run, subject.data, request.seed);
  KeptSamples& kept = subject.kept.emplace(run, request.seed, cache_folders(request.run));
  const auto found = static_cast<int64_t>(
      std::count_if(kept.texts().begin(), kept.texts().end(), [&](const auto& text) { return text.first < request.count; }));
  if (found > 0) say(request, callbacks, fmt::format("{} texts of an interrupted evaluation are there already", found));
  SampleRequest wanted;
  wanted.count = request.count;
  wanted.seed = request.seed;
  wanted.is_wanted = [&](int64_t index) { return !kept.texts().contains(index); };
  SampleEvents events;
  ConfidenceCurve confidence;
  const bool refines = !model_as<Writer>(run.model, request.run)->writes_word_by_word();
  int64_t sampled = found;
  double since = seconds_now();
  int64_t evaluations = run.model->evaluations();
  events.on_step = [&](const SampleStep& step) {
    if (refines) confidence.observe(step);
    subject.stopped = !goes_on(request, callbacks, sampled, request.count);
    return !subject.stopped;
  };
  events.on_finished = [&](const std::vector<SampledText>& texts) {
    KeptSamples::Batch batch;
    for (const auto& text : texts) batch.texts[text.index] = compose(to_valid_utf8(text.text));
    if (batch.texts.contains(0) && refines) batch.confidence = confidence.to_json();
    batch.seconds = seconds_now() - since;
    batch.evaluations = run.model->evaluations() - evaluations;
    since += batch.seconds;
    evaluations += batch.evaluations;
    sampled += static_cast<int64_t>(texts.size());
    kept.add(std::move(batch));
  };
  if (found < request.count) generate(run, options, wanted, events);
  subject.stopped = subject.stopped || !goes_on(request, callbacks, sampled, request.count);
  if (subject.stopped) {
    if (sampled == 0) kept.remove();
    if (!kept.folder().empty()) {
      say(request, callbacks,
          fmt::format("{} texts are kept in {}: the same evaluation goes on from there", sampled, kept.folder()));
    }
    return;
  }
  for (int64_t index = 0; index < request.count; ++index) subject.texts.samples.push_back(kept.texts().at(index));
  if (refines) subject.model["confidence"] = kept.confidence();
  subject.model["cost"] = cost_report(run, kept.evaluations(), kept.texts().size(), kept.seconds());
  subject.origin = {{"run", to_valid_utf8(request.run)},
                    {"weights", run.weights},
                    {"step", run.progress.step},
                    {"training_seconds", run.progress.seconds},
                    {"validation_loss", run.progress.best_loss},
                    {"parameters", run.model->parameter_count()},
                    {"sampling_steps", options.steps},
                    {"temperature", options.temperature},
                    {"sampler", options.sampler},
                    {"seed", request.seed},
                    {"sampling_seconds", kept.seconds()},
                    {"corpus_hash", run.corpus.hash}};
}

}  // namespace difflm
