/* The version of the library. See w2v.h. */
#include "w2v.h"

const char *w2v_version(void)
{
    return W2V_VERSION;
}
