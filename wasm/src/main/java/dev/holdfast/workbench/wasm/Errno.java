package dev.holdfast.workbench.wasm;

/** The error numbers of WASI preview 1 that are used here. */
enum Errno {
  SUCCESS(0),
  BADF(8),
  EXIST(20),
  FAULT(21),
  FBIG(22),
  ILSEQ(25),
  INVAL(28),
  ISDIR(31),
  MFILE(33),
  NAMETOOLONG(37),
  NOENT(44),
  NOSPC(51),
  NOTDIR(54),
  NOTEMPTY(55),
  NOTSUP(58),
  ROFS(69),
  SPIPE(70),
  NOTCAPABLE(76);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
