/*
 * What libcovfork.so writes and covfork-collect reads: the only header both sides share.
 *
 * A data folder (COVFORK_DIR, `.covfork` by default) holds one folder a session; a session is
 * everything below one root process:
 *
 *   .covfork/
 *     s-SESSION/            SESSION is 32 lower-case hexadecimal digits; mode 0700
 *       settings            what is measured, sealed by the first interpreter (text, see below)
 *       ledger              one JSON object a line, appended (see below)
 *       sources             a data file that holds SOURCE records only, shared by all processes
 *       sources.index       an array of 64-bit keys: the SOURCE records that are already written
 *       HOST.PID.START.RANDOM.data    a process's own data file
 *       overflow.data       a data file for processes that can make none, each with its PROCESS
 *       .coverage.SUFFIX    what coverage.py wrote (COVFORK_ENGINE=coverage), a file a process
 *       SUFFIX.slipcover.json   what slipcover wrote (COVFORK_ENGINE=slipcover), likewise
 *       u-UID/              the same again, of the session's processes that root had become another
 *                           user: theirs alone (their ledger, sources, data files)
 *     combined-ID.data      what `covfork combine` leaves: a data file of the same format
 *     cache/                the collector's own
 *
 * A data file is a header and a sequence of records. Integers are little-endian; records start at
 * multiples of 8 bytes. A process maps its file MAP_SHARED and sets bits while it runs, so a file
 * is valid at every instant: a record's type is stored last.
 *
 *   header                                   record
 *    0  8  magic "COVFORK\n"                  0  4  type (0 and a size: not finished, pass over
 *    8  2  version                                  it; 0 and no size: nothing is written here
 *   10  2  size of this header: 64                  up to the next multiple of 4096 in the file,
 *                                                  in `sources` up to the next byte that isn't 0)
 *   12  4  flags (FORMAT_FLAG_*)              4  4  size in bytes, this head included,
 *   16 16  session                                  a multiple of 8, at least 8
 *   32 16  random name of this file           8  …  payload
 *   48  8  start, ns since the epoch
 *   56  4  process id
 *   60  4  where the next record goes, for the processes that write (a fork's child that can make
 *          no file of its own shares its parent's); nothing to a reader
 *
 * Strings have their length beside them, no NUL, and are padded with zeros to a multiple of 8.
 * A bitmap's bit n (byte n / 8, bit n % 8) stands for line n; bit 0 is never set. Bitmaps are
 * padded with zeros to a multiple of 8 bytes.
 *
 *   PROCESS payload                          SOURCE payload
 *    0  4  process id                         0  8  key: names this record within its session
 *    4  4  parent process id                  8  8  size of the source file in bytes
 *    8  8  start, ns since the epoch         16  8  its modification time, ns since the epoch
 *   16  4  Python version, PY_VERSION_HEX    24  4  Python version, PY_VERSION_HEX
 *   20  4  length of executable              28  4  flags (SOURCE_*)
 *   24  4  length of context                 32  4  number of bits in the bitmap
 *   28  4  number of ends (0 or 1, see END)  36  4  length of path
 *   32  …  executable (sys.executable)       40  …  path (absolute)
 *    …  …  context (COVFORK_CONTEXT)          …  …  bitmap of the lines that have code
 *
 *   LINES payload                            RUN payload (combined files: a session that is in it)
 *    0  8  key of the SOURCE record           0 16  session
 *    8  4  number of bits in the bitmap      16  8  start, ns since the epoch
 *   12  4  context: 0 the process's own,     24  4  processes
 *          else the CONTEXT record's number  28  4  interpreters
 *   16  …  bitmap of the lines that ran      32  4  interpreters with data
 *                                            36  4  lost (see the ledger's "lost")
 *   CONTEXT payload                          40  4  length of root folder
 *    0  4  number, from 1                    44  4  length of executable of an interpreter
 *    4  4  length of label                   48  …  root folder
 *    8  …  label                              …  …  executable
 *
 *   ARCS payload (FORMAT_FLAG_BRANCH)
 *    0  8  key of the SOURCE record
 *    8  4  number of places
 *   12  4  context, as in LINES
 *   16  …  places, 8 bytes each: a line that control left (4, signed) and the one that it went to
 *          (4, signed). -N is the entry to, or the exit from, the code object whose first line is
 * N. A place of zeros is free: it is stored at once, by whoever finds it free. In combined files, N
 * + 2^30 as the line gone to is a branch as slipcover names it, by syntax: to line N, or with 0 out
 * of the code object.
 *
 *   HASH payload (combined files: of the bytes of a source file)
 *    0  8  key of the SOURCE record
 *    8 16  FNV-1a, 128 bits, little-endian
 *
 *   TRACER payload (combined files: a plugin of coverage.py, not Python, says what a source's lines
 *   are. A source that several plugins claim has several)
 *    0  8  key of the SOURCE record
 *    8  4  length of the plugin's name
 *   12  4  0
 *   16  …  name, as coverage.py has it: MODULE.CLASS
 *
 *   NOTE payload (combined files: why something of a run that a RUN record names was lost)
 *    0 16  session
 *   16  4  how often
 *   20  4  length of reason
 *   24  …  reason
 *
 *   RUN_EARLY payload (combined files: Pythons of a run that ended before their first line)
 *    0 16  session
 *   16  4  how many
 *   20  4  0
 *
 *   RUN_PROCESS payload (combined files: one program that a process of a run ran)
 *    0 16  session
 *   16  8  process id
 *   24  8  start of its data, or its own where it has none. These three are what it is known by
 *   32  8  when it began, ns since the epoch; 0: not known
 *   40  8  when it ended, or its last sign of life; 0: not known
 *   48  4  number, from 1
 *   52  4  number of its parent; 0: not known
 *   56  4  number of the program that it replaced; 0: none
 *   60  4  flags (RUN_PROCESS_*)
 *   64  4  how far its end is known: enum run_ending of the collector
 *   68  4  length of command
 *   72  4  length of Python's version
 *   76  4  length of context
 *   80  4  length of note: why there is no data, or not all of it
 *   84  4  0
 *   88  …  command, version, context, note
 *
 *   RUN_LINES payload (combined files: processes that ran the same lines of a source)
 *    0  8  key of the SOURCE record
 *    8  4  number of bits in the bitmap
 *   12  4  bytes of the list
 *   16  …  bitmap of the lines that ran
 *    …  …  list of RUN_PROCESS numbers in rising order: how many are passed over since the last,
 *          and how many follow there less 1, each in LEB128, again and again
 *
 * A checkout elsewhere, or anew, has other paths and times: what HASH says is equal is the same
 * file. Several LINES records may name one key: their union counts. Several SOURCE records may
 * describe one path: the union of those of the same size and time counts. In a combined file keys
 * are unique within the file. Lines that arcs lead to are in LINES as well. Where size and time are
 * both 0 they are not known: the data is another tool's, which keeps neither. A SOURCE without a
 * Python version and without bits has no line table. The path of a SOURCE record is one of Windows
 * where another tool's data is from there. A reader passes over record types it does not know: a
 * type is added without another version.
 *
 * `settings` is text, one `key=value` a line, keys repeated for lists, values percent-encoded
 * (%XX for %, and for bytes below 0x20):
 *   root=DIR  (the first process's working directory)
 *   config=FILE  (the coverage configuration that was read; absent: none)
 *   source_dir=DIR  source_pkg=NAME  include=GLOB  omit=GLOB  branch=0|1
 *   idle=TEXT  (what is said of a plugin that can do nothing with the run's engine)
 *   context=LABEL  (of the configuration: where COVFORK_CONTEXT is not set)
 *   refused=TEXT  (why the configuration does not count: coverage.py would not have run with it)
 *   unused=TEXT  (an option of it that has no effect, or that nobody knows)
 *
 * `ledger`: each line is one object of at most LEDGER_LINE_MAX bytes, newline included, written by
 * one write(2). Common keys: "event" (LEDGER_EVENTS below), "time" (ns since the epoch), "pid",
 * "ns" (the pid namespace that "pid" is of, a number; absent: not known), and but for "start"
 * "image": the first LEDGER_IMAGE_LENGTH digits of the "id" of the image that "pid" was then (a
 * fork's child has its parent's). In the "exec", "refused" and "failed" of a vfork's child, and of
 * a posix_spawn, "starter" instead: "pid" is a child of that image.
 *   {"event":"start", …, "ppid":N, "id":"32 hex", "boot":"…", "exe":"…", "argv":["…"…], "cwd":"…",
 *    "python":"3.13.0"}        a process image began; "python" only where CPython is inside;
 * "boot": of which start of which machine "pid" and "ns" are (LEDGER_BOOT_*), told by interpreters
 * and first processes; of others, their parent's
 *   {"event":"python", …, "python":"3.13.0"}   CPython came later, with a library
 *   {"event":"off",   …}      an interpreter with COVFORK_ENGINE=off: it records nothing
 *   {"event":"fork",  …, "ppid":N, "pns":N}             the child of a fork speaks; "pns" where its
 *                              parent is in another namespace
 *   {"event":"exec",  …, "path":"…", "argv":["…"…], "loads":"yes", "since":N}
 *                              an exec by "pid" is about to be tried, or a posix_spawn, which began
 *                              at "since", has made "pid"; "loads": the library is within reach and
 *                              nothing is known that keeps the program from loading it. Instead:
 *                              "folder":"out of reach", where nothing can be recorded
 *   {"event":"failed", …, "error":N}                    that exec failed
 *   {"event":"refused", …, "path":"…", "reason":"…"}    a target that can't load us: the reason is
 *                              one of class, machine, static, setuid, other
 *   {"event":"engine", …, "engine":"native", "tool":"monitoring"|"trace"|"breakpoints"}
 *                                               recording can begin; a later one: it goes on so
 *   {"event":"engine", …, "engine":"coverage"|"slipcover", "tool":"VERSION"}   likewise; what is
 *                              recorded is kept in memory until it is saved: this image and each
 *                              child that it forks owes a "data", a "nothing" or a "lost"
 *   {"event":"data",  …, "file":"NAME", "instead":"NAME"}   a data file was created; "instead" only
 *                              where it has all that an earlier one of this process had, which is
 *                              gone
 *   {"event":"nothing", …}     a save had nothing to write
 *   {"event":"memory", …, "reason":"…"}    no file could be mapped, as it says: marks are kept in
 *                              memory and written at the end; a "data" event says that they were
 *   {"event":"end",   …}       the process ended by itself: by exit or _exit, not by a signal
 *   {"event":"lost",  …, "reason":"…"}                  something could not be recorded, and why
 *   {"event":"problem", …, "reason":"…"}                all is recorded, but not as it was meant to
 * be
 *
 * In which order lines of several processes stand is not known, but: those of one process are in
 * their order, an exec's before those of what it makes, and a fork's child's behind those that its
 * parent wrote before. A posix_spawn's "exec" may be behind all that the child wrote. A line may be
 * cut, where its writer was killed or the disk is full; the next one then follows on the same line.
 * `ledger.dropped`, empty, says that a line is missing without which a loss might not be named.
 *
 * Strings are escaped as JSON; bytes that are not UTF-8 are written as U+DC80 + (byte - 0x80),
 * Python's surrogateescape. Long argument lists are cut, "argv" then ends with "…".
 */
