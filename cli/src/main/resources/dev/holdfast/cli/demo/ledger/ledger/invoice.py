"""An invoice: lines, a discount for all of them, and a tax by line."""

from dataclasses import dataclass, field

from ledger import money


@dataclass(frozen=True)
class Line:
    text: str
    quantity: int
    unit_price: int
    tax_rate: float = 0.0

    @property
    def net(self):
        return self.quantity * self.unit_price


@dataclass
class Invoice:
    number: str
    lines: list = field(default_factory=list)
    discount: int = 0

    def add(self, text, quantity, unit_price, tax_rate=0.0):
        if quantity <= 0:
            raise ValueError(f"quantity must be positive: {quantity}")
        self.lines.append(Line(text, quantity, unit_price, tax_rate))
        return self

    @property
    def net(self):
        """What all lines cost, less the discount, before tax."""
        return sum(line.net for line in self.lines) - self.discount

    def discounts(self):
        """The discount, spread over the lines in proportion to what they cost."""
        if not self.discount:
            return [0] * len(self.lines)
        return money.allocate(self.discount, [line.net for line in self.lines])

    @property
    def tax(self):
        """The tax of each line on what is left of it after its part of the discount."""
        return sum(
            money.percent(line.net - less, line.tax_rate)
            for line, less in zip(self.lines, self.discounts())
        )

    @property
    def total(self):
        return self.net + self.tax
