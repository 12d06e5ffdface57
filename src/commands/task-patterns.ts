/** Texts with slots in braces, which are filled from words of that name. */
export type Pattern = readonly [title: string, description?: string];

const work: readonly Pattern[] = [
  [
    'Review the {page} page with {person}',
    '- [ ] on {device}\n- [ ] with an empty account\n- [ ] texts, both languages',
  ],
  [
    'Fix #{ticket}: the {page} page jumps on {device}',
    'Seen by **{person}** on {day}.\n\n1. Open `/{page}`\n2. Scroll down\n3. Rotate\n\nExpected: nothing moves.',
  ],
  [
    'Fix #{ticket}: the {page} form is sent twice',
    'A double click sends two requests.\n\n```ts\nbutton.disabled = isSending;\n```\n\nis not enough: Enter still submits.',
  ],
  [
    'Write the {month} update for {client}',
    '## Outline\n\n- what shipped\n- what slipped, and why\n- what comes next\n\nAsk {person} for the figures.',
  ],
  [
    'Prepare the {day} demo for {client}',
    '- [x] account with sample data\n- [ ] slides, at most {number}\n- [ ] rehearse with {person}',
  ],
  ['Send {client} the {month} invoice'],
  ['Remind {client} of the {month} invoice', 'Second reminder, friendly. {person} knows them.'],
  [
    'Interview {person} for the {team} team',
    'Portfolio and questions are in the usual folder. **Not** the whiteboard exercise.',
  ],
  [
    'Onboard {person} in the {team} team',
    '- [ ] laptop\n- [ ] accounts\n- [ ] lunch on the first day\n- [ ] a first task that ships in the first week',
  ],
  ['One-to-one with {person}'],
  ['Retrospective with the {team} team', '> What should we stop doing?\n\nCollect notes until {day}.'],
  [
    'Plan {month} with the {team} team',
    '| week | who | what |\n| --- | --- | --- |\n| 1 | {person} | {page} page |\n| 2 | | *open* |',
  ],
  ['Measure the {page} page on {device}', 'Before and after, `{number}` runs each. Only compare runs of the same day.'],
  ['Shorten the texts on the {page} page'],
  [
    'Translate the {page} page for {place}',
    'Glossary: [shared document](https://example.com/glossary). {person} proofreads.',
  ],
  ['Update the dependencies of the {page} service', '```sh\nnpm outdated\nnpm update\nnpm test\n```'],
  [
    'Look into the slow {page} query',
    '`explain (analyze, buffers)` says sequential scan. Missing index on `created_at`?',
  ],
  ['Answer support request #{ticket}', '{person} cannot find the export on {device}.'],
  ['Call {client} about the renewal'],
  [
    'Draft the contract with {client}',
    'Changes since last year:\n\n1. {number} seats more\n2. notice period: 3 months\n3. data stays in the EU',
  ],
  ['Book a room for {day} with the {team} team'],
  [
    'Test the backup of the {team} database',
    'A backup that was never restored is not a backup.\n\n- [ ] restore\n- [ ] count the rows\n- [ ] note how long it took',
  ],
  ['Archive the {month} reports of the {team} team'],
  ['Pair with {person} on #{ticket}'],
  [
    'Decide: keep or drop the {page} experiment',
    'Numbers from {person} until {day}. Below {number} % difference we drop it.',
  ],
  ['Ask the {team} team about #{ticket}'],
];

const home: readonly Pattern[] = [
  ['Water the {plant}'],
  ['Repot the {plant}', 'Bigger pot, fresh soil, then a week in the shade.'],
  ['Cook {dish} for {person}', 'Serves {number}. Shopping:\n\n- onions\n- olive oil\n- something green\n- bread'],
  ['Try the {dish} recipe from {place}'],
  ['Clean the {room}'],
  [
    'Paint the {room}',
    'Two coats. Sample on the wall by the window looked right in the evening, too yellow in the morning.',
  ],
  ['Fix the lamp in the {room}'],
  ['Call {person} back'],
  ['Birthday present for {person}', 'Ideas: *{book}*, a weekend in {place}, something for the {room}.'],
  ['Write {person} a letter'],
  ['Dinner with {person} on {day}'],
  ['Bicycle: new {part}', 'The shop closes at six, on {day} at one.'],
  ['Dentist on {day}'],
  ['Renew the passport', 'Needs:\n\n1. new photo\n2. old passport\n3. appointment (**weeks** ahead)'],
  ['Tax return: receipts for {month}'],
  ['Pay the electricity bill for {month}'],
  [
    'Compare insurance offers',
    '| offer | a month | excess |\n| --- | ---: | ---: |\n| old | 41 | 300 |\n| new | 3{number} | 500 |',
  ],
  ['Swim {number} lengths'],
  ['Practise the piano, {number} minutes', 'Left hand alone first. Slowly.'],
  ['Take the bottles back'],
  ['Ask {person} for the {dish} recipe'],
  ['Sow the {plant} for {month}'],
];

