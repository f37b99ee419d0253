"""One self-contained HTML page that shows what a run cut, and why."""

from cleaner.report.page import Made, write_report

__all__ = ["Made", "write_report"]
