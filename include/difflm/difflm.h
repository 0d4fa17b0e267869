// difflm: text-diffusion language models. The public interface; the command `difflm` is its first client.
//
//   difflm::train({.folder = "runs/poems", .texts = {"poems.txt"}});
//   auto model = difflm::Model::open("runs/poems");
//   for (const auto& text : model.sample({.count = 3})) std::cout << text.text << "\n";
//   for (const auto& text : model.sample({.count = 3, .wishes = {{"keywords", "rain ... sea"}, {"length", "8..14"}}})) ...
//
// Texts are UTF-8. Only plain strings, numbers, vectors and callbacks cross this header: no type of LibTorch or of JSON.
// A setting is "key=value", the value TOML or a plain text: "sampling.steps=20"; `catalogue` has all keys.
//
// Errors: a function throws RunError and no other exception of its own. What a callback throws ends the work in order (a training
// saves its checkpoint) and then reaches the caller as it is.
//
// Threads: any function may be called from any thread at any time. Calls on one Model wait for each other and calls on several run
// side by side; evaluations wait for each other. Texts and figures are those of the same calls one after the other; a training
// repeats bit for bit only while no other one runs and no model is opened beside it, since dropout draws from the one generator of
// LibTorch. Callbacks run on the thread of the call, and must not use the Model that is calling.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace difflm {

// What went wrong. what() is the whole message: "where: problem", and a line with the hint where there is one.
class RunError : public std::runtime_error {
 public:
  enum class Kind {
    usage,    // a wrong request, setting or file, which the caller can correct
    failure,  // everything else: a full disk, a damaged file, diverged training, no memory
  };
  RunError(Kind kind, std::string where, std::string problem, std::string hint, const std::string& message)
      : std::runtime_error(message), kind_(kind), where_(std::move(where)), problem_(std::move(problem)), hint_(std::move(hint)) {}

  Kind kind() const { return kind_; }
  const std::string& where() const { return where_; }  // a file, key, wish ("infill") or member of a request ("count"); or empty
  const std::string& problem() const { return problem_; }  // with what was expected
  const std::string& hint() const { return hint_; }        // names functions, wishes and members in `backticks`; or empty

 private:
  Kind kind_;
  std::string where_;
  std::string problem_;
  std::string hint_;
};

// ---- Sampling and steering

// What a text should be like, in the words of one guide: {"keywords", "cheap ... pub"}. catalogue().wishes lists them with
// examples.
struct Wish {
  std::string guide;
  std::string text;
};

// Run folders of classifiers that were trained for the model, for the wishes that need one; empty leaves what the model's settings
// say.
struct Classifiers {
  std::string classifier = {};         // for "attribute"
  std::string span_classifier = {};    // for "span" and "tree"
  std::string prefix_classifier = {};  // for "fudge", which steers an autoregressive model
};

// What became of one wish in one text.
struct Fulfilment {
  std::optional<bool> fulfilled;          // by an exact rule; nothing where there is none, and for a text that is not finished
  std::optional<double> log_probability;  // in nats, as the guide saw it last; nothing for what is given exactly or weighs 0
  std::optional<double> rating;           // of a finished text, by a wish that is a program ("reward")
};

// One token of a text.
struct Piece {
  enum class State {
    draft,      // may still change
    committed,  // drawn, and final
    given,      // there because a wish asks for it
  };
  std::string text;       // as the vocabulary has it; of byte pairs with the space before a word
  int64_t token = 0;      // its number, as Model::encode gives it
  double confidence = 0;  // the probability that the model gives it, 0 to 1
  State state = State::committed;
};

// One text, finished or partially denoised.
struct Text {
  int64_t index = 0;  // text `index` of a seed is the same whatever the count and the batch
  std::string text;
  int64_t tokens = 0;              // how many
  std::vector<Piece> pieces;       // these
  double confidence = 0;           // mean probability of the chosen tokens, 0 to 1
  std::vector<Fulfilment> wishes;  // one per wish of the request
  // Forward passes of a network per finished text, the mean over the call (so far): of the model, and of what guides it.
  double network_evaluations = 0;
  double guide_evaluations = 0;
  std::optional<double> ngram_perplexity;  // where the request asked for it and the training texts are there
};

// A look at a batch of texts while they appear out of noise. To be used within the callback.
struct Snapshot {
  int64_t step = 0;  // 0 .. steps-1
  int64_t steps = 0;
  double noise = 1;                                                        // noise level u, 1 to 0; 0 for an autoregressive model
  std::function<std::vector<Text>()> texts;                                // as they are now; costs a rounding
  std::function<std::vector<Text>(const std::string& rounding)> texts_by;  // decoded by "cosine" or "nearest"; a diffusion model's
  // Replaces the wishes of the request from the next step on; there with Request::may_steer. A usage error, which changes nothing,
  // for a wish that is wrong, or that a text must have from the start (length, given words, labels, a program).
  std::function<void(const std::vector<Wish>& wishes)> steer;
};