#ifndef COVFORK_FORMAT_H
#define COVFORK_FORMAT_H

#include <stdint.h>

#define FORMAT_MAGIC      "COVFORK\n"
#define FORMAT_MAGIC_SIZE 8
#define FORMAT_VERSION    1
#define FORMAT_PAGE       4096
#define FORMAT_ID_SIZE    16

#define FORMAT_FLAG_COMBINED 1u
#define FORMAT_FLAG_SOURCES  2u
/* Branches were recorded, and: lines were recorded without them. A combined file may have both; a
 * file without either has lines alone. */
#define FORMAT_FLAG_BRANCH 4u
#define FORMAT_FLAG_LINES  8u

#define FORMAT_SESSION_PREFIX "s-"
#define FORMAT_USER_PREFIX    "u-"
/* Until it is complete, u-UID is called so, with random digits behind. */
#define FORMAT_USER_NEW         ".new-"
#define FORMAT_USER_NEW_BYTES   4
#define FORMAT_DATA_SUFFIX      ".data"
#define FORMAT_SETTINGS_NAME    "settings"
#define FORMAT_LEDGER_NAME      "ledger"
#define FORMAT_SOURCES_NAME     "sources"
#define FORMAT_INDEX_NAME       "sources.index"
#define FORMAT_COVERAGE_PREFIX  ".coverage."
#define FORMAT_SLIPCOVER_SUFFIX ".slipcover.json"
#define FORMAT_OVERFLOW_NAME    "overflow" FORMAT_DATA_SUFFIX

