"""Figures: each function returns a Figure that carries its alternative text, computed from the data.

Importing this package does not import matplotlib, which takes half a second: each function does when it draws.
"""

from cmlib.charts.boards import persona_sheet, swot_board
from cmlib.charts.calendars import planning_view, posting_calendar, posting_heatmap
from cmlib.charts.campaigns import poem_mix, scenario_bands, three_week_dashboard
from cmlib.charts.cases import competitors_overview, posts_scatter, survey_ages, survey_answers, weekly_traffic
from cmlib.charts.comparisons import funnel_chart, network_panorama, swot_grid
from cmlib.charts.counterfactuals import counterfactual_waterfall
from cmlib.charts.curves import reach_curve, sentiment_timeline
from cmlib.charts.highlights import events_year
from cmlib.charts.visuals import charter_card, thumbnails

__all__ = [
    "charter_card",
    "competitors_overview",
    "counterfactual_waterfall",
    "events_year",
    "funnel_chart",
    "network_panorama",
    "persona_sheet",
    "planning_view",
    "poem_mix",
    "posting_calendar",
    "posting_heatmap",
    "posts_scatter",
    "reach_curve",
    "scenario_bands",
    "sentiment_timeline",
    "survey_ages",
    "survey_answers",
    "swot_board",
    "swot_grid",
    "three_week_dashboard",
    "thumbnails",
    "weekly_traffic",
]
