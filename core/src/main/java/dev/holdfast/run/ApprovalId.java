package dev.holdfast.run;

/** One question put to a person for approval. */
public record ApprovalId(String value) {
  public ApprovalId {
    Ids.require("approval id", value, "a-[a-z0-9]{1,32}");
  }

  /** A fresh, random id. */
  public static ApprovalId random() {
    return new ApprovalId("a-" + Ids.random(8));
  }

  @Override
  public String toString() {
    return value;
  }
}
