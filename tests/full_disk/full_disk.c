/* A disk that can be full on command, for the test that fills one while an interview goes on.
 *
 * Preloaded into the window: while the file named by TIANYE_FULL_DISK is there, nothing can be written below the folder
 * named by TIANYE_FULL_BELOW, with the error that a full disk gives. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int full(int fd) {
    const char *flag = getenv("TIANYE_FULL_DISK");
    const char *below = getenv("TIANYE_FULL_BELOW");
    char link[64], path[4096];
    ssize_t length;
    int before = errno;
    if (!flag || !below || access(flag, F_OK) != 0) {
        errno = before;
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, below, strlen(below)) == 0;
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define REFUSE_IF_FULL(fd) if (full(fd)) { errno = ENOSPC; return -1; }

ssize_t write(int fd, const void *bytes, size_t count) {
    NEXT(write);
    REFUSE_IF_FULL(fd)
    return next(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    NEXT(pwrite);
    REFUSE_IF_FULL(fd)
    return next(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    NEXT(pwrite64);
    REFUSE_IF_FULL(fd)
    return next(fd, bytes, count, at);
}

int ftruncate(int fd, off_t length) {
    NEXT(ftruncate);
    REFUSE_IF_FULL(fd)
    return next(fd, length);
}

int ftruncate64(int fd, off64_t length) {
    NEXT(ftruncate64);
    REFUSE_IF_FULL(fd)
    return next(fd, length);
}
