// The words of the builtin language; see builtin_grammar.h. The most common words of a list come first.
#include "difflm/grammar/builtin_grammar.h"

namespace difflm {

std::string_view builtin_lexicon() {
  return R"(
# Verbs and auxiliaries that agree with their subject.
words _be[n=sg] AUX: is
words _be[n=pl] AUX: are
words _was[n=sg] AUX: was
words _was[n=pl] AUX: were
words _do[n=sg] AUX: does
words _do[n=pl] AUX: do
words _have[n=sg] VERB: has
words _has[n=sg] AUX: has
words _has[n=pl] AUX: have
words _have[n=pl] VERB: have
words _open[n=sg] VERB: opens
words _open[n=pl] VERB: open
words _close[n=sg] VERB: closes, shuts
words _close[n=pl] VERB: close, shut
words _stand[n=sg] VERB: stands, lies
words _stand[n=pl] VERB: stand, lie
words _suit[n=sg] VERB: suits, attracts, delights
words _suit[n=pl] VERB: suit, attract, delight
words _welcome[n=sg] VERB: welcomes, allows
words _welcome[n=pl] VERB: welcome, allow
words _cost[m=sg] VERB: costs
words _cost[m=pl] VERB: cost
words _give[m=sg] VERB: gives, awards
words _give[m=pl] VERB: give, award
words _like[m=sg] VERB: loves, likes, recommends, prefers
words _like[m=pl] VERB: love, like, recommend, prefer
words _offer[k=eat,n=sg] VERB: serves, offers, makes
words _offer[k=eat,n=pl] VERB: serve, offer, make
words _offer[k=shop,n=sg] VERB: sells, offers, stocks
words _offer[k=shop,n=pl] VERB: sell, offer, stock
words _offer[k=show,n=sg] VERB: shows, displays, holds
words _offer[k=show,n=pl] VERB: show, display, hold
words _offer[k=theatre,n=sg] VERB: presents, stages, hosts
words _offer[k=theatre,n=pl] VERB: present, stage, host
words _offer[k=park|inn,n=sg] VERB: has, offers, provides
words _offer[k=park|inn,n=pl] VERB: have, offer, provide
words _get[k=eat] VERB: enjoy, order, try, taste
words _get[k=shop] VERB: buy, find, choose
words _get[k=show] VERB: see, admire, study
words _get[k=theatre] VERB: see, watch, enjoy
words _get[k=park|inn] VERB: enjoy, find, expect
words _enjoyed VERB: enjoyed, loved, praised, admired
words _try VERB: try, visit, choose, remember
words _allow VERB: allow, admit
words _allowed VERB: allowed, admitted
words _built VERB: opened, founded, restored

# What kind of place.
words _kind[k=cafe,n=sg] NOUN {kind=cafe}: cafe, coffee shop, tea room
words _kind[k=cafe,n=pl] NOUN {kind=cafe}: cafes, coffee shops, tea rooms
words _kind[k=bakery,n=sg] NOUN {kind=bakery}: bakery, cake shop
words _kind[k=bakery,n=pl] NOUN {kind=bakery}: bakeries, cake shops
words _kind[k=restaurant,n=sg] NOUN {kind=restaurant}: restaurant, bistro
words _kind[k=restaurant,n=pl] NOUN {kind=restaurant}: restaurants, bistros
words _kind[k=pub,n=sg] NOUN {kind=pub}: pub, tavern
words _kind[k=pub,n=pl] NOUN {kind=pub}: pubs, taverns
words _kind[k=bookshop,n=sg] NOUN {kind=bookshop}: bookshop, bookstore
words _kind[k=bookshop,n=pl] NOUN {kind=bookshop}: bookshops, bookstores
words _kind[k=market,n=sg] NOUN {kind=market}: market, farm shop
words _kind[k=market,n=pl] NOUN {kind=market}: markets, farm shops
words _kind[k=florist,n=sg] NOUN {kind=florist}: florist, flower shop
words _kind[k=florist,n=pl] NOUN {kind=florist}: florists, flower shops
words _kind[k=toyshop,n=sg] NOUN {kind=toyshop}: toyshop, toy store
words _kind[k=toyshop,n=pl] NOUN {kind=toyshop}: toyshops, toy stores
words _kind[k=museum,n=sg] NOUN {kind=museum}: museum
words _kind[k=museum,n=pl] NOUN {kind=museum}: museums
words _kind[k=gallery,n=sg] NOUN {kind=gallery}: gallery, art gallery
words _kind[k=gallery,n=pl] NOUN {kind=gallery}: galleries, art galleries
words _kind[k=theatre,n=sg] NOUN {kind=theatre}: theatre, concert hall
words _kind[k=theatre,n=pl] NOUN {kind=theatre}: theatres, concert halls
words _kind[k=park,n=sg] NOUN {kind=park}: park, garden
words _kind[k=park,n=pl] NOUN {kind=park}: parks, gardens
words _kind[k=inn,n=sg] NOUN {kind=inn}: inn, hotel, guest house
words _kind[k=inn,n=pl] NOUN {kind=inn}: inns, hotels, guest houses

# Names: a first word and a last one that fits the kind.
words _first PROPN: Copper, Old, River, Golden, Green, Hill, Rose, King, Willow, Little
words _second PROPN: Blue, Silver, White, Red, Oak, Queen, Swan, Morning, Stone, Lily, Winter
words _last[k=cafe] PROPN: Kettle, Cup, Spoon, Table
words _last[k=bakery] PROPN: Oven, Loaf, Crust, Basket
words _last[k=restaurant] PROPN: Kitchen, Table, Fork, Grill
words _last[k=pub] PROPN: Arms, Barrel, Anchor, Stag
words _last[k=bookshop] PROPN: Page, Shelf, Chapter, Quill
words _last[k=market] PROPN: Barn, Yard, Hall, Basket
words _last[k=florist] PROPN: Petal, Blossom, Stem
words _last[k=toyshop] PROPN: Rabbit, Bear, Drum, Kite
words _last[k=museum] PROPN: House, Tower, Hall, Collection
words _last[k=gallery] PROPN: Gallery, Studio, Frame, Canvas
words _last[k=theatre] PROPN: Playhouse, Stage, Curtain, Theatre
words _last[k=park] PROPN: Park, Meadow, Green, Common
words _last[k=inn] PROPN: Lodge, Inn, Manor, Rest

# Where.
words _area PROPN {area=$}: Riverside, Northfield, Oldgate, Westbrook, Ashford, Southbank, Eastwood, Kingsmead, Fairview
words _quarter NOUN {area=$}: town centre, old/ADJ town, harbour district, village, market square, northern/ADJ suburbs
words _street PROPN {area=$}: Mill Street, High Street, Church Lane, Station Road, Bridge Street, Castle Hill, Park Avenue,
  Market Place
words _near ADP: near, beside, opposite, behind, next/ADV to, close/ADV to, across/ADV from, not/PART far/ADV from
words _mark NOUN {near=$}: station, town hall, library, bridge, church, river, harbour, post office, school, canal, cathedral,
  bus stop, university, clock tower, fountain, hospital

# Adjectives of places.
words _size ADJ: small, large, tiny, big, spacious
words _charm ADJ: friendly, quiet, lovely, popular, cosy, old, modern, charming, elegant, famous, pleasant, unusual, traditional,
  welcoming, lively, peaceful
words _plain ADJ: busy, simple, ordinary, noisy, crowded, shabby, odd
words _very ADV: very, quite, rather, really, surprisingly, extremely
words _older ADJ: older, smaller, quieter, larger, busier, friendlier
words _oldest ADJ: oldest, smallest, largest, quietest, friendliest, busiest
words _pricier ADJ {price=expensive}: dearer, more/ADV expensive
words _costly ADJ: cheap{price=cheap}, expensive{price=expensive}, affordable{price=cheap}, inexpensive{price=cheap},
  costly{price=expensive}
words _level ADJ: low{price=cheap}, high{price=expensive}, fair{price=moderate}, reasonable{price=moderate}, modest{price=cheap},
  steep{price=expensive}, average{price=moderate}
words _perfect ADJ: perfect, ideal, suitable, great, excellent, unsuitable
words _sunny ADJ: sunny, small, pretty, large, quiet, new, heated, old

# Money, stars, hours.
words _unit[k=cafe|restaurant|pub,m=sg] NOUN: a/DET meal, lunch
words _unit[k=cafe|restaurant|pub,m=pl] NOUN: meals, most/ADJ dishes
words _unit[k=bakery,m=sg] NOUN: a/DET loaf, a/DET cake
words _unit[k=bakery,m=pl] NOUN: most/ADJ cakes, large/ADJ loaves
words _unit[k=shop,m=pl] NOUN: most/ADJ things, gift boxes
words _unit[k=show|theatre,m=sg] NOUN: a/DET ticket, entry
words _unit[k=show|theatre,m=pl] NOUN: tickets, family tickets
words _unit[k=inn,m=sg] NOUN: a/DET room, a/DET night
words _unit[k=inn,m=pl] NOUN: most/ADJ rooms, double/ADJ rooms
words _amount NUM {cost=$}: ten, five, eight, twelve, twenty, fifteen, six
words _stars NUM {rating=$}: four, five, three, two
words _praised ADJ {rating=high}: highly/ADV rated, well/ADV reviewed
words _blamed ADJ {rating=low}: poorly/ADV rated, badly/ADV reviewed
words _opening NUM {opens=$}: nine, ten, eight, half/NOUN past/ADP eight, eleven, seven, half/NOUN past/ADP nine
words _closing NUM {closes=$}: six, five, half/NOUN past/ADP five, seven, nine, eight, half/NOUN past/ADP six
words _day PROPN: Sundays, Mondays, Tuesdays, Saturdays, Wednesdays, Thursdays, Fridays, public/ADJ holidays/NOUN
words _year NUM {since=$}: 1998, 1920, 2005, 1887, 1950, 2012, 1974
words _then NOUN: last/ADJ week, yesterday, last/ADJ summer, this/DET morning, last/ADJ weekend, in/ADP spring,
  two/NUM days ago/ADV

# People.
words _people NOUN {audience=$}: families, students, children, couples, artists, cyclists
words _visitors NOUN {audience=$}: tourists, visitors, walkers, locals, teachers, office workers
words _who PRON: we, I, my friends/NOUN, my sister/NOUN, our neighbours/NOUN, the/DET mayor/NOUN
words _fan[m=sg] NOUN: my/PRON sister, my/PRON brother, everyone/PRON, the/DET mayor, our/PRON teacher, my/PRON grandmother
words _fan[m=pl] NOUN: I/PRON, we/PRON, my/PRON friends, our/PRON neighbours, my/PRON parents
words _owner NOUN {owner=$}: two/NUM sisters, a/DET young/ADJ couple, a/DET retired/ADJ sailor, a/DET artist, three/NUM friends,
  a/DET former/ADJ teacher
words _waiters NOUN: owners, staff, guides, workers
words _kindness ADJ {service=$}: friendly, helpful, polite, slow, kind, patient, cheerful
words _paper[m=sg] NOUN: newspaper, guide, radio/NOUN station, council
words _paper[m=pl] NOUN: visitors, guests, critics, readers
words _local ADJ: local, regional, weekly
words _most ADJ: most, many, all/DET, several, some/DET
words _its[n=sg] PRON: its
words _its[n=pl] PRON: their
words _outside ADV: outside, inside, at/ADP the/DET back/NOUN, nearby

# What a place has.
words _feature[k=eat,m=sg] NOUN {feature=$}: terrace, garden, fireplace
words _feature[k=eat,m=pl] NOUN: terraces{feature=terrace}, fireplaces{feature=fireplace}, balconies{feature=balcony}
words _feature[k=shop,m=sg] NOUN {feature=$}: reading corner, back room, courtyard
words _feature[k=shop,m=pl] NOUN: floors{feature=floor}, windows{feature=window}, entrances{feature=entrance}
words _feature[k=show|theatre,m=sg] NOUN {feature=$}: gift shop, courtyard, lecture room
words _feature[k=show|theatre,m=pl] NOUN: halls{feature=hall}, floors{feature=floor}, entrances{feature=entrance}
words _feature[k=park,m=sg] NOUN {feature=$}: playground, lake, bandstand
words _feature[k=park,m=pl] NOUN: lakes{feature=lake}, playgrounds{feature=playground}, tennis courts{feature=tennis court}
words _feature[k=inn,m=sg] NOUN {feature=$}: bar, garden, pool
words _feature[k=inn,m=pl] NOUN: pools{feature=pool}, bars{feature=bar}, dining rooms{feature=dining room}

# What a place offers: uncountable nouns, then plural ones.
words _good[k=cafe,m=sg] NOUN {offers=$}: coffee, tea, apple cake, chocolate
words _good[k=cafe,m=pl] NOUN {offers=$}: sandwiches, scones, pancakes, cakes
words _good[k=bakery,m=sg] NOUN {offers=$}: bread, rye bread, cheesecake, shortbread
words _good[k=bakery,m=pl] NOUN {offers=$}: cakes, rolls, pies, biscuits
words _good[k=restaurant,m=sg] NOUN {offers=$}: pasta, fish, soup, curry
words _good[k=restaurant,m=pl] NOUN {offers=$}: noodles, steaks, dumplings, salads
words _good[k=pub,m=sg] NOUN {offers=$}: beer, cider, stew, ale
words _good[k=pub,m=pl] NOUN {offers=$}: pies, chips, sausages, snacks
words _good[k=bookshop,m=sg] NOUN {offers=$}: poetry, fiction, sheet music, paper
words _good[k=bookshop,m=pl] NOUN {offers=$}: novels, maps, comics, travel guides
words _good[k=market,m=sg] NOUN {offers=$}: cheese, honey, fruit, fish
words _good[k=market,m=pl] NOUN {offers=$}: vegetables, eggs, apples, herbs
words _good[k=florist,m=sg] NOUN {offers=$}: lavender, ivy, heather, jasmine
words _good[k=florist,m=pl] NOUN {offers=$}: roses, tulips, lilies, orchids
words _good[k=toyshop,m=sg] NOUN {offers=$}: clay, chalk, paint, glitter
words _good[k=toyshop,m=pl] NOUN {offers=$}: puzzles, dolls, kites, board games
words _good[k=museum,m=sg] NOUN {offers=$}: pottery, armour, furniture, glass
words _good[k=museum,m=pl] NOUN {offers=$}: coins, clocks, fossils, ship models
words _good[k=gallery,m=sg] NOUN {offers=$}: photography, art, sculpture, glass
words _good[k=gallery,m=pl] NOUN {offers=$}: paintings, drawings, portraits, prints
words _good[k=theatre,m=sg] NOUN {offers=$}: comedy, drama, jazz, opera
words _good[k=theatre,m=pl] NOUN {offers=$}: plays, concerts, musicals, puppet shows
words _good[k=park,m=sg] NOUN {offers=$}: shade, wildlife, scenery, greenery
words _good[k=park,m=pl] NOUN {offers=$}: paths, flower beds, trees, ponds
words _good[k=inn,m=sg] NOUN {offers=$}: breakfast, parking, accommodation, food
words _good[k=inn,m=pl] NOUN {offers=$}: rooms, meals, suites, bicycles
words _fresh[k=cafe] ADJ: fresh, delicious, excellent, organic
words _fresh[k=bakery] ADJ: fresh, warm, sweet, homemade
words _fresh[k=restaurant] ADJ: spicy, fresh, Italian, Indian
words _fresh[k=pub] ADJ: local, good, hearty, excellent
words _fresh[k=bookshop] ADJ: secondhand, rare, new, foreign
words _fresh[k=market] ADJ: fresh, local, organic, good
words _fresh[k=florist] ADJ: fresh, local, scented, dried
words _fresh[k=toyshop] ADJ: colourful, new, handmade, bright
words _fresh[k=museum] ADJ: ancient, rare, Roman, medieval
words _fresh[k=gallery] ADJ: modern, local, abstract, famous
words _fresh[k=theatre] ADJ: modern, classic, new, live
words _fresh[k=park] ADJ: beautiful, lovely, natural, wonderful
words _fresh[k=inn] ADJ: comfortable, good, simple, excellent
words _taste[k=eat] ADJ {quality=$}: delicious, excellent, tasty, fresh, good
words _taste[k=shop] ADJ {quality=$}: excellent, beautiful, good, unusual, ordinary
words _taste[k=show|theatre] ADJ {quality=$}: impressive, famous, excellent, remarkable, superb
words _taste[k=park|inn] ADJ {quality=$}: wonderful, excellent, good, beautiful, comfortable
)";
}

}  // namespace difflm