#define FORMAT_DROPPED_SUFFIX ".dropped"
#define FORMAT_SPARE_SUFFIX   ".spare"
#define FORMAT_SPARE_SLOT     2048
#define FORMAT_SPARE_SLOTS    64

#define LEDGER_LINE_MAX     4096
#define LEDGER_IMAGE_LENGTH 16
/* Of the text in this file, so much is enough. */
#define LEDGER_BOOT_FILE   "/proc/sys/kernel/random/boot_id"
#define LEDGER_BOOT_LENGTH 18

/*
 * Each event there is, and whether a loss might stay without a name where its line is missing. The
 * library writes no other, and the collector has a case for each.
 */
/* clang-format off */
#define LEDGER_EVENTS(EVENT)                                                                       \
    EVENT(start, true)                                                                             \
    EVENT(off, false)                                                                              \
    EVENT(fork, false)                                                                             \
    EVENT(exec, false)                                                                             \
    EVENT(failed, false)                                                                           \
    EVENT(refused, true)                                                                           \
    EVENT(python, true)                                                                            \
    EVENT(engine, true)                                                                            \
    EVENT(data, false)                                                                             \
    EVENT(nothing, false)                                                                          \
    EVENT(memory, true)                                                                            \
    EVENT(end, false)                                                                              \
    EVENT(lost, true)                                                                              \
    EVENT(problem, true)
