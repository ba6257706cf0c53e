/* What lives in the test instances: each argument is one thing to do, in order. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void bye(int signal) { (void)signal; write(1, "bye\n", 4); _exit(0); }

static void size(int signal) {
    struct winsize w = { 0 };
    ioctl(0, TIOCGWINSZ, &w);
    char b[64];
    write(1, b, sprintf(b, "%dx%d\n", w.ws_col, w.ws_row));
    (void)signal;
}

static int listen_on(const char *address, int port) {
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, address, &name.sin_addr);
    int yes = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server, (struct sockaddr *)&name, sizeof name) || listen(server, 128)) { perror("listen"); exit(9); }
    return server;
}

/* Answers every request: /health and / with 200, everything else with 404; with 503 while there is a file /tmp/sick. */
static void serve(int server) {
    for (;;) {
        int client = accept(server, NULL, NULL);
        char buffer[4096] = "";
        if (client < 0) continue;
        if (read(client, buffer, sizeof buffer - 1) > 0) {
            int good = !strncmp(buffer, "GET / ", 6) || !strncmp(buffer, "GET /health ", 12);
            const char *answer = !access("/tmp/sick", F_OK) ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                      : good ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nhi\n"
                                      : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            write(client, answer, strlen(answer));
        }
        close(client);
    }
}

/* Takes every connection and answers nothing. */
static void keep_silent(int server) {
    for (;;) accept(server, NULL, NULL);
}

static void show(const char *path) {
    FILE *file = fopen(path, "r");
    char line[1024];
    if (!file) { printf("%s: not there: %m\n", path); return; }
    while (fgets(line, sizeof line, file)) { line[strcspn(line, "\n")] = 0; printf("%s: %s\n", path, line); }
    fclose(file);
}

static void try_connect(char *target) {
    char *port = strchr(target, ':');
    *port++ = 0;
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
    inet_pton(AF_INET, target, &name.sin_addr);
    struct timeval wait = { .tv_sec = 3 };
    int client = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    printf("connect %s\n", connect(client, (struct sockaddr *)&name, sizeof name) ? "fails" : "works");
}

/* Writes until it may not, and says how much and why. */
static void fill(const char *path) {
    static char block[1 << 16];
    long long bytes = 0;
    ssize_t wrote;
    int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    memset(block, 'x', sizeof block);
    if (file < 0) { printf("fill 0 %s\n", strerror(errno)); return; }
    while ((wrote = write(file, block, sizeof block)) > 0) bytes += wrote;
    int why = errno;
    /* What was promised must also be kept. */
    if (fsync(file)) why = errno;
    printf("fill %lld %s\n", bytes, strerror(why));
    close(file);
}

/* Makes empty files, with names that take room, until it may not. */
static void files(const char *folder) {
    char path[512];
    int n = 0, file;
    mkdir(folder, 0700);
    for (;; n++) {
        snprintf(path, sizeof path, "%s/%0200d", folder, n);
        if ((file = open(path, O_CREAT | O_WRONLY, 0600)) < 0) break;
        close(file);
    }
    printf("files %d %s\n", n, strerror(errno));
}

/* A file that says it is large and is not. */
static void sparse(const char *path) {
    int file = open(path, O_CREAT | O_WRONLY, 0600);
    int bad = ftruncate(file, 1LL << 33) || pwrite(file, "x", 1, (1LL << 33) - 1) != 1;
    printf("sparse %s\n", bad ? strerror(errno) : "done");
    close(file);
}

/* Takes everything out of a file. */
static void punch(const char *path) {
    int file = open(path, O_WRONLY);
    int bad = fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, lseek(file, 0, SEEK_END));
    printf("punch %s\n", bad ? strerror(errno) : "done");
    close(file);
}

/* Writes 8 MiB and takes every second page out again, ten times over. */
static void holes(const char *path) {
    static char block[8192];
    int bad = 0, file = open(path, O_CREAT | O_WRONLY, 0600);
    for (int round = 0; round < 10 && !bad; round++)
        for (off_t at = 0; at < 8 << 20 && !bad; at += sizeof block)
            bad = pwrite(file, block, sizeof block, at) != sizeof block
               || (at % 65536 == 0 && fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, 4096));
    printf("holes %s\n", bad ? strerror(errno) : "done");
    close(file);
}

/* A subvolume of one's own would have no quota. */
static void subvolume(void) {
    struct { long long fd; char name[4088]; } order = { 0, "mine" };
    int folder = open("/tmp", O_RDONLY | O_DIRECTORY);
    printf("subvolume %s\n", ioctl(folder, 0x5000940e, &order) ? strerror(errno) : "made");
    close(folder);
}

