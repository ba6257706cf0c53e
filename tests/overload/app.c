// An app for tests of overload, a thread for each connection, HTTP/1.1 with keep-alive.
//
// GET /          Hello, and a line in the log                 GET /wait/N    answers after N milliseconds
// GET /big/N     N MiB, as fast as they are taken             GET /hang      never answers, until the other side goes
// GET /lines/N/S prints about N MB/s for S seconds, then says "flood over"; answers at once
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = send(fd, bytes, length, MSG_NOSIGNAL);
        if (written <= 0) return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

static int answer(int fd, const char *body) {
    char text[256];
    int length = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    return write_all(fd, text, (size_t)length);
}

static int big(int fd, long mebibytes) {
    static char mebibyte[1 << 20];
    char head[128];
    int length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %ld\r\n\r\n", mebibytes << 20);
    if (write_all(fd, head, (size_t)length) != 0) return -1;
    for (long n = 0; n < mebibytes; n++)
        if (write_all(fd, mebibyte, sizeof mebibyte) != 0) return -1;
    return 0;
}

struct flood {
    long mb_per_s, seconds;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *lines(void *given) {
    struct flood flood = *(struct flood *)given;
    free(given);
    static char bytes[100000];
    memset(bytes, 'x', sizeof bytes);
    for (size_t at = 99; at < sizeof bytes; at += 100) bytes[at] = '\n';
    double began = now();
    for (long written = 0; now() - began < (double)flood.seconds;) {
        if ((double)written < (now() - began) * (double)flood.mb_per_s * 1e6) {
            ssize_t got = write(1, bytes, sizeof bytes);
            if (got > 0) written += got;
        } else {
            usleep(1000);
        }
    }
    static const char last[] = "\nflood over\n";
    if (write(1, last, sizeof last - 1) < 0) return NULL;
    return NULL;
}

static int serve_one(int fd, const char *head) {
    char path[256] = "";
    sscanf(head, "%*15s %255s", path);
    const char *length_text = strcasestr(head, "\r\ncontent-length:");
    long length = length_text ? strtol(length_text + 17, NULL, 10) : 0;
    for (char byte; length > 0; length--)
        if (read(fd, &byte, 1) != 1) return -1;
    if (strncmp(path, "/wait/", 6) == 0) {
        usleep((useconds_t)strtol(path + 6, NULL, 10) * 1000);
        return answer(fd, "waited\n");
    }
    if (strncmp(path, "/big/", 5) == 0) return big(fd, strtol(path + 5, NULL, 10));
    if (strcmp(path, "/hang") == 0) {
        struct pollfd gone = {.fd = fd, .events = POLLRDHUP};
        poll(&gone, 1, -1);
        return -1;
    }
    if (strcmp(path, "/tunnel") == 0) {
        // A WebSocket on which nothing is said.
        dprintf(fd, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n\r\n");
        for (char byte; read(fd, &byte, 1) == 1;) {}
        return -1;
    }
    if (strncmp(path, "/lines/", 7) == 0) {
        struct flood *flood = malloc(sizeof *flood);
        sscanf(path + 7, "%ld/%ld", &flood->mb_per_s, &flood->seconds);
        pthread_t thread;
        pthread_create(&thread, NULL, lines, flood);
        pthread_detach(thread);
        return answer(fd, "begun\n");
    }
    dprintf(1, "asked for %s\n", path);
    return answer(fd, "Hello\n");
}

static void *serve(void *given) {
    int fd = (int)(long)given;
    char head[65536];
    size_t end = 0;
    for (;;) {
        // A body is read from the socket byte by byte, so the head is too: nothing is read ahead.
        if (end == sizeof head - 1 || read(fd, head + end, 1) != 1) break;
        head[++end] = 0;
        if (end < 4 || memcmp(head + end - 4, "\r\n\r\n", 4) != 0) continue;
        if (serve_one(fd, head) != 0) break;
        end = 0;
    }
    close(fd);
    return NULL;
}

static void end(int signal) {
    (void)signal;
    _exit(0);
}

int main(void) {
    signal(SIGTERM, end);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) return 1;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 << 10);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        pthread_t thread;
        if (pthread_create(&thread, &small, serve, (void *)(long)fd) != 0) close(fd);
        else pthread_detach(thread);
    }
}
