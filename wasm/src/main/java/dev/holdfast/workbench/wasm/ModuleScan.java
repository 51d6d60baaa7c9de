package dev.holdfast.workbench.wasm;

/**
 * Looks through a module before it is parsed, for what would make the parser, the compiler or an
 * instance take far more memory than the module has bytes: a count of a few bytes can ask for
 * gigabytes. What the format allows beyond WebAssembly 2.0 is refused: shared memory, garbage
 * collection, exceptions, several memories.
 */
final class ModuleScan {
  private static final int MOST_TYPES = 10_000;
  private static final int MOST_PARAMETERS = 1_000;
  private static final int MOST_IMPORTS = 200;
  private static final int MOST_FUNCTIONS = 50_000;
  private static final int MOST_TABLES = 8;
  private static final int MOST_GLOBALS = 10_000;
  private static final int MOST_EXPORTS = 10_000;
  private static final int MOST_SEGMENTS = 10_000;
  private static final int MOST_LOCAL_GROUPS = 10_000;

  /** Of one function: each is a slot of a frame on the stack. */
  private static final int MOST_LOCALS = 10_000;

  /** Of all functions together. */
  private static final int MOST_LOCALS_IN_ALL = 2_000_000;

  /** Elements of a table when it begins, and of all tables of an instance as it grows. */
  static final int MOST_ELEMENTS = 100_000;

  private static final int FUNCTION_TYPE = 0x60;
  private static final int EMPTY_TABLE_EXPRESSION = 0x40;

  private long initialPages;
  private long locals;

  private ModuleScan() {}

  /**
   * Looks through a module.
   *
   * @return how many pages of memory it begins with
   * @throws ModuleRefused when it is not allowed
   */
  static int pages(byte[] module) {
    var bytes = new Bytes(module, 0, module.length);
    for (int expected : new int[] {0, 'a', 's', 'm', 1, 0, 0, 0}) {
      if (!bytes.more() || bytes.one() != expected) {
        throw new ModuleRefused("it is not a WebAssembly module of version 1");
      }
    }
    var scan = new ModuleScan();
    while (bytes.more()) {
      int id = bytes.one();
      scan.section(id, bytes.part(bytes.number()));
    }
    return (int) scan.initialPages;
  }

  private void section(int id, Bytes section) {
    switch (id) {
      case 0 -> {} // custom: kept as bytes, never looked into
      case 1 -> types(section);
      case 2 -> section.count("imports", MOST_IMPORTS);
      case 3 -> section.count("functions", MOST_FUNCTIONS);
      case 4 -> tables(section);
      case 5 -> memories(section);
      case 6 -> section.count("globals", MOST_GLOBALS);
      case 7 -> section.count("exports", MOST_EXPORTS);
      case 8 -> section.number();
      case 9 -> section.count("element segments", MOST_SEGMENTS);
      case 10 -> code(section);
      case 11 -> section.count("data segments", MOST_SEGMENTS);
      case 12 -> section.count("data segments", MOST_SEGMENTS);
      default ->
          throw new ModuleRefused(
              "it has a section `%d`: WebAssembly 2.0 has 0 to 12".formatted(id));
    }
  }

  private static void types(Bytes section) {
    int count = section.count("types", MOST_TYPES);
    for (int i = 0; i < count; i++) {
      int form = section.one();
      if (form != FUNCTION_TYPE) {
        throw new ModuleRefused(
            "it has a type of the form `0x%02x`: only functions are allowed".formatted(form));
      }
      section.skip(section.count("parameters of a type", MOST_PARAMETERS));
      section.skip(section.count("results of a type", MOST_PARAMETERS));
    }
  }

  private static void tables(Bytes section) {
    int count = section.count("tables", MOST_TABLES);
    for (int i = 0; i < count; i++) {
      if (section.one() == EMPTY_TABLE_EXPRESSION) {
        throw new ModuleRefused(
            "it has a table with an initial value: only empty ones are allowed");
      }
      boolean bounded = bounded(section, "table");
      section.count("elements in a table", MOST_ELEMENTS);
      if (bounded) {
        section.number();
      }
    }
  }

  private void memories(Bytes section) {
    int count = section.count("memories", 1);
    for (int i = 0; i < count; i++) {
      boolean bounded = bounded(section, "memory");
      initialPages = section.count("pages of memory", 1 << 16);
      if (bounded) {
        section.number();
      }
    }
  }

  private static boolean bounded(Bytes section, String what) {
    int flags = section.one();
    if (flags > 1) {
      throw new ModuleRefused(
          "it has a %s with flags `%d`: shared and 64-bit ones are not allowed"
              .formatted(what, flags));
    }
    return flags == 1;
  }

  private void code(Bytes section) {
    int count = section.count("functions", MOST_FUNCTIONS);
    for (int i = 0; i < count; i++) {
      locals(section.part(section.number()));
    }
  }

  private void locals(Bytes function) {
    int groups = function.count("groups of locals in a function", MOST_LOCAL_GROUPS);
    long own = 0;
    for (int i = 0; i < groups; i++) {
      own += function.number();
      function.one();
    }
    locals += own;
    if (own > MOST_LOCALS || locals > MOST_LOCALS_IN_ALL) {
      throw new ModuleRefused(
          "it has a function with `%d` locals, `%d` in all: at most %d and %d are allowed"
              .formatted(own, locals, MOST_LOCALS, MOST_LOCALS_IN_ALL));
    }
  }
}
