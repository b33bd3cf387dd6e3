/*
 * Walks both names once; allocates nothing.
 */
#include "collector/base/human_order.h"

#include <string.h>

int human_compare(const char *a, const char *b)
{
    const char *left = a, *right = b;
    while (*left || *right) {
        size_t left_size = strcspn(left, "0123456789"), right_size = strcspn(right, "0123456789");
        size_t common = left_size < right_size ? left_size : right_size;
        int order = memcmp(left, right, common);
        if (order)
            return order;
        if (left_size != right_size)
            return left_size < right_size ? -1 : 1;
        left += left_size;
        right += right_size;
        if (!*left || !*right) {
            if (*left || *right)
                return *left ? 1 : -1;
            break;
        }
        left += strspn(left, "0");
        right += strspn(right, "0");
        left_size = strspn(left, "0123456789");
        right_size = strspn(right, "0123456789");
        if (left_size != right_size)
            return left_size < right_size ? -1 : 1;
        order = memcmp(left, right, left_size);
        if (order)
            return order;
        left += left_size;
        right += right_size;
    }
    return strcmp(a, b);
}
