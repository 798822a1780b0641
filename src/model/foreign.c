/* Files that are mistaken for vector files. See foreign.h. */
#include "model/foreign.h"

#include "model/textfile.h"

const struct magic *foreign_of(const struct file_map *file)
{
    const struct magic *magic = magic_of(file->bytes, file->n_bytes);
    if (magic == NULL || magic->kind == MAGIC_OF_VECTORS)
        return NULL;
    /* The first word of a model may be a tag. */
    return magic->kind == MAGIC_OF_MARKUP && textfile_recognises_plain(file) ? NULL : magic;
}

const char *foreign_advice(const struct magic *magic)
{
    switch (magic->kind) {
    case MAGIC_OF_ENCODING:
        return "make it UTF-8 with iconv";
    case MAGIC_OF_CHECKPOINT:
        return "'w2v info' shows its options and place, 'w2v train --resume' goes on from it";
    case MAGIC_OF_PICKLE:
        return "gensim and PyTorch save models so; in gensim, "
               "model.wv.save_word2vec_format(FILE, binary=True) saves the vectors";
    case MAGIC_OF_ARCHIVE:
        return "unpack it first";
    case MAGIC_OF_POINTER:
        return "get the file itself with 'git lfs pull'";
    case MAGIC_OF_MARKUP:
        return "a failed download leaves such a file";
    case MAGIC_OF_VECTORS:
    case MAGIC_OF_OTHER:
        break;
    }
    return "name another file";
}
