/*
 * Order matters once: a session's `sources` is read before the files whose lines it describes, and
 * again when a living process described something meanwhile.
 */
#include "collector/read/collection.h"

#include "collector/base/elf_info.h"
#include "collector/read/folder.h"
#include "collector/read/live_process.h"
#include "collector/read/process_census.h"
#include "collector/base/program.h"
#include "collector/read/read_ahead.h"
#include "collector/read/read_data.h"
#include "collector/base/path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* An interpreter that was started so lately may not have come to say so. */
#define STARTING_SECONDS 5

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

int collection_init(struct collection *collection, struct error *error)
{
    *collection = (struct collection){ 0 };
    if (model_init(&collection->model) != 0)
        return out_of_memory(error);
    /* Where the working folder is gone, relative names are of no file. */
    collection->directory = realpath(".", NULL);
    if (!collection->directory)
        collection->directory = strdup("/");
    foreign_reader_init(&collection->foreign, &collection->model, collection->directory);
    return collection->directory ? 0 : out_of_memory(error);
}

void collection_close(struct collection *collection)
{
    model_close(&collection->model);
    process_lines_close(&collection->processes);
    for (size_t i = 0; i < collection->session_count; i++) {
        struct collection_session *session = &collection->sessions[i];
        free(session->path);
        free(session->name);
        census_close(&session->census);
        settings_close(&session->settings);
    }
    free(collection->sessions);
    free(collection->directory);
    foreign_reader_close(&collection->foreign);
    string_list_close(&collection->combined);
    string_list_close(&collection->warnings);
    *collection = (struct collection){ 0 };
}

