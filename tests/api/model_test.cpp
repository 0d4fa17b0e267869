// Sampling and steering through the public interface: one request, what its callbacks see, and its settings.
#include <gtest/gtest.h>

#include <set>

#include "difflm/difflm.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

std::vector<std::string> written(const std::vector<Text>& texts) {
  std::vector<std::string> result;
  for (const auto& text : texts) result.push_back(text.text);
  return result;
}

TEST(Model, writes_the_same_texts_for_the_same_seed) {
  const auto model = Model::open(trained_run_folder());
  const auto texts = model.sample({.count = 3, .seed = 4});
  ASSERT_EQ(texts.size(), 3);
  for (int64_t index = 0; index < 3; ++index) {
    const Text& text = texts[static_cast<size_t>(index)];
    EXPECT_EQ(text.index, index);
    EXPECT_GT(text.tokens, 0);
    EXPECT_GT(text.confidence, 0);
    EXPECT_LE(text.confidence, 1);
    EXPECT_EQ(text.network_evaluations, 4);  // one a step
    EXPECT_TRUE(text.wishes.empty());
  }
  EXPECT_EQ(written(model.sample({.count = 3, .seed = 4})), written(texts));
  EXPECT_EQ(written(model.sample({.count = 2, .seed = 4}))[1], texts[1].text);
  EXPECT_NE(written(model.sample({.count = 3, .seed = 5})), written(texts));
}

// Texts of many lengths, so that batches are finished in another order than texts.
TEST(Model, hands_out_each_text_once_it_and_those_before_it_are_finished) {
  const auto model = Model::open(trained_run_folder(), {"sampling.batch=4"});
  for (const std::vector<Wish>& wishes : {std::vector<Wish>{}, std::vector<Wish>{{"length", "5..11"}}}) {
    const auto expected = model.sample({.count = 24, .seed = 4, .wishes = wishes});
    std::vector<Text> came;
    std::vector<size_t> after_batches;
    Request request = {.count = 24, .seed = 4, .wishes = wishes};
    request.on_text = [&](const Text& text) { came.push_back(text); };
    request.on_batch = [&](int64_t, int64_t) { after_batches.push_back(came.size()); };
    EXPECT_TRUE(model.sample(request).empty());
    ASSERT_EQ(written(came), written(expected));
    for (size_t at = 0; at < came.size(); ++at) {
      EXPECT_EQ(came[at].index, static_cast<int64_t>(at));
      EXPECT_EQ(came[at].network_evaluations, expected[at].network_evaluations);
      EXPECT_EQ(came[at].wishes.size(), wishes.size());
    }
    ASSERT_GT(after_batches.size(), 4);
    EXPECT_GT(after_batches[1], 0) << "the first text comes with the first batch";
    EXPECT_LT(after_batches[1], 24);
  }
}

TEST(Model, loses_no_finished_text_when_it_is_stopped) {
  const auto model = Model::open(trained_run_folder(), {"sampling.batch=4"});
  const auto all = model.sample({.count = 24, .seed = 4});
  std::vector<Text> came;
  int64_t done = 0;
  int64_t batches = 0;
  Request request = {.count = 24, .seed = 4};
  request.on_text = [&](const Text& text) { came.push_back(text); };
  request.on_batch = [&](int64_t now, int64_t) {
    if (++batches <= 3) done = now;
  };
  request.on_step = [&](const Snapshot&) { return batches < 3; };
  EXPECT_TRUE(model.sample(request).empty());
  EXPECT_EQ(static_cast<int64_t>(came.size()), done) << "those of three batches, and no half-made one";
  for (size_t at = 0; at < came.size(); ++at) {
    EXPECT_EQ(came[at].text, all[static_cast<size_t>(came[at].index)].text);
    if (at > 0) {
      EXPECT_GT(came[at].index, came[at - 1].index);
    }
  }
}

TEST(Model, takes_length_steps_temperature_and_settings_from_the_request) {
  const auto model = Model::open(trained_run_folder());
  const std::string plain = model.sample()[0].text;
  EXPECT_EQ(model.sample({.length = 7})[0].tokens, 7);
  EXPECT_EQ(model.sample({.steps = 9})[0].network_evaluations, 9);
  EXPECT_EQ(model.sample({.steps = 9})[0].text, model.sample({.settings = {"sampling.steps=9"}})[0].text);
  EXPECT_EQ(model.sample({.temperature = 0.1})[0].text, model.sample({.settings = {"sampling.temperature=0.1"}})[0].text);
  EXPECT_NE(model.sample({.length = 12, .temperature = 30})[0].text, model.sample({.length = 12, .temperature = 0.01})[0].text);
  EXPECT_EQ(model.sample()[0].text, plain);  // a request's settings are its own
}