int main(int count, char **argument) {
    const char *own = getenv("PORT");
    int port = own ? atoi(own) : 8080;
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, bye);
    for (int i = 1; i < count; i++) {
        char *what = argument[i];
        char *value = strchr(what, '=');
        if (value) *value++ = 0;
        if (!strcmp(what, "say")) printf("%s\n", value);
        else if (!strcmp(what, "who")) printf("uid %d gid %d\n", getuid(), getgid());
        else if (!strcmp(what, "env")) for (char **e = environ; *e; e++) printf("env %s\n", *e);
        else if (!strcmp(what, "cwd")) { char b[512]; printf("cwd %s\n", getcwd(b, sizeof b)); }
        else if (!strcmp(what, "show")) show(value);
        else if (!strcmp(what, "write")) { FILE *f = fopen(value, "w"); if (f) { fputs("written\n", f); fclose(f); } else printf("%s: %m\n", value); }
        else if (!strcmp(what, "exists")) { struct stat s; printf("%s %s\n", value, lstat(value, &s) ? "is not there" : "is there"); }
        else if (!strcmp(what, "mknod")) printf("mknod %s\n", mknod("/tmp/n", S_IFCHR | 0600, 0x103) ? "refused" : "works");
        else if (!strcmp(what, "raw")) printf("raw %s\n", socket(AF_INET, SOCK_RAW, 1) < 0 ? "refused" : "works");
        else if (!strcmp(what, "connect")) try_connect(value);
        else if (!strcmp(what, "eat")) for (;;) { char *p = malloc(1 << 20); if (!p) return 4; memset(p, 1, 1 << 20); }
        else if (!strcmp(what, "fork")) {
            int n = 0, child;
            while ((child = fork()) > 0) n++;
            if (!child) { pause(); return 0; }
            printf("forked %d\n", n);
        }
        else if (!strcmp(what, "child")) {
            int child = fork();
            if (!child) for (;;) { char *p = malloc(1 << 20); if (p) memset(p, 1, 1 << 20); }
            waitpid(child, NULL, 0);
        }
        else if (!strcmp(what, "mutter")) { printf("%s", value); fflush(stdout); }
        else if (!strcmp(what, "binary")) { char b[257]; for (int n = 0; n < 256; n++) b[n] = n; b[256] = '\n'; write(1, b, sizeof b); }
        else if (!strcmp(what, "count")) { char b[32]; for (long n = 0; n < atol(value); n++) write(1, b, sprintf(b, "line %ld\n", n)); }
        else if (!strcmp(what, "err")) fprintf(stderr, "%s\n", value);
        else if (!strcmp(what, "kill")) { signal(atoi(value), SIG_DFL); kill(getpid(), atoi(value)); }
        else if (!strcmp(what, "flood")) { long left = atol(value); char b[4096]; memset(b, 'x', sizeof b);
            while (left > 0) { long n = write(1, b, left < sizeof b ? left : sizeof b); if (n < 0) return 5; left -= n; } }
        else if (!strcmp(what, "copy")) { char b[4096]; long n; while ((n = read(0, b, sizeof b)) > 0) for (long at = 0; at < n;) at += write(1, b + at, n - at); }
        else if (!strcmp(what, "size")) { /* until it reads something */
            struct sigaction sized = { .sa_handler = size }; /* no SA_RESTART */
            sigaction(SIGWINCH, &sized, NULL); size(0);
            char b; while (read(0, &b, 1) < 0) ;
        }
        else if (!strcmp(what, "child-stays")) { if (!fork()) for (;;) pause(); }
        else if (!strcmp(what, "fill")) fill(value);
        else if (!strcmp(what, "files")) files(value);
        else if (!strcmp(what, "sparse")) sparse(value);
        else if (!strcmp(what, "punch")) punch(value);
        else if (!strcmp(what, "holes")) holes(value);
        else if (!strcmp(what, "rm")) printf("rm %s: %s\n", value, unlink(value) ? strerror(errno) : "done");
        else if (!strcmp(what, "subvolume")) subvolume();
        else if (!strcmp(what, "exit")) return atoi(value);
        else if (!strcmp(what, "crash")) return *(volatile int *)0;
        else if (!strcmp(what, "deaf")) { signal(SIGTERM, SIG_IGN); }
        else if (!strcmp(what, "late")) usleep(atoi(value) * 1000);
        else if (!strcmp(what, "serve")) { int server = listen_on("0.0.0.0", port); printf("listening on %d\n", port); serve(server); }
        else if (!strcmp(what, "elsewhere")) serve(listen_on("0.0.0.0", atoi(value)));
        else if (!strcmp(what, "loopback")) serve(listen_on("127.0.0.1", port));
        else if (!strcmp(what, "silent")) keep_silent(listen_on("0.0.0.0", port));
        else if (!strcmp(what, "stay")) for (;;) pause();
    }
    return 0;
}
