"""What the policies say that `office_documents` prints in many habits, in a shorthand.

A line begins with what it is: `=` the title, `@` a line of the cover, `##` a section, `##!` one
without a number, `##A` an appendix, `###` the title of a clause, `>` a clause, `>>` a clause inside
it, `>:` one whose title runs into its text, `+` one more paragraph, `-` an entry of a list, `--` one inside it, `|` a row of a table.
`[^words]` is a footnote.
"""

# ruff: noqa: E501  (a line of a table or of a document is a line)

from __future__ import annotations

ABSENCE = """
= Sickness Absence Policy
@ Approved by | The Board of Trustees
@ Date approved | 14 March 2025
@ Review date | 1 March 2027
@ Version | 2.1
## Purpose
> The academy wants every member of staff to be well at work, and to be helped back when they are not.
> This policy applies to all employees, whatever their contract. It does not apply to agency staff.
> Managers apply it fairly, and take account of a disability at each stage[^The Equality Act 2010, part 5.].
## Roles
> The headteacher:
- makes sure that absence is recorded each day
- holds the review meetings of this policy
- reports to the governors in the spring term
> Line managers keep in touch with staff who are away, and hold the return to work meeting.
> Employees must follow section 3, and keep to the arrangements that were agreed.
## Reporting absence
> An employee who cannot come to work telephones before 7.30 am on the first day. A message by a friend is not enough.
> On the fourth day the employee telephones again. From the eighth day a fit note is needed:
(a) it is sent to the office within three days
(b) it covers every day of absence, weekends included
(c) a copy is kept by the employee
> Absence that is not reported as clause 3.1 asks may be unauthorised, and unpaid.
## Return to work
> The line manager meets the employee on the day of return, or within two working days.
> At the meeting they talk about:
- the reason for the absence
- whether the employee is well enough to work
- support that is needed, for example:
-- a phased return
-- changed duties or hours
-- a referral to occupational health
- the record of absence so far
+ The record of the meeting is kept on the employee’s file.
## Review stages
> There are three stages. Each begins with a letter that gives five working days’ notice.
| Stage | Begins after | Who holds the meeting
| 1 | 3 absences in a term | Line manager
| 2 | 2 further absences | Deputy headteacher
| 3 | No improvement | Headteacher
> The employee may bring a colleague or a trade union representative to each meeting.
> The outcome may be:
- no further action
- a target for improvement, as in 5.1 above
- a warning
> An appeal is made in writing within ten working days. See Appendix A.
## Records and data
> Records are kept for six years, and are seen only by those who need them.
> The trust reports figures, never names, to its board.
##A Appeal form
> An appeal says which decision is appealed, and why.
> Appeals are sent to the clerk.
##A Letters
> Letters for each stage are on the staff pages.
"""

APPRAISAL = """
= Appraisal Policy and Procedure
@ Owner | Director of People
@ Approved by | Local Governing Body
@ Effective from | 1 September 2025
@ Next review | Autumn 2026
##! Foreword
+ Our schools are places where adults learn too. This policy says how we talk about work, once a year and all through it.
## Introduction
### Who it covers
> This policy covers teachers and support staff who are employed for one term or more.
> It does not cover trainees, or staff on a probation period.
### What it is for
> Appraisal is a supportive process. It helps staff to improve, and to plan what comes next.
## The appraisal year
### Dates
> The year runs from 1 September to 31 August for teachers, and from 1 April to 31 March for support staff.
> Planning meetings are held by 31 October. Mid-year reviews are held before the end of February.
### New starters
> Someone who starts during the year agrees objectives within six weeks.
## Objectives
### How they are set
> Each person has up to three objectives. They are:
- specific
- within the person’s control
- fair for the hours that they work
> Objectives are set by agreement. Where they cannot be agreed, the appraiser decides, and the appraisee may add comments.
### How they are checked
> Progress is checked through:
- observation of lessons, no more than three a year
- work in books
- data, where it helps
+ Nobody is judged on data alone.
### Observation
> At least five working days’ notice is given. Feedback follows within two working days, and in writing within five.
## The review meeting
### Preparation
> Both bring notes. The appraiser reads what clause 3.3 asks for before the meeting.
### The report
> The report says how far each objective was met, and what the person needs. It is signed by both.
> It goes to the headteacher, who decides about pay under section 5.
## Pay
### Recommendations
> A recommendation is made for each teacher who may move up a point.
### Decisions
> Decisions are made by 31 October. A teacher may appeal within ten working days.
## Concerns
### Support first
> Concerns are raised as soon as they are seen, and support is offered for six to eight weeks.
### When support is not enough
> If there is no improvement, the capability procedure applies.
"""

