/*
 * The files that all processes of a session share: `sources` with its index, and the overflow file.
 * The caller sees to it that one thread of its process is here at a time. Nothing touches Python or
 * prints; errno may change. Not in a vfork child.
 */
#ifndef COVFORK_SESSION_FILES_H
#define COVFORK_SESSION_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* May a file of this process have `size` bytes? Beyond its limit a write would be a signal. */
bool session_files_allow_size(size_t size);

/* What the offset of a mapping is a multiple of: the kernel's page, which may have 64 KiB, and
 * FORMAT_PAGE at least. */
size_t session_files_page(void);

/* Finds the session's folder again if it was moved: session.folder is right then. True if so. */
bool session_files_follow(void);

/* Opens `name` in the session's folder, never through a link and only what may be written to (see
 * open_folder_may_write). -1 with errno. */
int session_files_open(const char *name, int flags);

/* Makes the file `name` with the `size` bytes and room for `reserved`, whole or not at all. 0 or an
 * errno; EEXIST where it is there already. The folder must be there. */
int session_files_put(const char *name, const void *bytes, size_t size, size_t reserved);

/* Removes `name` from the session's folder. */
void session_files_remove(const char *name);

/* True, and the number of bits of its bitmap, when the index has `key`. */
bool session_files_know_source(uint64_t key, uint32_t *bit_count);

/* Adds a whole SOURCE record to `sources` and its key to the index. 0, or -1 for good: `sources`
 * can't be mapped or has no more room. */
int session_files_add_source(const uint8_t *record, size_t size, uint64_t key, uint32_t bit_count);

/*
 * The overflow file, mapped shared: a data file of which all is reserved and any process may take
 * records, by its header's `next`. For processes that can make no file of their own: a full disk, a
 * limit on file sizes. NULL when it can't be had. `*size` is its size.
 */
uint8_t *session_files_overflow(size_t *size);

/* Writes a data file's header, `next` behind it. */
void session_files_write_header(uint8_t *to, const uint8_t *name, uint32_t flags, uint32_t pid);

#endif
