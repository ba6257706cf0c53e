// hello: a static web server of a few hundred kB, to see a platform at work.
//
// GET /        a greeting with the value of GREETING       GET /health   ok, until /sick was asked for
// POST /echo   the request's body, streamed back           GET /wait/N   answers after N milliseconds (at most 60000)
// GET /sick    from now on /health answers 500
//
// Listens on PORT (8080), a thread for each connection, HTTP/1.1 with keep-alive. Logs a line for each request. Ends on SIGTERM when the
// answers under way are sent. Not for production: it reads only what these paths need.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_BYTES 16384
#define WAIT_MS_MAX 60000

static atomic_int answering;
static atomic_int ending;
static atomic_int sick;

struct reader {
    int fd;
    size_t begin, end;
    char bytes[HEAD_BYTES];
};

static int write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = send(fd, bytes, length, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

// Makes at least one more byte available; 0 at the end of the stream.
static ssize_t fill(struct reader *r) {
    if (r->begin > 0) {
        memmove(r->bytes, r->bytes + r->begin, r->end - r->begin);
        r->end -= r->begin;
        r->begin = 0;
    }
    if (r->end == HEAD_BYTES) return -1;
    ssize_t got = read(r->fd, r->bytes + r->end, HEAD_BYTES - r->end);
    if (got > 0) r->end += (size_t)got;
    return got;
}

static const char *header(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') return line + 3 + length + strspn(line + 3 + length, " ");
    return NULL;
}

static int answer(int fd, const char *status, const char *body, int keep) {
    char text[1024];
    int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: %s\r\n\r\n%s", status,
                          strlen(body), keep ? "keep-alive" : "close", body);
    return write_all(fd, text, (size_t)length);
}

// Sends `length` bytes of the stream to a sink: back to the client, or nowhere.
static int pass(struct reader *r, unsigned long long length, int back) {
    while (length > 0) {
        if (r->begin == r->end && fill(r) <= 0) return -1;
        size_t there = r->end - r->begin;
        size_t part = there < length ? there : (size_t)length;
        if (back && write_all(r->fd, r->bytes + r->begin, part) != 0) return -1;
        r->begin += part;
        length -= part;
    }
    return 0;
}

// Reads one line of a chunked body: its size in hexadecimal.
static int chunk_size(struct reader *r, unsigned long long *size) {
    for (;;) {
        char *line = r->bytes + r->begin;
        char *end = memchr(line, '\n', r->end - r->begin);
        if (end) {
            *size = strtoull(line, NULL, 16);
            r->begin = (size_t)(end + 1 - r->bytes);
            return 0;
        }
        if (fill(r) <= 0) return -1;
    }
}

static int echo_chunks(struct reader *r) {
    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    if (write_all(r->fd, head, strlen(head)) != 0) return -1;
    for (;;) {
        unsigned long long size, empty;
        char line[32];
        if (chunk_size(r, &size) != 0) return -1;
        if (size == 0) {
            if (chunk_size(r, &empty) != 0) return -1;
            return write_all(r->fd, "0\r\n\r\n", 5);
        }
        int length = snprintf(line, sizeof line, "%llx\r\n", size);
        if (write_all(r->fd, line, (size_t)length) != 0 || pass(r, size, 1) != 0 || write_all(r->fd, "\r\n", 2) != 0) return -1;
        if (chunk_size(r, &empty) != 0) return -1;
    }
}

static int echo_length(struct reader *r, unsigned long long length) {
    char head[128];
    int bytes = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %llu\r\n\r\n", length);
    return write_all(r->fd, head, (size_t)bytes) != 0 ? -1 : pass(r, length, 1);
}

