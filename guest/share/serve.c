#include "serve.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "fail.h"
#include "fids.h"
#include "message.h"
#include "operation.h"

#define DIALECT "9P2000.L"

static uint32_t longest;

uint32_t serve_longest(void) {
  return longest ? longest : MIN_MESSAGE;
}

void serve_continue(uint32_t agreed) {
  longest = agreed;
}

/* Everything begins anew. */
static int agree(struct cursor *in, struct reply *out) {
  uint32_t wanted = take_u32(in);
  bool known = strcmp(take_string(in), DIALECT) == 0;
  if (!taken_whole(in) || wanted < MIN_MESSAGE) {
    return BREACH;
  }
  fids_clear();
  longest = !known ? 0 : wanted < MAX_MESSAGE ? wanted : MAX_MESSAGE;
  put_u32(out, known ? longest : MIN_MESSAGE);
  put_string(out, known ? DIALECT : "unknown");
  return 0;
}

static int clunk(struct cursor *in, struct reply *out) {
  (void)out;
  struct fid *fid = fid_find(take_u32(in));
  if (!taken_whole(in)) {
    return BREACH;
  }
  if (!fid) {
    return EBADF;
  }
  fid_remove(fid);
  return 0;
}

/* Messages are answered one after the other: what was to be given up has been answered. */
static int flush(struct cursor *in, struct reply *out) {
  (void)out;
  take_u16(in);
  return taken_whole(in) ? 0 : BREACH;
}

static int refuse(struct cursor *in, struct reply *out) {
  (void)in;
  (void)out;
  return EOPNOTSUPP;
}

static operation *const OPERATIONS[] = {
    [M_STATFS] = file_system,     [M_LOPEN] = open_file,        [M_LCREATE] = create_file,
    [M_SYMLINK] = make_symbolic_link, [M_MKNOD] = make_node,    [M_RENAME] = rename_file,
    [M_READLINK] = read_link,     [M_GETATTR] = get_attributes, [M_SETATTR] = set_attributes,
    [M_READDIR] = read_directory, [M_FSYNC] = sync_file,        [M_LOCK] = lock_file,
    [M_GETLOCK] = get_lock,       [M_LINK] = make_link,         [M_MKDIR] = make_directory,
    [M_RENAMEAT] = rename_at,     [M_UNLINKAT] = unlink_at,     [M_VERSION] = agree,
    [M_ATTACH] = attach,          [M_FLUSH] = flush,            [M_WALK] = walk,
    [M_READ] = read_file,         [M_WRITE] = write_file,       [M_CLUNK] = clunk,
    [M_REMOVE] = remove_file,     [M_XATTRWALK] = refuse,       [M_XATTRCREATE] = refuse,
    [M_AUTH] = refuse,
};

/* Messages of the protocol's other dialects are refused; what can only be a reply is none. */
static operation *operation_of(uint8_t type) {
  operation *found = type < sizeof OPERATIONS / sizeof *OPERATIONS ? OPERATIONS[type] : NULL;
  return found ? found : type % 2 == 0 ? refuse : NULL;
}

static void put_header(struct reply *out, uint8_t type, uint16_t tag) {
  out->length = 0;
  put_u32(out, 0);
  put_u8(out, type);
  put_u16(out, tag);
}

size_t serve(uint8_t *message, size_t length, uint8_t *bytes) {
  struct cursor in = {.at = message, .left = length};
  take_u32(&in);
  uint8_t type = take_u8(&in);
  uint16_t tag = take_u16(&in);
  operation *act = operation_of(type);
  errno = 0;
  if (!act || (longest == 0 && type != M_VERSION)) {
    fail("message %u, which cannot come %s", type, longest == 0 ? "first" : "from a client");
  }
  struct reply out = {.bytes = bytes, .size = serve_longest()};
  put_header(&out, (uint8_t)(type + 1), tag);
  int error = act(&in, &out);
  if (error == BREACH) {
    errno = 0;
    fail("message %u of %zu bytes, which is not as the protocol has it", type, length);
  }
  if (error) {
    put_header(&out, M_ERROR + 1, tag);
    put_u32(&out, (uint32_t)error);
  }
  put_u32_at(&out, 0, (uint32_t)out.length);
  return out.length;
}
