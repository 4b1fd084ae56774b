// A disk that is full while the file named by DISKFULL_WHILE is there. Loaded with LD_PRELOAD under the server, it lets no write make
// the database, its log or its copies change: ENOSPC, as the system says it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fallocate)(int, off_t, off_t);
static const char *flag;

static void __attribute__((constructor)) start(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
  flag = getenv("DISKFULL_WHILE");
}

static int is_full(int fd) {
  if (!flag || access(flag, F_OK) != 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strstr(path, "purser.db") != NULL || strstr(path, "/snapshots/") != NULL;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  if (is_full(fd)) { errno = ENOSPC; return -1; }
  return real_pwrite(fd, bytes, length, offset);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }
ssize_t write(int fd, const void *bytes, size_t length) {
  if (is_full(fd)) { errno = ENOSPC; return -1; }
  return real_write(fd, bytes, length);
}
int posix_fallocate64(int fd, off_t offset, off_t length) {
  if (is_full(fd)) return ENOSPC;
  return real_fallocate(fd, offset, length);
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }
