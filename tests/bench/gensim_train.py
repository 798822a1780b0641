"""Trains with gensim as a user would for speed: from a corpus file, with its compiled routines.

    gensim_train.py CORPUS VECTORS sg|cbow DIM EPOCHS THREADS SEED [WINDOW NEGATIVE SAMPLE [LR]]
"""
import sys

from gensim.models import Word2Vec

corpus, vectors, model, dim, epochs, threads, seed = sys.argv[1:8]
window, negative, sample = sys.argv[8:11] or (5, 5, 1e-4)
rate = sys.argv[11] if len(sys.argv) > 11 else 0.025 if model == "sg" else 0.05
trained = Word2Vec(
    corpus_file=corpus, sg=int(model == "sg"), vector_size=int(dim), epochs=int(epochs),
    workers=int(threads), seed=int(seed), window=int(window), negative=int(negative),
    sample=float(sample), min_count=5, alpha=float(rate))
trained.wv.save_word2vec_format(vectors, binary=True)
