"""Calls libw2v.so by ctypes, as its header declares it: trains on lines of Python, asks, compares.

    W2V=build/release/w2v python3 tests/interop/call.py build/release/libw2v.so.0

The declarations are read from include/w2v.h, so that all of it is tried: every function is in the
library, and every struct has the size that the C compiler gives it. Ends with "N passed, N failed".
"""
import ctypes
import os
import re
import subprocess
import sys
import tempfile

HEADER = os.path.join(os.path.dirname(__file__), "../../include")
SIMPLE = {
    "void": None, "bool": ctypes.c_bool, "char": ctypes.c_char, "int": ctypes.c_int,
    "unsigned": ctypes.c_uint, "float": ctypes.c_float, "double": ctypes.c_double,
    "size_t": ctypes.c_size_t, "int64_t": ctypes.c_int64, "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
}


class Header:
    """What w2v.h declares: constants, structs, types of callbacks, functions."""

    def __init__(self, text):
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        self.constants, self.structs, self.callbacks, self.functions = {}, {}, {}, {}
        self.bytes = ctypes.c_char_p
        for name, value in re.findall(r"^#define (W2V_\w+) (\S+)$", text, re.M):
            self.constants[name] = value
        text = re.sub(r"^#.*$", "", text, flags=re.M).replace('extern "C" {', "")
        for name in re.findall(r"\bstruct (\w+)", text):
            self.structs.setdefault(name, type(name, (ctypes.Structure,), {}))
        for body in re.findall(r"\benum \w*\s*\{(.*?)\}", text, re.S):
            self.enum(body)
        self.bytes = ctypes.c_void_p  # what a callback is given need not end in a NUL
        for result, name, arguments in re.findall(r"typedef (\w+) \(\*(\w+)\)\((.*?)\);", text,
                                                  re.S):
            self.callbacks[name] = ctypes.CFUNCTYPE(self.type(result, 0),
                                                    *self.arguments(arguments))
        self.bytes = ctypes.c_char_p
        for name, body in re.findall(r"\bstruct (\w+)\s*\{(.*?)\};", text, re.S):
            self.structs[name]._fields_ = self.fields(body)
        text = re.sub(r"\b(struct|enum) \w*\s*\{.*?\};|typedef .*?;", "", text, flags=re.S)
        for result, name, arguments in re.findall(r"([\w\s*]+?)\b(w2v_\w+)\((.*?)\);", text, re.S):
            self.functions[name] = (self.type(result, 0), self.arguments(arguments))

    def enum(self, body):
        value = -1
        for item in filter(None, (part.strip() for part in body.split(","))):
            name, _, given = (part.strip() for part in item.partition("="))
            value = int(given) if given else value + 1
            self.constants[name] = value

    def type(self, words, stars):
        """The type of "const struct w2v_model *", whose name has so many stars of its own."""
        stars += words.count("*")
        kind, *rest = re.sub(r"\bconst\b|\*", " ", words).split()
        if kind == "enum":
            base = ctypes.c_int
        elif kind == "struct":
            base = self.structs[rest[0]]
        elif kind in self.callbacks:
            base = self.callbacks[kind]
        else:
            base = SIMPLE[kind]
        if stars > 0 and base in (None, ctypes.c_char):
            stars -= 1
            base = ctypes.c_void_p if base is None else ctypes.c_char_p if stars else self.bytes
        for _ in range(stars):
            base = ctypes.POINTER(base)
        return base

    def declared(self, text):
        """A declaration's names and types: "size_t *begin, *members", "char message[1024]"."""
        first, *others = text.split(",")
        kind, stars, name, length = re.match(
            r"((?:const )?(?:struct |enum )?\w+(?: const)?)\s*([\w\s*]*?)(\w*)\s*(\[\w+\])?$",
            first.strip()).groups()
        if not name:
            stars, name = "", stars
        for item in [stars + name + (length or "")] + others:
            stars, name, length = re.match(r"([\s*]*(?:const)?[\s*]*)(\w*)\s*(\[\w+\])?$",
                                           item.strip()).groups()
            of = self.type(kind, stars.count("*"))
            if length:
                length = length.strip("[]")
                of = of * int(self.constants.get(length, length))
            yield name, of

    def fields(self, body):
        return [field for line in body.split(";") if line.strip() for field in self.declared(line)]

    def arguments(self, text):
        if text.strip() == "void":
            return []
        return [kind for part in text.split(",") for _, kind in self.declared(part)]

    def load(self, path):
        library = ctypes.CDLL(path)
        for name, (result, arguments) in self.functions.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        library.w2v_word.restype = ctypes.c_void_p  # nor do words
        return library


passed = failed = 0


