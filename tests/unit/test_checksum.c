/*
 * Checksums against those that Python's hashlib gives.
 */
#include "unit.h"

#include "collector/base/checksum.h"

#include <string.h>

/* Compares with the first digits of the sum of `size` letters from a to z and over again. */
static void expect_sum(size_t size, const char *md5, const char *sha3)
{
    uint8_t letters[300], sum[CHECKSUM_SHA3_SIZE];
    char text[2 * CHECKSUM_SHA3_SIZE + 1];
    for (size_t i = 0; i < size; i++)
        letters[i] = (uint8_t)('a' + i % 26);
    checksum_md5(letters, size, sum);
    for (size_t i = 0; i < CHECKSUM_MD5_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", sum[i]);
    assert_string_equal(text, md5);
    checksum_sha3(letters, size, sum);
    for (size_t i = 0; i < CHECKSUM_SHA3_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", sum[i]);
    assert_string_equal(text, sha3);
}

static void sums_are_those_of_hashlib(void **state)
{
    (void)state;
    expect_sum(0, "d41d8cd98f00b204e9800998ecf8427e",
               "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
    expect_sum(3, "900150983cd24fb0d6963f7d28e17f72",
               "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    expect_sum(55, "0d7ae056b2f015cd7dc67494efd658f1",
               "3db40dc1521c1a0c15ce6f6cda670a5da5bba97639e9670afd8a059240bd79fb");
    expect_sum(56, "31fcfb5165169eb55898e7e4cf34d19a",
               "5086111ea898cee4b9e79ec3d25f0f3bb550b6ebddf4faf492e1e664528de822");
    expect_sum(63, "1b30c0670c15e7da3c2ba7bce77ebe99",
               "5dec9833f9c27ce6f633a24edd35ee6561adb6e3920466ba1f3188f32d0a6a48");
    expect_sum(64, "a2eaf6295c32adc403865fd96a2f182b",
               "fa4f5355b99af51815d117735e64a2819f997fe95169c513843f8c31046dceaa");
    expect_sum(135, "227d3016fd5033f901b365383d000a00",
               "c990bf1000e17f0639db1b51c469984b6302c0fea8cb84655c9c6612c00b492e");
    expect_sum(136, "d3dda8155b0acc73e1ad6e35482465ff",
               "1a77599ecb1f87c00a93af8f4d2602c1d5b25d32c541ef6e99db5fcbc40589d6");
    expect_sum(137, "670db67d614aaadecfda7daecac3c028",
               "3788fa6f872eeb728f2c6bb5bb1a48cea268a8c1358050027d074c634c2b787a");
    expect_sum(300, "f59d9a8abe624f782587543711e3a8a1",
               "7d8e34b4ea582e682398acf2a966989630322c17d37f0f57232fae879c1dd444");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(sums_are_those_of_hashlib),
};

UNIT_MAIN(tests)
