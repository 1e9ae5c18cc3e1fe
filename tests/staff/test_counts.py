"""A list of 2,000 people with everything that lists have: counted in, out, and why."""

from __future__ import annotations

import random
from collections import Counter

from tests.staff.lists import codes, read_files
from tests.staff.test_exports import count_rows

PEOPLE = 2_000
FIRST = ("Ada", "Ben", "Cleo", "Dev", "Ewa", "Femi", "Greta", "Hugo", "Ines", "Zoë")
LAST = ("Appleyard", "Birchwood", "Cloverfield", "Dunmore", "Elderbrook", "O’Neil", "Ng-Ash")
HEAD = "Emp No,Surname,Legal Forename,Job Title,Staff Group,School,Reporting Manager,Status\n"
SECOND = "Employee #,Full Name,Position Title,Group,School,Line Manager ID,Contract Type\n"


def write_list() -> tuple[dict[str, bytes], Counter[str], dict[str, str]]:
    """Two files, what their filled rows are, and everyone's name by id."""
    draw = random.Random(7)
    rows: Counter[str] = Counter(title=1, heading=2)
    names: dict[str, str] = {}
    lines = ["Staff of Elm Trust\n", HEAD]
    others = [SECOND]
    for number in range(PEOPLE):
        id = f"{number:05}"
        first, last = draw.choice(FIRST), draw.choice(LAST)
        names[id] = f"{first} {last}"
        boss = f"{number // 8:05}" if number else "Board"
        written = f'="{id}"' if number % 50 == 1 else id
        status = {3: "Maternity leave", 4: "Leaver"}.get(number % 400, "Active")
        if number < PEOPLE // 2:
            lines.append(f"{written},{last},{first},Cook,Teachers,North School,{boss},{status}\n")
        else:
            others.append(
                f'{written},"{last}, {first}",Cook,Teachers,North School,{boss},Permanent\n'
            )
        rows["person"] += 1
        if number % 250 == 10:
            lines.append(HEAD)
            rows["heading"] += 1
        if number % 250 == 20:
            lines.append(f"V{number},VACANT,,Cook,Teachers,North School,{boss},Active\n")
            rows["vacancy"] += 1
        if number % 250 == 30:
            lines.append(f"X{number},Jones, Ann,Ann,Cook,Teachers,North School,{boss},Active\n")
            rows["unread"] += 1
        if number % 250 == 40:
            lines.append(f",,,,,,,\nPage {number},,,,,,,\n")
            rows["remark"] += 1
        if number % 250 == 50:
            others.append(f'{id},"{last}, {first}",Cleaner,Teachers,North School,{boss},Casual\n')
            rows["post"] += 1
    files = {"main.csv": "".join(lines).encode("mac_roman"), "second.csv": "".join(others).encode()}
    return files, rows, names


def test_two_thousand_people_are_counted_in_and_every_other_row_is_said() -> None:
    files, rows, names = write_list()
    staff = read_files(files)
    people = {person.id: person.name for person in staff.people if person.state != "vacant"}
    assert people == names
    assert count_rows(staff) == rows
    filled = sum(
        bool(line.strip(", "))
        for data in files.values()
        for line in data.decode("mac_roman").splitlines()
    )
    assert sum(part.filled for part in staff.parts) == filled
    kinds = Counter(code.partition(" ")[2] for code in codes(staff))
    assert kinds["staff-not-a-person"] == rows["remark"]
    assert kinds["staff-shifted"] == kinds["staff-posts"] == 1
    assert len(staff.parts) == len(files)
    states = Counter(person.state for person in staff.people)
    away = sum("leave" in line for line in files["main.csv"].decode("mac_roman").splitlines())
    gone = sum("Leaver" in line for line in files["main.csv"].decode("mac_roman").splitlines())
    assert (away, gone) == (3, 3)
    assert states == {
        "covered": PEOPLE - away - gone,
        "absent": away,
        "left": gone,
        "vacant": rows["vacancy"],
    }