def check(name, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print("ok" if good else "not ok", name)


def sizes_in_c(names, folder):
    lines = "".join(f'    printf("%zu\\n", sizeof(struct {name}));\n' for name in names)
    source, program = os.path.join(folder, "sizes.c"), os.path.join(folder, "sizes")
    with open(source, "w", encoding="ascii") as file:
        file.write('#include <stdio.h>\n#include "w2v.h"\nint main(void)\n{\n' + lines + "}\n")
    subprocess.run([os.environ.get("CC", "cc"), "-I", HEADER, "-o", program, source], check=True)
    return [int(line) for line in subprocess.check_output([program]).split()]


def members(kind, before=0, prefix=""):
    """The places of a struct's members by name, those of structs within it too."""
    for name, of in kind._fields_:
        at = before + getattr(kind, name).offset
        if issubclass(of, ctypes.Structure):
            yield from members(of, at, prefix + name + ".")
        else:
            yield prefix + name, (at, ctypes.sizeof(of))


def check_options(library, whole):
    """The table of options has every member that is one, and the command line has every row."""
    rows = []
    while library.w2v_train_option(len(rows)):
        rows.append(library.w2v_train_option(len(rows))[0])
    places = {(row.offset, row.size) for row in rows}
    others = {name for name, place in members(whole["w2v_train_options"]) if place not in places}
    check("every member that is an option is in the table", len(places) == len(rows) and others == {
        "text.progress", "text.progress_context", "text.next_line", "text.next_line_context",
        "resume", "notice", "notice_context", "phrases.memory", "phrases.save_path",
        "phrases.apply_path", "walk.seed"})
    told = subprocess.check_output([os.environ.get("W2V", "build/release/w2v"), "help", "train"])
    spelt = {b"phrase_passes": b"phrases", b"file": b"to"}
    missing = [row.key for row in rows
               if b"--" + spelt.get(row.key, row.key.replace(b"_", b"-")) not in told.split()]
    check("every row is an option of the command line", not missing)


def main(path, folder):
    with open(os.path.join(HEADER, "w2v.h"), encoding="utf-8") as file:
        header = Header(file.read())
    library = header.load(path)
    check(f"all {len(header.functions)} functions are there", len(header.functions) > 60)
    whole = {name: kind for name, kind in header.structs.items() if hasattr(kind, "_fields_")}
    check(f"all {len(whole)} structs have their sizes",
          [ctypes.sizeof(kind) for kind in whole.values()] == sizes_in_c(whole, folder))
    version = library.w2v_version().decode()
    check("the version is the header's", f'"{version}"' == header.constants["W2V_VERSION"])

    text = [f"the cat{i % 3} and the dog{i % 5} run".encode() for i in range(600)]
    pending, phases, counts = iter(text), set(), {}

    @header.callbacks["w2v_line_fn"]
    def next_line(_, line, n_bytes):
        words = next(pending, None)
        if words is None:
            return 0
        line[0], n_bytes[0] = words, len(words)
        return 1

    @header.callbacks["w2v_progress_fn"]
    def progress(_, state):
        phases.add(state[0].phase)
        return 0

    @header.callbacks["w2v_word_fn"]
    def count(_, word, n_bytes, times):
        counts[ctypes.string_at(word, n_bytes)] = times

    error = whole["w2v_error"]()
    options = whole["w2v_train_options"]()
    library.w2v_train_options_init(options)
    check_options(library, whole)
    for key, value in ((b"dim", b"20"), (b"epochs", b"2")):
        library.w2v_train_option_set(options, key, value, error)
    options.text.next_line, options.text.progress = next_line, progress
    library.w2v_count_words(None, 0, options.text, count, None, None, error)
    check("words are counted", counts[b"the"] == 1200 and counts[b"cat0"] == 200)

    pending = iter(text)
    model_path, file_path = os.path.join(folder, "lines.bin"), os.path.join(folder, "file.bin")
    report = whole["w2v_train_report"]()
    status = library.w2v_train(None, 0, model_path.encode(), options, report, error)
    check("it trains on lines of Python", status == 0 and report.n_trained == 2 * 6 * 600)
    library.w2v_train_report_release(report)
    corpus = os.path.join(folder, "corpus")
    with open(corpus, "wb") as file:
        file.write(b"".join(line + b"\n" for line in text))
    subprocess.run([os.environ.get("W2V", "build/release/w2v"), "train", corpus, "-q", "-o",
                    file_path, "-d", "20", "-e", "2"], check=True)
    with open(model_path, "rb") as one, open(file_path, "rb") as other:
        check("to the bytes that the command writes", one.read() == other.read())

    model = ctypes.POINTER(header.structs["w2v_model"])()
    check("the model opens", library.w2v_open(model, model_path.encode(), error) == 0)
    ids = (ctypes.c_size_t * 1)(library.w2v_find(model, b"cat1", 4))
    search = whole["w2v_search_options"]()
    library.w2v_search_options_init(search)
    search.k = 3
    hits, n_hits = (whole["w2v_hit"] * 3)(), (ctypes.c_size_t * 1)()
    status = library.w2v_neighbors(model, ids, 1, search, hits, n_hits, error)
    length = ctypes.c_size_t()
    words = {ctypes.string_at(library.w2v_word(model, hit.id, length), length.value)
             for hit in hits}
    check("and answers", status == 0 and n_hits[0] == 3 and words <= set(counts) - {b"cat1"})
    library.w2v_close(model)
    status = library.w2v_open(model, b"/nowhere", error)
    check("an error has its code and its line",
          status == header.constants["W2V_EIO"] and b"/nowhere" in error.message)


with tempfile.TemporaryDirectory() as temporary:
    main(os.path.abspath(sys.argv[1]), temporary)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