// What a layout has to bear: long words, other scripts, emoji, markup that must not run, very short and very long text.
const awkward: readonly Pattern[] = [
  ['🎂 {person}’s birthday 🎉🎈', '🥳'],
  ['打电话给{person}', '关于{place}的旅行 ✈️'],
  ['{place}への旅行を計画する', '- 電車\n- 宿\n- お土産'],
  ['اتصل بـ {person} يوم الاثنين'],
  ['Позвонить {person} насчёт {place}'],
  ['?'],
  ['Donaudampfschifffahrtsgesellschaftskapitänsmütze für {person} abholen'],
  [
    'Check that <b>{page}</b> & "quotes" show as typed',
    '<script>alert("{page}")</script>\n\nshould be *text*, never markup.',
  ],
  [
    'Before {month}, and in any case before {client} asks again, go through every open point from the last three meetings with {person}, write down who promised what to whom, and turn whatever is left into tasks that are shorter than this one',
  ],
  [
    'Notes from the workshop in {place}',
    '# Notes\n\n{person} wrote these down.\n\n'.concat(
      'A long paragraph that a list must cut and a page must wrap. '.repeat(40),
    ),
  ],
];

const travel: readonly Pattern[] = [
  ['Book the train to {place}', '- [ ] seat reservation\n- [ ] bicycle ticket\n- [ ] tell {person} when we arrive'],
  ['Pack for {place}', '- [ ] passport\n- [ ] charger\n- [ ] rain jacket\n- [ ] “{book}”'],
  ['Find a place to stay in {place}', 'Quiet, with a kitchen, {number} nights. {person} liked the one by the market.'],
  ['Sort the photos from {place}'],
];

const groceries: readonly Pattern[] = [
  ['Buy {number} lemons'],
  ['Buy everything for {dish}', 'For {number}. There is still rice.'],
  ['Order {number} kg of coffee beans', 'The usual roast, not ground.'],
  ['Pick up the vegetable box on {day}'],
  ['Buy bread for the {day} breakfast with {person}'],
];

const reading: readonly Pattern[] = [
  ['Read “{book}”', 'Borrowed from {person}. Back before {month}.'],
  ['Return “{book}” to the library'],
  ['Finish the chapter of “{book}” before {day}', '{number} pages to go.'],
  ['Lend {person} “{book}”'],
];

/** Parts of anything, for tasks about which no more is known. */
export const steps: readonly Pattern[] = [
  ['Write down what is there already'],
  ['Ask {person} who has done it before'],
  ['Put it in the calendar for {day}'],
  ['Make a first draft'],
  ['Look over it once more with {person}'],
  ['Tell {person} that it is done'],
  ['Put everything away'],
];

/** What a task says, and the list where one would look for it; null: the inbox. */
interface Kind {
  readonly list: string | null;
  readonly pattern: Pattern;
}

const kindsOf = (list: string | null, patterns: readonly Pattern[]): Kind[] =>
  patterns.map((pattern) => ({ list, pattern }));

const everyday = [
  ...kindsOf('Work', work),
  ...kindsOf('Home', home),
  ...kindsOf('Travel', travel),
  ...kindsOf('Groceries', groceries),
  ...kindsOf('Reading', reading),
];

// Awkward ones are one in twenty or so: there to be met, not to be in the way.
export const kinds: readonly Kind[] = [...everyday, ...everyday, ...everyday, ...kindsOf(null, awkward)];
