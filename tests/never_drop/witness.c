// witness: the application that stands behind the load of tests/never_drop. Each answer says which version and instance gave it, and each body can be
// checked byte by byte. It is as rude as an application may be: SIGTERM ends it at once, whatever it is doing, so only what was drained before is safe.
//
// /health                ok                              /…/plain            one line
// /…/digest              digest of what was uploaded     /…/slow/MS          one line, after so long
// /…/bytes/N             N bytes                         /…/drip/N/MS        N bytes, in pieces over so long
// /…/socket              a WebSocket that gives every byte back
//
// VERSION is what it calls itself; IDLE_MS is how long it keeps a silent connection (it then closes it without a word); ANSWERS is after how many
// answers it does the same. Listens on PORT (8080), a thread for each connection. Not for production: it reads only what these paths need.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define HEAD_BYTES 16384
#define PIECES 10

static const char *version = "none";
static char instance[65];
static long idle_ms, answers_max;

struct reader {
    int fd;
    size_t begin, end;
    char bytes[HEAD_BYTES];
};

struct request {
    const char *path, *what;
    uint64_t digest;
    unsigned long long length;
    int keep;
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

// Makes at least one more byte available; 0 at the end of the stream or of patience.
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

// Takes so many bytes of the body into the digest (FNV-1a, 64 bits).
static int take(struct reader *r, struct request *q, unsigned long long length) {
    q->length += length;
    while (length > 0) {
        if (r->begin == r->end && fill(r) <= 0) return -1;
        for (; length > 0 && r->begin < r->end; length--) q->digest = (q->digest ^ (unsigned char)r->bytes[r->begin++]) * 0x100000001b3u;
    }
    return 0;
}

static int chunk_size(struct reader *r, unsigned long long *size) {
    for (;;) {
        char *line = r->bytes + r->begin, *end = memchr(line, '\n', r->end - r->begin);
        if (end) {
            *size = strtoull(line, NULL, 16);
            r->begin = (size_t)(end + 1 - r->bytes);
            return 0;
        }
        if (fill(r) <= 0) return -1;
    }
}

static int take_chunks(struct reader *r, struct request *q) {
    for (;;) {
        unsigned long long size, empty;
        if (chunk_size(r, &size) != 0) return -1;
        if (size == 0) return chunk_size(r, &empty);
        if (take(r, q, size) != 0 || chunk_size(r, &empty) != 0) return -1;
    }
}

static int begin_answer(int fd, const char *status, unsigned long long length, int keep) {
    char text[512];
    int bytes = snprintf(text, sizeof text,
                         "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %llu\r\nX-Version: %s\r\nX-Instance: %s\r\nConnection: %s\r\n\r\n",
                         status, length, version, instance, keep ? "keep-alive" : "close");
    return write_all(fd, text, (size_t)bytes);
}

static int say(int fd, const char *status, const char *words, int keep) {
    return begin_answer(fd, status, strlen(words), keep) != 0 ? -1 : write_all(fd, words, strlen(words));
}

// Byte n of a download is a letter that follows from n: what is missing or doubled shows.
static int download(int fd, unsigned long long length, long ms, int keep) {
    char piece[4096];
    if (begin_answer(fd, "200 OK", length, keep) != 0) return -1;
    unsigned long long sent = 0, next_rest = length / PIECES + 1;
    while (sent < length) {
        size_t part = length - sent < sizeof piece ? (size_t)(length - sent) : sizeof piece;
        for (size_t n = 0; n < part; n++) piece[n] = (char)('a' + (sent + n) % 23);
        if (write_all(fd, piece, part) != 0) return -1;
        sent += part;
        if (ms > 0 && sent >= next_rest) {
            usleep((useconds_t)(ms * 1000 / PIECES));
            next_rest += length / PIECES + 1;
        }
    }
    return 0;
}

static int echo_forever(struct reader *r) {
    const char *head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    char more[160];
    int bytes = snprintf(more, sizeof more, "X-Version: %s\r\nX-Instance: %s\r\n\r\n", version, instance);
    if (write_all(r->fd, head, strlen(head)) != 0 || write_all(r->fd, more, (size_t)bytes) != 0) return -1;
    do {
        if (write_all(r->fd, r->bytes + r->begin, r->end - r->begin) != 0) return -1;
        r->begin = r->end;
    } while (fill(r) > 0);
    return -1;
}

// One request; 0 to go on with the connection.
static int serve_one(struct reader *r, const char *head) {
    char method[16] = "", path[256] = "", line[400];
    sscanf(head, "%15s %255s", method, path);
    const char *asked = header(head, "Connection"), *length = header(head, "Content-Length");
    struct request q = {.digest = 0xcbf29ce484222325u, .keep = !(asked && strncasecmp(asked, "close", 5) == 0)};
    if (header(head, "Transfer-Encoding") ? take_chunks(r, &q) : take(r, &q, length ? strtoull(length, NULL, 10) : 0)) return -1;
    unsigned long long bytes = 0;
    long ms = 0;
    char *what = strncmp(path, "/n/", 3) == 0 ? strchr(path + 3, '/') : NULL;
    what = what ? what + 1 : path + 1;
    if (asked && strncasecmp(asked, "upgrade", 7) == 0 && strcmp(what, "socket") == 0) return echo_forever(r);
    if (sscanf(what, "bytes/%llu", &bytes) == 1 || sscanf(what, "drip/%llu/%ld", &bytes, &ms) == 2) {
        return download(r->fd, bytes, ms, q.keep) != 0 || !q.keep;
    }
    if (sscanf(what, "slow/%ld", &ms) == 1) usleep((useconds_t)(ms * 1000));
    else if (strcmp(what, "plain") != 0 && strcmp(what, "digest") != 0 && strcmp(what, "health") != 0)
        return say(r->fd, "404 Not Found", "the witness does not know this path\n", q.keep) != 0 || !q.keep;
    snprintf(line, sizeof line, "witness %s at %s: %llu bytes, digest %016llx\n", version, instance, q.length, (unsigned long long)q.digest);
    return say(r->fd, "200 OK", line, q.keep) != 0 || !q.keep;
}

static void *serve(void *argument) {
    struct reader *r = argument;
    long answers = 0;
    for (int done = 0; !done;) {
        char *end = NULL;
        while (!(end = memmem(r->bytes + r->begin, r->end - r->begin, "\r\n\r\n", 4)))
            if (fill(r) <= 0) goto over;
        char head[HEAD_BYTES + 1];
        size_t length = (size_t)(end + 4 - (r->bytes + r->begin));
        memcpy(head, r->bytes + r->begin, length);
        head[length] = 0;
        r->begin += length;
        done = serve_one(r, head) || ++answers == answers_max;
    }
over:
    close(r->fd);
    free(r);
    return NULL;
}

static void end_rudely(int signal) {
    (void)signal;
    _exit(0);
}

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

int main(void) {
    struct sigaction action = {.sa_handler = end_rudely};
    sigaction(SIGTERM, &action, NULL);
    if (getenv("VERSION")) version = getenv("VERSION");
    gethostname(instance, sizeof instance - 1);
    idle_ms = number("IDLE_MS", 0);
    answers_max = number("ANSWERS", 0);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((unsigned short)number("PORT", 8080))};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 1024) != 0) {
        fprintf(stderr, "the witness cannot listen: %s\n", strerror(errno));
        return 1;
    }
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 << 10);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        struct timeval patience = {.tv_sec = idle_ms / 1000, .tv_usec = idle_ms % 1000 * 1000};
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        struct reader *r = calloc(1, sizeof *r);
        pthread_t thread;
        r->fd = fd;
        if (pthread_create(&thread, &small, serve, r) != 0) {
            close(fd);
            free(r);
        } else {
            pthread_detach(thread);
        }
    }
}
