"""Amounts of money. Every amount is an int, in cents, so that sums are exact."""

from decimal import ROUND_HALF_EVEN, Decimal


def parse(text):
    """Reads ``"1,234.50"`` as 123450."""
    sign = -1 if text.strip().startswith("-") else 1
    whole, _, cents = text.strip().lstrip("-").replace(",", "").partition(".")
    if not whole.isdigit() or (cents and (not cents.isdigit() or len(cents) > 2)):
        raise ValueError(f"not an amount: {text!r}")
    return sign * (int(whole) * 100 + int(cents.ljust(2, "0") or 0))


def show(cents):
    """Writes 123450 as ``"1,234.50"``."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def percent(cents, rate):
    """``rate`` percent of an amount, rounded half to even as accountants do."""
    exact = Decimal(cents) * Decimal(str(rate)) / 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def allocate(cents, weights):
    """Divides an amount among shares in proportion to their weights.

    The shares are whole cents, no two shares of equal weight differ by more than one cent, earlier
    shares come first when a cent is left over, and together they are exactly the amount.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError(f"weights must be positive: {weights}")
    return [cents * weight // total for weight in weights]