static char *join(const char *directory, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

/* An error that concerns one file becomes a warning. 0, or -1 when memory ran out. */
static int demote(struct collection *collection, struct error *problem, struct error *error)
{
    collection->broken_count++;
    if (problem->code == ERROR_MEMORY) {
        *error = *problem;
        return -1;
    }
    return string_list_add(&collection->warnings, problem->text) == 0 ? 0 : out_of_memory(error);
}

static void tell_of_interpreter(struct collection *collection)
{
    if (!collection->found_interpreter || !collection->model.interpreter_count)
        return;
    collection->found_interpreter(collection->found_state,
                                  collection->model.interpreters[0].executable);
    collection->found_interpreter = NULL;
}

/* Reads `directory`/`name`, whose bytes may be there already (else NULL). `file->damaged` is set
 * where it can't be read at all, too. */
static int read_member(struct collection *collection, struct data_reader *reader,
                       const char *directory, const char *name, const struct file_bytes *bytes,
                       struct data_file *file, struct error *error)
{
    char *path = join(directory, name);
    if (!path)
        return out_of_memory(error);
    struct error problem = { 0 };
    int result = bytes ? data_reader_read_bytes(reader, path, bytes, file, &problem)
                       : data_reader_read(reader, path, file, &problem);
    if (result != 0) {
        file->damaged = true;
        result = demote(collection, &problem, error);
    } else {
        collection->broken_count += file->damaged;
        tell_of_interpreter(collection);
    }
    free(path);
    return result;
}

static int see_file(struct collection *collection, struct collection_session *session,
                    const char *name, bool is_empty, bool is_damaged, struct error *error)
{
    struct census *census = &session->census;
    name = path_base_name(name);
    if (census_see_file(census, name, is_empty, is_damaged) != 0)
        return out_of_memory(error);
    if (!is_empty || is_damaged || !census_names_file(census, name))
        return 0;
    struct error problem;
    error_set(&problem, ERROR_FORMAT, "%s/%s: empty, but the ledger says that something was in it",
              session->path, name);
    return demote(collection, &problem, error);
}

/* The image that the ledger says a file is of; NULL when it names none. */
static const struct census_image *find_writer(const struct census *census, const char *name)
{
    uint64_t hash = hash_bytes(name, strlen(name));
    for (size_t at = hash_map_first(&census->file_map, hash); at != HASH_MAP_END;
         at = hash_map_next(&census->file_map, hash, at)) {
        const struct census_file *file = &census->files[hash_map_value(&census->file_map, at)];
        if (strcmp(file->name, name) == 0 && file->image != CENSUS_NONE)
            return &census->images[file->image];
    }
    return NULL;
}

/* Reads what another tool wrote in the session. Names that are not absolute are relative to the
 * folder that the process was started in. */
static int read_foreign_member(struct collection *collection, struct collection_session *session,
                               const char *name, struct error *error)
{
    char *path = join(session->path, name);
    if (!path)
        return out_of_memory(error);
    const struct census_image *writer = find_writer(&session->census, path_base_name(name));
    struct foreign_reader *reader = &collection->foreign;
    if (writer && writer->folder[0] == '/')
        reader->directory = writer->folder;
    else if (session->settings.root)
        reader->directory = session->settings.root;
    reader->counts_lines = collection->count_lines;
    struct foreign_file file;
    struct error problem = { 0 };
    int result = foreign_reader_read(reader, path, &file, &problem);
    bool is_damaged = result != 0;
    reader->directory = collection->directory;
    session->damaged |= is_damaged;
    if (is_damaged)
        result = demote(collection, &problem, error);
    if (result == 0)
        result = see_file(collection, session, name, file.is_empty, is_damaged, error);
    if (result == 0 && file.has_lines)
        census_add_data_of(&session->census, path_base_name(name), -1, 0, file.line_count);
    free(path);
    return result;
}

static int read_session_data(struct collection *collection, struct collection_session *session,
                             const struct string_list *names, bool has_sources, bool any_session,
                             uint64_t *start, struct error *error)
{
    struct data_reader reader;
    data_reader_init(&reader, &collection->model, &collection->warnings,
                     any_session ? NULL : session->id);
    reader.counts_lines = collection->count_lines;
    struct data_file file;
    int result = 0;
    if (has_sources) {
        result = read_member(collection, &reader, session->path, FORMAT_SOURCES_NAME, NULL, &file,
                             error);
        session->damaged |= file.damaged;
    }
    struct read_ahead *ahead = read_ahead_new(session->path, names);
    for (size_t i = 0; result == 0 && i < names->count; i++) {
        const struct file_bytes *bytes = read_ahead_take(ahead, i);
        if (folder_is_foreign_name(path_base_name(names->items[i]))) {
            result = read_foreign_member(collection, session, names->items[i], error);
            continue;
        }
        result =
            read_member(collection, &reader, session->path, names->items[i], bytes, &file, error);
        session->damaged |= file.damaged;
        if (result == 0)
            result = see_file(collection, session, names->items[i], !file.has_header, file.damaged,
                              error);
        if (result != 0 || file.lines == 0)
            continue;
        census_add_data_of(&session->census, path_base_name(names->items[i]), file.pid, file.start,
                           file.line_count);
        if (file.start && (*start == 0 || file.start < *start))
            *start = file.start;
        if (any_session)
            memcpy(session->id, file.session, FORMAT_ID_SIZE);
    }
    read_ahead_free(ahead);
    if (result == 0 && has_sources && data_reader_is_waiting(&reader))
        result = read_member(collection, &reader, session->path, FORMAT_SOURCES_NAME, NULL, &file,
                             error);
    if (data_reader_is_waiting(&reader)) {
        session->damaged = true;
        if (result == 0 &&
            census_add_loss(&session->census, "no record says which source files ran") != 0)
            result = out_of_memory(error);
    }
    if (result == 0)
        result = data_reader_finish(&reader, error);
    data_reader_close(&reader);
    return result;
}

/* "python", "python3.13t": of a static one, or one of another machine, its name is all there is. */
static bool looks_like_python(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return strncmp(name, "python", 6) == 0 && name[6 + strspn(name + 6, "0123456789.td")] == '\0';
}

/* What the files are that were executed: most are executed often. */
struct programs {
    struct hash_map map; /* of the paths, to what follows */
    struct program {
        char *path, *file; /* of what it is, canonical; NULL when it is gone */
        enum census_program kind;
    } * items;
    size_t count;
};

static void programs_close(struct programs *programs)
{
    for (size_t i = 0; i < programs->count; i++) {
        free(programs->items[i].path);
        free(programs->items[i].file);
    }
    free(programs->items);
    hash_map_close(&programs->map);
}

static enum census_program find_kind(const char *path, char **file)
{
    struct string_list chain = { 0 };
    struct elf_info info = { 0 };
    struct error ignored;
    enum census_program kind = CENSUS_PROGRAM_GONE;
    if (program_resolve(&chain, path, NULL, &ignored) == 0) {
        const char *last = chain.items[chain.count - 1];
        kind = CENSUS_PROGRAM_OTHER;
        *file = strdup(last);
        if (elf_info_read(&info, last, &ignored) == 0 && info.is_python)
            kind = info.is_native && !info.is_static && elf_info_has_glibc(&info)
                       ? CENSUS_PROGRAM_PYTHON
                       : CENSUS_PROGRAM_STRANGE;
        else if (info.is_elf && (info.is_static || !info.is_native) && looks_like_python(last))
            kind = CENSUS_PROGRAM_STRANGE;
        elf_info_close(&info);
    }
    string_list_close(&chain);
    return kind;
}

/* NULL when memory ran out. */
static const struct program *find_program(struct programs *programs, const char *path)
{
    uint64_t hash = hash_bytes(path, strlen(path));
    for (size_t at = hash_map_first(&programs->map, hash); at != HASH_MAP_END;
         at = hash_map_next(&programs->map, hash, at)) {
        const struct program *program = &programs->items[hash_map_value(&programs->map, at)];
        if (strcmp(program->path, path) == 0)
            return program;
    }
    struct program *larger =
        realloc(programs->items, (programs->count + 1) * sizeof *programs->items);
    if (!larger)
        return NULL;
    programs->items = larger;
    struct program *program = &larger[programs->count];
    *program = (struct program){ .path = strdup(path) };
    if (!program->path || hash_map_add(&programs->map, hash, (uint32_t)programs->count) != 0) {
        free(program->path);
        return NULL;
    }
    programs->count++;
    program->kind = find_kind(path, &program->file);
    return program;
}

/* The file that an exec names; NULL where that is not known, for a folder isn't. Caller frees. */
static char *find_executed(const struct census *census, const struct census_exec *exec)
{
    uint32_t teller = exec->image != CENSUS_NONE ? exec->image : exec->parent;
    const char *folder = teller != CENSUS_NONE ? census->images[teller].folder : "";
    if (exec->path[0] == '/')
        return strdup(exec->path);
    return strchr(exec->path, '/') && folder[0] == '/' ? join(folder, exec->path) : NULL;
}

/* Execs that were never heard of again. A relative path is of a folder that is not known for sure;
 * where that leads to no Python nothing is said. */
static int settle_execs(struct census *census)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t recent = ((uint64_t)now.tv_sec - STARTING_SECONDS) * 1000000000u;
    const struct census_exec *exec;
    struct programs programs = { 0 };
    int result = 0;
    for (size_t i = 0; result == 0 && (exec = census_next_unsettled(census, &i)) != NULL; i++) {
        bool is_alive = census_find_exec_process(exec, census) != 0;
        /* It may be on its way. */
        if (exec->time > recent && is_alive && !exec->refused && !exec->is_outside)
            continue;
        char *path = find_executed(census, exec);
        const struct program *program = path ? find_program(&programs, path) : NULL;
        if (path && !program)
            result = -1;
        else
            result = census_settle(census, i, program ? program->kind : CENSUS_PROGRAM_GONE,
                                   program ? program->file : NULL, is_alive);
        free(path);
    }
    programs_close(&programs);
    return result;
}

