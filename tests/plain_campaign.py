"""The campaign model again, as a plain Python loop: one draw, one week, one number at a time.

What someone would write without numpy. It checks the simulator, and the benchmark measures the simulator against it.
"""

import hashlib
import json
import math
from datetime import timedelta
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from cmlib.networks import cadence
from cmlib.references import load
from cmlib.scenario import Owned, Scenario

NORMAL = NormalDist()


def factor(name: str, sigma: float, draw: int) -> float:
    bits = np.random.PCG64(0)
    state = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big")
    inner = {"state": state, "inc": 0x5851F42D4C957F2D14057B7EF767814F}
    bits.state = {"bit_generator": "PCG64", "state": inner, "has_uint32": 0, "uinteger": 0}
    bits.advance(draw)
    uniform = ((int(bits.random_raw()) >> 11) + 0.5) / 2**53
    return math.exp(sigma * NORMAL.inv_cdf(uniform) - sigma**2 / 2)


@cache
def figures() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    model = {row["parameter"]: float(row["value"]) for row in load("modele").to_dict("records")}
    networks: dict[str, dict[str, float]] = {}
    for row in load("simulateur").to_dict("records"):
        networks.setdefault(row["network"], {"cadence": cadence(row["network"])[1]})[row["parameter"]] = float(row["value"])
    return model, networks


@cache
def advised_weeks(network: str, slot: str, weeks: int) -> list[bool]:
    """Read the tables once, so that the benchmark times the model and not the reading."""
    return Owned(network=network, posts=0, slot=json.loads(slot)).advised(weeks)  # type: ignore[arg-type]


def at(value: Any, week: int) -> Any:
    return value[week] if isinstance(value, list) else value


