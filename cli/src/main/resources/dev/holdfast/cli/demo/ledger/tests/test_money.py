import unittest

from ledger import money


class ParseTest(unittest.TestCase):
    def test_reads_whole_and_fractional_amounts(self):
        self.assertEqual(money.parse("12"), 1200)
        self.assertEqual(money.parse("12.5"), 1250)
        self.assertEqual(money.parse("-1,234.50"), -123450)

    def test_refuses_what_is_no_amount(self):
        for text in ("", "abc", "1.234", "1.x"):
            with self.subTest(text), self.assertRaises(ValueError):
                money.parse(text)

    def test_shows_what_it_reads(self):
        for text in ("0.00", "0.07", "-3.10", "1,234,567.89"):
            self.assertEqual(money.show(money.parse(text)), text)


class PercentTest(unittest.TestCase):
    def test_rounds_half_to_even(self):
        self.assertEqual(money.percent(250, 1), 2)
        self.assertEqual(money.percent(350, 1), 4)

    def test_takes_fractional_rates(self):
        self.assertEqual(money.percent(10000, 7.7), 770)


class AllocateTest(unittest.TestCase):
    def test_even_amounts_divide_evenly(self):
        self.assertEqual(money.allocate(900, [1, 1, 1]), [300, 300, 300])

    def test_shares_follow_the_weights(self):
        self.assertEqual(money.allocate(1000, [1, 3]), [250, 750])

    def test_no_cent_is_lost(self):
        for cents in (1, 99, 100, 1001, 123457):
            for weights in ([1, 1, 1], [1, 2, 4], [7, 11, 13, 17]):
                with self.subTest(cents=cents, weights=weights):
                    self.assertEqual(sum(money.allocate(cents, weights)), cents)

    def test_left_over_cents_go_to_the_earlier_shares(self):
        self.assertEqual(money.allocate(1000, [1, 1, 1]), [334, 333, 333])

    def test_weights_must_be_positive(self):
        with self.assertRaises(ValueError):
            money.allocate(100, [0, 0])


if __name__ == "__main__":
    unittest.main()