/* What the data itself can't say, once all of it was seen. */
static int complete_census(struct collection_session *session, bool has_data, struct error *error)
{
    struct census *census = &session->census;
    int result = census_end_files(census);
    if (result == 0)
        result = settle_execs(census);
    if (result == 0 && has_data && !census->present)
        result = census_add_loss(census, "the ledger is missing");
    if (result == 0 && (census->bad_lines || census->cut_losses))
        result = census_add_loss(census, "lines of the ledger can't be read");
    if (result == 0 && census->is_dropped)
        result = census_add_loss(census, "lines could not be written to the ledger");
    return result == 0 ? 0 : out_of_memory(error);
}

static int add_notes(struct collection *collection, const struct collection_session *session,
                     struct error *error)
{
    const struct census *census = &session->census;
    for (size_t i = 0; i < census->lost_count; i++)
        if (model_add_note(&collection->model, session->id, census->lost[i].text,
                           strlen(census->lost[i].text), (uint32_t)census->lost[i].count) != 0)
            return out_of_memory(error);
    if (!session->settings.refused)
        return 0;
    char *note;
    if (asprintf(&note, MODEL_NOTE_REFUSED "%s", session->settings.refused) < 0)
        return out_of_memory(error);
    int result = model_add_note(&collection->model, session->id, note, strlen(note), 1);
    free(note);
    return result == 0 ? 0 : out_of_memory(error);
}

