"""Trains with gensim, its defaults where nothing else is said.

    gensim_items.py CORPUS VECTORS THREADS [OPTION=NUMBER...] SEED
"""
import ast
import sys

from gensim.models import Word2Vec

corpus, vectors, threads, *rest, seed = sys.argv[1:]
options = {name: ast.literal_eval(value) for name, value in (o.split("=") for o in rest)}
trained = Word2Vec(corpus_file=corpus, workers=int(threads), seed=int(seed), **options)
trained.wv.save_word2vec_format(vectors, binary=True)
