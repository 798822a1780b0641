/*
 * Runs a command on a terminal of its own, as a person would: waits for a prompt ("> "), types the
 * next line of standard input, and after the last one Ctrl-D, or with -c Ctrl-C. What the terminal
 * shows goes to standard output; ends with the command's status, or 128 and the signal's number.
 *
 *     pty [-c] COMMAND... <LINES
 */
#define _XOPEN_SOURCE 600
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 20000 };

static void die(const char *what)
{
    perror(what);
    exit(125);
}

static void type(int terminal, const char *text, size_t n)
{
    if (write(terminal, text, n) != (ssize_t)n)
        die("write");
}

int main(int argc, char **argv)
{
    const int first = argc > 1 && strcmp(argv[1], "-c") == 0 ? 2 : 1;
    char shown[1 << 16], line[1024];
    size_t n_shown = 0, answered = 0;
    int status = 0;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (first >= argc || terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
        die("posix_openpt");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        signal(SIGINT, SIG_DFL); /* who runs in the background has it ignored */
        setsid();
        int side = open(ptsname(terminal), O_RDWR); /* becomes the controlling terminal */
        close(terminal);
        if (side < 0)
            die("open");
        for (int fd = 0; fd < 3; fd++)
            dup2(side, fd);
        execvp(argv[first], argv + first);
        die(argv[first]);
    }
    for (;;) {
        struct pollfd p = {.fd = terminal, .events = POLLIN};
        if (poll(&p, 1, WAIT_MS) <= 0) {
            kill(child, SIGKILL);
            fputs("pty: no prompt and no end\n", stderr);
            break;
        }
        ssize_t n = read(terminal, shown + n_shown, sizeof shown - n_shown);
        if (n <= 0)
            break; /* EIO: the other side is closed */
        fwrite(shown + n_shown, 1, (size_t)n, stdout);
        n_shown += (size_t)n;
        if (n_shown < answered + 2 || memcmp(shown + n_shown - 2, "> ", 2) != 0)
            continue;
        answered = n_shown;
        if (fgets(line, sizeof line, stdin) != NULL)
            type(terminal, line, strlen(line));
        else
            type(terminal, first == 2 ? "\003" : "\004", 1);
    }
    if (waitpid(child, &status, 0) != child)
        die("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