// A text of a model: the one that a seed has at an index.
struct TextKey {
  uint64_t seed = 1;
  int64_t index = 0;
};

// A text to begin with in the place of noise. Locked words are kept; the others are thought over, from a noise level on: at 1
// nothing is left of them, at 0.5 they change here and there.
struct StartText {
  std::vector<int64_t> tokens;  // as Model::encode or Piece::token gives them
  std::vector<bool> kept;       // one for each token
  double noise = 1;             // 0 to 1
};

struct Request {
  int64_t count = 1;
  uint64_t seed = 1;
  // The texts wanted, in place of the first `count` of `seed`: text i is that of keys[i]. So the texts of several seeds are written
  // at once, which takes little longer than one. Without wishes only.
  std::vector<TextKey> keys = {};
  std::optional<int64_t> length = {};   // tokens of each text; without: drawn from the training texts' lengths,
  std::optional<int64_t> longest = {};  // but no longer than this (not kept by a diffusion model with data.packing=pad)
  std::vector<Wish> wishes = {};        // they add up; none: unsteered
  std::optional<StartText> start = {};  // of a diffusion model; the texts then have its length
  bool may_steer = false;               // on_step may change them; then texts are no longer than one sequence of the model
  Classifiers classifiers = {};
  std::optional<int64_t> steps = {};                               // denoising steps; without: as set
  std::optional<double> temperature = {};                          // below 1 is safer and less varied; without: as set
  std::vector<std::string> settings = {};                          // of the sections sampling and control, for this request alone
  bool ngram_perplexity = false;                                   // say how fluent each text is, by n-grams of the training texts
  std::function<bool(const Snapshot&)> on_step = {};               // false stops, with the texts so far
  std::function<void(int64_t done, int64_t count)> on_batch = {};  // texts finished
  // Each text once it is finished and those before it are: the first ones come after a fraction of the time. With it, `sample`
  // returns none of them. After on_step has stopped it, the others that are finished come too, so that nothing is lost.
  std::function<void(const Text&)> on_text = {};
};

// A token that a text could have at one position.
struct Alternative {
  std::string text;
  int64_t token = -1;
  double probability = 0;  // by the model
  // One for each wish, in nats: how much more probable the wish is with this token than with one that the model would draw there.
  // Nothing for a wish that does not pull at words: a length, given words, a label.
  std::vector<std::optional<double>> pulls;
};

// A token of a given text.
struct ScoredToken {
  std::string text;
  double log_probability = 0;  // in nats
  std::string likeliest;       // the token that is the most probable there,
  double likeliest_log_probability = 0;
};

// What a run is.
struct ModelInfo {
  std::string folder;
  std::string kind;  // "diffusion", "autoregressive", "classifier", ...
  int64_t parameters = 0;
  int64_t vocabulary = 0;  // tokens
  std::string tokenizer;   // its kind
  int64_t longest = 0;     // tokens of the longest sequence
  std::string weights;     // in use: "best", "ema" (averaged) or "model" (as trained)
  int64_t steps = 0;       // trained so far
  double seconds = 0;      // of training
  int64_t tokens = 0;      // seen in training
  double best_loss = 0;    // of the validations
  int64_t best_step = -1;  // -1: not validated yet
  bool finished = false;
  std::string corpus_hash;
  std::string base;           // of a classifier: the run whose texts it reads,
  std::string guide;          // the guide that it serves,
  std::string wish;           // and an example of a wish for that guide; empty of a model that writes
  std::string configuration;  // TOML
};

// A trained model that writes.
class Model {
 public:
  // Opens the folder of a run. `settings`, of the sections sampling, control, runtime and evaluation, replace those of the run.
  static Model open(const std::string& folder, const std::vector<std::string>& settings = {});

  // `request.count` texts in the order of their index; none where on_text has had them. A request that cannot be fulfilled (an
  // unknown word, a length beyond the model, wishes that contradict each other) is a usage error before any work.
  std::vector<Text> sample(const Request& request = {}) const;

  ModelInfo info() const;

  // The tokens of `text`, and the text of tokens. These two do not wait for other calls. What is not in the vocabulary becomes the
  // unknown token; a number that is no token is a usage error.
  std::vector<int64_t> encode(const std::string& text) const;
  std::string decode(const std::vector<int64_t>& tokens) const;