static int add_run(struct collection *collection, const struct collection_session *session,
                   uint64_t start, struct error *error)
{
    struct census_counts counts = census_count(&session->census);
    struct model_run run = {
        .start = session->census.first_time ? session->census.first_time : start,
        .processes = (uint32_t)counts.processes,
        .interpreters = (uint32_t)counts.interpreters,
        .with_data = (uint32_t)counts.with_data,
        .lost = (uint32_t)counts.lost,
        .early = (uint32_t)counts.early,
        .root = session->settings.root,
    };
    memcpy(run.session, session->id, FORMAT_ID_SIZE);
    return model_add_run(&collection->model, &run) == 0 ? 0 : out_of_memory(error);
}

static bool is_own_session(const char *name)
{
    const char *own = getenv("COVFORK_SESSION");
    size_t prefix = strlen(FORMAT_SESSION_PREFIX);
    return own && strncmp(name, FORMAT_SESSION_PREFIX, prefix) == 0 &&
           strcmp(name + prefix, own) == 0;
}

/* The session's ledgers. A folder that can't be read has none: that is said where its data is
 * looked for. */
static int list_ledgers(struct string_list *paths, const char *session, struct error *error)
{
    struct string_list names = { 0 };
    struct error problem = { 0 };
    int result = 0;
    if (folder_list_ledgers(&names, session, &problem) != 0 && problem.code == ERROR_MEMORY)
        result = -1;
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        char *path = join(session, names.items[i]);
        result = path ? string_list_add(paths, path) : -1;
        free(path);
    }
    string_list_close(&names);
    return result == 0 ? 0 : out_of_memory(error);
}

/* Reads settings and ledger, whose damage must not keep the data from being used. */
static int read_session_texts(struct collection *collection, struct collection_session *session,
                              struct error *error)
{
    struct error problem = { 0 };
    char *settings_path = join(session->path, FORMAT_SETTINGS_NAME);
    struct string_list ledgers = { 0 };
    int result = settings_path ? 0 : out_of_memory(error);
    if (result == 0 && settings_read(&session->settings, settings_path, &problem) != 0)
        result = demote(collection, &problem, error);
    if (result == 0)
        result = list_ledgers(&ledgers, session->path, error);
    if (result == 0 && census_read_all(&session->census, &ledgers, &problem) != 0)
        result = demote(collection, &problem, error);
    if (result == 0 && session->census.bad_lines) {
        error_set(&problem, ERROR_FORMAT, "%s: %zu lines are not JSON and are left out",
                  ledgers.items[0], session->census.bad_lines);
        result = demote(collection, &problem, error);
    }
    free(settings_path);
    string_list_close(&ledgers);
    return result;
}

