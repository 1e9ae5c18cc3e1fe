"""Preflight: who gets a pack and who does not, as each organisation's policy says."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formulary.content.form import Form
from formulary.content.loading import Content
from formulary.content.organisation import Packs
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition
from formulary.staff.assignment import Assignment, forms_for, pack_forms, prefill_values
from formulary.staff.preflight import Preflight, as_data, find_circles, preflight, summary
from formulary.staff.reading import ListFile, read_staff
from tests.staff.lists import read_text
from tests.staff_lists import make_staff

HEAD = "Id,Name,Job,Staff group,School,Stage,Reviewer,Start date,End date,Status,Contract type,"


def judged(edition: Edition, content: Content, rows: Sequence[str], head: str = HEAD) -> Preflight:
    own = next(found for found in content.organisations if found.id == edition.id)
    columns = own.staff_columns.item if own.staff_columns else None
    data = "\n".join((head, *rows)).encode()
    lists = [ListFile("list.csv", data)]
    staff = read_staff(lists, edition.organisation, columns, edition.career_stages)
    return preflight(edition, staff)


@pytest.fixture(scope="session")
def by_id(editions: tuple[Edition, ...]) -> dict[str, Edition]:
    return {edition.id: edition for edition in editions}


def codes(found: Preflight) -> list[str]:
    return [f"{p.place.line} {p.kind.code}" for p in found.problems]


def one(edition: Edition, content: Content, row: str) -> tuple[Preflight, Assignment | None]:
    """What becomes of one person, whose reviewer is on the list and in order."""
    group = edition.organisation.groups[0].name
    boss = f"99,Vera Boss,Head,{group},,,The Board,,,,,"
    found = judged(edition, content, [row, boss])
    quiet = tuple(p for p in found.problems if "The Board" not in p.message)
    assert "99" in {a.person.id for a in found.recipients}
    going = next((a for a in found.recipients if a.person.id == "1"), None)
    return Preflight(
        edition, found.people[:1], found.recipients, found.left_out, found.stopped, quiet
    ), going


PLANTED = (
    "100,Vera Board,CEO,Central team,,,Trust Board,,,,,",  # row 2: reviewer not on the list
    "101,Ann Ng,Teacher,Teachers and headteachers,,,100,1/9/2015,,,Permanent,",
    "102,Bo Ash,Teacher,Teachers and headteachers,,,101,1/9/2026,31/10/2026,,Fixed term,",  # short
    "103,Cy Elm,Teacher,Teachers and headteachers,,,101,1/9/2026,,ECT,Permanent,",  # induction
    "104,Di Fir,Cook,Support staff,,,101,1/11/2026,,Probation,Permanent,",  # probation
    "105,Ed Gum,Teacher,Teachers and headteachers,,,101,,,Probation,,",  # a teacher: going
    "106,Flo Hay,Cook,Support staff,,,101,,,,Agency worker,",  # agency
    "107,Gus Ivy,Helper,Support staff,,,101,,,Volunteer,,",  # volunteer
    "108,Hal Jay,Cook,Support staff,,,101,,,Formal capability,,",  # capability
    "109,Ida Kay,Cook,,,,101,,,,,",  # row 11: no group
    "110,Jon Lee,Cook,Suport staff,,,101,,,,,",  # row 12: unknown group
    "111,Kim May,Cook,Support staff,,,,,,,,",  # row 13: no reviewer
    "112,Lou Nye,Cook,Support staff,,,112,,,,,",  # row 14: reviews herself
    "113,Mia Oak,Cook,Support staff,,,114,,,,,",  # row 15: circle of two
    "114,Ned Pye,Cook,Support staff,,,113,,,,,",
    "115,Ola Ray,Cook,Support staff,,,116,,,,,",  # row 17: circle of three
    "116,Pat Sky,Cook,Support staff,,,117,,,,,",
    "117,Rob Tye,Cook,Support staff,,,115,,,,,",
    "118,Sue Urn,Cook,Support staff,,,999,,,,,",  # row 20: reviewer's id unknown
    "119,Tim Vale,Cook,Support staff,,,Ann Nq,,,,,",  # row 21: name not on the list, near one
    "120,Una Wye,Cook,Support staff,,,121,,,,,",  # row 22: reviewer leaves before the end
    "121,Val Yew,Cook,Support staff,,,101,1/9/2010,31/8/2027,,Permanent,",  # leaves
    "122,Wim Zed,Cook,Support staff,,,101,31/02/2020,,,,",  # row 24: no such date
    "123,,Cook,Support staff,,,101,,,,,",  # row 25: no name
    ",Xia Arm,Cook,Support staff,,,101,,,,,",  # row 26: no id
    "101,Yan Bay,Cook,Support staff,,,100,,,,,",  # row 27: id of row 3
    "125,Zac Cob,Cook,Support staff,,,101,1/12/2027,,,,",  # starts after the cycle
    "126,Abe Den,Cook,Support staff,,,101,1/1/2000,30/11/2026,,Permanent,",  # ended before it
    "127,Bea Eel,Cook,Support staff,,,101,4/1/2027,,,Permanent,",  # joins
    "128,Cal Fen,Cook,Support staff,,,101,1/3/2027,31/12/2027,,Fixed term,",  # whole contract
    "129,Dot Gap,Cook,Support staff,,,101,1/12/2026,15/3/2027,,Fixed term,",  # row 32: about a term
    "130,Eli Hut,Cook,Central team,,,Di Fir,,,,,",  # reviewer is left out, and there
    "131,Fay Ink,Cook,Central team,,,Jon Lee,1/9/2026,31/8/2029,,Fixed term,",
    "132,O'Neil & <Sons>,Cook,Central team,,,100,,,,,",
    "133,Zażółć Żółć,Cook,Central team,,,100,,,,,",
    "134,=cmd(),Cook,Central team,,,100,,,,,",
    "135,שרה כהן,Cook,Central team,,,100,,,,,",
    "136,Micha? Nowak,Cook,Central team,,,100,,,,,",  # row 39: a letter lost
    "137,Gil Jam,Cook,Central team,,,Ida Kay,,,Capability review,,",  # row 40: unclear
    "138,Hoi Kit,Cook,Central team,,,100,1/1/2020,1/1/2019,,,",  # row 41: ends before it starts
)


def test_every_fault_of_a_planted_list_is_found_and_nothing_else(
    by_id: dict[str, Edition], content: Content
) -> None:
    assert len(PLANTED) == 40
    found = judged(by_id["dgat"], content, PLANTED)
    assert codes(found) == [
        "2 staff-reviewer-away",
        "11 staff-group",
        "12 staff-group",
        "13 staff-reviewer",
        "14 staff-own-reviewer",
        "15 staff-reviewer-circle",
        "17 staff-reviewer-circle",
        "20 staff-reviewer",
        "21 staff-reviewer-away",
        "22 staff-reviewer-away",
        "24 staff-date",
        "25 staff-value",
        "26 staff-value",
        "27 staff-repeated",
        "32 staff-standing",
        "39 staff-letters",
        "40 staff-standing",
        "41 staff-date",
    ]
    assert {(left.person.id, left.clause) for left in found.left_out} == {
        *((id, "who-is-covered") for id in ("102", "103", "104", "106", "107", "108")),
        ("125", ""),
        ("126", ""),
    }
    assert [left.person.id for left in found.stopped] == [
        *("101", "109", "110", "112", "113", "114", "115", "116", "117"),
        *("122", "123", "138"),
    ]
    assert next(left.why for left in found.stopped if left.person.id == "109") == (
        "has no staff group"
    )
    going = {a.person.id: a for a in found.recipients}
    assert set(going) == {
        *("100", "105", "111", "118", "119", "120", "121", "127", "128", "129", "130", "131"),
        *("132", "133", "134", "135", "136", "137"),
    }
    assert {id: (str(a.starts), str(a.ends)) for id, a in going.items() if a.short} == {
        "121": ("2026-12-01", "2027-08-31"),
        "127": ("2027-01-04", "2027-11-30"),
        "128": ("2027-03-01", "2027-12-31"),
        "129": ("2026-12-01", "2027-03-15"),
    }
    assert going["119"].reviewer_name == "Ann Nq"
    assert going["130"].reviewer_name == "Di Fir"
    near = next(p for p in found.problems if p.place.line == 21)
    assert near.fix == "Did you mean Ann Ng?"
    ring = next(p for p in found.problems if p.place.line == 17)
    assert ring.message == (
        "A circle: Ola Ray (115) reviews Rob Tye (117) reviews Pat Sky (116) reviews Ola Ray (115)"
    )


def test_the_numbers_of_the_summary_are_those_of_the_list(
    by_id: dict[str, Edition], content: Content
) -> None:
    found = judged(by_id["dgat"], content, PLANTED)
    assert summary(found) == (
        ("Staff group", "On the list", "Get a pack", "Left out", "Problems"),
        ("Teachers and headteachers", "4", "1", "2", "1"),
        ("Support staff", "22", "8", "6", "8"),
        ("Central team", "10", "9", "0", "1"),
        ("No group", "2", "0", "0", "2"),
        ("Everyone", "38", "18", "8", "12"),
    )
    data = as_data(found)
    assert len(data["going"]) == 18
    assert data["going"][0]["starts"] == "2026-09-01"


@pytest.mark.parametrize("id", ["cwac", "dgat", "ealing", "pclc", "staploe"])
def test_of_a_sound_list_everybody_goes(
    id: str, by_id: dict[str, Edition], content: Content
) -> None:
    edition = by_id[id]
    stages = edition.career_stages.stages if edition.career_stages else ()
    data = make_staff(60, edition.organisation, 4, [stage.id for stage in stages])
    head, *rows = data.decode().splitlines()
    found = judged(edition, content, rows, head)
    assert codes(found) == ["2 staff-reviewer-away"]
    assert len(found.recipients) == 60
    assert all(a.reviewer_name for a in found.recipients)
    assert {a.person.stage for a in found.recipients if a.group.id == "teachers"} <= {
        stage.id for stage in stages
    }


@pytest.mark.parametrize(
    ("organisation", "row", "clause"),
    [
        ("staploe", "1,Ann Ng,Cook,Associate staff,,,99,1/2/2026,31/3/2026,,,", "who-is-covered"),
        ("staploe", "1,Ann Ng,Cook,Associate staff,,,99,1/9/2026,,,Permanent,", "who-is-covered"),
        ("staploe", "1,Ann Ng,Cook,Associate staff,,,99,,,Probationary,,", "who-is-covered"),
        ("pclc", "1,Ann Ng,Teacher,Teachers,,,99,,,Induction,,", "probation"),
        ("pclc", "1,Ann Ng,Cook,Support staff,,,99,,,In probation,,", "probation"),
        ("ealing", "1,Ann Ng,Teacher,Teacher,,,99,,,,,", "who-is-covered"),
        ("ealing", "1,Ann Ng,Cook,Support staff,,,99,,,Disciplinary,,", "who-is-covered"),
        ("ealing", "1,Ann Ng,Cook,Support staff,,,99,,,,Agency,", "who-is-covered"),
        ("cwac", "1,Ann Ng,Tutor,Tutors,,,99,,,Employment support project,,", "coverage"),
    ],
)
def test_whom_a_policy_leaves_out_gets_no_pack_and_the_clause_says_why(
    organisation: str, row: str, clause: str, by_id: dict[str, Edition], content: Content
) -> None:
    found, going = one(by_id[organisation], content, row)
    assert going is None
    assert [(left.person.id, left.clause) for left in found.left_out] == [("1", clause)]
    assert found.left_out[0].why
    assert found.left_out[0].label
    assert found.problems == ()


@pytest.mark.parametrize(
    ("organisation", "dates", "starts", "ends", "short", "warned"),
    [
        # staploe, cycle of January to December 2026
        ("staploe", "1/1/2010,,", "2026-01-01", "2026-12-31", "", False),
        ("staploe", "1/2/2026,31/1/2027,", "2026-01-01", "2026-12-31", "", True),
        ("staploe", "1/9/2025,30/6/2026,", "2025-09-01", "2026-06-30", "fixed-term", True),
        ("staploe", "1/6/2025,30/4/2026,", "2025-06-01", "2026-04-30", "fixed-term", True),
        ("staploe", "1/11/2025,,", "2026-01-01", "2026-12-31", "", True),
        ("staploe", "1/1/2015,30/9/2026,Permanent", "2026-01-01", "2026-12-31", "", True),
        ("staploe", "1/2/2026,31/3/2026,Permanent", "2026-01-01", "2026-12-31", "", True),
        # pclc, teachers, September 2026 to August 2027
        ("pclc", "4/1/2027,,", "2027-01-04", "2027-08-31", "short-contracts", False),
        ("pclc", "1/9/2026,31/3/2027,", "2026-09-01", "2027-03-31", "short-contracts", False),
        ("pclc", "1/9/2020,31/3/2027,Permanent", "2026-09-01", "2027-08-31", "", True),
        ("pclc", "1/9/2020,31/8/2028,", "2026-09-01", "2027-08-31", "", False),
        # ealing says nothing of those who are there for a part of the year
        ("ealing", "4/1/2027,,", "2026-09-01", "2027-08-31", "", True),
    ],
)
def test_a_cycle_is_shortened_as_the_policy_says(
    organisation: str,
    dates: str,
    starts: str,
    ends: str,
    short: str,
    warned: bool,
    by_id: dict[str, Edition],
    content: Content,
) -> None:
    edition = by_id[organisation]
    start, end, contract = dates.split(",")
    group = edition.organisation.groups[0].name
    row = f"1,Ann Ng,Cook,{group},,,99,{start},{end},,{contract},"
    found, going = one(edition, content, row)
    assert going is not None
    assert (str(going.starts), str(going.ends), going.short) == (starts, ends, short)
    assert bool(found.problems) is warned


def test_a_short_contract_brings_the_group_and_its_forms(
    by_id: dict[str, Edition], content: Content
) -> None:
    row = "1,Ann Ng,Cook,Associate staff,,,99,1/6/2025,30/4/2026,,Fixed term,"
    _, going = one(by_id["staploe"], content, row)
    assert going is not None
    assert going.group.id == "fixed-term"
    assert going.calendar.cycle.id == "fixed-term"


def test_a_group_whose_cycle_is_the_contract_needs_both_dates(
    by_id: dict[str, Edition], content: Content
) -> None:
    edition = by_id["staploe"]
    name = edition.organisation.groups[2].name
    found, going = one(edition, content, f'1,Ann Ng,Cook,"{name}",,,99,1/9/2025,,,Fixed term,')
    assert going is None
    assert codes(found) == ["2 staff-cycle"]


def test_a_stage_for_a_group_that_has_none_is_named(
    by_id: dict[str, Edition], content: Content
) -> None:
    found, going = one(by_id["pclc"], content, "1,Ann Ng,Cook,Support staff,,M4,99,,,,,")
    assert going is not None
    assert codes(found) == ["2 staff-stage-unused"]
    found, going = one(by_id["pclc"], content, "1,Ann Ng,Cook,Teachers,The Downs,UPS2,99,,,,,")
    assert going is not None
    assert going.person.stage == "ups1-2"
    assert codes(found) == []
    found, going = one(by_id["pclc"], content, "1,Ann Ng,Cook,Teachers,The Dowms,M7,99,,,,,")
    assert going is not None, "what only leaves a field empty keeps nobody's pack"
    assert going.person.stage == ""
    assert codes(found) == ["2 staff-site", "2 staff-stage"]


def test_a_list_that_lacks_a_column_says_so_once_and_stops_everybody(
    by_id: dict[str, Edition], content: Content
) -> None:
    rows = ["1,Ann Ng,2", "2,Bo Ash,Board"]
    found = judged(by_id["pclc"], content, rows, "Id,Name,Reviewer")
    assert [p.kind.code for p in found.problems if p.kind.severity == "error"] == ["staff-columns"]
    assert [left.person.id for left in found.stopped] == ["1", "2"]
    assert all("staff group" in left.why for left in found.stopped)
    found = judged(by_id["ealing"], content, rows, "Id,Name,Job title")
    assert [left.person.id for left in found.stopped] == ["1", "2"]


def blank_of(edition: Edition, form: str) -> Blank:
    return next(compose_blank(edition, o, f) for o, f in edition.forms if f.id == form)


def test_the_values_of_a_form_are_those_of_the_person(
    by_id: dict[str, Edition], content: Content
) -> None:
    edition = by_id["pclc"]
    row = "1,O'Neil & <Sons>,Art,Teachers,The Downs,M2,99,4/1/2027,,,,"
    _, going = one(edition, content, row)
    assert going is not None
    filled = prefill_values(going, edition, blank_of(edition, "pm-form"))
    assert set(filled.values()) == {
        *("O'Neil & <Sons>", "Art", "Vera Boss", "04/01/2027", "31/08/2027"),
    }
    audit = prefill_values(going, edition, blank_of(edition, "career-stage-audit"))
    assert {"M1-M2", "Teachers", "The Downs"} <= set(audit.values())


def test_values_answer_only_questions_that_are_there_and_choices_by_an_option(
    by_id: dict[str, Edition], content: Content
) -> None:
    for id, edition in by_id.items():
        group = edition.organisation.groups[0]
        _, going = one(edition, content, f"1,Ann Ng,Art,{group.name},,,99,,,,,")
        assert going is not None, id
        for offer, form in forms_for(going, edition):
            blank = compose_blank(edition, offer, form)
            asked = {question.id: question for question in blank.questions()}
            for name, value in prefill_values(going, edition, blank).items():
                assert asked[name].prefill
                assert value in asked[name].options or asked[name].kind != "choice"


def test_forms_are_those_of_the_group(by_id: dict[str, Edition], content: Content) -> None:
    edition = by_id["pclc"]
    _, teacher = one(edition, content, "1,Ann Ng,Art,Teachers,,,99,,,,,")
    _, cook = one(edition, content, "1,Ann Ng,Cook,Support staff,,,99,,,,,")
    assert teacher is not None
    assert cook is not None
    ids = [{form.id for _, form in forms_for(a, edition)} for a in (teacher, cook)]
    assert ids[0] - ids[1] == {"career-stage-audit", "appeal", "one-to-one"}
    assert "panel-record" not in ids[0] | ids[1]


def circles_by_walking(reviewed: dict[str, str]) -> set[frozenset[str]]:
    """The same by another way: whoever meets themselves again after at most everyone's steps."""
    found = set()
    for start in reviewed:
        way, at = [start], reviewed[start]
        while at in reviewed and at != start and len(way) <= len(reviewed):
            way.append(at)
            at = reviewed[at]
        if at == start:
            found.add(frozenset(way))
    return found


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from("abcdefghijxyz")))
def test_every_circle_of_reviewers_is_named_once(reviewed: dict[str, str]) -> None:
    found = find_circles(reviewed)
    assert {frozenset(circle) for circle in found} == circles_by_walking(reviewed)
    assert len(found) == len(circles_by_walking(reviewed))
    for circle in found:
        steps = zip(circle, (*circle[1:], circle[0]), strict=True)
        assert all(reviewed[one] == other for one, other in steps)


