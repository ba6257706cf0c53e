// flood: a web server that prints lines, for bench/log_lines.py.
//
// GET /flood/N   prints lines of about N MB to standard output, then `END <how many floods there were>`, and answers 200 with the number of lines
// GET /…         answers 200
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// As an access line of a usual server; the numbers move, so that it is as compressible as one.
static long flood(long megabytes, int number) {
    long printed = 0, lines = 1;
    unsigned random = 12345u + (unsigned)number;
    for (; printed < megabytes * 1000000; lines++) {
        random = random * 1103515245u + 12345u;
        printed += printf("10.0.%u.%u - - \"GET /api/v1/users/%u/orders HTTP/1.1\" 200 %u \"Mozilla/5.0 (X11; Linux x86_64)\" %u us request=%08x\n",
                          random >> 28, random >> 20 & 255, random >> 8 & 65535, random & 8191, random >> 12 & 65535, random);
    }
    printf("END %d\n", number);
    fflush(stdout);
    return lines;
}

static void end(int signal) {
    _exit(signal - SIGTERM);
}

int main(void) {
    signal(SIGTERM, end);
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(getenv("PORT")))};
    int door = socket(AF_INET, SOCK_STREAM, 0), floods = 0;
    if (bind(door, (struct sockaddr *)&address, sizeof address) != 0 || listen(door, 64) != 0) return 1;
    for (;;) {
        int client = accept(door, NULL, NULL);
        char head[4096] = {0}, answer[256];
        long lines = 0;
        if (client < 0) continue;
        if (read(client, head, sizeof head - 1) > 0 && strncmp(head, "GET /flood/", 11) == 0) lines = flood(atol(head + 11), ++floods);
        int length = sprintf(answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%ld\n", lines);
        if (write(client, answer, (size_t)length) < 0) return 1;
        close(client);
    }
}