TEST(Model, keeps_the_settings_it_was_opened_with) {
  const auto model = Model::open(trained_run_folder(), {"sampling.steps=6", "runtime.threads=1"});
  EXPECT_EQ(model.sample()[0].network_evaluations, 6);
  EXPECT_NE(model.info().configuration.find("steps = 6\n"), std::string::npos);
}

TEST(Model, says_of_each_token_how_confident_it_is_and_whether_it_is_final) {
  const auto model = Model::open(trained_run_folder());
  std::vector<Piece> before;
  int drafts = 0;
  int committed = 0;
  Request request = {.wishes = {{"infill", "the _ _ is _ ."}}, .settings = {"sampling.steps=8", "sampling.settle=0.05"}};
  request.on_step = [&](const Snapshot& snapshot) {
    const Text text = snapshot.texts().front();
    EXPECT_EQ(text.pieces.size(), static_cast<size_t>(text.tokens));
    if (text.pieces.size() != 6) return true;  // an open token is a special one by now, which no text shows
    for (const size_t given : {0, 3, 5}) {
      EXPECT_EQ(text.pieces[given].state, Piece::State::given);
      EXPECT_EQ(text.pieces[given].confidence, 1);
    }
    EXPECT_EQ(text.pieces[3].text, "is");
    for (const size_t open : {1, 2, 4}) {
      EXPECT_NE(text.pieces[open].state, Piece::State::given);
      EXPECT_GT(text.pieces[open].confidence, 0);
      drafts += text.pieces[open].state == Piece::State::draft ? 1 : 0;
      if (before.size() == 6 && before[open].state == Piece::State::committed) {
        ++committed;
        EXPECT_EQ(text.pieces[open].state, Piece::State::committed);
        EXPECT_EQ(text.pieces[open].text, before[open].text);
      }
    }
    before = text.pieces;
    return true;
  };
  const Text text = model.sample(request).front();
  EXPECT_GT(drafts, 0);
  EXPECT_GT(committed, 0);
  for (const auto& piece : text.pieces) EXPECT_NE(piece.state, Piece::State::draft);
}

TEST(Model, shows_texts_while_they_appear_and_stops_when_told) {
  const auto model = Model::open(trained_run_folder());
  std::vector<double> noise;
  std::vector<std::string> last;
  std::vector<int64_t> batches;
  Request request = {.count = 3, .settings = {"sampling.batch=2"}};
  request.on_step = [&](const Snapshot& moment) {
    EXPECT_EQ(moment.steps, 4);
    EXPECT_EQ(moment.texts().size(), moment.texts_by("cosine").size());
    noise.push_back(moment.noise);
    if (moment.step == 3) {
      for (const auto& text : moment.texts()) last.push_back(text.text);
    }
    return true;
  };
  request.on_batch = [&](int64_t done, int64_t count) {
    EXPECT_EQ(count, 3);
    batches.push_back(done);
  };
  auto texts = written(model.sample(request));
  ASSERT_EQ(noise.size() % 4, 0);
  EXPECT_EQ(noise[0], 1);
  EXPECT_GT(noise[0], noise[3]);
  EXPECT_EQ(batches.back(), 3);
  std::sort(last.begin(), last.end());  // batches come by length
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(last, texts);

  int64_t seen = 0;
  model.sample({.count = 3, .on_step = [&](const Snapshot&) { return ++seen < 2; }});
  EXPECT_EQ(seen, 2);
}

TEST(Model, fulfils_wishes) {
  const auto model = Model::open(trained_run_folder());
  bool judged = false;
  const auto texts = model.sample({.count = 4,
                                   .wishes = {{"keywords", "cafe"}, {"length", "9"}},
                                   .steps = 5,
                                   .ngram_perplexity = true,
                                   .on_step = [&](const Snapshot& moment) {
                                     judged = judged || moment.texts().front().wishes.at(0).log_probability.has_value();
                                     return true;
                                   }});
  EXPECT_TRUE(judged);
  ASSERT_EQ(texts.size(), 4);
  for (const auto& text : texts) {
    EXPECT_NE(text.text.find("cafe"), std::string::npos) << text.text;
    ASSERT_EQ(text.wishes.size(), 2);
    EXPECT_TRUE(text.wishes[0].fulfilled.value_or(false));
    EXPECT_TRUE(text.wishes[0].log_probability.has_value());
    EXPECT_TRUE(text.wishes[1].fulfilled.value_or(false));
    EXPECT_FALSE(text.wishes[1].log_probability.has_value());  // given exactly
    EXPECT_GT(text.ngram_perplexity.value_or(0), 1);
    EXPECT_EQ(text.network_evaluations, 5);
  }
}