/* clang-format on */

struct format_header {
    char magic[FORMAT_MAGIC_SIZE];
    uint16_t version;
    uint16_t header_size;
    uint32_t flags;
    uint8_t session[FORMAT_ID_SIZE];
    uint8_t name[FORMAT_ID_SIZE];
    uint64_t start;
    uint32_t pid;
    uint32_t next;
};

enum format_record_type {
    RECORD_NONE = 0,
    RECORD_PAD = 1,
    RECORD_PROCESS = 2,
    RECORD_SOURCE = 3,
    RECORD_LINES = 4,
    RECORD_RUN = 5,
    RECORD_CONTEXT = 6,
    RECORD_ARCS = 7,
    RECORD_HASH = 8,
    RECORD_RUN_PROCESS = 9,
    RECORD_RUN_LINES = 10,
    RECORD_RUN_EARLY = 11,
    RECORD_NOTE = 16,
    RECORD_TRACER = 17,
};

struct format_record {
    uint32_t type;
    uint32_t size;
};

struct format_process {
    uint32_t pid;
    uint32_t ppid;
    uint64_t start;
    uint32_t python;
    uint32_t executable_length;
    uint32_t context_length;
    uint32_t ends;
};

/* The line table is of the whole module; without it, only of the code that was seen. */
#define SOURCE_WHOLE_MODULE 1u
/* Compiled with -O or -OO: asserts have no code. */
#define SOURCE_OPTIMIZED 2u

