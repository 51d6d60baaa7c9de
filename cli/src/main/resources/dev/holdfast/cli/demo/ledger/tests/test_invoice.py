import unittest

from ledger.invoice import Invoice


class InvoiceTest(unittest.TestCase):
    def test_an_empty_invoice_costs_nothing(self):
        self.assertEqual(Invoice("1").total, 0)

    def test_lines_and_taxes_add_up(self):
        invoice = Invoice("2").add("desk", 2, 15000, 20).add("book", 1, 2000, 10)
        self.assertEqual(invoice.net, 32000)
        self.assertEqual(invoice.tax, 6200)
        self.assertEqual(invoice.total, 38200)

    def test_the_discount_lowers_the_tax(self):
        invoice = Invoice("3", discount=1000).add("desk", 1, 10000, 20)
        self.assertEqual(invoice.tax, 1800)

    def test_the_whole_discount_reaches_the_lines(self):
        invoice = Invoice("4", discount=100).add("a", 1, 999).add("b", 1, 999).add("c", 1, 999)
        self.assertEqual(sum(invoice.discounts()), 100)

    def test_a_quantity_must_be_positive(self):
        with self.assertRaises(ValueError):
            Invoice("5").add("desk", 0, 100)


if __name__ == "__main__":
    unittest.main()