TEST(Model, steers_by_classifiers) {
  const auto model = Model::open(trained_run_folder());
  const std::vector<Wish> wishes = {{"attribute", "kind=cafe"}, {"tree", "(S (NP (_ _) (_ _)) (VP (_ _)) (_ _))"}};
  const auto texts = model.sample({.count = 2,
                                   .wishes = wishes,
                                   .classifiers = {.classifier = trained_classifier_folder("classifier"),
                                                   .span_classifier = trained_classifier_folder("span-classifier")}});
  ASSERT_EQ(texts.size(), 2);
  EXPECT_FALSE(texts[0].text.empty());
  EXPECT_GT(texts[0].guide_evaluations, 0);
  for (const auto& wish : wishes) EXPECT_THROW(model.sample({.wishes = {wish}}), RunError);  // without its classifier
}

// What the first `count` pieces of a text are.
std::vector<Piece::State> first_states(const Text& text, size_t count) {
  std::vector<Piece::State> states;
  for (size_t at = 0; at < count; ++at) states.push_back(text.pieces.at(at).state);
  return states;
}

TEST(Model, goes_on_from_the_words_that_a_text_begins_with) {
  const std::string begin = "The cafe";
  for (const auto& folder : {trained_run_folder(), autoregressive_folder()}) {
    const auto model = Model::open(folder);
    const auto given = model.encode(begin).size();
    const auto texts = model.sample({.count = 8, .seed = 2, .wishes = {{"begin", begin}}});
    std::set<std::string> different;
    for (const auto& text : texts) {
      EXPECT_TRUE(text.text.starts_with(begin)) << text.text;
      EXPECT_TRUE(text.wishes.at(0).fulfilled.value_or(false));
      EXPECT_EQ(first_states(text, given), std::vector(given, Piece::State::given));
      different.insert(text.text);
    }
    EXPECT_GT(different.size(), 4) << folder;
    EXPECT_THROW(model.sample({.wishes = {{"begin", ""}}}), RunError);
    EXPECT_THROW(model.sample({.wishes = {{"begin", "The xyzzy"}}}), RunError);
  }
  const auto autoregressive = Model::open(autoregressive_folder());
  EXPECT_THROW(autoregressive.sample({.length = 2, .wishes = {{"begin", begin}}}), RunError) << "no room for anything else";
  EXPECT_EQ(autoregressive.sample({.length = 5, .wishes = {{"begin", begin}}}).at(0).tokens, 5);
}

TEST(Model, writes_texts_of_several_seeds_at_once) {
  for (const auto& folder : {trained_run_folder(), autoregressive_folder()}) {
    const auto model = Model::open(folder);
    const auto texts = model.sample({.count = 99, .keys = {{4, 2}, {5, 0}, {4, 0}}});
    const auto of_four = written(model.sample({.count = 3, .seed = 4}));
    EXPECT_EQ(written(texts), (std::vector{of_four[2], written(model.sample({.seed = 5}))[0], of_four[0]})) << folder;
    EXPECT_EQ(texts.at(2).index, 2);
    EXPECT_THROW(model.sample({.keys = {{4, 2}}, .wishes = {{"length", "5"}}}), RunError);
  }
}

TEST(Model, writes_no_longer_texts_than_asked_for) {
  for (const auto& folder : {trained_run_folder(), autoregressive_folder()}) {
    const auto model = Model::open(folder);
    for (const auto& text : model.sample({.count = 8, .longest = 6})) EXPECT_LE(text.tokens, 6) << folder;
    EXPECT_THROW(model.sample({.longest = 0}), RunError);
  }
}

TEST(Model, reads_and_writes_tokens) {
  const auto model = Model::open(trained_run_folder());
  const auto tokens = model.encode("The cafe is cheap.");
  EXPECT_GT(tokens.size(), 3);
  EXPECT_EQ(model.decode(tokens), "The cafe is cheap.");
  EXPECT_THROW(model.decode({-1}), RunError);
  EXPECT_THROW(model.decode({1 << 20}), RunError);
}