/* A process that lives and may add to the session in the folder `path`; 0: none. Of one in a
 * container beside this one all that can be seen is that it has its data mapped. */
static pid_t find_live_process(const struct census *census, const char *path, bool is_own)
{
    pid_t live = census_find_live(census, getpid(), is_own), unseen;
    const char *name;
    for (size_t i = 0; !live && (name = census_next_unseen_file(census, &i, &unseen)) != NULL;
         i++) {
        char *file = join(path, name);
        if (file && live_process_has_file(file))
            live = unseen;
        free(file);
    }
    return live;
}

/* `name` is that of the folder; where it names no session, the files' own headers do. */
/* The flag is set after collection_init, and a collection stays where it is from then on. */
static void prepare_model(struct collection *collection)
{
    collection->model.processes = collection->keep_processes ? &collection->processes : NULL;
}

static int add_session(struct collection *collection, const char *path, const char *name,
                       struct error *error)
{
    prepare_model(collection);
    struct collection_session *larger =
        realloc(collection->sessions, (collection->session_count + 1) * sizeof *larger);
    if (!larger)
        return out_of_memory(error);
    collection->sessions = larger;
    struct collection_session *session = &larger[collection->session_count++];
    *session = (struct collection_session){ .path = strdup(path), .name = strdup(name) };
    if (!session->path || !session->name)
        return out_of_memory(error);
    bool has_id = folder_session_id(name, session->id);
    session->is_own = is_own_session(name);
    struct string_list names = { 0 };
    bool has_sources;
    uint64_t start = 0;
    struct error problem = { 0 };
    live_process_refresh();
    int result = read_session_texts(collection, session, error);
    /* Before the data is looked for: what nobody lives to add to is then read whole. */
    if (result == 0 && collection->find_live)
        session->live = find_live_process(&session->census, path, session->is_own);
    if (result == 0 && folder_list_session(&names, path, &has_sources, &problem) != 0) {
        session->damaged = true;
        string_list_close(&names);
        return demote(collection, &problem, error);
    }
    if (result == 0)
        result =
            read_session_data(collection, session, &names, has_sources, !has_id, &start, error);
    if (result == 0)
        result = complete_census(session, names.count > 0, error);
    if (result == 0 && collection->keep_processes &&
        process_census_add(&collection->processes, session->id, &session->census) != 0)
        result = out_of_memory(error);
    if (result == 0)
        result = add_run(collection, session, start, error);
    if (result == 0)
        result = add_notes(collection, session, error);
    string_list_close(&names);
    return result;
}

static int add_combined(struct collection *collection, const char *path, struct error *error)
{
    struct data_reader reader;
    struct data_file file;
    struct error problem = { 0 };
    prepare_model(collection);
    data_reader_init(&reader, &collection->model, &collection->warnings, NULL);
    int result = data_reader_read(&reader, path, &file, &problem);
    if (result != 0)
        result = demote(collection, &problem, error);
    else if (!file.damaged && !data_reader_is_waiting(&reader))
        result = string_list_add(&collection->combined, path) == 0 ? 0 : out_of_memory(error);
    else
        collection->broken_count++;
    if (result == 0)
        result = data_reader_finish(&reader, error);
    data_reader_close(&reader);
    return result;
}

int collection_add_folder(struct collection *collection, const char *path, struct error *error)
{
    struct folder folder;
    if (folder_open(&folder, path, error) != 0)
        return -1;
    int result = 0;
    for (size_t i = 0; result == 0 && i < folder.sessions.count; i++) {
        char *session = join(path, folder.sessions.items[i]);
        result = session ? add_session(collection, session, folder.sessions.items[i], error)
                         : out_of_memory(error);
        free(session);
    }
    for (size_t i = 0; result == 0 && i < folder.combined.count; i++) {
        char *file = join(path, folder.combined.items[i]);
        result = file ? add_combined(collection, file, error) : out_of_memory(error);
        free(file);
    }
    folder_close(&folder);
    return result;
}

