// Why a word stands where it does: what each wish makes of the words that could stand there.
//
// The text is taken as finished but for one place, so a wish's probability of it with each word is exact, and no gradient stands in
// for it. By Bayes' rule, p(word | wish) is proportional to p(word) p(wish | text with it): the pull is the second factor.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "difflm/sampling/likeliest_tokens.h"
#include "difflm/steering/guide_resources.h"
#include "difflm/steering/wish.h"

namespace difflm {

// Pulls of each wish on each of `words` at `place` of `text`, [wish][word], in nats: log p(wish | text with the word) minus the log
// of its mean over `words`, weighted by their probabilities. Nothing for wishes that do not pull: lengths, given words, labels,
// programs. Throws a usage error for a wish that is wrong.
std::vector<std::vector<std::optional<double>>> word_pulls(const Run& run, GuideResources& resources,
                                                           const std::vector<WishSpec>& wishes, std::span<const Token> text,
                                                           int64_t place, const std::vector<LikelyToken>& words);

}  // namespace difflm