def test_a_circle_among_thousands_is_found_at_once() -> None:
    reviewed = {str(n): str(n + 1) for n in range(20_000)} | {"20000": "19998"}
    assert find_circles(reviewed) == (("19998", "19999", "20000"),)


def test_dates_are_days(by_id: dict[str, Edition], content: Content) -> None:
    _, going = one(by_id["cwac"], content, "1,Ann Ng,Tutor,Tutors,,,99,,,,,")
    assert going is not None
    assert going.starts == datetime.date(2026, 9, 1)


# how people are, beside the policy's own exclusions


def state_of(status: str) -> tuple[str, str]:
    """What a list's word for a person's status is taken for."""
    head = "Id,Name,Group,Reviewer,Status\n"
    (person, _) = read_text(f"{head}1,Ann Ng,Teachers,2,{status}\n2,Bo Ash,Teachers,,\n").people
    return person.excluded, person.state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Maternity leave", "absent"),
        ("On maternity leave from 1 May", "absent"),
        ("Maternity", "absent"),
        ("Mat Leave", "absent"),
        ("Long-term sick", "absent"),
        ("Long Term Sickness", "absent"),
        ("Adoption leave", "absent"),
        ("Shared parental leave", "absent"),
        ("Sabbatical", "absent"),
        ("Seconded out", "absent"),
        ("Career break", "absent"),
        ("Maternity cover", "covered"),
        ("Fixed term (covering maternity leave)", "covered"),
        ("Returned from maternity leave", "covered"),
        ("Maternity leave ended", "covered"),
        ("No long-term sickness", "covered"),
        ("Seconded in", "covered"),
        ("Leaver", "left"),
        ("Left - retirement", "left"),
        ("Terminated", "left"),
        ("No longer employed", "left"),
        ("Former employee", "left"),
        ("Vacant", "vacant"),
        ("Vacancy (advertised)", "vacant"),
        ("Probation", "probation"),
        ("Probationary period", "probation"),
        ("Probation passed", "covered"),
        ("Active", "covered"),
        ("Permanent", "covered"),
        ("", "covered"),
    ],
)
def test_a_status_says_how_a_person_is(status: str, state: str) -> None:
    assert state_of(status) == ("", state)