TEST(Model, changes_wishes_while_texts_are_written) {
  const auto model = Model::open(trained_run_folder());
  Request request = {.count = 12, .seed = 3, .may_steer = true, .steps = 12};
  const auto unsteered = written(model.sample({.count = 12, .seed = 3, .steps = 12}));
  EXPECT_EQ(written(model.sample(request)), unsteered) << "nothing has been asked for";
  const auto holding = [](const std::vector<Text>& texts, const std::string& word) {
    return std::count_if(texts.begin(), texts.end(), [&](const Text& text) { return text.text.find(word) != std::string::npos; });
  };
  std::vector<size_t> wishes_seen;
  request.on_step = [&](const Snapshot& moment) {
    if (moment.step == 2) moment.steer({{"keywords", "museum"}});
    wishes_seen.push_back(moment.texts().at(0).wishes.size());
    return true;
  };
  const auto steered = model.sample(request);
  EXPECT_EQ(holding(steered, "museum"), 12);
  EXPECT_LT(holding(model.sample({.count = 12, .seed = 3, .steps = 12}), "museum"), 12);
  EXPECT_TRUE(steered.at(0).wishes.at(0).fulfilled.value_or(false));
  EXPECT_EQ(wishes_seen.at(1), 0);
  EXPECT_EQ(wishes_seen.at(4), 1);

  // Given up again before it could act; and what cannot come while a text is written changes nothing.
  request.on_step = [&](const Snapshot& moment) {
    if (moment.step == 0) {
      moment.steer({{"keywords", "museum"}});
      moment.steer({});
      for (const Wish& wish : {Wish{"length", "5"}, Wish{"begin", "The"}, Wish{"keywords", "xyzzy"}, Wish{"reward", "cat"}}) {
        EXPECT_THROW(moment.steer({wish}), RunError) << wish.guide;
      }
    }
    return true;
  };
  EXPECT_EQ(written(model.sample(request)), unsteered);
  EXPECT_THROW(model.sample({.wishes = {{"attribute", "kind=cafe"}}, .may_steer = true}), RunError) << "no classifier";
}

TEST(Model, thinks_words_over_and_keeps_the_others) {
  const auto model = Model::open(trained_run_folder());
  const Text text = model.sample({.seed = 4}).at(0);
  StartText start;
  for (const auto& piece : text.pieces) {
    start.tokens.push_back(piece.token);
    start.kept.push_back(true);
  }
  EXPECT_EQ(model.decode(start.tokens), text.text);
  EXPECT_EQ(model.sample({.seed = 9, .start = start}).at(0).text, text.text) << "all are kept";
  start.kept.at(1) = start.kept.at(2) = false;
  std::set<std::string> different;
  for (const auto& other : model.sample({.count = 12, .seed = 9, .start = start})) {
    ASSERT_EQ(other.pieces.size(), text.pieces.size());
    for (size_t at = 0; at < text.pieces.size(); ++at) {
      EXPECT_EQ(other.pieces[at].state == Piece::State::given, start.kept[at]);
      EXPECT_TRUE(!start.kept[at] || other.pieces[at].token == text.pieces[at].token);
    }
    different.insert(other.text);
  }
  EXPECT_GT(different.size(), 3);
  // The less noise, the more of the words is left.
  const auto changed = [&](double noise) {
    start.kept.assign(start.kept.size(), false);
    start.noise = noise;
    int64_t count = 0;
    for (const auto& other : model.sample({.count = 12, .seed = 9, .start = start, .steps = 20})) {
      for (size_t at = 0; at < text.pieces.size(); ++at) count += other.pieces[at].token != text.pieces[at].token ? 1 : 0;
    }
    return count;
  };
  EXPECT_LT(changed(0.001), changed(0.3));
  EXPECT_LT(changed(0.3), changed(0.9));
  start.kept.pop_back();
  EXPECT_THROW(model.sample({.start = start}), RunError);
  EXPECT_THROW(model.sample({.start = StartText{{1 << 20}, {true}, 1}}), RunError);
  EXPECT_THROW(model.sample({.start = StartText{{}, {}, 1}}), RunError);
  EXPECT_THROW(Model::open(autoregressive_folder()).sample({.start = StartText{{5}, {true}, 1}}), RunError);
}

