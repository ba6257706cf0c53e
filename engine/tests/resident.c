/* What lives in the test instances: each argument is one thing to do, in order. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void bye(int signal) { (void)signal; write(1, "bye\n", 4); _exit(0); }

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
    struct timeval wait = { .tv_sec = 1 };
    int client = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    printf("connect %s\n", connect(client, (struct sockaddr *)&name, sizeof name) ? "fails" : "works");
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
        else if (!strcmp(what, "exit")) return atoi(value);
        else if (!strcmp(what, "crash")) return *(volatile int *)0;
        else if (!strcmp(what, "deaf")) { signal(SIGTERM, SIG_IGN); }
        else if (!strcmp(what, "late")) usleep(atoi(value) * 1000);
        else if (!strcmp(what, "serve")) { int server = listen_on("0.0.0.0", port); printf("listening on %d\n", port); serve(server); }
        else if (!strcmp(what, "elsewhere")) serve(listen_on("0.0.0.0", atoi(value)));
        else if (!strcmp(what, "loopback")) serve(listen_on("127.0.0.1", port));
        else if (!strcmp(what, "stay")) for (;;) pause();
    }
    return 0;
}
