/* SPDX-License-Identifier: MIT */
/* Making tapes that know the library's operations, laid out as inline.h shows. */
#define AD_INLINE_LAYOUT_ONLY
#include "autodiff/inline.h"
#include "ops/elementwise.h"
#include "ops/kernels/kernels.h"
#include "ops/operations.h"

#define SAME(shown, own)                                                                           \
    _Static_assert((shown) == (own), "autodiff/inline.h: raise AD_INLINE_LAYOUT")
#define SAME_PLACE(shown, own, field) SAME(offsetof(shown, field), offsetof(own, field))
#define SAME_CODE(name, code) SAME((int)AD_INLINE_##name, (int)CODE_##name);
AD_INLINE_CODES(SAME_CODE)
SAME((int)AD_INLINE_INPUT, (int)CODE_INPUT);
SAME((int)AD_INLINE_NODES, (int)CHUNK_NODES);
SAME((int)AD_INLINE_NUMBERS, (int)NUMBER_SLOTS);
SAME((int)AD_INLINE_ACTIVE, (int)NODE_ACTIVE);
SAME((int)AD_INLINE_ACTIVE, (int)HANDLE_ACTIVE);
SAME((int)AD_INLINE_WANTS_SHIFT, (int)WANTS_SHIFT);
SAME((int)AD_INLINE_CODE_SHIFT, (int)CODE_SHIFT);
SAME_PLACE(ad_inline_chunk, tape_chunk, value);
SAME_PLACE(ad_inline_chunk, tape_chunk, left);
SAME_PLACE(ad_inline_chunk, tape_chunk, right);
SAME_PLACE(ad_inline_chunk, tape_chunk, tag);
SAME_PLACE(ad_inline_number, tape_shared, bits);
SAME_PLACE(ad_inline_number, tape_shared, node);
SAME_PLACE(ad_inline_number, tape_shared, epoch);
SAME_PLACE(ad_inline_tape, ad_tape, layout);
SAME_PLACE(ad_inline_tape, ad_tape, next);
SAME_PLACE(ad_inline_tape, ad_tape, record_flags);
SAME_PLACE(ad_inline_tape, ad_tape, chunks);
SAME_PLACE(ad_inline_tape, ad_tape, filling);
SAME_PLACE(ad_inline_tape, ad_tape, numbers);

static ad_tape *laid_out(ad_tape *tape)
{
    if (tape) tape->layout = AD_INLINE_LAYOUT;
    return tape;
}

ad_tape *ad_tape_new(void)
{
    return laid_out(tape_create(NULL, &operation_hooks));
}

ad_tape *ad_tape_new_with(const ad_allocator *allocator)
{
    return laid_out(tape_create(allocator, &operation_hooks));
}

#define TEXT(number) #number
#define NUMBERED(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

/* Each thread writes its own copy of the same text: nothing is shared. */
const char *ad_version(void)
{
    static _Thread_local char text[80];
    snprintf(text, sizeof text, "%s (%s)",
             NUMBERED(AD_VERSION_MAJOR, AD_VERSION_MINOR, AD_VERSION_PATCH), kernel_backend());
    return text;
}
