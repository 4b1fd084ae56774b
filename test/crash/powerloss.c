// A disk that forgets. Loaded with LD_PRELOAD under the server, it remembers what every write since the last sync of a
// file replaced. When told to (SIGUSR2, after POWERLOSS_AFTER_SYNCS syncs, or at the sync that ends checkpoint POWERLOSS_AT_CHECKPOINT), it puts the old bytes of a random subset of
// those unsynced writes back and ends the process at once: what a power cut leaves behind, which kill -9 does not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS_MAX 4096
#define UNDO_MAX 65536

struct undo { int fd; off_t offset; size_t length; size_t old_length; off_t old_size; unsigned char *old; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct undo undos[UNDO_MAX];
static int undo_count = 0;
static signed char tracked[FDS_MAX];
static long syncs = 0, syncs_until_cut = -1;
static long checkpoints = 0, checkpoint_to_cut = -1;
static volatile sig_atomic_t cut_requested = 0;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_close)(int);
static int (*real_ftruncate)(int, off_t);

static void on_signal(int number) { (void)number; cut_requested = 1; }

static void __attribute__((constructor)) start(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_close = dlsym(RTLD_NEXT, "close");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  const char *after = getenv("POWERLOSS_AFTER_SYNCS");
  if (after) syncs_until_cut = atol(after);
  const char *at = getenv("POWERLOSS_AT_CHECKPOINT");
  if (at) checkpoint_to_cut = atol(at);
  const char *seed = getenv("POWERLOSS_SEED");
  srand(seed ? (unsigned)atol(seed) : 1);
  memset(tracked, -1, sizeof tracked);
  signal(SIGUSR2, on_signal);
}

/* Only the database (1) and its WAL (2); the shared-memory index is rebuilt at recovery. */
static int is_tracked(int fd) {
  if (fd < 0 || fd >= FDS_MAX) return 0;
  if (tracked[fd] >= 0) return tracked[fd];
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  size_t n = (size_t)length;
  int which = 0;
  if (n > 9 && strcmp(path + n - 9, "purser.db") == 0) which = 1;
  if (n > 13 && strcmp(path + n - 13, "purser.db-wal") == 0) which = 2;
  return tracked[fd] = (signed char)which;
}

static void cut(void) {
  /* Newest first, so that each write that is undone shows what stood there before it. A write that stays on the disk
     while an older one below it is undone is what reordering disks do. */
  for (int i = undo_count - 1; i >= 0; i--) {
    struct undo *u = &undos[i];
    if (rand() % 4 == 0) continue;
    if (u->old_length) real_pwrite(u->fd, u->old, u->old_length, u->offset);
    if (u->old_length < u->length) {
      struct stat now;
      if (fstat(u->fd, &now) == 0 && now.st_size > u->old_size && now.st_size <= u->offset + (off_t)u->length) real_ftruncate(u->fd, u->old_size);
      else {
        static const unsigned char zeros[65536];
        size_t rest = u->length - u->old_length;
        if (rest <= sizeof zeros) real_pwrite(u->fd, zeros, rest, u->offset + (off_t)u->old_length);
      }
    }
  }
  _exit(137);
}

static void remember(int fd, size_t length, off_t offset) {
  if (undo_count == UNDO_MAX) return;
  struct undo *u = &undos[undo_count];
  struct stat now;
  if (fstat(fd, &now) != 0) return;
  u->fd = fd; u->offset = offset; u->length = length; u->old_size = now.st_size;
  u->old = malloc(length);
  ssize_t got = pread(fd, u->old, length, offset);
  u->old_length = got > 0 ? (size_t)got : 0;
  undo_count++;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  if (!is_tracked(fd)) return real_pwrite(fd, bytes, length, offset);
  pthread_mutex_lock(&lock);
  if (cut_requested) cut();
  remember(fd, length, offset);
  ssize_t written = real_pwrite(fd, bytes, length, offset);
  pthread_mutex_unlock(&lock);
  return written;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

static int synced(int fd, int (*real)(int)) {
  if (!is_tracked(fd)) return real(fd);
  pthread_mutex_lock(&lock);
  /* In WAL mode the database file itself is synced by checkpoints only. */
  if (is_tracked(fd) == 1 && ++checkpoints == checkpoint_to_cut) cut();
  if (cut_requested || (syncs_until_cut >= 0 && syncs >= syncs_until_cut)) cut();
  int result = real(fd);
  syncs++;
  int kept = 0;
  for (int i = 0; i < undo_count; i++) {
    /* A sync through any descriptor of a file covers all that was written to it. */
    if (is_tracked(undos[i].fd) == is_tracked(fd)) free(undos[i].old);
    else undos[kept++] = undos[i];
  }
  undo_count = kept;
  pthread_mutex_unlock(&lock);
  return result;
}
int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int close(int fd) {
  if (fd >= 0 && fd < FDS_MAX) tracked[fd] = -1;
  return real_close(fd);
}