CODE = """
= Code of Conduct for Staff
@ Policy owner | Human Resources
@ Version number | 4
@ Last reviewed | June 2025
## General obligations
> Staff set an example to pupils, and do nothing that would harm the good name of the school.
> Staff must read this code each September, and say in writing that they have.
## Working with pupils
> Staff keep a professional distance, in school and outside. In particular, they do not:
- give or accept personal telephone numbers
- follow pupils on social media
- meet a pupil alone outside of school
> Where a meeting alone cannot be avoided, paragraph 9 applies.
> Gifts of small value may be taken at the end of a term.
## Dress and appearance
> Clothing is clean, safe and suitable for the work. Denim is not worn in class.
## Use of equipment
> Equipment of the school is for work. Reasonable personal use in breaks is allowed.
> Passwords are not shared with anybody.
> A device that is lost is reported within one day.
## Confidential information
> Information about pupils and colleagues is shared only where it is needed for the work.
> Staff never promise a pupil to keep a secret.
## Conduct outside work
> Staff tell the headteacher at once of an arrest, a caution or a charge.
> Paid work elsewhere needs agreement in advance.
## Breaches
> A breach may lead to action under the Disciplinary Procedure.
"""

CAPABILITY = """
= Capability Procedure
@ Approved by | Trust Board
@ Approval date | 2 July 2024
@ Review date | July 2026
## Scope
> This procedure is used when support under the appraisal policy has not led to enough improvement.
> It is not used for:
- conduct, for which the disciplinary procedure is used
- ill health, for which the absence policy is used
## Principles
># Meetings
>> At least five working days’ notice is given of each meeting.
>> The employee may be accompanied by a colleague or a trade union official.
>> Notes are taken, and a copy is given within three working days.
># Support
>> Support is agreed at each stage. It may be:
- coaching
- training
- a lighter timetable
>> What was agreed under 2.2.1 is reviewed each fortnight.
># Records
>> Records are kept as the retention schedule says.
## Stages
># Formal meeting
>> The manager explains the concerns and the evidence.
>> The employee answers, and may bring evidence.
>> The outcome is one of these:
- no further action
- informal support
- a first written warning, with a period for improvement of four to ten weeks
># Review meeting
>> It follows at the end of the period.
>> Where there is enough improvement, the procedure ends.
># Decision meeting
>> It is held by the chief executive, or by a panel of three governors.
>> The employee may be dismissed, with the notice that the contract gives.
## Appeals
> An appeal against a warning or a dismissal is made within five working days, as section 3 says.
> It is heard by people who took no part before.
"""

RUN_INS = """
= Professional Growth Policy
@ Approved by | The Governing Board
@ Date approved | 3 July 2025
@ Version | 1.2
@ Related policies | Pay Policy; Capability Procedure; Equal Opportunities Policy
## About growth
>: Purpose | The policy sets out how colleagues and their coaches plan what they will learn in a year.
+ It is not a way to decide pay, and no form of it is kept with payroll.
>: Who is covered | Every colleague with a contract of one term or more is covered by the policy.
+ These colleagues choose whom they work with.
>: The growth year | The growth year runs from 1 September to 31 August for every colleague.
## The conversations
>: First conversation | Goals are agreed by 31 October, and the closing conversation takes place by 15 July.
- what went well
- what to learn next
>: Visits | There are up to three visits to lessons in a year, each of at most 30 minutes.
+ They are arranged at least five working days ahead.
>: Records | The coach keeps the record for two years; the colleague has a copy of it.
+ Such records are open to nobody else.
## Raising a worry
> A colleague who worries about the process speaks to the head of school.
+ This is done within ten working days. If this does not help, the governors are asked.
> Governors look at the process once every two years.
"""

CONTENTS = {
    "runins": RUN_INS,
    "absence": ABSENCE,
    "appraisal": APPRAISAL,
    "conduct": CODE,
    "capability": CAPABILITY,
}
