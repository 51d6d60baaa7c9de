#include "files.h"
#include "relay.h"
void files_open(const char *w) { (void)w; }
int files_request(const struct frame *f) { (void)f; return -1; }
int relay_listen(const struct frame *f) { (void)f; return -1; }
