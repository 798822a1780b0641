"""Answers queries with gensim, as a user would.

    gensim_queries.py neighbors VECTORS WORDS     WORD<TAB>NEIGHBOUR<TAB>COSINE, ten a word
    gensim_queries.py eval VECTORS QUESTIONS      RIGHT<TAB>USED of the first 30,000 words
The time of the queries alone, without loading, goes to standard error as "seconds X".
"""
import sys
import time

from gensim.models import KeyedVectors

task, vectors, queries = sys.argv[1:]
wv = KeyedVectors.load_word2vec_format(vectors, binary=True)
if task == "neighbors":
    words = [line.rstrip("\n") for line in open(queries, encoding="utf-8")]
    wv.fill_norms()
    began = time.time()
    answers = [wv.most_similar(word, topn=10) for word in words]
    print("seconds", time.time() - began, file=sys.stderr)
    for word, answer in zip(words, answers):
        for other, cosine in answer:
            print(f"{word}\t{other}\t{cosine:.8f}")
else:
    began = time.time()
    _, sections = wv.evaluate_word_analogies(queries, restrict_vocab=30000)
    print("seconds", time.time() - began, file=sys.stderr)
    total = sections[-1]
    print(f"{len(total['correct'])}\t{len(total['correct']) + len(total['incorrect'])}")
