"""Trains with gensim, as a user would for speed: corpus_file and its compiled routines.

    gensim_train.py CORPUS VECTORS sg|cbow DIM EPOCHS THREADS SEED
"""
import sys

from gensim.models import Word2Vec

corpus, vectors, model, dim, epochs, threads, seed = sys.argv[1:]
trained = Word2Vec(
    corpus_file=corpus, sg=int(model == "sg"), vector_size=int(dim), epochs=int(epochs),
    workers=int(threads), seed=int(seed), window=5, negative=5, sample=1e-4, min_count=5,
    alpha=0.025 if model == "sg" else 0.05)
trained.wv.save_word2vec_format(vectors, binary=True)