/* A data file that stands alone, or one of a session, with the `sources` beside it. */
static int add_data_file(struct collection *collection, const char *path, struct error *error)
{
    char *slash = strrchr(path, '/'); /* `path` is absolute */
    char *directory = strndup(path, (size_t)(slash - path));
    char *sources = directory ? join(directory, FORMAT_SOURCES_NAME) : NULL;
    free(directory);
    if (!sources)
        return out_of_memory(error);
    struct data_reader reader;
    struct data_file file, sources_file = { 0 };
    struct error problem = { 0 };
    prepare_model(collection);
    data_reader_init(&reader, &collection->model, &collection->warnings, NULL);
    int result = data_reader_read(&reader, path, &file, error);
    collection->broken_count += result == 0 && file.damaged;
    if (result == 0 && data_reader_is_waiting(&reader) && strcmp(sources, path) != 0) {
        reader.session = file.session;
        if (data_reader_read(&reader, sources, &sources_file, &problem) != 0 &&
            problem.code == ERROR_MEMORY)
            result = out_of_memory(error);
    }
    if (result == 0)
        result = data_reader_finish(&reader, error);
    if (result == 0 && !(file.flags & FORMAT_FLAG_COMBINED) && file.lines) {
        struct model_run run = {
            .start = file.start, .processes = 1, .interpreters = 1, .with_data = 1
        };
        memcpy(run.session, file.session, FORMAT_ID_SIZE);
        result = model_add_run(&collection->model, &run) == 0 ? 0 : out_of_memory(error);
    }
    data_reader_close(&reader);
    free(sources);
    return result;
}

static bool is_file_in(const char *directory, const char *name)
{
    char *path = join(directory, name);
    struct stat status;
    bool found = path && stat(path, &status) == 0;
    free(path);
    return found;
}

/* One file, whatever wrote it. */
static int add_file(struct collection *collection, const char *path, struct error *error)
{
    enum foreign_kind kind;
    if (foreign_kind_of(path, &kind, error) != 0)
        return -1;
    if (kind == FOREIGN_COVFORK)
        return add_data_file(collection, path, error);
    struct foreign_file file;
    if (foreign_reader_read(&collection->foreign, path, &file, error) != 0)
        return -1;
    collection->foreign_count += !file.is_empty;
    return 0;
}

/* Is a file that lies around in a folder meant, as its content says? */
static bool is_meant(const char *path, const char *name)
{
    const char *suffix = strrchr(name, '.');
    enum foreign_kind kind;
    if (strcmp(suffix, ".json") == 0)
        return foreign_is_report(path);
    if (strcmp(suffix, FORMAT_DATA_SUFFIX) == 0)
        return foreign_kind_of(path, &kind, NULL) == 0 && kind == FOREIGN_COVFORK;
    return true;
}

/* Adds the files of a folder that no session holds. */
static int add_loose_files(struct collection *collection, const char *path, bool has_data_folder,
                           bool *found, struct error *error)
{
    struct string_list names = { 0 };
    int result = folder_list_loose(&names, path, has_data_folder, error);
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        char *file = join(path, names.items[i]);
        if (!file) {
            result = out_of_memory(error);
        } else if (is_meant(file, names.items[i])) {
            struct error problem = { 0 };
            *found = true;
            if (add_file(collection, file, &problem) != 0)
                result = demote(collection, &problem, error);
        }
        free(file);
    }
    string_list_close(&names);
    return result;
}

