/*
 * Backtracking match of coverage.py's file patterns. Patterns come from the user's settings and are
 * short; the depth of the recursion is bounded by their number of stars.
 */
#include "glob.h"

#include <string.h>

static bool match(const char *pattern, const char *path);

/* In patterns, a backslash is a slash as well. */
static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* `rest` matches at `path` or behind any of its later slashes. */
static bool match_any_folders(const char *rest, const char *path)
{
    for (;;) {
        if (match(rest, path))
            return true;
        path = strchr(path, '/');
        if (!path)
            return false;
        path++;
    }
}

static bool match_set(const char **pattern, char c)
{
    const char *set = *pattern + 1;
    const char *end = strchr(set, ']');
    bool negated = *set == '^';
    bool found = false;
    for (set += negated; set < end; set++) {
        if (set + 2 < end && set[1] == '-') {
            found |= (unsigned char)c >= (unsigned char)set[0] &&
                     (unsigned char)c <= (unsigned char)set[2];
            set += 2;
        } else {
            found |= c == *set;
        }
    }
    *pattern = end + 1;
    return found != negated;
}

static bool match(const char *pattern, const char *path)
{
    while (*pattern) {
        if (pattern[0] == '*' && pattern[1] == '*' && is_slash(pattern[2]))
            return match_any_folders(pattern + 3, path);
        if (is_slash(pattern[0]) && pattern[1] == '*' &&
            pattern[1 + strspn(pattern + 1, "*")] == '\0')
            return *path == '/'; /* a folder's whole content */
        if (*pattern == '*') {
            do {
                if (match(pattern + 1, path))
                    return true;
            } while (*path && *path++ != '/');
            return false;
        }
        if (!*path)
            return false;
        if (*pattern == '[' && strchr(pattern, ']')) {
            if (!match_set(&pattern, *path))
                return false;
        } else {
            char wanted = is_slash(*pattern) ? '/' : *pattern;
            if (wanted == '?' ? *path == '/' : wanted != *path)
                return false;
            pattern++;
        }
        path++;
    }
    return !*path;
}

bool glob_match(const char *pattern, const char *path)
{
    if (!strpbrk(pattern, "/\\"))
        return match_any_folders(pattern, path);
    /* At the start, any stars before a slash stand for any folders. */
    size_t stars = strspn(pattern, "*");
    if (stars > 0 && is_slash(pattern[stars]))
        return match_any_folders(pattern + stars + 1, path);
    return match(pattern, path);
}
