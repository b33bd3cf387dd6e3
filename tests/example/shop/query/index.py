"""A full-text index: word stems, ranking by BM25, phrases, and suggestions for typing errors."""

import math
import re
from collections import Counter, defaultdict

STOP_WORDS = frozenset("a an and by for from in of on or the to with".split())
_SUFFIXES = ("ingly", "edly", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "ly")


def stem(word):
    """A rough stem: common English endings off, if enough is left."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)] + ("y" if suffix == "ies" else "")
    return word


def words(text):
    """The stems of a text in their order, without stop words."""
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if word not in STOP_WORDS:
            yield stem(word)


def distance(left, right, limit=3):
    """Edits between two words (insert, delete, replace, swap); above `limit` it gives up."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before, previous = [], list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        current = [i]
        for j, b in enumerate(right, start=1):
            cost = min(
                previous[j] + 1,
                current[j - 1] + 1,
                previous[j - 1] + (a != b),
            )
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


class Index:
    """Documents by the words in them."""

    def __init__(self, k1=1.4, b=0.6):
        self.k1 = k1
        self.b = b
        self.clear()

    def clear(self):
        self.postings = defaultdict(dict)
        self.lengths = {}
        self.vocabulary = Counter()

    def add(self, key, text):
        """Add a document, or put it in place of an older one."""
        if key in self.lengths:
            self.remove(key)
        length = 0
        for place, word in enumerate(words(text)):
            self.postings[word].setdefault(key, []).append(place)
            self.vocabulary[word] += 1
            length += 1
        self.lengths[key] = length

    def remove(self, key):
        del self.lengths[key]
        for word in [w for w, documents in self.postings.items() if key in documents]:
            self.vocabulary[word] -= len(self.postings[word].pop(key))
            if not self.postings[word]:
                del self.postings[word]
                del self.vocabulary[word]

    def rebuild(self, documents):
        """Start anew; returns how many documents and words there are."""
        self.clear()
        for key, text in documents:
            self.add(key, text)
        return len(self.lengths), len(self.vocabulary)

    def __len__(self):
        return len(self.lengths)

    def search(self, text, limit=10):
        """(key, score) pairs, the best ones first. A text in quotes is a phrase."""
        if text.startswith('"') and text.endswith('"') and len(text) > 2:
            return [(key, 1.0) for key in self._phrase(list(words(text)))][:limit]
        scores = Counter()
        if not self.lengths:
            return []
        average = sum(self.lengths.values()) / len(self.lengths)
        for word in set(words(text)):
            documents = self.postings.get(word, {})
            rarity = math.log(1 + (len(self) - len(documents) + 0.5) / (len(documents) + 0.5))
            for key, places in documents.items():
                frequency = len(places)
                norm = 1 - self.b + self.b * self.lengths[key] / average
                scores[key] += rarity * frequency * (self.k1 + 1) / (frequency + self.k1 * norm)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return ranked[:limit]

    def _phrase(self, stems):
        first, *rest = stems
        for key, places in sorted(self.postings.get(first, {}).items()):
            for place in places:
                if all(place + offset in self.postings.get(word, {}).get(key, ())
                       for offset, word in enumerate(rest, start=1)):
                    yield key
                    break

    def suggest(self, word, limit=3):
        """Words of the index that were perhaps meant."""
        wanted = stem(word.lower())
        near = []
        for known, count in self.vocabulary.items():
            edits = distance(wanted, known, limit=2)
            if 0 < edits <= 2:
                near.append((edits, -count, known))
        return [known for _, _, known in sorted(near)[:limit]]
