import type { Era } from './made-up-task.ts';

/** What somebody has written down in one list: a task a line, its parts indented below it. */
interface Outline {
  readonly list: string | null;
  readonly era: Era;
  readonly text: string;
}

/** The lists of the demo account, as far as what is in one belongs together. */
export const outlines: readonly Outline[] = [
  {
    list: 'Trip to Lisbon',
    era: { from: 30, to: 1, done: 0.1 },
    text: `
Book the flights to Lisbon
Find a flat in Alfama for five nights
Pack for Lisbon
  Documents
    Passports
    Health insurance cards
    Boarding passes, printed for Nadia
  Clothes for five days
    Rain jackets
    Shoes that like cobblestones
  Chargers and the small camera
  Sunscreen
Make a plan for each day
  Tram 28 before nine in the morning
  Day trip to Sintra
    Buy the train tickets at Rossio
    Reserve Pena Palace for ten o’clock
  Tile museum
  Evening at the Miradouro da Graça
Learn twenty words of Portuguese
Ask Rosa to water the plants
Tell the bank that we are abroad
Pick up the travel guide from the library`,
  },
  {
    list: 'Work',
    era: { from: 40, to: 2, done: 0.15 },
    text: `
Write the report on the first year
  Collect the figures
    Ask finance for the costs
    Export the sign-ups by month
    Count the support requests
  Outline on one page
  Draft the three chapters
  Charts
  Review by Priya and Tomás
  Send it to the board
Move the help pages to the new site
  List the pages that somebody still reads
  Redirect the old addresses
  Take new screenshots
  Tell support
Prepare the workshop in Porto
  Agenda
  Order lunch for twelve
  Print the name tags
  Decide who takes the minutes
Find a successor for the office printer`,
  },
  {
    list: 'Home',
    era: { from: 60, to: 1, done: 0.2 },
    text: `
Elif’s birthday party
  Invitations
    Neighbours
    The choir
  Order the cake
  Borrow chairs from Jonas
  Playlist
Get the bicycles ready for winter
  Clean the chains
  Buy studded tyres
  Lights with full batteries
Look for a new washing machine
  Measure the niche in the bathroom
  Compare three offers
  Ask who takes the old one away
Hear from the landlord about the heating
Photo for the new passport`,
  },
  {
    list: 'Groceries',
    era: { from: 9, to: 0, done: 0.3 },
    text: `
Sunday lunch
  Leeks
  Potatoes, the waxy ones
  Crème fraîche
  Lemons
Oat milk
Olive oil
Coffee
Flour for the sourdough
Dishwasher salt
Something sweet for Thursday`,
  },
  {
    list: 'Reading',
    era: { from: 150, to: 5, done: 0.1 },
    text: `
The Book of Disquiet, before Lisbon
Designing Data-Intensive Applications
  Part one: foundations
  Part two: distributed data
  Part three: derived data
A Pattern Language
The essay that Chiara sent
Book club: Middlemarch
  Books one to three
  Books four to six
  Books seven and eight
  Write down a question for the others`,
  },
  {
    list: 'Kitchen renovation',
    era: { from: 175, to: 100, done: 0.5 },
    text: `
Agree on a budget
Choose the worktop
  Samples in daylight
  Ask about stains from beetroot
Find an electrician
  Call three
  Compare the offers
Empty the cupboards
  Give away what nobody uses
  Boxes for the rest
Tiles
  Measure the wall
  Order ten per cent more
  Pick up the grout
Paint the ceiling
Connect the oven
Celebrate with a roast`,
  },
  {
    list: null,
    era: { from: 12, to: 0, done: 0.1 },
    text: `
Idea: a shelf above the door
Who was the painter that Hiro mentioned?
Lost umbrella: call the lost-property office
Wi-Fi password for guests`,
  },
];