@pytest.mark.parametrize("answer", ["Yes", "y", "TRUE"])
def test_a_column_of_its_own_can_say_that_somebody_is_away(answer: str) -> None:
    head = "Id,Name,Group,Reviewer,On maternity leave,Leaver\n"
    rows = f"1,Ann Ng,Teachers,2,{answer},No\n2,Bo Ash,Teachers,,No,{answer}\n"
    staff = read_text(head + rows, columns={"status": ("On maternity leave", "Leaver")})
    assert [person.state for person in staff.people] == ["absent", "left"]


def test_the_organisations_own_words_for_a_status_come_first() -> None:
    head = "Id,Name,Group,Reviewer,Status\n"
    rows = "1,Ann Ng,Teachers,2,LTSA\n2,Bo Ash,Teachers,1,Left the pension\n"
    own = {"LTSA": "absent", "Left the pension": "covered"}
    assert [person.state for person in read_text(head + rows).people] == ["covered", "left"]
    assert [p.state for p in read_text(head + rows, scope=own).people] == ["absent", "covered"]


@pytest.mark.parametrize(
    "name", ["VACANT", "Vacancy", "Vacant – Teacher of Maths", "(vacant)", "VACANT POST", "TBA"]
)
def test_a_vacant_post_is_no_person_and_no_error(
    by_id: dict[str, Edition], content: Content, name: str
) -> None:
    rows = [
        f"1,{name},Cook,,,,2,,,,,",
        f",{name},Cook,Teachers,,,2,,,,,",
        "2,Bo Ash,Cook,Teachers,,,The Board,,,,,",
        "3,Cy Elm,Cook,Teachers,,,1,,,,,",
        f"4,Di Fir,Cook,Teachers,,,{name},,,,,",
    ]
    found = judged(by_id["pclc"], content, rows)
    assert [(left.person.id, left.why.split(",")[0]) for left in found.left_out] == [
        ("1", "a vacant post")
    ]
    assert "error" not in {p.kind.severity for p in found.problems}
    assert [(one.person.id, one.reviewer_name) for one in found.recipients] == [
        ("2", "The Board"),
        ("3", ""),
        ("4", ""),
    ]
    assert codes(found).count("3 staff-not-a-person") == 1