struct format_source {
    uint64_t key;
    uint64_t size;
    uint64_t mtime;
    uint32_t python;
    uint32_t flags;
    uint32_t bit_count;
    uint32_t path_length;
};

struct format_lines {
    uint64_t key;
    uint32_t bit_count;
    uint32_t context;
};

struct format_arc {
    int32_t from, to;
};

struct format_arcs {
    uint64_t key;
    uint32_t place_count;
    uint32_t context;
};

#define FORMAT_HASH_SIZE 16

struct format_hash {
    uint64_t key;
    uint8_t hash[FORMAT_HASH_SIZE];
};

struct format_run {
    uint8_t session[FORMAT_ID_SIZE];
    uint64_t start;
    uint32_t processes;
    uint32_t interpreters;
    uint32_t with_data;
    uint32_t lost;
    uint32_t root_length;
    uint32_t executable_length;
};

#define RUN_PROCESS_INTERPRETER 1u
#define RUN_PROCESS_FORK        2u
#define RUN_PROCESS_LOST        4u
/* More is known of it than its data. */
#define RUN_PROCESS_KNOWN 8u

struct format_run_process {
    uint8_t session[FORMAT_ID_SIZE];
    uint64_t pid;
    uint64_t start;
    uint64_t began;
    uint64_t end;
    uint32_t number;
    uint32_t parent;
    uint32_t previous;
    uint32_t flags;
    uint32_t ending;
    uint32_t command_length;
    uint32_t python_length;
    uint32_t context_length;
    uint32_t note_length;
    uint32_t reserved;
};

struct format_run_lines {
    uint64_t key;
    uint32_t bit_count;
    uint32_t list_size;
};

struct format_tracer {
    uint64_t key;
    uint32_t name_length;
    uint32_t reserved;
};

struct format_run_early {
    uint8_t session[FORMAT_ID_SIZE];
    uint32_t count;
    uint32_t reserved;
};

struct format_context {
    uint32_t number;
    uint32_t label_length;
};

struct format_note {
    uint8_t session[FORMAT_ID_SIZE];
    uint32_t count;
    uint32_t reason_length;
};

_Static_assert(sizeof(struct format_header) == 64, "header layout");
_Static_assert(sizeof(struct format_record) == 8, "record layout");
_Static_assert(sizeof(struct format_process) == 32, "PROCESS layout");
_Static_assert(sizeof(struct format_source) == 40, "SOURCE layout");
_Static_assert(sizeof(struct format_lines) == 16, "LINES layout");
_Static_assert(sizeof(struct format_arc) == 8, "a place of ARCS");
_Static_assert(sizeof(struct format_arcs) == 16, "ARCS layout");
_Static_assert(sizeof(struct format_run) == 48, "RUN layout");
_Static_assert(sizeof(struct format_run_process) == 88, "RUN_PROCESS layout");
_Static_assert(sizeof(struct format_run_lines) == 16, "RUN_LINES layout");
_Static_assert(sizeof(struct format_run_early) == 24, "RUN_EARLY layout");
_Static_assert(sizeof(struct format_context) == 8, "CONTEXT layout");
_Static_assert(sizeof(struct format_hash) == 24, "HASH layout");
_Static_assert(sizeof(struct format_note) == 24, "NOTE layout");
_Static_assert(sizeof(struct format_tracer) == 16, "TRACER layout");

/* Bytes that `length` bytes take in a file, padding included. */
static inline uint64_t format_padded(uint64_t length)
{
    return (length + 7) & ~(uint64_t)7;
}

/* Bytes of a bitmap of `bit_count` bits, padding included. */
static inline uint64_t format_bitmap_size(uint32_t bit_count)
{
    return format_padded(((uint64_t)bit_count + 7) / 8);
}

#endif
