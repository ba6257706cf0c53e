/* What lives in the test instances: each argument is one thing to do, in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <signal.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define LINE "a line of the flood, as long as most lines in a log are, so that it fills the pipe soon"

static void term(int signal) { (void)signal; write(1, "term\n", 5); }
static void bye(int signal) { (void)signal; write(1, "bye\n", 4); _exit(0); }

/* keyctl's commands and the number of the session's keyring, of linux/keyctl.h. */
enum { JOIN_SESSION_KEYRING = 1, SEARCH = 10, SESSION_KEYRING = -3 };

/* Becomes another program that holds a key. */
static int with_key(const char *name, char **words) {
    syscall(SYS_keyctl, JOIN_SESSION_KEYRING, NULL);
    if (syscall(SYS_add_key, "user", name, "secret", 6, SESSION_KEYRING) < 0) return 8;
    execv(words[0], words);
    return 9;
}

int main(int count, char **argument) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    /* Before the first word: whoever has read it may send a signal, and a first process without a handler never hears it. */
    signal(SIGTERM, count > 1 && !strcmp(argument[count - 1], "deaf") ? SIG_IGN : bye);
    if (count > 1 && !strcmp(argument[count - 1], "count-terms")) signal(SIGTERM, term);
    for (int i = 1; i < count; i++) {
        char *what = argument[i];
        char *value = strchr(what, '=');
        if (value) *value++ = 0;
        if (!strcmp(what, "say")) printf("%s\n", value);
        else if (!strcmp(what, "complain")) fprintf(stderr, "%s\n", value);
        else if (!strcmp(what, "mutter")) { printf("%s", value); fflush(stdout); }
        else if (!strcmp(what, "flood")) for (long n = atol(value); n > 0; n--) puts(LINE);
        else if (!strcmp(what, "who")) printf("uid %d gid %d pid %d\n", getuid(), getgid(), getpid());
        else if (!strcmp(what, "stdout")) printf("stdout %s\n", open("/dev/stdout", O_WRONLY) >= 0 ? "opens" : "refused");
        else if (!strcmp(what, "write")) { int f = open(value, O_WRONLY | O_CREAT, 0644); printf("write %s\n", f >= 0 ? "works" : "refused"); }
        else if (!strcmp(what, "owner")) { struct stat s; printf("owner %d\n", stat(value, &s) ? -1 : (int)s.st_uid); }
        else if (!strcmp(what, "tick")) for (;;) { puts(LINE); usleep(5000); }
        else if (!strcmp(what, "with-key")) return with_key(value, argument + i + 1);
        else if (!strcmp(what, "key")) printf("key %s\n", syscall(SYS_keyctl, SEARCH, SESSION_KEYRING, "user", value, 0) < 0 ? "is not there" : "is there");
        else if (!strcmp(what, "crash")) abort();
        else if (!strcmp(what, "exit")) return atoi(value);
        else if (!strcmp(what, "stay")) for (;;) pause();
        else if (!strcmp(what, "count-terms")) for (;;) pause();
        else if (!strcmp(what, "deaf")) for (;;) pause();
    }
    return 0;
}
