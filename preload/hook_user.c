/*
 * setuid, seteuid, setreuid, setresuid: what root records nobody else may read or write, so a
 * process that is about to become another user gets a folder that is that user's before it is too
 * late. Only root needs it; may run in a vfork child (subprocess with user=), whose memory is its
 * parent's: nothing is written there that is not as true of that.
 */
#include "ledger.h"
#include "process.h"
#include "real.h"
#include "session.h"

#include <stdbool.h>

#define UNCHANGED ((uid_t)-1)

static void prepare(uid_t uid)
{
    /* Without a folder of its own that user can tell of nothing: what it executes is told of in
     * memory that is a file. */
    if (session.active && uid != UNCHANGED && uid != 0 && geteuid() == 0 &&
        !session_prepare_user(uid))
        ledger_reserve();
}

static int finish(int result)
{
    if (result == 0 && session.active && process_is_current())
        session_enter_user_folder();
    return result;
}

int setuid(uid_t uid)
{
    prepare(uid);
    return finish(REAL(setuid)(uid));
}

int seteuid(uid_t euid)
{
    prepare(euid);
    return finish(REAL(seteuid)(euid));
}

int setreuid(uid_t ruid, uid_t euid)
{
    prepare(euid != UNCHANGED ? euid : ruid);
    return finish(REAL(setreuid)(ruid, euid));
}

int setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
    prepare(euid != UNCHANGED ? euid : ruid);
    return finish(REAL(setresuid)(ruid, euid, suid));
}
