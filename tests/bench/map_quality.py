"""How well a map keeps neighbours: w2v's maps beside those of scikit-learn's t-SNE.

    map_quality.py VECTORS sklearn SEED          a map by scikit-learn, and its figures
    map_quality.py VECTORS map MAP.tsv           the figures of a map by w2v

VECTORS: word2vec's text format, the words in the order of the map. A line of figures: the share of
each word's 15 nearest neighbours in the space that are among its 15 nearest on the map, and the
trustworthiness (Venna and Kaski 2001), both with cosine in the space; then the seconds that
scikit-learn took.
"""
import sys
import time

import numpy

K = 15


def read_vectors(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        _, dim = next(lines).split()
        rows = [line.rstrip("\n").rsplit(" ", int(dim))[1:] for line in lines]
    vectors = numpy.array(rows, dtype=numpy.float32)
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def read_map(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        return numpy.array([line.split("\t")[1:3] for line in lines], dtype=numpy.float64)


def sklearn_map(vectors, seed):
    from sklearn.manifold import TSNE
    tsne = TSNE(init="pca", learning_rate="auto", random_state=seed, n_jobs=2)
    return tsne.fit_transform(vectors).astype(numpy.float64)


def figures(vectors, places):
    """Both figures, word by word: neighbours are few, distances many."""
    n = len(vectors)
    kept = penalty = 0
    for i in range(n):
        far = -(vectors @ vectors[i])
        apart = ((places - places[i]) ** 2).sum(axis=1)
        far[i] = apart[i] = numpy.inf
        near = numpy.argpartition(far, K)[:K]
        shown = numpy.argpartition(apart, K)[:K]
        false = numpy.setdiff1d(shown, near)
        kept += K - len(false)
        for j in false:
            penalty += int((far < far[j]).sum()) + 1 - K
    return kept / (n * K), 1 - penalty * 2 / (n * K * (2 * n - 3 * K - 1))


def main():
    path, kind, which = sys.argv[1:]
    vectors = read_vectors(path)
    began = time.time()
    places = sklearn_map(vectors, int(which)) if kind == "sklearn" else read_map(which)
    seconds = time.time() - began
    if len(places) != len(vectors):
        sys.exit(f"{which}: {len(places)} places for {len(vectors)} words")
    kept, trust = figures(vectors, places)
    print(f"{kept:.4f}\t{trust:.4f}\t{seconds:.1f}")


main()