static int add_directory(struct collection *collection, const char *path, struct error *error)
{
    const char *name = strrchr(path, '/') + 1;
    uint8_t id[FORMAT_ID_SIZE];
    if (folder_session_id(name, id) || is_file_in(path, FORMAT_LEDGER_NAME) ||
        is_file_in(path, FORMAT_SOURCES_NAME))
        return add_session(collection, path, name, error);
    struct folder folder;
    if (folder_open(&folder, path, error) != 0)
        return -1;
    bool found = folder.sessions.count || folder.combined.count;
    folder_close(&folder);
    int result = found ? collection_add_folder(collection, path, error) : 0;
    bool has_data_folder = !found && is_file_in(path, ".covfork");
    if (result == 0 && has_data_folder) {
        char *inner = join(path, ".covfork");
        result = inner ? collection_add_folder(collection, inner, error) : out_of_memory(error);
        free(inner);
        found = true;
    }
    if (result == 0)
        result = add_loose_files(collection, path, has_data_folder, &found, error);
    if (result == 0 && !found)
        result = error_set(error, ERROR_NO_DATA,
                           "no data of covfork, coverage.py or slipcover in %s", path);
    return result;
}

int collection_add_path(struct collection *collection, const char *path, struct error *error)
{
    char *real = realpath(path, NULL);
    struct stat status;
    if (!real || stat(real, &status) != 0) {
        free(real);
        return error_set(error, ERROR_NO_DATA, "can't read %s: %s", path, strerror(errno));
    }
    int result = S_ISDIR(status.st_mode) ? add_directory(collection, real, error)
                                         : add_file(collection, real, error);
    free(real);
    return result;
}

static pid_t find_live_in(const char *path, const char *name)
{
    struct census census;
    struct string_list ledgers = { 0 };
    pid_t live = 0;
    live_process_refresh();
    if (list_ledgers(&ledgers, path, NULL) == 0 && census_read_all(&census, &ledgers, NULL) >= 0) {
        live = find_live_process(&census, path, is_own_session(name));
        census_close(&census);
    }
    string_list_close(&ledgers);
    return live;
}

pid_t collection_find_live(const char *path)
{
    uint8_t id[FORMAT_ID_SIZE];
    char *real = realpath(path, NULL);
    char *inner =
        real && !folder_session_id(strrchr(real, '/') + 1, id) && is_file_in(real, ".covfork")
            ? join(real, ".covfork")
            : NULL;
    const char *chosen = inner ? inner : real;
    struct folder folder;
    pid_t live = 0;
    if (chosen && folder_session_id(strrchr(chosen, '/') + 1, id)) {
        live = find_live_in(chosen, strrchr(chosen, '/') + 1);
    } else if (chosen && folder_open(&folder, chosen, NULL) == 0) {
        for (size_t i = 0; live == 0 && i < folder.sessions.count; i++) {
            char *session = join(chosen, folder.sessions.items[i]);
            if (session)
                live = find_live_in(session, folder.sessions.items[i]);
            free(session);
        }
        folder_close(&folder);
    }
    free(inner);
    free(real);
    return live;
}

struct collection_totals collection_count(const struct collection *collection)
{
    struct collection_totals totals = { .runs = collection->model.run_count };
    for (size_t i = 0; i < collection->model.run_count; i++) {
        const struct model_run *run = &collection->model.runs[i];
        totals.processes += run->processes;
        totals.interpreters += run->interpreters;
        totals.with_data += run->with_data;
        totals.lost += run->lost;
        totals.early += run->early;
        if (run->with_data == 0)
            continue;
        totals.runs_with_data++;
        if (run->start && (totals.since == 0 || run->start < totals.since))
            totals.since = run->start;
    }
    for (size_t i = 0; i < collection->session_count; i++)
        totals.has_sessions_lost |= census_count(&collection->sessions[i].census).lost > 0;
    return totals;
}

bool collection_is_refusal(const struct model_note *note)
{
    return strncmp(note->reason, MODEL_NOTE_REFUSED, strlen(MODEL_NOTE_REFUSED)) == 0;
}

const char *collection_find_refusal(const struct collection *collection)
{
    const struct model *model = &collection->model;
    for (size_t i = 0; i < model->run_count; i++)
        for (size_t j = 0; j < model->runs[i].note_count; j++)
            if (collection_is_refusal(&model->runs[i].notes[j]))
                return model->runs[i].notes[j].reason;
    return NULL;
}
