/*
 * Reads data files (preload/format.h) into a model. Data files are untrusted: every length is
 * checked before use; the valid part of a bad file is kept, the file named in a warning, and
 * nothing is ever written to it. Files may be mapped and marked by living processes meanwhile.
 */
#ifndef COVFORK_READ_DATA_H
#define COVFORK_READ_DATA_H

#include "collector/base/error.h"
#include "collector/base/file_bytes.h"
#include "preload/format.h"
#include "collector/base/hash_map.h"
#include "collector/model/model.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

/*
 * Reads the files of one session (their keys belong together), or one combined file. The model and
 * the warnings are the caller's; a warning is one line that begins with the file's name.
 */
struct data_reader {
    struct model *model;
    struct string_list *warnings;
    const uint8_t *session; /* FORMAT_ID_SIZE bytes that each file must name; NULL: any */
    bool counts_lines;      /* set by the caller to have data_file.line_count filled */
    struct hash_map key_map;
    struct data_reader_key *keys;
    size_t key_count, key_room;
    size_t next_key;                     /* where the next one that is looked for most likely is */
    struct data_reader_pending *pending; /* LINES whose SOURCE was not seen yet */
    size_t pending_count, pending_room;
    struct file_bytes buffer; /* one for all files */
};

/* What one file was. */
struct data_file {
    uint32_t flags; /* FORMAT_FLAG_* */
    uint8_t session[FORMAT_ID_SIZE];
    uint32_t pid;
    uint64_t start;
    size_t lines;      /* LINES records with at least one line */
    size_t line_count; /* distinct lines of them, where that was asked for */
    bool has_header;
    bool damaged; /* a warning says how; such a file must be kept */
};

void data_reader_init(struct data_reader *reader, struct model *model, struct string_list *warnings,
                      const uint8_t *session);
/* Reads one file; a bad one is a warning and `file->damaged`. 0, or -1 when memory ran out or the
 * file can't be read at all. */
int data_reader_read(struct data_reader *reader, const char *path, struct data_file *file,
                     struct error *error);
/* The same of a file whose bytes were read already. */
int data_reader_read_bytes(struct data_reader *reader, const char *path,
                           const struct file_bytes *bytes, struct data_file *file,
                           struct error *error);
/* True while LINES wait for a SOURCE: a living process may have described it after its session's
 * `sources` was read, which is then worth reading again. */
bool data_reader_is_waiting(struct data_reader *reader);
/* Adds what waited. Lines that no SOURCE describes are named as lost. 0 or -1 (memory). */
int data_reader_finish(struct data_reader *reader, struct error *error);
void data_reader_close(struct data_reader *reader);

#endif
