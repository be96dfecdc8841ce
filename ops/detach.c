/* A value as a constant.
 *
 *     y = x              x' gets nothing
 */
#include "ops/operations.h"

#include <string.h>

static bool detach_values(const evaluation *e)
{
    size_t size = matrix_size(&e->in[0]);
    if (size) memcpy(e->output, e->in[0].values, size * sizeof *e->output);
    return true;
}

const operation detach_operation = {
    .name = "detach", .step = true, .shape = shape_same, .values = detach_values};

ad_var ad_detach(ad_var x)
{
    return TAPE_RECORD(&detach_operation, x);
}

OPERATION_FAMILY(detach, &detach_operation);
