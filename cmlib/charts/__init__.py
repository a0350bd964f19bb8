"""Figures: each function returns a Figure that carries its alternative text, computed from the data.

Importing this package does not import matplotlib, which takes half a second: each function does when it draws.
"""

from cmlib.charts.calendars import planning_view, posting_calendar, posting_heatmap
from cmlib.charts.campaigns import poem_mix, scenario_bands, three_week_dashboard
from cmlib.charts.comparisons import funnel_chart, network_panorama, swot_grid
from cmlib.charts.counterfactuals import counterfactual_waterfall
from cmlib.charts.curves import reach_curve, sentiment_timeline

__all__ = [
    "counterfactual_waterfall",
    "funnel_chart",
    "network_panorama",
    "planning_view",
    "poem_mix",
    "posting_calendar",
    "posting_heatmap",
    "reach_curve",
    "scenario_bands",
    "sentiment_timeline",
    "swot_grid",
    "three_week_dashboard",
]