TEST(Model, names_the_likeliest_words_at_a_place) {
  for (const auto& folder : {trained_run_folder(), autoregressive_folder()}) {
    const auto model = Model::open(folder);
    const auto tokens = model.encode("The cafe is cheap.");
    const auto likeliest = model.likeliest(tokens, 3, 5);
    ASSERT_GE(likeliest.size(), 5);
    ASSERT_LE(likeliest.size(), 6);
    for (size_t at = 1; at < likeliest.size(); ++at) EXPECT_GE(likeliest[at - 1].probability, likeliest[at].probability);
    EXPECT_LE(likeliest[0].probability, 1);
    const bool stands = std::any_of(likeliest.begin(), likeliest.end(), [&](const auto& word) { return word.token == tokens[3]; });
    EXPECT_TRUE(stands || likeliest.size() == 5) << "the one that stands there is named";
    EXPECT_TRUE(likeliest.size() == 5 || likeliest.back().token == tokens[3]);
    EXPECT_FALSE(likeliest[0].text.starts_with("<")) << "no mark";
    EXPECT_NE(model.likeliest(tokens, 1, 5)[0].probability, likeliest[0].probability);
    EXPECT_THROW(model.likeliest(tokens, static_cast<int64_t>(tokens.size())), RunError);
    EXPECT_THROW(model.likeliest(tokens, -1), RunError);
  }
}

TEST(Model, says_what_each_wish_makes_of_the_words_at_a_place) {
  const auto model = Model::open(trained_run_folder());
  const auto tokens = model.encode("The cafe is cheap.");
  const std::vector<Wish> wishes = {{"keywords", "cheap"}, {"length", "5"}};
  const auto at_keyword = model.likeliest(tokens, 3, 1000, wishes);
  double mean = 0;
  double sum = 0;
  for (const auto& word : at_keyword) {
    ASSERT_EQ(word.pulls.size(), 2);
    ASSERT_TRUE(word.pulls[0].has_value());
    EXPECT_FALSE(word.pulls[1].has_value()) << "a length is met exactly, and pulls at no word";
    mean += word.probability * std::exp(*word.pulls[0]);
    sum += word.probability;
    if (word.token == tokens[3]) {
      EXPECT_GT(*word.pulls[0], 0) << "the keyword itself";
    } else {
      EXPECT_LT(*word.pulls[0], 0) << word.text;
    }
  }
  EXPECT_NEAR(mean, sum, 1e-6) << "Bayes: the posterior sums to one";
  for (const auto& word : model.likeliest(tokens, 1, 10, wishes)) EXPECT_NEAR(*word.pulls[0], 0, 1e-4) << "the text has it already";
  EXPECT_THROW(model.likeliest(tokens, 1, 10, {{"keywords", "xyzzy"}}), RunError);
  EXPECT_THROW(Model::open(autoregressive_folder()).likeliest(tokens, 1, 10, wishes), RunError);
}

TEST(Model, scores_each_token_where_the_model_is_autoregressive) {
  const auto model = Model::open(autoregressive_folder());
  const auto scored = model.score("The cafe is cheap.");
  ASSERT_EQ(scored.size(), model.encode("The cafe is cheap.").size());
  for (size_t at = 0; at < scored.size(); ++at) {
    EXPECT_LE(scored[at].log_probability, scored[at].likeliest_log_probability);
    EXPECT_LE(scored[at].likeliest_log_probability, 0);
  }
  // The same model by the other way: what it finds most probable after the words before.
  const auto likeliest = model.likeliest(model.encode("The cafe is cheap."), 3, 1);
  EXPECT_TRUE(scored[3].likeliest.starts_with(likeliest[0].text)) << scored[3].likeliest;
  EXPECT_THROW(Model::open(trained_run_folder()).score("The cafe"), RunError);
}

TEST(Model, says_what_it_is) {
  const ModelInfo info = describe(trained_run_folder());
  EXPECT_EQ(info.folder, trained_run_folder());
  EXPECT_EQ(info.kind, "diffusion");
  EXPECT_EQ(info.tokenizer, "word");
  EXPECT_EQ(info.steps, 300);
  EXPECT_TRUE(info.finished);
  EXPECT_GT(info.parameters, 1000);
  EXPECT_EQ(info.longest, 24);
  EXPECT_TRUE(info.base.empty());
  EXPECT_NE(info.configuration.find("[train]"), std::string::npos);
  EXPECT_EQ(describe(trained_classifier_folder("classifier")).base, trained_run_folder());
  EXPECT_EQ(Model::open(trained_run_folder()).info().parameters, info.parameters);
}

}  // namespace
}  // namespace difflm::test
