package dev.holdfast.tool.lint;

import java.util.List;

/** Looks at one definition by itself. */
interface Rule {
  List<Finding> check(Subject tool);
}