def campaign(scenario: Scenario, draw: int, seed: int) -> list[dict[str, float]]:
    model, tables = figures()
    people = sum(target.people for target in scenario.targets)
    brand, crisis = scenario.brand, scenario.crisis
    prospects = brand.visits * model["visiteur_prospect"] / (1 - model["prospect_reste"])
    clients = prospects * model["prospect_client"] / (1 - model["client_reste"])
    memory = echo = stock = spent = earned_money = 0.0
    contacts: dict[str, float] = {}
    weeks = []
    advised = {line.network: advised_weeks(line.network, json.dumps(line.slot), scenario.weeks) for line in scenario.owned}
    used = dict.fromkeys([line.network for line in scenario.paid] + [line.network for line in scenario.owned])
    for week in range(scenario.weeks):

        def luck(kind: str, sigma: str, week: int = week) -> float:
            return factor(f"{seed}|{kind}|{week}", model[sigma], draw)

        tone = model["tonalite"]
        if crisis and week >= crisis.week - 1:
            hit = min(1.0, crisis.severity * (model["crise_suppression"] if crisis.response == "suppression" else 1))
            half = model["crise_demi_vie_repondue" if crisis.response == "reponse" else "crise_demi_vie_muette"]
            tone *= 1 - hit * 0.5 ** ((week - crisis.week + 1) / half)
        mood = tone / model["tonalite"]
        quarter = ((scenario.start + timedelta(days=7 * week + 3)).month - 1) // 3
        untouched = never = forgetful = 1.0
        paid = owned = engaged = clicks = cost = 0.0
        for network in used:
            table = tables[network]
            audience = sum(target.people * target.usage.get(network, 0) for target in scenario.targets)
            spend = sum(at(line.spend, week) for line in scenario.paid if line.network == network)
            line = next((line for line in scenario.owned if line.network == network), None)
            posts = at(line.posts, week) if line else 0.0
            cost += spend + posts * model["cout_post"]
            most = table["cadence"]
            posts = posts if posts <= most else most + (posts - most) / 2
            price = table["cpm"] * (1 + table["hausse_t4"] * quarter / 3) * luck(f"cpm|{network}", "alea_cpm")
            bought = 1000 * spend / price
            slot = model["creneau"] if line and advised[network][week] else 1
            rate = min(table["portee_organique"] * slot * luck(f"portee|{network}", "alea_portee"), 0.9)
            followers = brand.followers.get(network, 0.0)
            shown = followers * rate * posts
            contacts[f"ads {network}"] = contacts.get(f"ads {network}", 0) + bought / audience
            contacts[f"posts {network}"] = contacts.get(f"posts {network}", 0) + rate * posts
            page = min(followers, audience) / audience
            x, y = bought / audience, rate * posts
            touched = 1 - (1 - x / (1 + x)) * (1 - page * y / (1 + y))
            x, y = contacts[f"ads {network}"], contacts[f"posts {network}"]
            ever = 1 - (1 - x / (1 + x)) * (1 - page * y / (1 + y))
            times = (bought + shown) / (touched * audience) if touched > 1e-12 else 0
            untouched *= 1 - audience / people * touched
            never *= 1 - audience / people * ever
            forgetful *= 1 - audience / people * touched * (1 - (1 - table["memorisation"]) ** times)
            paid, owned = paid + bought, owned + shown
            taste = model[f"format_{at(line.format, week)}"] if line else 1
            useful = audience * model["usure"] * bought / (bought + audience * model["usure"])
            ad = next((line for line in scenario.paid if line.network == network), None)
            appeal = model[f"format_{at(ad.format, week)}"] if ad else 1
            engaged += (
                (useful * appeal + shown * taste) * table["engagement"] * mood * luck(f"engagement|{network}", "alea_engagement")
            )
            clicks += (useful * table["ctr"] + shown * model["clic_organique"]) * mood
        relays, articles = at(scenario.earned.relays, week), at(scenario.articles, week)
        cost += relays * model["cout_relais"] + articles * model["cout_article"]
        cost += sum(lever.cost for lever in scenario.levers) if week == 0 else 0
        r = model["transmission"] if scenario.earned.transmission is None else scenario.earned.transmission
        sharers = engaged * model["partage"] / (1 - min(r * mood, model["transmission_max"]))
        heard = sharers * model["touches_par_partage"] + relays * model["abonnes_relais"]
        contacts["others"] = contacts.get("others", 0) + heard / people
        x = heard / people
        untouched *= 1 - x / (1 + x)
        forgetful *= 1 - x / (1 + x) * model["memorisation_relais"]
        x = contacts["others"]
        never *= 1 - x / (1 + x)
        clicks += heard * model["clic_organique"] * mood
        memory = 1 - forgetful + model["notoriete_memoire"] * memory
        echo = clicks + model["adstock"] * echo
        stock = articles + 0.5 ** (1 / model["contenu_demi_vie"]) * stock
        usual = brand.visits + stock * model["visites_par_contenu"]
        visitors = usual * luck("visites", "alea_visites") + echo * (1 - model["adstock"])
        chance = luck("conversion", "alea_conversion") * mood
        gain = {"visiteur": 0.0, "prospect": 0.0, "client": 0.0}
        for lever in scenario.levers:
            gain[lever.passage] += lever.points
        first = min((model["visiteur_prospect"] + gain["visiteur"]) * chance, 1)
        second = min((model["prospect_client"] + gain["prospect"]) * chance, 1)
        third = min((model["client_ambassadeur"] + gain["client"]) * chance, 1)
        stay = min(model["prospect_reste"], 1 - second), min(model["client_reste"], 1 - third)
        new = visitors * first, prospects * second, clients * third
        lost = visitors - new[0] + prospects * (1 - stay[0]) - new[1] + clients * (1 - stay[1]) - new[2]
        prospects, clients = prospects * stay[0] + new[0], clients * stay[1] + new[1]
        spent, earned_money = spent + cost, earned_money + new[1] * brand.basket
        reach = 1 - untouched
        impressions = paid + owned + heard
        saturation = math.tanh(memory * model["notoriete_vitesse"] / 2)
        weeks.append(
            {
                "paid": paid,
                "owned": owned,
                "earned": heard,
                "impressions": impressions,
                "reach": reach,
                "cumulative_reach": 1 - never,
                "frequency": impressions / (reach * people) if reach > 1e-12 else 0.0,
                "grp": 100 * impressions / people,
                "engagements": engaged,
                "sentiment": tone,
                "awareness": brand.awareness + (1 - brand.awareness) * saturation,
                "visitors": visitors,
                "prospects": new[0],
                "clients": new[1],
                "ambassadors": new[2],
                "lost": lost,
                "revenue": new[1] * brand.basket,
                "cost": cost,
                "roas": earned_money / spent if spent >= 0.01 else 0.0,
                "net_roi": earned_money / spent - 1 if spent >= 0.01 else 0.0,
            }
        )
    return weeks
