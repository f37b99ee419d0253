"""Words of some kinds, and which tokens are among them."""

import numpy as np

from cleaner.features.characters import Floats
from cleaner.features.wording import Hashes, hashes_of

_SECOND = frozenset("you your yours you're you'll you've you’re you’ll you’ve yourself".split())
_WE = frozenset("we our us ours we're we've we'll we’re we’ve we’ll ourselves".split())
_FIRST = frozenset("i me my mine i'm i've i'd i’m i’ve i’d myself".split())
_THIRD = frozenset("he she they his her hers their him them it its".split())
_ATTRIBUTION = frozenset(
    "said says told added according asked wrote explained noted announced reported argued".split()
)
IMPERATIVE = frozenset(
    "subscribe sign join follow share click read download support donate buy shop get learn "
    "visit see watch listen register log become help give check find discover try tap like "
    "tweet pin save order book contact email call send submit tell leave add view browse "
    "explore start enter stay keep don't don’t please want looking need love enjoy related "
    "more also advertisement".split()
)
_ASKING = frozenset(
    "subscribe subscriber subscribers subscription newsletter newsletters inbox email sign "
    "signup join member members membership register login account app apps download "
    "notifications alerts podcast donate donation donations support supporters contribution "
    "contribute fund funding patreon paypal gift buy shop store order sale "
    "discount coupon deal deals price free trial offer sponsor sponsored sponsors affiliate "
    "commission purchase follow facebook twitter instagram youtube linkedin telegram whatsapp "
    "tiktok pinterest share comment comments click tap here link read more related watch "
    "listen copyright rights reserved terms privacy policy cookies cookie disclaimer "
    "permission reproduced republished advertisement advertising ad ads".split()
)
FUNCTION = frozenset(
    "the of and to in a that is was for on with as at by it from be an are were has had have "
    "this his her their but not or which who they he she its been would will one there when "
    "if more so about than into out up can could after over also no what then them only some "
    "other".split()
)
_MONTH = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday "
    "friday saturday sunday".split()
)
LEXICONS = {
    "second": _SECOND,
    "we": _WE,
    "first": _FIRST,
    "third": _THIRD,
    "attribution": _ATTRIBUTION,
    "asking": _ASKING,
    "function": FUNCTION,
    "month": _MONTH,
}
CREDIT = frozenset("by from written reporting posted photo image photograph".split())


class Lexicon:
    """Lists of words, and which tokens are on which of them."""

    def __init__(self, **lists: frozenset[str]) -> None:
        words = sorted(frozenset().union(*lists.values()))
        hashes = hashes_of(words)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        # Behind the last word a row for those on no list.
        self._rows = np.array(
            [[words[place] in list_ for list_ in lists.values()] for place in order]
            + [[False] * len(lists)],
            dtype=np.float32,
        )

    def on(self, hashes: Hashes) -> Floats:
        """(tokens, lists) 1 where a token is on a list, else 0."""
        place = self._hashes.searchsorted(hashes)
        known = self._hashes.take(place, mode="clip") == hashes
        rows: Floats = self._rows.take(np.where(known, place, len(self._hashes)), axis=0)
        return rows