  // The most probable tokens at one position of a text: a diffusion model's given all others, an autoregressive one's given those
  // before it. At most `count`, the most probable first, and then the one that stands there if it is not among them. With `wishes`,
  // of a diffusion model, each has what these make of it.
  std::vector<Alternative> likeliest(const std::vector<int64_t>& tokens, int64_t place, int64_t count = 10,
                                     const std::vector<Wish>& wishes = {}) const;

  // How probable each token of `text` is after those before it, exactly; a usage error for a diffusion model, which has a bound
  // alone (`evaluate`), and for a text longer than the model's sequences.
  std::vector<ScoredToken> score(const std::string& text) const;

  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;
  ~Model();

 private:
  struct Inside;
  explicit Model(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// The facts of the run in `folder`, of any kind.
ModelInfo describe(const std::string& folder);

// ---- Looking at texts

// How long texts are, in words or tokens.
struct LengthFacts {
  int64_t shortest = 0;
  int64_t half = 0;  // half of the texts are no longer,
  int64_t most = 0;  // and these are the 95%
  int64_t longest = 0;
  double mean = 0;
};

// What a tokenizer makes of the texts.
struct TriedTokenizer {
  std::string name;
  int64_t vocabulary = 0;  // tokens
  double tokens_per_word = 0;
  double unknown = 0;       // share of unknown tokens in texts that it was not trained on, 0 to 1
  LengthFacts tokens = {};  // per text
};

// A setting that nobody asked for, chosen for the texts.
struct ChosenSetting {
  std::string key;
  std::string value;  // TOML
  std::string reason;
};

// What was seen of texts, and what is chosen for them. Words, scripts and tokenizers are measured on a sample of a large corpus.
struct Inspection {
  std::string format;  // the reader, data.corpus
  int64_t files = 0;
  int64_t bytes = 0;
  int64_t texts = 0;
  int64_t duplicates = 0;  // texts that occurred before
  int64_t words = 0;
  bool sampled = false;
  LengthFacts length;                                   // in words
  std::vector<std::pair<std::string, double>> scripts;  // by share of letters, 0 to 1, the largest first
  double unspaced = 0;                                  // share of letters in scripts without spaces between words
  std::vector<TriedTokenizer> tokenizers;
  std::vector<std::string> notes;  // how the files were read, what was mended and left out, a sentence each
  std::vector<ChosenSetting> choices;
  std::string toml;  // the choices, with comments
  std::string json;  // everything, as one JSON object
};

struct InspectRequest {
  std::vector<std::string> texts;         // files, folders and globs; "-" is standard input
  std::vector<std::string> configs = {};  // as for a training: what they set is not chosen
  std::string toml = {};
  std::vector<std::string> settings = {};
};

// What `train` would see and choose for these texts. Nothing is written.
Inspection inspect(const InspectRequest& request);

// ---- Training

struct TrainingStep {
  int64_t step = 0;
  int64_t steps = 0;        // of the budget, 0 where that is in minutes
  double share = 0;         // of the budget that is spent, 0 to 1
  double seconds = 0;       // so far, over all sessions
  double seconds_left = 0;  // estimate
  double tokens_per_second = 0;
  double loss = 0;  // running mean
};

struct Validation {
  int64_t step = 0;
  double loss = 0;
  std::vector<std::pair<std::string, double>> values;  // what else was measured, by name
};

struct TrainRequest {
  std::string folder = {};  // of the run; made where it is not there; empty: runs/NAME, after the texts, said by on_message
  // Files, folders and globs of texts ("-" is standard input): the recipe is fitted to them, and configs, toml and settings win
  // over what is chosen. Empty: the configuration says everything.
  std::vector<std::string> texts = {};
  std::vector<std::string> configs = {};                  // TOML files, or presets by name ("difflm"); later ones win
  std::string toml = {};                                  // configuration as TOML text, over the files
  std::vector<std::string> settings = {};                 // over both
  std::function<bool(const TrainingStep&)> on_step = {};  // false stops: the checkpoint is saved, the same call continues
  std::function<void(const Validation&)> on_validation = {};
  std::function<void(int64_t step, const std::vector<std::string>& texts)> on_sample = {};  // as the model writes now
  std::function<void(const Inspection&)> on_inspection = {};                                // of the texts, before training
  std::function<void(const std::string& folder)> on_folder = {};  // of the run, before anything is written there
  std::function<void(const std::string&)> on_message = {};        // a line for the user
};

struct Training {
  enum class End { finished, early_stopped, stopped };
  End end = End::finished;
  int64_t steps = 0;
  double seconds = 0;  // over all sessions
  int64_t tokens = 0;  // seen
  double best_loss = 0;
  int64_t best_step = -1;
  std::string folder;  // of the run
};

// Trains until the budget is spent (train.steps, train.minutes, whichever comes first). A folder that holds a run continues from
// its checkpoint: configs and toml may then be left out, and only budget, logging, runtime, sampling and control may differ.
// Nothing is written before the configuration has been checked.
Training train(const TrainRequest& request);

// ---- Evaluation

// A metric's figure with its 95% interval; NaN where it is undefined.
struct Figure {
  double value = 0;
  double lower = 0;
  double upper = 0;
};

struct MetricFacts {
  std::string name;
  std::string unit;
  std::string better;  // "higher", "lower", or "reference": the value of held-out text is best
};

// Figures of one set of texts: the samples, a control, or the texts of one kind of steering task.
struct EvaluatedRow {
  std::string name;  // "samples", "held-out", "shuffled", ... or "unsteered", "keywords", "keywords+length", ...
  int64_t texts = 0;
  std::vector<std::pair<std::string, Figure>> figures;  // by metric
};

struct Evaluation {
  std::vector<MetricFacts> metrics;
  std::vector<EvaluatedRow> rows;
  std::vector<std::string> warnings;  // where the samples are no better than nonsense, a sentence each
  std::vector<std::string> notes;     // what to know before comparing, a sentence each
  std::string table;                  // Markdown
  std::string json;                   // all figures, their origin and the configuration, as one JSON object
  std::string texts;                  // JSON lines: the texts one by one, with what was measured of each
  bool stopped = false;               // by a callback; nothing else is filled in then
};

struct EvaluationRequest {
  std::string run = {};                     // a run folder to sample from; or, instead of it,
  std::vector<std::string> texts = {};      // texts,
  std::string texts_file = {};              // or a file of them, read as a corpus is
  std::vector<std::string> reference = {};  // of such texts: the corpus they should resemble, files and globs or a prepared folder
  int64_t count = 1000;                     // texts to sample
  uint64_t seed = 1;
  std::vector<std::string> settings = {};  // of the sections sampling, control, runtime and evaluation
  std::string judge = {};                  // an autoregressive run; empty: one is trained once on the training texts and cached
  bool use_judge = true;                   // false leaves out what needs a judge
  bool describe_model = true;              // add curves of the model itself, which do not depend on how it is sampled
  // How well a run is steered, instead: a .jsonl file of tasks, or kinds of tasks drawn from held-out texts, "keywords,length"; "+"
  // joins wishes of one text, "attribute+length". Empty: the run as it writes by itself.
  std::string tasks = {};
  int64_t targets = 50;     // tasks of each kind
  int64_t per_target = 20;  // texts per task
  Classifiers classifiers = {};
  std::string attribute_judge = {};  // for attributes that no rule can judge: a corpus of other texts with the same fields
  std::function<bool(int64_t done, int64_t count)> on_progress =
      {};  // texts sampled, or tasks done; asked at each step; false stops
  // While a judge is trained; false stops, and the same request goes on from there. It may end before all steps are done.
  std::function<bool(const TrainingStep&)> on_judge = {};
  std::function<void(const std::string&)> on_message = {};  // a line for the user
};

// Compares texts with held-out text and with nonsense, or measures steering.
Evaluation evaluate(const EvaluationRequest& request);

// ---- What there is

// One key of a configuration.
struct SettingFacts {
  std::string key;       // "train.minutes"
  std::string type;      // "a truth value", "an integer", "a number", "a text", "a list of texts"
  std::string standard;  // the default, as TOML
  std::string help;
  std::optional<double> least;  // limits of a number
  std::optional<double> most;
  std::vector<std::string> choices;  // of a text that must be one of them
};

struct PartFacts {
  std::string name;
  std::string help;
  std::vector<SettingFacts> settings;
};

// Parts of which the configuration chooses one (or several) by a key.
struct PartFamily {
  std::string key;  // "noise.schedule"
  std::string help;
  std::vector<PartFacts> parts;
};

struct WishFacts {
  std::string guide;
  std::string help;
  std::string example;  // Wish::text
  std::vector<SettingFacts> settings;
};

struct PresetFacts {
  std::string name;  // as TrainRequest::configs takes it
  std::string help;
  std::string file;
};

struct Catalogue {
  std::vector<PresetFacts> presets;
  std::vector<PartFacts> sections;   // settings that belong to no single part: "train", "sampling", ...
  std::vector<PartFamily> families;  // in the order in which data flows
  std::vector<WishFacts> wishes;
};

Catalogue catalogue();

}  // namespace difflm
