package dev.holdfast.tool.testrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the real programs wrote, run over small projects with passing, failing and skipped tests.
 */
class TestOutputTest {
  @ParameterizedTest
  @CsvSource({
    "node-tap, 2, 2, 1",
    "node-spec, 2, 3, 1",
    "perl, 1, 1, 1",
    "go, 2, 3, 1",
    "cargo-1.66, 2, 2, 1",
    "cargo-1.95, 2, 2, 1",
    "pytest, 2, 3, 2",
    "unittest, 1, 3, 1",
    "jest, 1, 2, 1",
    "vitest, 1, 2, 1",
    "mocha, 1, 2, 1"
  })
  void countsAreRead(String file, int passed, int failed, int skipped) {
    var report = read(file);
    assertThat(List.of(report.passed(), report.failed(), report.skipped()))
        .containsExactly(passed, failed, skipped);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node-tap | multiplies | a.test.js | 4 | 4 == 5",
        "node-tap | inner throws | a.test.js | 10 | boom: it broke",
        "node-spec | multiplies | a.test.js | 4 | 4 == 5",
        "perl | multiplies | t/shop.t | 3 | expected:",
        "go | example.com/shop TestPrices/two | shop_test.go | 14 | price is 4, want 5",
        "go | example.com/shop TestPanics | shop_test.go | 22 | assignment to entry in nil map",
        "go | example.com/shop/sub [build] | sub/sub.go | 3 | cannot use",
        "cargo-1.66 | tests::multiplies | src/lib.rs | 15 | prices differ",
        "cargo-1.66 | tests::gives_up | src/lib.rs | 21 | boom: it broke",
        "cargo-1.95 | tests::multiplies | src/lib.rs | 15 | prices differ",
        "cargo-1.95 | tests::gives_up | src/lib.rs | 21 | boom: it broke",
        "pytest | test_shop.py::test_multiplies | test_shop.py | 9 | assert (2 * 2) == 5",
        "pytest | test_shop.py::test_even[1] | test_shop.py | 33 | 1 is odd",
        "pytest | test_shop.py::test_fixture | test_shop.py | 19 | boom: it broke",
        "unittest | test_shop.Shop.test_multiplies | test_shop.py | 9 | 4 != 5",
        "unittest | test_shop.Shop.test_raises | test_shop.py | 16 | boom: it broke",
        "jest | prices › multiplies | shop.test.js | 6 | Expected: 5",
        "jest | prices › throws | shop.test.js | 9 | boom: it broke",
        "vitest | shop.test.js > prices > multiplies | shop.test.js | 7 | expected 4 to be 5",
        "vitest | shop.test.js > prices > throws | shop.test.js | 10 | boom: it broke",
        "mocha | prices › multiplies | test/shop.js | 4 | 4 == 5",
        "mocha | prices › throws | test/shop.js | 5 | boom: it broke"
      })
  void failuresSayWhereAndWhy(String file, String name, String place, int line, String message) {
    var failure =
        read(file).failures().stream()
            .filter(it -> it.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError(name + " is not among " + names(file)));
    assertThat(failure.file()).endsWith(place);
    assertThat(failure.line()).isEqualTo(line);
    assertThat(failure.message()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "all good", "{\"Action\":\"", "Tests: none", "1..", "---- x stdout ----"})
  void otherTextIsNoReport(String text) {
    assertThat(TestOutput.read(text)).isEmpty();
  }

  @Test
  void aHostileTextIsReadInNoTime() {
    var text = "TAP version 13\n" + ("not ok 1 - " + "x #".repeat(50) + "\n").repeat(2_000);
    assertThat(TestOutput.read(text).orElseThrow().failed()).isPositive();
    assertThat(TestOutput.read((" at".repeat(200) + "\n").repeat(500))).isEmpty();
  }

  private static List<String> names(String file) {
    return read(file).failures().stream().map(Failure::name).toList();
  }

  private static TestReport read(String file) {
    try (var text = TestOutputTest.class.getResourceAsStream(file + ".txt")) {
      return TestOutput.read(
              new String(Objects.requireNonNull(text, file).readAllBytes(), StandardCharsets.UTF_8))
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