def test_somebody_who_is_called_so_is_a_person() -> None:
    names = ("Vacia Nt", "Ann Vacancey", "Tba Adeyemi", "Ann Ng (vacancy cover)")
    rows = "".join(f"{id},{name},Teachers,,\n" for id, name in enumerate(names))
    staff = read_text("Id,Name,Group,Reviewer,Status\n" + rows)
    assert [person.state for person in staff.people] == ["covered"] * 4


def with_rule(edition: Edition, absent: str) -> Edition:
    packs = Packs.model_validate({"absent": absent})
    organisation = edition.organisation.model_copy(update={"packs": packs})
    return dataclasses.replace(edition, organisation=organisation)


def test_people_who_are_away_get_a_pack_only_where_the_organisation_says_so(
    by_id: dict[str, Edition], content: Content
) -> None:
    rows = [
        "1,Ann Ng,Cook,Teachers,,,3,,,Maternity leave,,",
        "2,Bo Ash,Cook,Teachers,,,1,,,,,",
        "3,Cy Elm,Cook,Teachers,,,The Board,,,,,",
        "4,Di Fir,Cook,Teachers,,,3,,,Leaver,,",
        "5,Ed Gum,Cook,Teachers,,,3,,,Long-term sick,,",
    ]
    found = judged(by_id["pclc"], content, rows)
    assert [one.person.id for one in found.recipients] == ["2", "3"]
    whys = {left.person.id: left.why for left in found.left_out}
    assert set(whys) == {"1", "4", "5"}
    assert whys["1"].startswith("absent, as the list says (“Maternity leave”)")
    assert whys["4"] == "no longer employed, as the list says (“Leaver”)"
    assert "2 staff-state" not in codes(found)
    assert "3 staff-reviewer-away" in codes(found), "her reviewer is on leave"
    found = judged(with_rule(by_id["pclc"], "pack"), content, rows)
    assert [one.person.id for one in found.recipients] == ["1", "2", "3", "5"]
    (said,) = (p for p in found.problems if p.kind.code == "staff-state")
    assert "Ann Ng (1) (“Maternity leave”), and 1 more: absent" in said.message


