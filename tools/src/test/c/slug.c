// The example of docs/tools.md: makes a title into a part of an address. Other arguments misbehave.
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc != 2) return 64;
  if (!strcmp(argv[1], "spin"))
    for (volatile int i = 0;; i++) continue;
  if (!strcmp(argv[1], "trap")) __builtin_trap();
  if (!strcmp(argv[1], "input")) {
    int c;
    while ((c = getchar()) != EOF) putchar(c);
    return 0;
  }
  int gap = 0, any = 0;
  for (char *p = argv[1]; *p; p++) {
    char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      if (gap && any) putchar('-');
      putchar(c);
      gap = 0;
      any = 1;
    } else {
      gap = 1;
    }
  }
  return any ? 0 : 1;
}