// One request; 0 to go on with the connection.
static int serve_one(struct reader *r, const char *head) {
    char method[16] = "", path[256] = "", body[512];
    sscanf(head, "%15s %255s", method, path);
    const char *asked = header(head, "Connection");
    int keep = !(asked && strncasecmp(asked, "close", 5) == 0) && !atomic_load(&ending);
    const char *length_text = header(head, "Content-Length");
    unsigned long long length = length_text ? strtoull(length_text, NULL, 10) : 0;
    int chunked = header(head, "Transfer-Encoding") != NULL;
    int failed;
    if (strcmp(path, "/echo") == 0) {
        failed = chunked ? echo_chunks(r) : echo_length(r, length);
        keep = keep && !failed;
    } else if (chunked || pass(r, length, 0) != 0) {
        failed = answer(r->fd, "400 Bad Request", "only /echo takes a chunked body\n", keep = 0);
    } else if (strcmp(path, "/health") == 0) {
        failed = atomic_load(&sick) ? answer(r->fd, "500 Internal Server Error", "sick\n", keep) : answer(r->fd, "200 OK", "ok\n", keep);
    } else if (strcmp(path, "/sick") == 0) {
        atomic_store(&sick, 1);
        failed = answer(r->fd, "200 OK", "from now on\n", keep);
    } else if (strncmp(path, "/wait/", 6) == 0) {
        long ms = strtol(path + 6, NULL, 10);
        usleep((useconds_t)((ms < 0 ? 0 : ms > WAIT_MS_MAX ? WAIT_MS_MAX : ms) * 1000));
        failed = answer(r->fd, "200 OK", "waited\n", keep);
    } else if (strcmp(path, "/") == 0) {
        const char *greeting = getenv("GREETING");
        char host[65] = "";
        gethostname(host, sizeof host - 1);
        snprintf(body, sizeof body, "%s from %s\n", greeting ? greeting : "Hello", host);
        failed = answer(r->fd, "200 OK", body, keep);
    } else {
        failed = answer(r->fd, "404 Not Found", "hello knows /, /health, /sick, /echo and /wait/N\n", keep);
    }
    printf("%s %s %s\n", method, path, failed ? "cut off" : "answered");
    return failed || !keep;
}

static void *serve(void *argument) {
    struct reader *r = argument;
    for (int done = 0; !done;) {
        char *end = NULL;
        while (!(end = memmem(r->bytes + r->begin, r->end - r->begin, "\r\n\r\n", 4)))
            if (fill(r) <= 0) goto over;
        char head[HEAD_BYTES + 1];
        size_t length = (size_t)(end + 4 - (r->bytes + r->begin));
        memcpy(head, r->bytes + r->begin, length);
        head[length] = 0;
        r->begin += length;
        atomic_fetch_add(&answering, 1);
        done = serve_one(r, head);
        atomic_fetch_sub(&answering, 1);
    }
over:
    close(r->fd);
    free(r);
    return NULL;
}

static void end_softly(int signal) {
    (void)signal;
    atomic_store(&ending, 1);
}

int main(void) {
    struct sigaction action = {.sa_handler = end_softly};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *port_text = getenv("PORT");
    int port = port_text ? atoi(port_text) : 8080, one = 1, listener = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 any6 = {.sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port)};
    struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    struct sockaddr *address = (struct sockaddr *)&any6;
    socklen_t size = sizeof any6;
    if (listener < 0) {
        listener = socket(AF_INET, SOCK_STREAM, 0);
        address = (struct sockaddr *)&any4;
        size = sizeof any4;
    }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, address, size) != 0 || listen(listener, 1024) != 0) {
        fprintf(stderr, "hello cannot listen on port %d: %s\n", port, strerror(errno));
        return 1;
    }
    printf("hello listens on port %d\n", port);
    while (!atomic_load(&ending)) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct reader *r = calloc(1, sizeof *r);
        pthread_t thread;
        r->fd = fd;
        if (pthread_create(&thread, NULL, serve, r) != 0) {
            close(fd);
            free(r);
        } else {
            pthread_detach(thread);
        }
    }
    close(listener);
    for (int rounds = 0; atomic_load(&answering) > 0 && rounds < 3000; rounds++) usleep(10000);
    puts("hello ends");
    return 0;
}
