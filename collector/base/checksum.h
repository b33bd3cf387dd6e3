/*
 * Checksums that report formats ask for. Nothing here guards anything.
 */
#ifndef COVFORK_CHECKSUM_H
#define COVFORK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#define CHECKSUM_MD5_SIZE  16
#define CHECKSUM_SHA3_SIZE 32

void checksum_md5(const void *bytes, size_t size, uint8_t sum[CHECKSUM_MD5_SIZE]);
/* SHA3-256 */
void checksum_sha3(const void *bytes, size_t size, uint8_t sum[CHECKSUM_SHA3_SIZE]);

#endif
