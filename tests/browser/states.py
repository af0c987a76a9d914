"""Each template of the public site in the states that it has."""

from urllib.parse import quote

STATES = {
    "home": "/",
    "themes": "/themas/",
    "theme": "/themas/veilige-wijken/",
    "theme with frame": "/themas/ondermijning/",
    "theme without subtopic headings": "/themas/rampenbestrijding/",
    "subtopic": "/themas/veilige-wijken/woninginbraken/",
    "subtopic with children": "/themas/veilige-wijken/high-impact-crimes/",
    "subtopic without actions": "/themas/zorg-en-veiligheid/huiselijk-geweld/",
    "subtopic, longest name": "/themas/ondermijning/leegstand-witwassen-schijnconstructies/",
    "working methods": "/werkwijzen/",
    "working method": "/werkwijzen/bestuurlijke-aanpak/",
    "plan": "/jaarplan/2020/",
    "whole plan": "/jaarplan/2020/volledig/",
    "actions": "/jaarplan/2020/acties/",
    "actions filtered": "/jaarplan/2020/acties/?thema=ondermijning&thema=zorg-en-veiligheid"
    "&werkwijze=bestuurlijke-aanpak&woorden=en",
    "actions, nothing found": "/jaarplan/2020/acties/?woorden=" + quote("onvindbaar" * 15),
    "action": "/jaarplan/2020/acties/straatintimidatie/",
    "action with governing passage": "/jaarplan/2020/acties/cyber-24/",
    "action with the longest title": "/jaarplan/2020/acties/"
    "samenwerkingsovereenkomst-veiligheidsregios-en-ggden/",
    "action whose title is ours": "/jaarplan/2020/acties/alternatief-voor-het-festivalplein/",
    "changes to an action": "/jaarplan/2020/acties/straatintimidatie/wijzigingen/",
    "changes": "/wijzigingen/",
    "progress, nothing reported yet": "/voortgang/",
    "search": "/zoeken/",
    "search, found": "/zoeken/?zoek=overlast",
    "search, nothing found": "/zoeken/?zoek=eenhoornstal",
    "terms": "/begrippen/",
    "figures": "/cijfers/",
    "figure": "/cijfers/geregistreerde-misdrijven/",
    "contact": "/contact/",
    "accessibility": "/toegankelijkheid/",
    "privacy": "/privacy/",
    "colophon": "/colofon/",
    "not found": "/bestaat-niet/",
    "not found with choices": "/jaarplan/2020/acties/?thema=wijken",
    "refused": "/jaarplan/2020/acties/?woorden=" + "x" * 201,
}
