// numbered: a web server that prints numbered lines all the time, about two thousand a second; for test_logs.py.
//
// GET /end   it prints no more, and answers the number of its last line          GET /…   answers 200
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile int ending;
static long last = -1;

static void *print(void *unused) {
    char line[64];
    for (long n = 0; !ending; n++, usleep(500))
        if (write(1, line, (size_t)sprintf(line, "number %ld\n", n)) > 0) last = n;
    return unused;
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(getenv("PORT")))};
    int door = socket(AF_INET, SOCK_STREAM, 0);
    pthread_t printer;
    signal(SIGPIPE, SIG_IGN);
    if (bind(door, (struct sockaddr *)&address, sizeof address) != 0 || listen(door, 64) != 0) return 1;
    if (pthread_create(&printer, NULL, print, NULL) != 0) return 1;
    for (;;) {
        int client = accept(door, NULL, NULL);
        char head[4096] = {0}, body[32] = "ok", answer[256];
        if (client < 0) continue;
        if (read(client, head, sizeof head - 1) > 0 && strncmp(head, "GET /end ", 9) == 0) {
            if (!ending) {
                ending = 1;
                pthread_join(printer, NULL);
            }
            sprintf(body, "%ld", last);
        }
        int length = sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
        if (write(client, answer, (size_t)length) < 0) return 1;
        close(client);
    }
}
