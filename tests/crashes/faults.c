/* A layer under every file operation of a process: counts them, and stops the process or fails one of them.

   Preloaded (LD_PRELOAD) it stands between a program and the C library: Python's own files, SQLite's and the index's
   all pass through it. Only what happens below one folder counts, and only what changes something. faults_arm() says
   what is to happen at which operation, counted from 1; with a log, each operation is written down with its data, so
   that what a disk may hold after a power cut can be told (power_loss.py). */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { NOTHING, KILL, TEAR, FAIL_ONCE, FAIL_ON };
enum { FDS = 4096 };

static char folder[PATH_MAX];
static size_t folder_length;
static long count, at;
static int action, failure, log_fd = -1, armed;
static char tracked[FDS];

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int is_below(const char *path) {
    return armed && !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

/* The absolute form of a path, as far as a program of ours gives one: below a folder's descriptor, or where we are. */
static const char *absolute(int dir, const char *path, char *buffer) {
    char link[64];
    ssize_t length;
    if (path[0] == '/') return path;
    if (dir == AT_FDCWD) {
        if (!getcwd(buffer, PATH_MAX)) return path;
        length = strlen(buffer);
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        length = readlink(link, buffer, PATH_MAX - 1);
        if (length < 0) return path;
    }
    snprintf(buffer + length, PATH_MAX - length, "/%s", path);
    return buffer;
}

static void all_written(const void *data, size_t size) {
    const char *from = data;
    while (size) {
        ssize_t done = REAL(write)(log_fd, from, size);
        if (done <= 0) _exit(99);
        from += done;
        size -= done;
    }
}

/* kind, descriptor, offset, the lengths of two pieces, the pieces */
static void note(char kind, int fd, int64_t offset, const void *one, uint32_t one_size, const char *two) {
    char head[21];
    int32_t number = fd;
    uint32_t two_size = two ? strlen(two) : 0;
    if (log_fd < 0) return;
    head[0] = kind;
    memcpy(head + 1, &number, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &one_size, 4);
    memcpy(head + 17, &two_size, 4);
    all_written(head, sizeof head);
    all_written(one, one_size);
    all_written(two, two_size);
}

/* Count an operation that changes something; 1 where it is to fail. ``fd`` and ``size`` are of a write, else -1. */
static int fails(int takes_room, int fd, const void *data, size_t size, off_t offset) {
    int is_now = ++count == at;
    if (is_now && action == TEAR && fd >= 0 && size > 1) {
        if (offset >= 0) REAL(pwrite64)(fd, data, size / 2, offset);
        else REAL(write)(fd, data, size / 2);
    }
    if (is_now && (action == KILL || action == TEAR)) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if ((is_now && action == FAIL_ONCE) || (action == FAIL_ON && count >= at && takes_room)) {
        errno = failure;
        return 1;
    }
    return 0;
}

void faults_arm(const char *below, long at_count, int what, int error, const char *log) {
    snprintf(folder, sizeof folder, "%s", below);
    folder_length = strlen(folder);
    count = 0;
    at = at_count;
    action = what;
    failure = error;
    log_fd = log && *log ? REAL(open)(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    armed = 1;
}

long faults_count(void) { return count; }

static int opened(int dir, const char *path, int flags, mode_t mode) {
    char buffer[PATH_MAX];
    struct stat was;
    const char *whole = absolute(dir, path, buffer);
    int is_ours = is_below(whole), is_new = 0, fd;
    if (is_ours && (flags & (O_CREAT | O_TRUNC))) {
        is_new = lstat(whole, &was) != 0;
        if (is_new ? flags & O_CREAT : (flags & O_TRUNC) && was.st_size)
            if (fails(is_new, -1, NULL, 0, -1)) return -1;
    }
    fd = REAL(openat)(dir, path, flags, mode);
    if (fd >= 0 && fd < FDS) {
        tracked[fd] = is_ours;
        if (is_ours) {
            note(is_new ? 'C' : 'O', fd, 0, whole, strlen(whole), NULL);
            if (!is_new && flags & O_TRUNC) note('T', fd, 0, NULL, 0, NULL);
        }
    }
    return fd;
}

#define OPENED(dir)                                                   \
    mode_t mode = 0;                                                  \
    if (flags & (O_CREAT | O_TMPFILE)) {                              \
        va_list rest;                                                 \
        va_start(rest, flags);                                        \
        mode = va_arg(rest, mode_t);                                  \
        va_end(rest);                                                 \
    }                                                                 \
    return opened(dir, path, flags, mode);

int open(const char *path, int flags, ...) { OPENED(AT_FDCWD) }
int open64(const char *path, int flags, ...) { OPENED(AT_FDCWD) }
int openat(int dir, const char *path, int flags, ...) {
    if (!armed) {
        mode_t mode = 0;
        if (flags & (O_CREAT | O_TMPFILE)) {
            va_list rest;
            va_start(rest, flags);
            mode = va_arg(rest, mode_t);
            va_end(rest);
        }
        return REAL(openat)(dir, path, flags, mode);
    }
    OPENED(dir)
}
int openat64(int dir, const char *path, int flags, ...) { OPENED(dir) }

static int is_tracked(int fd) { return armed && fd >= 0 && fd < FDS && tracked[fd]; }

ssize_t write(int fd, const void *data, size_t size) {
    off_t offset;
    ssize_t done;
    if (armed && fd == 1) note('A', fd, 0, data, size, NULL);
    if (!is_tracked(fd)) return REAL(write)(fd, data, size);
    if (fails(1, fd, data, size, -1)) return -1;
    offset = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    done = REAL(write)(fd, data, size);
    if (done > 0) note('W', fd, offset, data, done, NULL);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
    ssize_t done;
    if (is_tracked(fd) && fails(1, fd, data, size, offset)) return -1;
    done = REAL(pwrite64)(fd, data, size, offset);
    if (done > 0 && is_tracked(fd)) note('W', fd, offset, data, done, NULL);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

/* Copying inside the kernel is refused, so that Python copies by reading and writing. */
ssize_t sendfile(int out, int in, off_t *offset, size_t size) {
    (void)in, (void)offset, (void)size, (void)out;
    errno = EINVAL;
    return -1;
}
ssize_t sendfile64(int out, int in, off_t *offset, size_t size) { return sendfile(out, in, offset, size); }
ssize_t copy_file_range(int in, off_t *from, int out, off_t *to, size_t size, unsigned flags) {
    (void)in, (void)from, (void)out, (void)to, (void)size, (void)flags;
    errno = EINVAL;
    return -1;
}

static int synced(int fd, int (*sync)(int)) {
    if (is_tracked(fd) && fails(1, -1, NULL, 0, -1)) return -1;
    int failed = sync(fd);
    if (!failed && is_tracked(fd)) note('S', fd, 0, NULL, 0, NULL);
    return failed;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int ftruncate64(int fd, off_t size) {
    if (is_tracked(fd) && fails(0, -1, NULL, 0, -1)) return -1;
    int failed = REAL(ftruncate64)(fd, size);
    if (!failed && is_tracked(fd)) note('T', fd, size, NULL, 0, NULL);
    return failed;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int close(int fd) {
    if (is_tracked(fd)) note('X', fd, 0, NULL, 0, NULL);
    if (fd >= 0 && fd < FDS) tracked[fd] = 0;
    return REAL(close)(fd);
}

static int moved(char kind, int takes_room, const char *from, const char *to, int dir, int (*done)(void *), void *given) {
    char one[PATH_MAX], two[PATH_MAX];
    const char *whole = absolute(dir, from, one), *other = to ? absolute(dir, to, two) : NULL;
    int is_ours = is_below(whole) || (other && is_below(other)), failed;
    if (is_ours && fails(takes_room, -1, NULL, 0, -1)) return -1;
    failed = done(given);
    if (!failed && is_ours) note(kind, -1, 0, whole, strlen(whole), other);
    return failed;
}

struct names { int dir; const char *from, *to; mode_t mode; int flags; };

static int do_rename(void *given) { struct names *n = given; return REAL(rename)(n->from, n->to); }
static int do_unlinkat(void *given) { struct names *n = given; return REAL(unlinkat)(n->dir, n->from, n->flags); }
static int do_mkdirat(void *given) { struct names *n = given; return REAL(mkdirat)(n->dir, n->from, n->mode); }
static int do_link(void *given) { struct names *n = given; return REAL(link)(n->from, n->to); }

int rename(const char *from, const char *to) {
    struct names n = {AT_FDCWD, from, to, 0, 0};
    return moved('R', 1, from, to, AT_FDCWD, do_rename, &n);
}
int link(const char *from, const char *to) {
    struct names n = {AT_FDCWD, from, to, 0, 0};
    return moved('L', 1, from, to, AT_FDCWD, do_link, &n);
}
int unlinkat(int dir, const char *path, int flags) {
    struct names n = {dir, path, NULL, 0, flags};
    return moved(flags & AT_REMOVEDIR ? 'D' : 'U', 0, path, NULL, dir, do_unlinkat, &n);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdirat(int dir, const char *path, mode_t mode) {
    struct names n = {dir, path, NULL, mode, 0};
    return moved('M', 1, path, NULL, dir, do_mkdirat, &n);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
