/* The embedding projector's files. See projector.h. */
#include "model/projector.h"

#include "model/textfile.h"

static int write_rows(struct convert *c, struct outfile *out, struct w2v_error *error)
{
    return textfile_write_rows(c, out, '\t', false, error);
}

int projector_write(struct convert *c, struct w2v_error *error)
{
    return convert_pair(c, write_rows, error);
}
