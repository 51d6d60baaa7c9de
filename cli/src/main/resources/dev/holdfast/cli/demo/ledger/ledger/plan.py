"""Payment plans: an invoice's total in monthly instalments."""

from datetime import date

from ledger import money


def next_month(day):
    """The same day a month later, or that month's last day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)


def instalments(total, count, first):
    """``count`` pairs of a due date and an amount; the amounts add up to the total."""
    if count < 1:
        raise ValueError(f"a plan needs at least one instalment: {count}")
    due, plan = first, []
    for amount in money.allocate(total, [1] * count):
        plan.append((due, amount))
        due = next_month(due)
    return plan
