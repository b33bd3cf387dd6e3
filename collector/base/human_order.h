/*
 * The order of names in reports: digits count as numbers, so that m9.py is before m10.py.
 */
#ifndef COVFORK_HUMAN_ORDER_H
#define COVFORK_HUMAN_ORDER_H

/* As strcmp. Digits and the rest are compared in turn, then the whole texts. */
int human_compare(const char *a, const char *b);

#endif
