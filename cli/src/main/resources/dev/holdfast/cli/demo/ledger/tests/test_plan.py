import unittest
from datetime import date

from ledger.plan import instalments, next_month


class PlanTest(unittest.TestCase):
    def test_due_dates_stay_within_their_month(self):
        self.assertEqual(next_month(date(2026, 1, 31)), date(2026, 2, 28))
        self.assertEqual(next_month(date(2026, 12, 15)), date(2027, 1, 15))

    def test_instalments_add_up_to_the_total(self):
        plan = instalments(100_00, 3, date(2026, 3, 31))
        self.assertEqual(sum(amount for _, amount in plan), 100_00)

    def test_a_plan_needs_an_instalment(self):
        with self.assertRaises(ValueError):
            instalments(100, 0, date(2026, 1, 1))


if __name__ == "__main__":
    unittest.main()
