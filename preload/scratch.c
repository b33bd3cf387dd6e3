/*
 * See scratch.h. A list of pieces that only grows: two that are there from the start, and others
 * mapped where more are in use at once, which stay for the next. Whoever sets a piece's `taken` has
 * it. A piece that is asked for more than it has maps that, and keeps it, too.
 *
 * The one thing that a vfork child can't do is give back what it holds while it execs: its parent
 * would find it taken for ever. So the child names `taken` to the kernel as the word to be cleared
 * when the task leaves this memory (set_tid_address): what threads are joined by.
 *
 * Where a handler leaves by longjmp what it interrupted here, or a vfork child is killed, a piece
 * stays taken, and another is mapped.
 */
#include "scratch.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct piece;

/* Before each memory that is handed out. */
struct head {
    _Alignas(16) struct piece *piece;
};

struct room {
    struct head head;
    unsigned char bytes[SCRATCH_SIZE];
};

struct piece {
    atomic_int taken; /* the kernel writes an int */
    struct piece *next;
    struct head *large; /* NULL, or a mapping of large_size bytes */
    size_t large_size;
    struct room room;
};

static struct piece second;
static struct piece first = { .next = &second };
static _Atomic(struct piece *) pieces = &first;

static void *map(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static struct piece *take_piece(void)
{
    struct piece *start = atomic_load_explicit(&pieces, memory_order_acquire);
    for (struct piece *piece = start; piece; piece = piece->next) {
        int none = 0;
        if (atomic_compare_exchange_strong(&piece->taken, &none, 1))
            return piece;
    }
    struct piece *piece = map(sizeof *piece);
    if (!piece)
        return NULL;
    atomic_store_explicit(&piece->taken, 1, memory_order_relaxed);
    piece->next = start;
    while (!atomic_compare_exchange_weak(&pieces, &piece->next, piece))
        ;
    return piece;
}

static struct head *enlarge(struct piece *piece, size_t size)
{
    if (piece->large && piece->large_size >= size)
        return piece->large;
    struct head *larger = map(size);
    if (!larger)
        return NULL;
    if (piece->large)
        munmap(piece->large, piece->large_size);
    piece->large = larger;
    piece->large_size = size;
    return larger;
}

void *scratch_take(size_t size)
{
    int saved = errno;
    struct piece *piece = size <= SIZE_MAX / 2 ? take_piece() : NULL;
    struct head *head = NULL;
    if (piece) {
        head = size <= SCRATCH_SIZE ? &piece->room.head : enlarge(piece, size + sizeof *head);
        if (head)
            head->piece = piece;
        else
            atomic_store(&piece->taken, 0);
    }
    errno = saved;
    return head ? head + 1 : NULL;
}

void scratch_give(void *memory)
{
    if (memory)
        atomic_store(&((struct head *)memory)[-1].piece->taken, 0);
}

static void set_cleared_word(void *word)
{
    int saved = errno;
    syscall(SYS_set_tid_address, word);
    errno = saved;
}

void scratch_leave_to_exec(void *memory)
{
    set_cleared_word(&((struct head *)memory)[-1].piece->taken);
}

void scratch_keep(void)
{
    set_cleared_word(NULL);
}
