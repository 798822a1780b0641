"""fastText's files, both ways: what fastText's own program and gensim make of the files that w2v
writes, and w2v of theirs. Needs what Debian calls fasttext and python3-gensim; prints
"N passed, N failed" as its last line.

    W2V=build/release/w2v /usr/bin/python3 tests/interop/fasttext.py
"""
import os
import random
import subprocess
import sys
import tempfile

import numpy
from gensim.models.fasttext import load_facebook_model, load_facebook_vectors

W2V = os.path.realpath(os.environ.get("W2V", "build/release/w2v"))
ASKED = int(os.environ.get("ASKED", 10000))
passed = failed = 0


def report(name, good, why=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"ok {name}" if good else f"not ok {name} {why}")


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def make_corpus():
    chosen = random.Random(3)
    stems = ["wört", "haus", "北京", "run", "light", "naïve", "übung", "tower"]
    ends = ["", "s", "ing", "er", "lich", "ness", "京", "ed"]
    words = [a + b for a in stems for b in ends]
    weights = [1 / (1 + i) for i in range(len(words))]
    lines = [" ".join(chosen.choices(words, weights, k=10)) for _ in range(3000)]
    with open("corpus", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    letters = "abcdefghijklmnopqrstuvwxyzäöüß北京上"
    asked = words + ["".join(chosen.choices(letters, k=chosen.randint(1, 14))) for _ in range(ASKED)]
    return words, asked[:ASKED]


def table(text, separator):
    rows = [line.split(separator, 1) for line in text.splitlines()]
    return {word: numpy.array(numbers.split(), dtype=numpy.float32) for word, numbers in rows}


def differ(a, b, digits):
    """The words of which a number differs in its first digits, as the longest number has them."""
    return [w for w in a if not numpy.allclose(a[w], b[w], rtol=0,
                                               atol=0.6 * 10.0 ** -digits * (1e-9 + 10 * abs(a[w]).max()))]


def check_vectors(name, path, own, asked, subwords):
    lines = "\n".join(asked) + "\n"
    theirs = table(run("fasttext", "print-word-vectors", path, text=lines), " ")
    ours = table(run(W2V, "vector", path, "-q", "--oov", "subword" if subwords else "row", text=lines), "\t")
    same = table(run(W2V, "vector", own, "-q", "--oov", "subword" if subwords else "row", text=lines), "\t")
    vectors = load_facebook_vectors(path)
    if not subwords:  # fastText gives zeros to what it does not know
        asked = [word for word in asked if word in vectors.key_to_index]
    wanted = {word: theirs[word] for word in asked}
    got = {word: numpy.array(vectors[word]) for word in asked}
    report(f"{name}: {len(wanted)} vectors", len(wanted) == len(set(asked)) > 50)
    for reader, table_of, digits in (("w2v", ours, 5), ("w2v's own file", same, 5), ("gensim", got, 5)):
        wrong = differ(wanted, table_of, digits)
        report(f"{name}: vectors as fastText prints them, {reader}", not wrong, str(wrong[:5]))
    wrong = [word for word in asked if not numpy.array_equal(ours[word], same[word])]
    report(f"{name}: the bits of w2v's own file", not wrong, str(wrong[:5]))
    wrong = differ({word: ours[word] for word in asked}, got, 6)
    report(f"{name}: six digits as gensim has them", not wrong, str(wrong[:5]))


def close(theirs, ours):
    """The same answers; those that score alike may come in any order, and some of the last be others."""
    scores = [abs(a[1] - b[1]) < 2e-5 for a, b in zip(theirs, ours)]
    last, names = theirs[-1][1] + 2e-5, {word for word, _ in ours}
    return len(theirs) == len(ours) and all(scores) and all(a[0] in names for a in theirs if a[1] > last)


def answers(lines, prompt):
    rows = [line.replace(prompt, "").split() for line in lines]
    return [(row[0], float(row[1])) for row in rows if len(row) == 2]


def check_queries(name, path, asked):
    for word in asked:
        lines = run("fasttext", "nn", path, "8", text=word + "\n").splitlines()
        rows = [row.split("\t") for row in run(W2V, "neighbors", path, word, "-k", "8", "-q").splitlines()]
        theirs, ours = answers(lines, "Query word? "), [(row[1], float(row[2])) for row in rows]
        report(f"{name}: nn {word}", len(theirs) == 8 and close(theirs, ours), f"{theirs} {ours}")
    check_analogy(name, path)


def check_analogy(name, path):
    """fastText's program never ends here, so it is ended once it has answered."""
    with subprocess.Popen(["fasttext", "analogies", path, "5"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as process:
        process.stdin.write("wört haus run\n")
        process.stdin.close()
        lines = [process.stdout.readline() for _ in range(6)]  # "Loading model" is the first
        process.kill()
    rows = run(W2V, "analogy", path, "wört", "haus", "run", "-k", "5", "-q").splitlines()
    theirs = answers(lines, "Query triplet (A - B + C)? ")
    ours = [(row.split("\t")[1], float(row.split("\t")[2])) for row in rows]
    report(f"{name}: analogies", len(theirs) == 5 and close(theirs, ours), f"{lines} {ours}")


def check_training(name, path, has_output):
    model = load_facebook_model(path)
    before = model.wv["wörts"].copy()
    sentences = [line.split() for line in open("corpus", encoding="utf-8")][:300]
    model.train(sentences, total_examples=len(sentences), epochs=1)
    after = model.wv["wörts"]
    report(f"{name}: gensim trains on", numpy.isfinite(after).all() and
           (not has_output or not numpy.array_equal(before, after)))


def matrices(path):
    """The bytes from the input matrix on."""
    data = open(path, "rb").read()
    at, n = 8 + 48 + 8 + 12 + 16, int.from_bytes(data[64:68], "little")
    for _ in range(n):
        at = data.index(b"\0", at) + 10
    return data[at:]


def check_file(name, path, own, asked, subwords, has_output=True):
    check_vectors(name, path, own, asked, subwords)
    check_queries(name, path, ["hausing", "run"] + (["unseenlich"] if subwords else []))
    check_training(name, path, has_output)


def check_theirs(words, asked):
    """Files that fastText trained, by way of w2v's own format."""
    kinds = {"sg": ["skipgram"], "cbow": ["cbow"], "sg hs": ["skipgram", "-loss", "hs"],
             "cbow hs": ["cbow", "-loss", "hs"], "plain": ["skipgram", "-maxn", "0"],
             "short": ["skipgram", "-minn", "1", "-maxn", "2"]}
    for name, arguments in kinds.items():
        run("fasttext", *arguments, "-input", "corpus", "-output", "theirs", "-dim", "20", "-epoch", "2",
            "-bucket", "3000", "-minCount", "1", "-thread", "1")
        run(W2V, "convert", "theirs.bin", "own.bin", "-q")
        run(W2V, "convert", "own.bin", "back.ftbin", "-q")
        report(f"{name}: the same matrices after both ways", matrices("theirs.bin") == matrices("back.ftbin"))
        check_file(name, "back.ftbin", "own.bin", asked, name != "plain")


def check_ours(asked):
    """Files that w2v trained."""
    subwords = ["--subwords", "--buckets", "3000"]
    kinds = {"w2v sg": ["-m", "sg"], "w2v cbow": ["-m", "cbow"],
             "w2v sg hs": ["-m", "sg", "--loss", "hs"], "w2v cbow hs": ["-m", "cbow", "--loss", "hs"],
             "w2v sg subwords": ["-m", "sg", *subwords], "w2v cbow subwords": ["-m", "cbow", *subwords],
             "w2v sg hs subwords": ["-m", "sg", "--loss", "hs", *subwords]}
    for name, arguments in kinds.items():
        composed = "--subwords" in arguments
        common = ["train", "corpus", "-q", "-d", "20", "-e", "2", "--min-count", "1",
                  "--tokenizer", "whitespace", *arguments]
        run(W2V, *common, "-o", "ours.ftbin")
        run(W2V, *common, "-o", "own.bin")
        check_file(name, "ours.ftbin", "own.bin", asked, composed)
        run(W2V, "convert", "own.bin", "zeros.ftbin", "-q")
        check_file(f"{name}, no output matrix", "zeros.ftbin", "own.bin", asked, composed, False)


def check_quantized(words, asked):
    chosen = random.Random(4)
    with open("labelled", "w", encoding="utf-8") as file:
        for i in range(3000):
            file.write(f"__label__{i % 300} {' '.join(chosen.choices(words, k=8))}\n")
    run("fasttext", "supervised", "-input", "labelled", "-output", "sup", "-dim", "10", "-epoch", "1",
        "-bucket", "2000", "-minn", "2", "-maxn", "4", "-thread", "1")
    kinds = {"quantized": ["-dsub", "3"], "quantized output": ["-qout", "-qnorm"],
             "pruned": ["-qnorm", "-cutoff", "1000"]}
    for name, arguments in kinds.items():
        run("fasttext", "quantize", "-input", "labelled", "-output", "sup", *arguments)
        lines = "\n".join(asked) + "\n"
        theirs = table(run("fasttext", "print-word-vectors", "sup.ftz", text=lines), " ")
        ours = table(run(W2V, "vector", "sup.ftz", "-q", "--oov", "row", text=lines), "\t")
        known = {word: row for word, row in theirs.items() if not numpy.isnan(ours[word]).any()}
        wrong = differ(known, ours, 5)
        report(f"{name}: words", len(known) > 50 and not wrong, str(wrong[:5]))
        made = subprocess.run([W2V, "vector", "sup.ftz", "-q"], input=lines, capture_output=True,
                              encoding="utf-8").stdout  # a word may have no n-gram left
        ours = table(made, "\t")
        wrong = differ({word: theirs[word] for word in ours}, ours, 5)
        lost = [word for word in theirs if word not in ours and theirs[word].any()]
        report(f"{name}: {len(ours)} words of any kind", len(ours) > ASKED / 2 and not wrong + lost,
               str((wrong + lost)[:5]))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        words, asked = make_corpus()
        for check in (lambda: check_theirs(words, asked), lambda: check_ours(asked),
                      lambda: check_quantized(words, asked)):
            try:
                check()
            except Exception as error:  # whatever a reader makes of a file is the result
                report("a program fails", False, str(error))
        os.chdir("/")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
