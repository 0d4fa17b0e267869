#include "difflm/grammar/builtin_grammar.h"

#include <string>

namespace difflm {

std::string_view builtin_rules() {
  return R"(
feature n = sg pl      # the place or places the text is about
feature m = sg pl      # of any other noun; _be[n:m] agrees with it
feature k = cafe bakery restaurant pub bookshop market florist toyshop museum gallery theatre park inn
# What the first sentence tells beyond name, kind, area and offers; the second then tells something else. `both` is price and
# near; `bare` says that the first sentence leaves the offers to the second.
feature s = bare none price rating audience near both
alias eat = cafe|bakery|restaurant|pub
alias shop = bookshop|market|florist|toyshop
alias show = museum|gallery
alias free = museum|gallery|park
alias paid = eat|shop|show|theatre|inn
alias unpriced = bare|none|rating|audience|near
alias unrated = bare|none|price|audience|near|both
alias unsuited = bare|none|price|rating|near|both
alias unplaced = bare|none|price|rating|audience
alias full = none|price|rating|audience|near|both
start _text
capitals .
article a an
consonant university
longest 40

_text =
  12 _notice[k=cafe]
  10 _notice[k=restaurant]
  9 _notice[k=bakery]
  8 _notice[k=pub]
  7 _notice[k=bookshop]
  7 _notice[k=market]
  6 _notice[k=museum]
  6 _notice[k=park]
  5 _notice[k=inn]
  4 _notice[k=gallery]
  4 _notice[k=theatre]
  3 _notice[k=florist]
  3 _notice[k=toyshop]
_notice[k] =
  38 S.one[k,n=sg,s=*]
  9 S.one[k,n=pl,s=*]
  12 S.long[k,n=sg,s=*]
  2 S.long[k,n=pl,s=*]
  31 TEXT[k,n=sg]
  8 TEXT[k,n=pl]
TEXT[k,n] =
  1 S.one[k,n,s] S.two[k,n,s]
S.one[k,n,s] =
  5 _tell[k,n,s] ./PUNCT
  1 _advise[k,n,s] ./PUNCT
S.long[k,n,s] =
  3 S.tell[k,n,s] ,/PUNCT and/CCONJ S.more[k,n,s] ./PUNCT
  1 S.tell[k,n,s] ,/PUNCT but/CCONJ S.catch[n] ./PUNCT
  1 S.tell[k,n,s] ,/PUNCT and/CCONJ S.about[k,n,s] ./PUNCT
S.two[k,n,s] =
  4 _about[k,n,s] ./PUNCT
  4 _more[k,n,s] ./PUNCT
  2 S.about[k,n,s] ,/PUNCT and/CCONJ S.more[k,n,s] ./PUNCT
  1 S.about[k,n,s] ,/PUNCT but/CCONJ S.catch[n] ./PUNCT
  3 NP.it[n] VP.both[k,n,s] ./PUNCT
S.tell[k,n,s] =
  1 _tell[k,n,s]
S.about[k,n,s] =
  1 _about[k,n,s]
S.more[k,n,s] =
  1 _more[k,n,s]
S.catch[n] =
  1 _catch[n]
VP.both[k,n,s] =
  4 VP.about[k,n,s] and/CCONJ VP.more[k,n,s]
  1 VP.about[k,n,s] and/CCONJ VP.catch[n]
  2 VP.about[k,n,s] but/CCONJ VP.catch[n]

# First sentences that tell.
_tell[k,n,s] =
  7 NP.name[k,n] VP.isa[k,n,s]
  3 NP.there VP.exist[k,n,s]
_tell[k,n,s=full] =
  6 NP.name[k,n] VP.sell[k,n,s]
  3 PP.area ,/PUNCT NP.name[k,n] VP.main[k,n,s]
  3 NP.name[k,n] ,/PUNCT NP.kind[k,n,s] ,/PUNCT VP.main[k,n,s=none]
_tell[k,n,s=none] =
  2 NP.you VP.get[k,n]
  2 NP.who VP.visited[k,n]
  2 NP.fan[m] VP.likes[k,n,m]
  2 NP.name[k,n] VP.compare[k,n]
_tell[k,n=pl,s=none] =
  8 NP.all[k] VP.main[k,n,s=none]
_tell[k,n,s=near] =
  2 NP.you VP.found[k,n]
_tell[k,n,s=audience] =
  3 NP.people VP.love[k,n]
  2 NP.people should/AUX VP.visit[k,n] SBAR.because[k,n]?0.4
_tell[k=paid,n,s=price] =
  2 SBAR.although[k,n] ,/PUNCT NP.name[k,n] VP.sell[k,n,s=none]
  2 NP.name[k,n] VP.cheaper[k,n]
_tell[k,n,s=rating] =
  2 NP.critic[m] VP.give[k,n,m]
  1 SBAR.because[k,n] ,/PUNCT NP.name[k,n] VP.rated[n]

# First sentences that advise.
_advise[k,n,s=none] =
  3 PP.items[k] ,/PUNCT VP.visit[k,n]
  2 SBAR.like[k] ,/PUNCT VP.visit[k,n]
  2 SBAR.when ,/PUNCT _try NP.name[k,n] PP.items[k]
_advise[k,n,s=near] =
  2 PP.items[k] ,/PUNCT VP.find[k,n]
  1 SBAR.like[k] ,/PUNCT VP.find[k,n]

VP.isa[k,n,s] =
  1 _be[n] NP.kind[k,n,s]
VP.isa[k,n,s=full] =
  2 _be[n] NP.kind[k,n,s] SBAR.that[k,n]
VP.isa[k,n,s=rating] =
  2 _be[n] NP.top[k,n]
VP.called[k,n] =
  4 called/VERB NP.name[k,n]
  1 named/VERB NP.name[k,n]
VP.exist[k,n,s] =
  1 _be[n] NP.kind[k,n,s] VP.called[k,n]
VP.compare[k,n] =
  1 _be[n] ADJP.more[k]
VP.cheaper[k,n] =
  1 _be[n] ADJP.cheaper[k]
VP.give[k,n,m] =
  1 _give[m] NP.name[k,n] NP.stars
VP.sell[k,n,s] =
  1 _main[k,n,s] PP.area?0.55
VP.main[k,n,s] =
  1 _main[k,n,s]
_main[k,n,s=none] =
  1 _offer[k,n] NP.items[k]
_main[k=paid,n,s=price] =
  1 _offer[k,n] NP.items[k] PP.price
_main[k,n,s=audience] =
  1 _offer[k,n] NP.items[k] PP.people
_main[k,n,s=near] =
  1 _offer[k,n] NP.items[k] PP.near
_main[k=paid,n,s=both] =
  1 _offer[k,n] NP.items[k] PP.price PP.near
VP.get[k,n] =
  1 can/AUX _get[k] NP.items[k] PP.at[k,n] PP.area?0.5
VP.visited[k,n] =
  1 visited/VERB NP.name[k,n] _then and/CCONJ _enjoyed NP.items[k]
  2 found/VERB NP.items[k] PP.at[k,n] _then
VP.likes[k,n,m] =
  1 _like[m] NP.name[k,n] SBAR.because[k,n]
VP.love[k,n] =
  1 _like[m=pl] NP.name[k,n] SBAR.because[k,n]
VP.visit[k,n] =
  1 _try NP.name[k,n] PP.area?0.6
VP.find[k,n] =
  1 _try NP.name[k,n] PP.near
VP.rated[n] =
  2 _be[n] _praised
SBAR.that[k,n] =
  4 that/PRON VP.offers[k,n]
  2 where/ADV S.get[k]
S.get[k] =
  1 NP.you VP.can[k]
VP.can[k] =
  1 can/AUX _get[k] NP.items[k]
VP.found[k,n] =
  1 can/AUX find/VERB NP.name[k,n] PP.near
VP.find.them[n] =
  1 can/AUX find/VERB NP.them[n] PP.near
SBAR.because[k,n] =
  1 because/SCONJ S.because[k,n]
S.because[k,n] =
  3 NP.it[n] VP.offers[k,n]
  2 NP.it[n] VP.very[n]
VP.very[n] =
  1 _be[n] ADJP.very
SBAR.although[k,n] =
  3 although/SCONJ S.price[k,n]
  2 because/SCONJ S.price[k,n]
S.price[k,n] =
  1 NP.it[n] VP.price[k,n]
VP.price[k,n] =
  1 _be[n] ADJP.price[k]
SBAR.like[k] =
  1 if/SCONJ S.like[k]
S.like[k] =
  1 NP.you VP.like[k]
VP.like[k] =
  3 like/VERB NP.items[k]
  2 want/VERB NP.items[k]
SBAR.when =
  1 when/SCONJ S.when
S.when =
  1 NP.you VP.when
VP.when =
  1 are/AUX PP.area
VP.offers[k,n] =
  1 _offer[k,n] NP.items[k]
ADJP.very =
  3 _very?0.4 _charm
ADJP.more[k] =
  2 _older PP.than[k]
  1 the/DET _oldest PP.all[k]
ADJP.cheaper[k] =
  2 cheaper/ADJ PP.than[k] {price=cheap}
  1 _pricier PP.than[k]
PP.than[k] =
  1 than/ADP NP.others[k]
NP.others[k] =
  3 most/ADJ _kind[k,n=pl] PP.area
  1 the/DET other/ADJ _kind[k,n=pl] PP.area
PP.all[k] =
  1 of/ADP NP.where[k]
NP.where[k] =
  1 all/DET the/DET _kind[k,n=pl] PP.area

# Second sentences and clauses: what the first has not told ...
_about[k,n,s] =
  5 NP.it[n] VP.about[k,n,s]
_about[k=paid,n,s=unpriced] =
  1 NP.prices[n] VP.level
  1 NP.unit[k,m] VP.cost[m]
_about[k,n,s=unrated] =
  1 NP.critic[m] VP.give.them[n,m]
_about[k,n,s=unsuited] =
  1 NP.people VP.like.them[n]
_about[k,n,s=unplaced] =
  1 NP.you VP.find.them[n]
VP.about[k,n,s=unpriced] =
  3 _be[n] ADJP.price[k]
VP.about[k,n,s=unrated] =
  2 _have[n] NP.stars
  1 _be[n] _rated
VP.about[k,n,s=unsuited] =
  2 _be[n] ADJP.suited
  1 _suit[n] NP.people
VP.about[k,n,s=unplaced] =
  2 _stand[n] PP.near
# ... and what only they tell.
_more[k,n,s] =
  4 _catch[n]
  9 NP.it[n] VP.more[k,n,s]
  1 PP.days ,/PUNCT NP.it[n] VP.hour[n]
  1 NP.dogs VP.welcome {dogs=yes}
  2 NP.staff[n] VP.kind
  1 NP.there VP.there[k,m]
_more[k,n,s=bare] =
  5 NP.its[k,n,m] VP.taste[k,m]
VP.more[k,n,s] =
  6 _hour[n]
  2 VP.opens[n] and/CCONJ VP.closes[n]
  2 _be[n] open/ADJ PP.from PP.to
  1 _be[n] open/ADJ NP.every.day {closed=never}
  4 _have[n] NP.feature[k,m]
  1 _welcome[n] NP.dogs {dogs=yes}
  2 _be[n] run/VERB PP.owner
  2 _was[n] _built PP.in
  1 _has[n] been/AUX open/ADJ PP.since
VP.more[k,n,s=bare] =
  8 _offer[k,n] NP.items[k]
VP.level =
  1 are/AUX ADJP.level
VP.cost[m] =
  1 _cost[m] NP.pounds
VP.give.them[n,m] =
  1 _give[m] NP.them[n] NP.stars
VP.like.them[n] =
  1 _like[m=pl] NP.them[n]
VP.welcome =
  1 are/AUX ADJP.welcome
VP.kind =
  1 are/AUX ADJP.kind
VP.there[k,m] =
  1 _be[n:m] NP.feature[k,m] _outside
VP.taste[k,m] =
  1 _be[n:m] ADJP.taste[k]
VP.allowed =
  1 are/AUX not/PART _allowed
ADJP.level =
  1 _very?0.3 _level
ADJP.welcome =
  1 _very?0.3 welcome/ADJ
ADJP.kind =
  1 _very?0.3 _kindness
# What may follow "but".
_catch[n] =
  4 NP.it[n] VP.catch[n]
  1 NP.dogs VP.allowed {dogs=no}
VP.catch[n] =
  3 _be[n] closed/ADJ PP.closed
  1 _do[n] not/PART _allow NP.dogs {dogs=no}
VP.hour[n] =
  1 _hour[n]
_hour[n] =
  3 _open[n] PP.opening PP.morning?0.33
  3 _close[n] PP.closing PP.evening?0.33
VP.opens[n] =
  1 _open[n] PP.opening
VP.closes[n] =
  1 _close[n] PP.closing
ADJP.price[k=paid] =
  4 _very?0.25 _costly
  1 moderately/ADV priced/ADJ {price=moderate}
  1 reasonably/ADV priced/ADJ {price=moderate}
ADJP.price[k=free] =
  3 free/ADJ {price=free}
ADJP.suited =
  1 _perfect PP.people
ADJP.taste[k] =
  1 _very?0.25 _taste[k]

# Noun phrases.
NP.you =
  1 you/PRON
NP.there =
  1 there/PRON
NP.dogs =
  1 dogs/NOUN
NP.every.day =
  1 every/DET day/NOUN
NP.it[n=sg] =
  1 it/PRON
NP.it[n=pl] =
  1 they/PRON
NP.them[n=sg] =
  1 it/PRON
NP.them[n=pl] =
  1 them/PRON
NP.name[k,n=sg] =
  1 _first _last[k] {name=$}
  1 _second _last[k] {name=$}
NP.name[k,n=pl] =
  1 NP.one[k] and/CCONJ NP.other[k]
NP.one[k] =
  1 _first _last[k] {name=$}
NP.other[k] =
  1 _second _last[k] {name=$}
NP.kind[k,n,s=bare] =
  1 NP.core[k,n] PP.area
NP.kind[k,n,s=none] =
  4 _core[k,n]
  7 NP.core[k,n] PP.area
NP.kind[k,n,s=near] =
  1 NP.core[k,n] PP.area?0.3 PP.near
NP.kind[k,n,s=audience] =
  1 NP.core[k,n] PP.area?0.4 PP.people
NP.kind[k,n,s=price] =
  2 _cheap[k,n]
  4 NP.cheap[k,n] PP.area
NP.kind[k=paid,n,s=price] =
  2 NP.core[k,n] PP.prices
NP.kind[k,n,s=both] =
  1 NP.cheap[k,n] PP.near
NP.kind[k,n,s=rating] =
  1 NP.rated[k,n]
  3 NP.rated[k,n] PP.area
NP.top[k,n=sg] =
  1 one/NUM PP.best[k] {rating=high}
NP.top[k,n] =
  1 the/DET best/ADJ _kind[k,n] PP.area {rating=high}
PP.best[k] =
  1 of/ADP NP.best[k]
NP.best[k] =
  1 the/DET best/ADJ _kind[k,n=pl] PP.area
NP.core[k,n] =
  1 _core[k,n]
_core[k,n=sg] =
  1 a/DET _adjectives?0.6 _kind[k,n]
_core[k,n=pl] =
  1 two/NUM?0.4 _adjectives?0.6 _kind[k,n]
NP.cheap[k,n] =
  1 _cheap[k,n]
_cheap[k,n=sg] =
  1 a/DET ADJP.price[k] _kind[k,n]
_cheap[k,n=pl] =
  1 two/NUM?0.4 ADJP.price[k] _kind[k,n]
NP.rated[k,n=sg] =
  1 a/DET _rated _kind[k,n]
NP.rated[k,n=pl] =
  1 two/NUM?0.4 _rated _kind[k,n]
_adjectives =
  12 _quality
  3 _size _quality
  3 _size
  3 _very _quality
_quality =
  5 _charm
  1 _plain
_rated =
  3 _praised
  1 _blamed
NP.all[k] =
  1 NP.every[k] PP.area
NP.every[k] =
  2 the/DET _kind[k,n=pl]
  1 _most _kind[k,n=pl]
NP.items[k] =
  5 _goods[k,m=*]
  3 NP.goods[k,m=sg] and/CCONJ NP.goods[k,m=pl]
  2 NP.goods[k,m=pl] and/CCONJ NP.goods[k,m=sg]
NP.goods[k,m] =
  1 _goods[k,m]
_goods[k,m] =
  1 _fresh[k]?0.5 _good[k,m]
NP.its[k,n,m] =
  1 _its[n] _good[k,m]
NP.feature[k,m=sg] =
  1 a/DET _sunny?0.6 _feature[k,m]
NP.feature[k,m=pl] =
  1 two/NUM _sunny?0.6 _feature[k,m]
NP.people =
  3 _people
  3 _visitors
  3 NP.some and/CCONJ NP.guests
NP.some =
  1 _people
NP.guests =
  1 _visitors
NP.critic[m=sg] =
  2 the/DET _local?0.5 _paper[m]
NP.critic[m=pl] =
  2 _most?0.5 _paper[m]
NP.stars =
  1 _stars stars/NOUN
NP.prices[n] =
  2 _its[n] prices/NOUN
  1 the/DET prices/NOUN
NP.staff[n] =
  2 the/DET staff/NOUN
  1 _its[n] _waiters
NP.pounds =
  1 about/ADV?0.3 _amount pounds/NOUN
NP.unit[k,m] =
  1 _unit[k,m]
NP.area =
  5 _area
  2 the/DET _quarter
NP.street =
  1 _street
NP.mark =
  1 the/DET _mark
NP.owner =
  1 _owner
NP.year =
  1 _year
NP.opening =
  1 _opening
NP.closing =
  1 _closing
NP.days =
  1 _day
NP.closed =
  1 _day {closed=$}
NP.who =
  1 _who
NP.fan[m] =
  1 _fan[m]

# Prepositional phrases.
PP.area =
  3 in/ADP NP.area
  2 on/ADP NP.street
PP.at[k,n] =
  1 at/ADP NP.name[k,n]
PP.near =
  1 _near NP.mark
PP.people =
  1 for/ADP NP.people
PP.items[k] =
  1 for/ADP NP.items[k]
PP.price =
  1 at/ADP NP.price
PP.prices =
  1 with/ADP NP.price
NP.price =
  1 _level prices/NOUN
PP.days =
  1 on/ADP NP.days
PP.closed =
  1 on/ADP NP.closed
PP.opening =
  1 at/ADP NP.opening
PP.closing =
  1 at/ADP NP.closing
PP.from =
  1 from/ADP NP.opening
PP.to =
  1 to/ADP NP.closing
PP.morning =
  1 in/ADP NP.morning
PP.evening =
  1 in/ADP NP.evening
NP.morning =
  1 the/DET morning/NOUN
NP.evening =
  1 the/DET evening/NOUN
PP.owner =
  1 by/ADP NP.owner
PP.in =
  1 in/ADP NP.year
PP.since =
  1 since/ADP NP.year
)";
}

const Grammar& builtin_grammar() {
  static const Grammar grammar(std::string(builtin_rules()) + std::string(builtin_lexicon()), "builtin grammar");
  return grammar;
}

}  // namespace difflm
