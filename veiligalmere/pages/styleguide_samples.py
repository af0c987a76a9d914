"""What the style page shows of progress, figures, terms and developments; made up, never stored."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from plan.models import Development, Status
from themes.models import Indicator, Measurement, Term
from veiligalmere.pages.charts import status_chart
from veiligalmere.pages.figures.chart import chart
from veiligalmere.pages.figures.figure import Figure

COUNTS = (4, 9, 3, 1, 6, 2, 12)


def samples(actions):
    """Return the context of the newer components; `actions` are two made-up actions."""
    bars = _figure(
        "balken", "Voorbeeldcijfer in balken", ("2018", "12", False), ("2019", "9", True)
    )
    years = ((str(year), str(7 * (2024 - year)), year == 2017) for year in range(2010, 2018))
    line = _figure("lijn", "Voorbeeldcijfer in een lijn", *years, target=Decimal(60))
    tally = SimpleNamespace(
        sentence="Een zin die zegt wat de balk laat zien.",
        statuses=list(zip(Status, COUNTS, strict=True)),
        total=sum(COUNTS),
    )
    told = ((actions[0], Status.DELAYED, 30), (actions[1], Status.DONE, 1))
    days = (date(2020, 5, 1), date(2020, 4, 1), None)
    return {
        "statuses": list(Status),
        "status_chart": status_chart(tally, key="voorbeeld", title="Voorbeeld van standen"),
        "updates": [
            SimpleNamespace(
                action=action,
                status_word=status,
                reported_on=date(2020, 6, day),
                get_absolute_url="#",
                report=None,
            )
            for action, status, day in told
        ],
        "figures": [{"figure": figure, "chart": chart(figure)} for figure in (bars, line)],
        "terms": [
            Term(
                slug="voorbeeldbegrip",
                name="VB",
                meaning="Voorbeeldbegrip",
                explanation="Een **uitleg** in eenvoudige woorden.",
                source="Voorbeeldbron",
                source_url="#",
            )
        ],
        "developments": [
            Development(
                kind=kind,
                title=f"Voorbeeld van een {kind.label}",
                slug="voorbeeld",
                year=2020,
                date=day,
                lead="Eén of twee zinnen.",
                document="x.pdf" if day is None else "",
            )
            for kind, day in zip(Development.Kind, days, strict=True)
        ],
        "files": [("CSV", "#"), ("Excel", "#")],
    }


def _figure(slug, name, *measured, target=None):
    """Return a Figure of (period, value, provisional) that no database knows."""
    measurements = [
        Measurement(period=period, value=Decimal(value), provisional=provisional)
        for period, value, provisional in measured
    ]
    indicator = SimpleNamespace(
        slug=slug,
        name=name,
        unit="%",
        decimals=0,
        better=Indicator.Better.LOWER,
        target=target,
        base_year=None,
        next_update=date(2020, 1, 1),
        theme=SimpleNamespace(colour="crisis"),
        measurements=SimpleNamespace(all=lambda: measurements),
        get_absolute_url="#",
    )
    return Figure(indicator)
