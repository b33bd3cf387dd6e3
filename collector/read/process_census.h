/*
 * What the ledger of a run tells of its processes, put beside what they ran: command, parent, how
 * long they lived as far as that is known, and why there is no data.
 */
#ifndef COVFORK_PROCESS_CENSUS_H
#define COVFORK_PROCESS_CENSUS_H

#include "collector/model/process_lines.h"
#include "collector/read/read_ledger.h"

/* Adds the processes of a census that is complete; the lines of its session were added before. 0 or
 * -1 (memory). */
int process_census_add(struct process_lines *lines, const uint8_t session[MODEL_ID_SIZE],
                       const struct census *census);

#endif
