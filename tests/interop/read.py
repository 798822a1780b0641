"""Compares vec.bin, plain.bin, vec.txt, vec.npy and vec.safetensors with the table of run.sh."""
import json
import struct
import sys

import numpy
from gensim.models import KeyedVectors

passed = failed = 0
want = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
words = [word for word, _ in want]
rows = numpy.array([[float(x) for x in row.split()] for _, row in want], dtype=numpy.float32)


def report(name, good):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    print("ok" if good else "not ok", name)


def check(name, read):
    try:
        got_words, got = read()
        report(name, list(got_words) == words and numpy.array_equal(got, rows))
    except Exception as error:  # whatever a reader makes of the file is the result
        print(" ", error)
        report(name, False)


def keyed(path, binary):
    vectors = KeyedVectors.load_word2vec_format(path, binary=binary)
    return vectors.index_to_key, vectors.vectors


def npy():
    return open("vec.words", encoding="utf-8").read().split("\n")[:-1], numpy.load("vec.npy")


def safetensors():
    data = open("vec.safetensors", "rb").read()
    (size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + size])
    (name,) = [key for key in header if key != "__metadata__"]
    tensor = header[name]
    begin, end = tensor["data_offsets"]
    body = data[8 + size :]
    got = header["__metadata__"]["words"].split("\n")
    return got, numpy.frombuffer(body[begin:end], "<f4").reshape(tensor["shape"])


check("gensim, vec.bin", lambda: keyed("vec.bin", True))
check("gensim, word2vec-plain", lambda: keyed("plain.bin", True))
check("gensim, text", lambda: keyed("vec.txt", False))
check("numpy, npy", npy)
check("safetensors", safetensors)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