def test_probation_is_said_where_the_policy_knows_nothing_of_it(
    by_id: dict[str, Edition], content: Content
) -> None:
    rows = ["1,Ann Ng,Cook,{},,,The Board,,,Probation,,"]
    knows = [
        edition.id
        for edition in by_id.values()
        if any("probation" in exclusion.words for exclusion in edition.organisation.scope)
    ]
    assert 0 < len(knows) < len(by_id)
    for edition in by_id.values():
        group = edition.organisation.groups[-1].name
        found = judged(edition, content, [row.format(f'"{group}"') for row in rows])
        assert ("2 staff-state" in codes(found)) == (edition.id not in knows), edition.id


# the forms of a pack


def test_a_pack_holds_what_everyone_fills_in_unless_the_organisation_chooses(
    by_id: dict[str, Edition],
) -> None:
    for edition in by_id.values():
        chosen = edition.organisation.packs.forms
        assert pack_forms(edition) == chosen
        packs = edition.organisation.packs.model_copy(update={"forms": ()})
        organisation = edition.organisation.model_copy(update={"packs": packs})
        usual = pack_forms(dataclasses.replace(edition, organisation=organisation))
        offered = [form.id for _, form in edition.forms]
        assert usual
        assert list(usual) == [id for id in offered if id in usual]
        never = {"support-plan", "appeal", "concern-letter", "disposal-log", "moderation"}
        never |= {"meeting-note", "observation", "pay-recommendation", "objective-change"}
        assert not never & set(usual)


def test_a_form_that_does_not_say_who_it_is_for_goes_to_nobody_by_itself() -> None:
    form = {"id": "own", "title": "Own", "purpose": "…", "filled-by": "All", "when": "Now"}
    part = {"id": "a", "title": "A", "fields": ({"id": "b", "label": "B", "type": "text"},)}
    made = Form.model_validate({**form, "header": "own", "sections": (part,)})
    assert made.pack == "when-needed"
