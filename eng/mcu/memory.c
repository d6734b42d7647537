/* What compilers call by themselves, in programs without a C library. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#include <stddef.h>

void *memcpy(void *target, const void *source, size_t count)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    while (count-- > 0) {
        *to++ = *from++;
    }

    return target;
}

void *memset(void *target, int value, size_t count)
{
    unsigned char *to = target;
    while (count-- > 0) {
        *to++ = (unsigned char)value;
    }

    return target;
}
