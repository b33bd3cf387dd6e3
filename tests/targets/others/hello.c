/* Says hello and who it seems to be; starts a child; status 5. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *text = malloc(6);
    snprintf(text, 6, "hello");
    puts(text);
    free(text);
    fflush(stdout);
    fputs("an error\n", stderr);
    return system("echo child") == 0 ? 5 : 6;
}
